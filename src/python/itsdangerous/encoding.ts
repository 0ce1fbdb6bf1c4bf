/**
 * Text as bytes, and bytes as text that is safe in URLs.
 * Python: `itsdangerous.encoding`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

import { BadData } from '../../errors.js';
import { encodeUtf8 } from '../utf8.js';

/**
 * The bytes themselves, or the UTF-8 bytes of a text. Python: `want_bytes`.
 *
 * @throws ArgumentError on a lone surrogate, where Python raises `UnicodeEncodeError`.
 */
export function wantBytes(value: string | Uint8Array): Buffer {
  if (typeof value === 'string') return encodeUtf8(value, 'value');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/**
 * URL-safe base64 without padding. Python: `base64_encode`.
 *
 * @throws ArgumentError on a lone surrogate.
 */
export function base64Encode(value: string | Uint8Array): string {
  return wantBytes(value).toString('base64url');
}

/**
 * The bytes that URL-safe base64 stands for, as leniently as Python reads it: characters outside
 * both alphabets are passed over, and what follows a complete padding is not read.
 * Python: `base64_decode`.
 *
 * @throws BadData when digits are left over, or too little is left to pad.
 */
export function base64Decode(value: string | Uint8Array): Buffer {
  // Python drops what is not ASCII from a text before it counts the padding, but not from bytes.
  // eslint-disable-next-line no-control-regex
  const text = typeof value === 'string' ? value.replace(/[^\x00-\x7f]/g, '') : latin1(value);
  const digits = significantDigits(text + '='.repeat(-text.length & 3));
  if (digits === undefined) throw new BadData('base64: the number of digits is wrong');
  return Buffer.from(digits, 'base64');
}

function latin1(bytes: Uint8Array): string {
  return wantBytes(bytes).toString('latin1');
}

/** What CPython's `binascii.a2b_base64` reads of a text, or `undefined` where it raises. */
function significantDigits(padded: string): string | undefined {
  const groups = padded.replace(/[^A-Za-z0-9+/\-_=]/g, '').matchAll(/([^=]+)(=*)/g);
  let digits = '';
  for (const [, run = '', padding = ''] of groups) {
    digits += run;
    const open = digits.length & 3;
    if (open >= 2 && open + padding.length >= 4) return digits;
  }
  return (digits.length & 3) === 0 ? digits : undefined;
}
