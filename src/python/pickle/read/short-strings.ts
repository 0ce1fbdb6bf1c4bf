/**
 * Short ASCII strings that were read before, so that the keys of sessions are not made anew.
 *
 * @module
 */
import type { TextBuffer } from '../format/strings.js';

const MAX_LENGTH = 24;
const SLOTS = 2048;

const texts: string[] = new Array<string>(SLOTS).fill('');

/** Decodes `length` bytes of ASCII; `undefined` when they are too many, or not all ASCII. */
export function shortAscii(
  bytes: Uint8Array,
  buffer: TextBuffer,
  start: number,
  length: number,
): string | undefined {
  if (length > MAX_LENGTH) return undefined;
  const end = start + length;
  let hash = length;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte > 0x7f) return undefined;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 11)) & (SLOTS - 1);
  const known = texts[slot] as string;
  if (known.length === length) {
    let i = 0;
    while (i < length && known.charCodeAt(i) === bytes[start + i]) i++;
    if (i === length) return known;
  }
  const text = buffer.latin1Slice(start, end);
  texts[slot] = text;
  return text;
}
