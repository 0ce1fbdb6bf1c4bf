/**
 * UTF-8 in a larger buffer, as strictly as Python reads and writes it.
 *
 * @module
 */

import { isUtf8 } from 'node:buffer';

import { DecodeError } from '../../errors.js';
import type { TextBuffer } from '../pickle/format/strings.js';

/**
 * The text in `bytes` from `start` up to `end`.
 *
 * @throws {@link DecodeError} when it is no UTF-8
 */
export function readUtf8(bytes: TextBuffer, start: number, end: number): string {
  // Session strings are short: looking at each byte costs less than a call into C++ that does it.
  let all = 0;
  for (let i = start; i < end; i++) all |= bytes[i] as number;
  return all < 0x80 ? bytes.latin1Slice(start, end) : readNonAscii(bytes, start, end);
}

/**
 * Like {@link readUtf8}, for a dict's key. Sessions have few different keys, and a string that was
 * a key before is made and found in no time; msgspec keeps its keys too.
 */
export function readKey(bytes: TextBuffer, start: number, end: number): string {
  const size = end - start;
  if (size > MAX_KEPT_SIZE) return readUtf8(bytes, start, end);
  let hash = size;
  let all = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    hash = (hash * 31 + byte) | 0;
    all |= byte;
  }
  if (all >= 0x80) return readNonAscii(bytes, start, end);
  const slot = (hash ^ (hash >>> 15)) & (KEPT_KEYS - 1);
  const kept = keys[slot] as string;
  if (kept.length === size && isText(kept, bytes, start)) return kept;
  return (keys[slot] = bytes.latin1Slice(start, end));
}

/** Whether Python could not encode the text: it holds half of a surrogate pair. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

const KEPT_KEYS = 1024;
const MAX_KEPT_SIZE = 32;
const keys = new Array<string>(KEPT_KEYS).fill('');

function isText(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}

function readNonAscii(bytes: TextBuffer, start: number, end: number): string {
  if (!isUtf8(bytes.subarray(start, end))) throw new DecodeError('str is no UTF-8', start);
  return bytes.utf8Slice(start, end);
}
