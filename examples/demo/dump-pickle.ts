/**
 * A pickle, line by line.
 *
 * @module
 */

import { OPCODES } from '../../src/python/pickle/opcodes.js';
import { bufferOf, hexOf } from './dump-line.js';
import type { DumpLine } from './dump-line.js';

/** A pickle, opcode by opcode. Python: `pickletools.dis`. */
export function dumpPickle(bytes: Uint8Array): DumpLine[] {
  const buffer = bufferOf(bytes);
  const lines: DumpLine[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    const opcode = OPCODES[buffer.readUInt8(offset)];
    const { size, text } = argumentAt(buffer, offset + 1, opcode?.argument);
    const end = offset + 1 + size;
    const hex = hexOf(buffer.subarray(offset, end));
    lines.push({ offset, depth: 0, hex, name: opcode?.name ?? 'unknown', text });
    offset = end;
  }
  return lines;
}

interface Argument {
  /** Bytes that the argument takes, with its length or its line ends. */
  readonly size: number;
  readonly text: string;
}

/** Reads an opcode's argument; `kind` is what pickletools calls it. */
function argumentAt(buffer: Buffer, at: number, kind: string | undefined): Argument {
  if (kind === undefined) return { size: 0, text: '' };
  const number = NUMBERS[kind];
  if (number) return { size: number.size, text: number.read(buffer, at) };
  if (kind.includes('nl')) return linesAt(buffer, at, kind.endsWith('_pair') ? 2 : 1);
  return countedAt(buffer, at, kind);
}

/** A count of 1, 4 or 8 bytes, by the digit that the kind ends in, and as many bytes. */
function countedAt(buffer: Buffer, at: number, kind: string): Argument {
  const countSize = Number(kind.slice(-1));
  const count = buffer.readUIntLE(at, Math.min(countSize, 6));
  const content = buffer.subarray(at + countSize, at + countSize + count);
  const size = countSize + count;
  if (kind.startsWith('unicode')) return { size, text: JSON.stringify(content.toString('utf8')) };
  if (kind.startsWith('long')) return { size, text: `${count} bytes` };
  return { size, text: JSON.stringify(content.toString('latin1')) };
}

function linesAt(buffer: Buffer, at: number, count: number): Argument {
  let end = at;
  for (let line = 0; line < count; line++) end = buffer.indexOf(0x0a, end) + 1;
  return { size: end - at, text: buffer.toString('latin1', at, end - 1).replace('\n', ' ') };
}

const NUMBERS: Readonly<
  Record<string, { size: number; read: (buffer: Buffer, at: number) => string }>
> = {
  uint1: { size: 1, read: (buffer, at) => String(buffer.readUInt8(at)) },
  uint2: { size: 2, read: (buffer, at) => String(buffer.readUInt16LE(at)) },
  uint4: { size: 4, read: (buffer, at) => String(buffer.readUInt32LE(at)) },
  uint8: { size: 8, read: (buffer, at) => String(buffer.readBigUInt64LE(at)) },
  int4: { size: 4, read: (buffer, at) => String(buffer.readInt32LE(at)) },
  float8: { size: 8, read: (buffer, at) => String(buffer.readDoubleBE(at)) },
};
