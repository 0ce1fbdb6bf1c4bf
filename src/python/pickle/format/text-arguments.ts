/**
 * Arguments of the text opcodes (protocols 0 and 1), read as CPython's C unpickler reads them,
 * which is as C's `strtol` and Python's `int`, `float` and codecs do. `undefined` is a refusal.
 *
 * @module
 */
import { narrow } from './long.js';

/** INT: `01` and `00` are bools; C's `strtol` knows octal and hexadecimal, Python's int the rest. */
export function parseInt32(line: string): number | bigint | boolean | undefined {
  const text = untilNul(line);
  const value = text === '' ? 0 : strtol(text);
  if (value === undefined) return parseLong(text, 0);
  return line.length === 2 && (value === 0 || value === 1) ? value === 1 : value;
}

/** LONG, with or without the `L` that Python 2 put behind it; also the index of GET and PUT. */
export function parseLong(line: string, base: 0 | 10): number | bigint | undefined {
  const [, minus, rest = ''] = /^[ \t-\r]*(?:\+|(-))?(\w+)[ \t-\r]*$/.exec(untilNul(line)) ?? [];
  const digits = base === 0 ? DIGITS_WITH_PREFIX : DECIMAL_DIGITS;
  if (!digits.test(rest)) return undefined;
  const value = BigInt(rest.replaceAll('_', '').replace(/^0+(?=\d)/, ''));
  return narrow(minus ? -value : value);
}

/** FLOAT: digits as in Python's source, `inf` or `nan`; what overflows is refused. */
export function parseFloatText(line: string): number | undefined {
  const text = untilNul(line);
  if (FLOAT.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const [, sign, word = ''] = /^([+-]?)(inf|infinity|nan)$/i.exec(text) ?? [];
  if (word === '') return undefined;
  if (/^nan$/i.test(word)) return NaN;
  return sign === '-' ? -Infinity : Infinity;
}

/** STRING: the bytes between the quotes, their escapes resolved. */
export function unescapeBytes(line: string): Uint8Array | undefined {
  const quote = line.charAt(0);
  if (line.length < 2 || (quote !== "'" && quote !== '"') || !line.endsWith(quote)) {
    return undefined;
  }
  const text = unescape(line.slice(1, -1), BYTES_ESCAPE, ([all = '', octal, hex]) => {
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    return all === '\\' || all === '\\x' ? undefined : (ESCAPED.get(all) ?? all);
  });
  return text === undefined ? undefined : Buffer.from(text, 'latin1');
}

/** UNICODE. Python: the codec `raw-unicode-escape`. */
export function unescapeUnicode(line: string): string | undefined {
  return unescape(line, UNICODE_ESCAPE, ([all, short, long]) => {
    const hex = short ?? long;
    if (hex === undefined) return all === '\\u' || all === '\\U' ? undefined : all;
    const code = parseInt(hex, 16);
    return code > 0x10ffff ? undefined : String.fromCodePoint(code);
  });
}

/** Writes the argument of UNICODE, as characters up to U+00FF. */
export function escapeUnicode(text: string): string {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(text)) return text;
  const parts: string[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code > 0xffff) parts.push(`\\U${code.toString(16).padStart(8, '0')}`);
    else if (code > 0xff || '\\\0\n\r\x1a'.includes(char)) {
      parts.push(`\\u${code.toString(16).padStart(4, '0')}`);
    } else parts.push(char);
  }
  return parts.join('');
}

const DECIMAL_DIGITS = /^\d+(?:_\d+)*$/;
const DIGITS_WITH_PREFIX =
  /^(?:0x(?:_?[\da-f])+|0o(?:_?[0-7])+|0b(?:_?[01])+|0+(?:_0+)*|[1-9]\d*(?:_\d+)*)$/i;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BYTES_ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|[^]?)/g;
const UNICODE_ESCAPE = /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|[^]?)/g;
const ESCAPED = new Map([
  ['\\\\', '\\'],
  ["\\'", "'"],
  ['\\"', '"'],
  ['\\b', '\b'],
  ['\\f', '\f'],
  ['\\t', '\t'],
  ['\\n', '\n'],
  ['\\r', '\r'],
  ['\\v', '\v'],
  ['\\a', '\x07'],
]);

/** Exchanges each escape for what `resolve` makes of it; `undefined` if that refuses one. */
function unescape(
  line: string,
  pattern: RegExp,
  resolve: (escape: readonly (string | undefined)[]) => string | undefined,
): string | undefined {
  if (!line.includes('\\')) return line;
  const parts: string[] = [];
  let end = 0;
  for (const escape of line.matchAll(pattern)) {
    const resolved = resolve(escape);
    if (resolved === undefined) return undefined;
    parts.push(line.slice(end, escape.index), resolved);
    end = escape.index + escape[0].length;
  }
  return parts.join('') + line.slice(end);
}

/** C's `strtol` with base 0, where it takes the whole text and the result fits 64 bits. */
function strtol(text: string): number | bigint | undefined {
  const [, minus, hex, octal, decimal] =
    /^[ \t-\r]*(?:\+|(-))?(?:0x([\da-f]+)|0([0-7]*)|([1-9]\d*))$/i.exec(text) ?? [];
  const digits = hex ?? octal ?? decimal;
  if (digits === undefined || digits.length > 24) return undefined;
  const prefix = hex !== undefined ? '0x' : octal !== undefined ? '0o0' : '';
  const value = BigInt(prefix + digits) * (minus ? -1n : 1n);
  return BigInt.asIntN(64, value) === value ? narrow(value) : undefined;
}

/** CPython hands these lines to C functions, which stop at a NUL byte. */
function untilNul(line: string): string {
  const nul = line.indexOf('\0');
  return nul < 0 ? line : line.slice(0, nul);
}
