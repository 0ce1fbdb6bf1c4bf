/**
 * Where a request without a login is sent, and how the login page learns where it came from.
 * Python: `flask_login.utils.login_url`, `make_next_param`, 0.6.3. Differences: ./PORT.md
 *
 * @module
 */
import { quote, quotePlus, unquoteToBytes } from '../flask/url-quoting.js';

/**
 * The login page's URL with the page that asked for it in the query.
 * Python: `flask_login.login_url`.
 *
 * @param loginView - URL of the login page, absolute or from `/` on.
 * @param nextUrl - Full URL of the page that asked; none leaves the login page's URL as it is.
 * @param forceHost - FORCE_HOST_FOR_REDIRECTS.
 */
export function loginUrl(loginView: string, nextUrl?: string, forceHost?: string | null): string {
  if (nextUrl === undefined) return toUri(loginView);
  const parts = splitUrl(loginView);
  const query = parseQuery(parts.query);
  query.set('next', [makeNextParam(loginView, nextUrl)]);
  const pairs = [...query].flatMap(([name, values]) =>
    values.map((value) => `${quotePlus(name)}=${quotePlus(value)}`),
  );
  return toUri(joinUrl({ ...parts, host: forceHost || parts.host, query: pairs.join('&') }));
}

/**
 * The page to come back to, without scheme and host where the login page has the same.
 * Python: `flask_login.utils.make_next_param`.
 */
export function makeNextParam(loginView: string, currentUrl: string): string {
  const login = splitUrl(loginView);
  const current = splitUrl(currentUrl);
  const sameScheme = login.scheme === '' || login.scheme === current.scheme;
  const sameHost = login.host === '' || login.host === current.host;
  if (!sameScheme || !sameHost) return currentUrl;
  return joinUrl({ scheme: '', host: '', path: current.path, query: current.query, fragment: '' });
}

interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** RFC 3986, appendix B. Python: `urlsplit`. */
function splitUrl(url: string): UrlParts {
  const match =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is.exec(url);
  const [, scheme = '', host = '', path = '', query = '', fragment = ''] = match ?? [];
  return { scheme: scheme.toLowerCase(), host, path, query, fragment };
}

function joinUrl({ scheme, host, path, query, fragment }: UrlParts): string {
  const rooted = host !== '' && path !== '' && !path.startsWith('/') ? `/${path}` : path;
  return [
    scheme && `${scheme}:`,
    host && `//${host}`,
    rooted,
    query && `?${query}`,
    fragment && `#${fragment}`,
  ].join('');
}

/** Python: `parse_qs(query, keep_blank_values=True)`. */
function parseQuery(query: string): Map<string, string[]> {
  const parsed = new Map<string, string[]>();
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const equals = pair.indexOf('=');
    const name = unquotePlus(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : unquotePlus(pair.slice(equals + 1));
    parsed.set(name, [...(parsed.get(name) ?? []), value]);
  }
  return parsed;
}

function unquotePlus(text: string): string {
  return unquoteToBytes(text.replaceAll('+', ' ')).toString('utf8');
}

/** A URL that fits a header: what is beyond ASCII is percent-encoded. */
function toUri(url: string): string {
  return url.replace(/[^!-~]+/g, (run) => quote(run, ''));
}
