/**
 * Text to UTF-8 and back as strictly as Python does it; Node itself puts U+FFFD for what does not fit.
 *
 * @module
 */

import { isUtf8 } from 'node:buffer';

import { ArgumentError } from '../errors.js';

/**
 * UTF-8 bytes of `text`. Python: `text.encode()`.
 *
 * @param argument - What to call the text in the error.
 * @throws ArgumentError on a lone surrogate, where Python raises `UnicodeEncodeError`.
 */
export function encodeUtf8(text: string, argument: string): Buffer {
  if (LONE_SURROGATE.test(text)) {
    throw new ArgumentError(argument, 'holds a lone surrogate, which has no UTF-8 form');
  }
  return Buffer.from(text, 'utf8');
}

/** Text of `bytes`, or `undefined` where they are no UTF-8. Python: `bytes.decode()`. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

const LONE_SURROGATE = /\p{Surrogate}/u;
