/**
 * The session's headers on a response, beside those that the application sets.
 *
 * @module
 */

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { SaveResult } from '../../session/session.js';

/** Headers as `writeHead` takes them: an object, or names and values in one flat list, or pairs. */
export type HeadArgument = OutgoingHttpHeaders | readonly unknown[];

/** Adds what the browser and caches must know of the session to a response's own headers. */
export function addSessionHeaders(
  res: ServerResponse,
  { setCookie, varyCookie }: SaveResult,
): void {
  if (setCookie !== undefined) res.appendHeader('Set-Cookie', setCookie);
  if (!varyCookie) return;
  const vary = withCookie(res.getHeader('Vary'));
  if (vary !== undefined) res.setHeader('Vary', vary);
}

/**
 * Adds the same to headers given to `writeHead`, where they would otherwise hide what
 * {@link addSessionHeaders} set.
 */
export function mergeSessionHeaders(
  headers: HeadArgument,
  { setCookie, varyCookie }: SaveResult,
): HeadArgument {
  let merged = headers;
  if (setCookie !== undefined) {
    merged = mapHeader(merged, 'set-cookie', (value) => [...[value].flat().map(String), setCookie]);
  }
  return varyCookie ? mapHeader(merged, 'vary', (value) => withCookie(value) ?? value) : merged;
}

type HeaderValue = string | number | readonly string[];

/** `Vary` with Cookie in it, or `undefined` where it says so already. */
function withCookie(vary: HeaderValue | undefined): string | undefined {
  const fields = [vary ?? []].flat().flatMap((value) => String(value).split(','));
  const names = fields.map((field) => field.trim()).filter(Boolean);
  if (names.some((name) => name === '*' || name.toLowerCase() === 'cookie')) return undefined;
  return [...names, 'Cookie'].join(', ');
}

/** Changes one header, in whichever of the three forms it stands; where it does not stand, nothing. */
function mapHeader(
  headers: HeadArgument,
  name: string,
  change: (value: HeaderValue) => HeaderValue | string[],
): HeadArgument {
  const isName = (key: unknown): boolean => String(key).toLowerCase() === name;
  if (!Array.isArray(headers)) {
    const entries = Object.entries(headers as OutgoingHttpHeaders);
    return Object.fromEntries(
      entries.map(([key, value]) =>
        isName(key) && value !== undefined ? [key, change(value) as string[]] : [key, value],
      ),
    );
  }
  const list = headers as readonly unknown[];
  if (list.every(Array.isArray)) {
    return (list as [string, HeaderValue][]).map(([key, value]) =>
      isName(key) ? [key, change(value)] : [key, value],
    );
  }
  return list.map((item, index) =>
    index % 2 === 1 && isName(list[index - 1]) ? change(item as HeaderValue) : item,
  );
}
