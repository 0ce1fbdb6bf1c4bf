/**
 * UTF-8 in a larger buffer, as strictly as Python reads and writes it.
 *
 * @module
 */

import { isUtf8 } from 'node:buffer';

import { DecodeError } from '../../errors.js';

/**
 * The text in `bytes` from `start` up to `end`.
 *
 * @throws {@link DecodeError} when it is no UTF-8
 */
export function readUtf8(bytes: Buffer, start: number, end: number): string {
  // Session strings are short: looking at each byte costs less than a call into C++ that does it.
  for (let i = start; i < end; i++) {
    if ((bytes[i] as number) >= 0x80) return readNonAscii(bytes, start, end);
  }
  return bytes.toString('latin1', start, end);
}

/** Whether Python could not encode the text: it holds half of a surrogate pair. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function readNonAscii(bytes: Buffer, start: number, end: number): string {
  if (!isUtf8(bytes.subarray(start, end))) throw new DecodeError('str is no UTF-8', start);
  return bytes.toString('utf8', start, end);
}
