/**
 * What a request says of itself, as Werkzeug shows it.
 * Python: `werkzeug.sansio.request`, `werkzeug.sansio.utils`, 3.1.9. Differences: ./PORT.md
 *
 * @module
 */
import type { SessionLike } from './session-like.js';
import { quote, unquotePath, unquoteQuery, unquoteToBytes } from './url-quoting.js';

/** What is needed of a request: Node's own has most of it, Express's all. */
export interface RequestLike {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The URL before a router took its prefix off. */
  readonly originalUrl?: string | undefined;
  /** `http` or `https`, trusted proxies considered. @defaultValue by the socket */
  readonly protocol?: string | undefined;
  readonly socket?:
    | { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean | undefined }
    | undefined;
}

/** A request that the session's middleware has been at. */
export interface SessionRequest extends RequestLike {
  readonly session?: SessionLike | null | undefined;
}

/** A header's value as WSGI servers hand it over, several of a name joined. */
export function headerOf(request: RequestLike, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
}

/** `http` or `https`. Python: `request.scheme`. */
export function requestScheme(request: RequestLike): string {
  return request.protocol ?? (request.socket?.encrypted ? 'https' : 'http');
}

/** Host and port, without the scheme's own port; '' when it is none. Python: `request.host`. */
export function requestHost(request: RequestLike): string {
  const standardPort = requestScheme(request) === 'https' ? ':443' : ':80';
  const header = headerOf(request, 'host') ?? '';
  const host = header.endsWith(standardPort) ? header.slice(0, -standardPort.length) : header;
  const match = HOST.exec(host);
  return match && Number(match[1] ?? 1) <= 65_535 ? host : '';
}

/**
 * The full URL, as an IRI: unquoted is what is text and has no meaning in a URL. Slashes at the
 * path's beginning become one. Python: `request.url`.
 */
export function requestUrl(request: RequestLike): string {
  const target = request.originalUrl ?? request.url ?? '/';
  const mark = target.indexOf('?');
  const rawPath = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark + 1);
  const path = unquoteToBytes(rawPath).toString('utf8').replace(/^\/+/, '');
  const url = `${requestScheme(request)}://${requestHost(request)}/${unquotePath(quote(path, IN_PATH))}`;
  if (query === '') return url;
  return `${url}?${unquoteQuery(quote(Buffer.from(query, 'latin1'), IN_QUERY))}`;
}

const HOST = /^(?:[a-z0-9.-]+|\[[a-f0-9]*:[a-f0-9.:]+\])(?::([1-9][0-9]{0,4}))?$/i;
const IN_PATH = "!$&'()*+,/:;=@%";
const IN_QUERY = "!$&'()*+,/:;=?@%";
