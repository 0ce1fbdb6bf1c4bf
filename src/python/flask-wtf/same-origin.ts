/**
 * Whether two URLs have the same scheme, host and port.
 * Python: `flask_wtf.csrf.same_origin`, 1.3.0. Differences: ./PORT.md
 *
 * @module
 */

/**
 * Python: `flask_wtf.csrf.same_origin`. As there, a port that is left out and the scheme's own port
 * are two.
 */
export function sameOrigin(current: string, compare: string): boolean {
  const [a, b] = [originOf(current), originOf(compare)];
  return a !== undefined && b !== undefined && a === b;
}

/** `undefined` where Python raises `ValueError`, and where there is no host. */
function originOf(url: string): string | undefined {
  const [, scheme = '', authority = ''] = URL_START.exec(url) ?? [];
  // What stands before the last at sign is a name and a password.
  const [, host, port] = HOST_AND_PORT.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? [];
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  const portText = port ? String(Number(port)) : '';
  return `${scheme.toLowerCase()}://${host.toLowerCase()}:${portText}`;
}

const URL_START = /^\s*(?:([a-z][a-z0-9+.-]*):)?\/\/([^/?#]*)/i;
const HOST_AND_PORT = /^([^:[\]]+|\[[0-9a-f:.]+\])(?::(\d*))?$/i;
