/**
 * Which client a login belongs to: a hash of its address and its browser, kept in the session.
 * Python: `flask_login.utils._create_identifier`, 0.6.3. Differences: ./PORT.md
 *
 * @module
 */
import { createHash } from 'node:crypto';

import { headerOf, type RequestLike } from '../flask/request.js';

export interface IdentifierOptions<Request extends RequestLike = RequestLike> {
  /**
   * Release line of the Flask-Login on the other side. Up to 0.6 it takes the address from the
   * first X-Forwarded-For and hashes Python's repr of bytes; 0.7 takes the address of the
   * connection and hashes the text.
   * @defaultValue '0.6'
   */
  readonly release?: '0.6' | '0.7' | undefined;
  /**
   * The client's address as Flask sees it in `request.remote_addr`, behind ProxyFix too.
   * @defaultValue the address of the socket, IPv4 without `::ffff:`
   */
  readonly remoteAddress?: ((request: Request) => string | undefined) | undefined;
}

/** The value of a login's `_id`: 128 hexadecimal digits. */
export function createIdentifier<Request extends RequestLike>(
  request: Request,
  options: IdentifierOptions<Request> = {},
): string {
  const { release = '0.6', remoteAddress = socketAddress } = options;
  const userAgent = headerOf(request, 'user-agent');
  const address = remoteAddress(request);
  const base =
    release === '0.7'
      ? `${address ?? 'None'}|${userAgent ?? ''}`
      : `${bytesRepr(forwardedFor(request) ?? address)}|${bytesRepr(userAgent)}`;
  return createHash('sha512').update(base).digest('hex');
}

function socketAddress(request: RequestLike): string | undefined {
  return request.socket?.remoteAddress?.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The first of the addresses that proxies have listed. */
function forwardedFor(request: RequestLike): string | undefined {
  const [first] = headerOf(request, 'x-forwarded-for')?.split(',') ?? [];
  return first?.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, '');
}

/** What an f-string of Python 3 makes of bytes: `b'…'`. Python: `repr(text.encode())`. */
function bytesRepr(text: string | undefined): string {
  if (text === undefined) return 'None';
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let literal = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    if (character === quote || character === '\\') literal += `\\${character}`;
    else if (byte >= 0x20 && byte < 0x7f) literal += character;
    else literal += SHORT_ESCAPES.get(byte) ?? `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `b${quote}${literal}${quote}`;
}

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
]);
