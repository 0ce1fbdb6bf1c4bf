/**
 * MessagePack, line by line: a value each, what is inside of maps and arrays one step deeper.
 *
 * @module
 */

import { bufferOf, hexOf } from './dump-line.js';
import type { DumpLine } from './dump-line.js';

export function dumpMsgpack(bytes: Uint8Array): DumpLine[] {
  const buffer = bufferOf(bytes);
  const lines: DumpLine[] = [];
  /** How many values each open map or array still has to come, the outermost first. */
  const open: number[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    const { name, size, text, items = 0 } = itemAt(buffer, offset);
    const hex = hexOf(buffer.subarray(offset, offset + size));
    lines.push({ offset, depth: open.length, hex, name, text });
    offset += size;
    const last = open.length - 1;
    open[last] = (open[last] ?? 1) - 1;
    open.push(items);
    while (open.at(-1) === 0) open.pop();
  }
  return lines;
}

interface Item {
  /** As the specification calls it. */
  readonly name: string;
  /** In bytes, without the values inside of it. */
  readonly size: number;
  readonly text: string;
  /** How many values are inside of it. */
  readonly items?: number;
}

function itemAt(buffer: Buffer, at: number): Item {
  const code = buffer.readUInt8(at);
  if (code < 0x80) return { name: 'positive fixint', size: 1, text: String(code) };
  if (code < 0x90) return map('fixmap', 1, code & 0x0f);
  if (code < 0xa0) return array('fixarray', 1, code & 0x0f);
  if (code < 0xc0) return content(buffer, at, 'fixstr', 1, code & 0x1f);
  if (code >= 0xe0) return { name: 'negative fixint', size: 1, text: String(code - 0x100) };
  const { name, head, read } = CODES[code - 0xc0] ?? { name: 'never used', head: 1 };
  const argument = read?.(buffer, at + 1);
  if (argument === undefined) return { name, size: head, text: '' };
  if (name.startsWith('map')) return map(name, head, Number(argument));
  if (name.startsWith('array')) return array(name, head, Number(argument));
  if (/^(str|bin|ext|fixext)/.test(name)) return content(buffer, at, name, head, Number(argument));
  return { name, size: head, text: String(argument) };
}

function map(name: string, size: number, count: number): Item {
  return { name, size, text: count === 1 ? '1 pair' : `${count} pairs`, items: 2 * count };
}

function array(name: string, size: number, count: number): Item {
  return { name, size, text: count === 1 ? '1 item' : `${count} items`, items: count };
}

/** Something of a length; of an extension, the head's last byte is its type. */
function content(buffer: Buffer, at: number, name: string, head: number, length: number): Item {
  const size = head + length;
  const bytes = buffer.subarray(at + head, at + size);
  if (name.endsWith('str') || name.startsWith('str')) {
    return { name, size, text: JSON.stringify(bytes.toString()) };
  }
  if (name.startsWith('bin')) return { name, size, text: `${length} bytes` };
  const type = buffer.readInt8(at + head - 1);
  return { name, size, text: type === TIMESTAMP ? timestamp(bytes) : `type ${type}` };
}

const TIMESTAMP = -1;

/** In seconds; a timestamp of 4 bytes has no fraction, one of 8 has 30 bits of nanoseconds. */
function timestamp(bytes: Buffer): string {
  if (bytes.length === 4) return `timestamp ${bytes.readUInt32BE()}`;
  const isShort = bytes.length === 8;
  const word = isShort ? bytes.readBigUInt64BE() : bytes.readBigInt64BE(4);
  const seconds = isShort ? word & 0x3_ffff_ffffn : word;
  const nanoseconds = isShort ? word >> 34n : BigInt(bytes.readUInt32BE());
  return `timestamp ${seconds}.${String(nanoseconds).padStart(9, '0')}`;
}

interface Code {
  readonly name: string;
  /** Bytes before the content, or all there are. */
  readonly head: number;
  /** Reads the number, or the length, after the first byte. */
  readonly read?: (buffer: Buffer, at: number) => number | bigint;
}

type Read = NonNullable<Code['read']>;

const uint8: Read = (buffer, at) => buffer.readUInt8(at);
const uint16: Read = (buffer, at) => buffer.readUInt16BE(at);
const uint32: Read = (buffer, at) => buffer.readUInt32BE(at);

/** From 0xc0 on. */
const CODES: readonly Code[] = [
  { name: 'nil', head: 1 },
  { name: 'never used', head: 1 },
  { name: 'false', head: 1 },
  { name: 'true', head: 1 },
  { name: 'bin 8', head: 2, read: uint8 },
  { name: 'bin 16', head: 3, read: uint16 },
  { name: 'bin 32', head: 5, read: uint32 },
  { name: 'ext 8', head: 3, read: uint8 },
  { name: 'ext 16', head: 4, read: uint16 },
  { name: 'ext 32', head: 6, read: uint32 },
  { name: 'float 32', head: 5, read: (buffer, at) => buffer.readFloatBE(at) },
  { name: 'float 64', head: 9, read: (buffer, at) => buffer.readDoubleBE(at) },
  { name: 'uint 8', head: 2, read: uint8 },
  { name: 'uint 16', head: 3, read: uint16 },
  { name: 'uint 32', head: 5, read: uint32 },
  { name: 'uint 64', head: 9, read: (buffer, at) => buffer.readBigUInt64BE(at) },
  { name: 'int 8', head: 2, read: (buffer, at) => buffer.readInt8(at) },
  { name: 'int 16', head: 3, read: (buffer, at) => buffer.readInt16BE(at) },
  { name: 'int 32', head: 5, read: (buffer, at) => buffer.readInt32BE(at) },
  { name: 'int 64', head: 9, read: (buffer, at) => buffer.readBigInt64BE(at) },
  ...[1, 2, 4, 8, 16].map((length) => ({ name: `fixext ${length}`, head: 2, read: () => length })),
  { name: 'str 8', head: 2, read: uint8 },
  { name: 'str 16', head: 3, read: uint16 },
  { name: 'str 32', head: 5, read: uint32 },
  { name: 'array 16', head: 3, read: uint16 },
  { name: 'array 32', head: 5, read: uint32 },
  { name: 'map 16', head: 3, read: uint16 },
  { name: 'map 32', head: 5, read: uint32 },
];
