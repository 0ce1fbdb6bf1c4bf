/**
 * The Cookie and Set-Cookie headers.
 * Python: `werkzeug.sansio.http.parse_cookie`, `werkzeug.http.dump_cookie`, 3.1.9.
 * Differences: ./PORT.md
 *
 * @module
 */

import { ArgumentError } from '../../errors.js';
import { encodeUtf8 } from '../utf8.js';
import { cookieDomain } from './cookie-domain.js';
import { httpDate } from './http-date.js';

/** Attributes of a cookie, with the defaults of Werkzeug's `dump_cookie`. */
export interface DumpCookieOptions {
  /** Lifetime in whole seconds; also gives `Expires` where that is not set. Unset: a session cookie. */
  maxAge?: number | undefined;
  /** A Date, or Unix time in seconds. */
  expires?: Date | number | undefined;
  /** `null` leaves the attribute out. @defaultValue `'/'` */
  path?: string | null | undefined;
  /** A leading dot and a port are dropped; a name outside ASCII is sent in its IDNA form. */
  domain?: string | null | undefined;
  secure?: boolean | undefined;
  httpOnly?: boolean | undefined;
  /** `Strict`, `Lax` or `None`, in any case. */
  sameSite?: string | null | undefined;
  /** Also makes the cookie `Secure`. */
  partitioned?: boolean | undefined;
}

/** What a cookie that is to be deleted must share with the one that was set. */
export type DeleteCookieOptions = Omit<DumpCookieOptions, 'maxAge' | 'expires'>;

/**
 * Every cookie of a Cookie header in the header's order, repeated names included. Parts that are no
 * cookie are passed over. Python: `request.cookies` (`werkzeug.sansio.http.parse_cookie`), which is
 * what Flask's session interfaces read; for a repeated name they take the first.
 *
 * @param header - As Node gives it: one character per byte. Raw UTF-8 stays undecoded, as in Werkzeug.
 */
export function parseCookie(header: string | undefined): [name: string, value: string][] {
  const cookies: [string, string][] = [];
  let position = 0;
  while (header !== undefined && position < header.length) {
    const cookie = cookieAt(header, position);
    if (cookie) {
      cookies.push([cookie.name, cookie.value]);
      position = cookie.end;
    } else {
      const semicolon = header.indexOf(';', position);
      position = semicolon === -1 ? header.length : semicolon + 1;
    }
  }
  return cookies;
}

/**
 * The value of a Set-Cookie header. Python: `werkzeug.http.dump_cookie`, byte for byte; one character
 * per byte, as Node's `setHeader` takes it.
 *
 * @throws ArgumentError for a name, domain or SameSite that no browser could take, a time that is out
 * of range, or a lone surrogate.
 */
export function dumpCookie(name: string, value: string, options: DumpCookieOptions = {}): string {
  const { maxAge, path = '/', domain, partitioned = false } = options;
  if (maxAge !== undefined && !Number.isSafeInteger(maxAge)) {
    throw new ArgumentError('maxAge', 'expected a whole number of seconds');
  }
  const expires =
    options.expires ?? (maxAge === undefined ? undefined : Date.now() / 1000 + maxAge);
  const parts = [`${cookieName(name)}=${quote(value)}`];
  if (domain !== undefined && domain !== null) parts.push(`Domain=${cookieDomain(domain)}`);
  if (expires !== undefined) parts.push(`Expires=${httpDate(expires)}`);
  if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`);
  if (options.secure || partitioned) parts.push('Secure');
  if (options.httpOnly) parts.push('HttpOnly');
  if (path !== null) parts.push(`Path=${quotePath(path)}`);
  if (options.sameSite !== undefined && options.sameSite !== null) {
    parts.push(`SameSite=${sameSiteWord(options.sameSite)}`);
  }
  if (partitioned) parts.push('Partitioned');
  return parts.join('; ');
}

/**
 * The Set-Cookie header that makes a browser drop a cookie.
 * Python: `werkzeug.wrappers.Response.delete_cookie`.
 *
 * @param options - Path and domain must be those the cookie was set with.
 * @throws ArgumentError as `dumpCookie` does.
 */
export function deleteCookie(name: string, options: DeleteCookieOptions = {}): string {
  return dumpCookie(name, '', { ...options, expires: 0, maxAge: 0 });
}

// Together these match what Werkzeug's one expression matches, but read a run of blanks in one way
// only: theirs takes quadratic time for many blanks after an equals sign.
const NAME = /[ \t]*([^ \t=";]+)[ \t]*(=[ \t]*)?/y;
const TOKEN = /[^ \t";]*/y;
const END = /[ \t]*(?:;|$)/y;

function cookieAt(
  header: string,
  start: number,
): { name: string; value: string; end: number } | undefined {
  NAME.lastIndex = start;
  const named = NAME.exec(header);
  if (!named) return undefined;
  const [, name = '', equals] = named;
  let valueEnd = NAME.lastIndex;
  let value = '';
  if (equals !== undefined && header[valueEnd] === '"') {
    const closing = closingQuote(header, valueEnd + 1);
    if (closing === -1) return undefined;
    value = unquote(header.slice(valueEnd + 1, closing));
    valueEnd = closing + 1;
  } else if (equals !== undefined) {
    TOKEN.lastIndex = valueEnd;
    TOKEN.test(header);
    value = header.slice(valueEnd, TOKEN.lastIndex);
    valueEnd = TOKEN.lastIndex;
  }
  END.lastIndex = valueEnd;
  return END.test(header) ? { name, value, end: END.lastIndex } : undefined;
}

/** Index of the first quote that no backslash escapes, or -1. */
function closingQuote(header: string, start: number): number {
  for (let index = start; index < header.length; index++) {
    if (header[index] === '"') return index;
    if (header[index] === '\\' && header[++index] === '\n') return -1;
  }
  return -1;
}

const ESCAPE = /\\([0-3][0-7]{2}|[^])/g;

function unquote(quoted: string): string {
  // Characters beyond U+00FF are in no header that Node read, but Python would take them as UTF-8.
  const bytes = Buffer.from(quoted, 'utf8').toString('latin1');
  const plain = bytes.replace(ESCAPE, (_, escaped: string) =>
    escaped.length === 1 ? escaped : String.fromCharCode(parseInt(escaped, 8)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}

const NEEDS_NO_QUOTES = /^[\w!#$%&'()*+\-./:<=>?@[\]^`{|}~]*$/;
// 0x19, not 0x1f: so Werkzeug has it, and leaves the last six control characters as they are.
// eslint-disable-next-line no-control-regex
const ESCAPED_BYTE = /[\x00-\x19",;\\\x7f-\xff]/g;

function quote(value: string): string {
  if (NEEDS_NO_QUOTES.test(value)) return value;
  const bytes = encodeUtf8(value, 'cookie value').toString('latin1');
  return `"${bytes.replace(ESCAPED_BYTE, escapeByte)}"`;
}

function escapeByte(byte: string): string {
  if (byte === '"' || byte === '\\') return `\\${byte}`;
  return `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

// eslint-disable-next-line no-control-regex
const NOT_IN_NAME = /[\x00-\x20"=;\x7f]/;

function cookieName(name: string): string {
  if (name === '' || NOT_IN_NAME.test(name)) {
    throw new ArgumentError('cookie name', 'is empty or holds a character that ends a name');
  }
  return encodeUtf8(name, 'cookie name').toString('latin1');
}

const NOT_IN_PATH = /[^\w.\-~%!$&'()*+,/:=@]+/g;

function quotePath(path: string): string {
  return path.replace(NOT_IN_PATH, (run) =>
    [...encodeUtf8(run, 'path')]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function sameSiteWord(sameSite: string): string {
  const word = sameSite.slice(0, 1).toUpperCase() + sameSite.slice(1).toLowerCase();
  if (word === 'Strict' || word === 'Lax' || word === 'None') return word;
  throw new ArgumentError('sameSite', "expected 'Strict', 'Lax' or 'None'");
}
