/**
 * Compressed data with zlib's header and checksum.
 * Python: `zlib`. Differences: ./PORT.md
 *
 * @module
 */

import { inflateSync } from 'node:zlib';

import { ArgumentError } from '../../errors.js';
import { deflate } from './deflate.js';

/** Compresses as Python does, at its default level. Python: `zlib.compress(data)`, byte for byte. */
export function compress(data: Uint8Array): Buffer {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(adler32(data));
  return Buffer.concat([HEADER, deflate(data), checksum]);
}

/**
 * What was compressed. Python: `zlib.decompress(data)`, with a limit.
 *
 * @throws ArgumentError when it is no zlib data or not all of it, or grows beyond `maxBytes`.
 */
export function decompress(data: Uint8Array, maxBytes: number): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: maxBytes });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const reason = isTooLarge ? `grows beyond ${maxBytes} bytes` : 'is no zlib data, or cut off';
    throw new ArgumentError('data', reason);
  }
}

/** Deflate, with a window of 32 KiB, at the default level. */
const HEADER = Buffer.from([0x78, 0x9c]);

function adler32(data: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
