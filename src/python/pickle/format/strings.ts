/**
 * Text between bytes and strings: UTF-8 with lone surrogates let through, as Python's
 * `surrogatepass` does, and the encodings of Python 2's str.
 *
 * @module
 */

/** Buffer's conversions that need no name of an encoding; Node has them, its types do not. */
interface Slices {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
  latin1Write(text: string, offset: number, length: number): number;
}

/** A Buffer seen with those conversions. */
export type TextBuffer = Buffer & Slices;

/** The same memory as a Buffer with fast conversions. */
export function textBuffer(bytes: Uint8Array): TextBuffer {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer as TextBuffer;
}

/** Decodes UTF-8 as Python's `surrogatepass` does; `undefined` when it is none. */
export function decodeUtf8(buffer: TextBuffer, start: number, end: number): string | undefined {
  const text = buffer.utf8Slice(start, end);
  return text.includes('\ufffd') ? decodeUtf8Strictly(buffer, start, end) : text;
}

/** Encodes to UTF-8, lone surrogates too. Python: `str.encode('utf-8', 'surrogatepass')`. */
export function encodeUtf8(text: string): Uint8Array {
  if (!/[\ud800-\udfff]/.test(text)) return Buffer.from(text, 'utf8');
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
    } else {
      bytes.push(0xf0 | (code >> 18), continuation(code >> 12));
      bytes.push(continuation(code >> 6), continuation(code));
    }
  }
  return Uint8Array.from(bytes);
}

/** How the str of Python 2 is read. Python: the argument `encoding` of `pickle.loads`. */
export type Python2Encoding = 'ASCII' | 'latin1' | 'utf-8' | 'bytes';

/** Decodes the str of Python 2; `undefined` when its bytes are not of the encoding. */
export function decodePython2(
  buffer: TextBuffer,
  start: number,
  end: number,
  encoding: Exclude<Python2Encoding, 'bytes'>,
): string | undefined {
  if (encoding === 'latin1') return buffer.latin1Slice(start, end);
  if (encoding === 'utf-8') {
    const text = decodeUtf8(buffer, start, end);
    return text === undefined || /\p{Surrogate}/u.test(text) ? undefined : text;
  }
  for (let i = start; i < end; i++) if ((buffer[i] as number) > 0x7f) return undefined;
  return buffer.latin1Slice(start, end);
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}

/** Goes byte by byte, since Node's decoder does not tell what it replaced by U+FFFD. */
function decodeUtf8Strictly(buffer: Buffer, start: number, end: number): string | undefined {
  const parts: string[] = [];
  for (let i = start; i < end;) {
    const lead = buffer[i] as number;
    const length =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || i + length > end) return undefined;
    let code = length === 1 ? lead : lead & (0x7f >> length);
    for (let k = 1; k < length; k++) {
      const byte = buffer[i + k] as number;
      if ((byte & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (byte & 0x3f);
    }
    if (length === 3 && code < 0x800) return undefined;
    if (length === 4 && (code < 0x10000 || code > 0x10ffff)) return undefined;
    parts.push(String.fromCodePoint(code));
    i += length;
  }
  return parts.join('');
}
