/**
 * The session's headers on a response, beside those that the application sets.
 *
 * @module
 */

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { SaveResult } from '../../session/session.js';

/** Headers as `writeHead` takes them: an object, or names and values in one flat list, or pairs. */
export type HeadArgument = OutgoingHttpHeaders | readonly unknown[];

/** Adds what the browser and caches must know of the session; a second time, it adds nothing. */
export function addSessionHeaders(
  res: ServerResponse,
  { setCookie, varyCookie }: SaveResult,
): void {
  if (setCookie !== undefined) addCookie(res, setCookie);
  if (!varyCookie) return;
  const vary = withCookie(res.getHeader('Vary'));
  if (vary !== undefined) res.setHeader('Vary', vary);
}

/**
 * Sets on a response what was given to `writeHead`, so that other headers can be added to it. As
 * there, a name replaces what was set before, and in a list a name may stand more than once.
 */
export function setHeadHeaders(res: ServerResponse, headers: HeadArgument): void {
  if (!isList(headers)) {
    for (const [name, value] of Object.entries(headers)) {
      if (name) res.setHeader(name, value as HeaderValue);
    }
    return;
  }
  const pairs = pairsOf(headers);
  for (const [name] of pairs) res.removeHeader(name);
  for (const [name, value] of pairs) res.appendHeader(name, value as string);
}

type HeaderValue = string | number | readonly string[];

function addCookie(res: ServerResponse, line: string): void {
  const others = res.getHeader('Set-Cookie');
  if (others === undefined) res.setHeader('Set-Cookie', line);
  else if (!listOf(others).includes(line)) res.appendHeader('Set-Cookie', line);
}

/** `Vary` with Cookie in it, or `undefined` where it says so already. */
function withCookie(vary: HeaderValue | undefined): string | undefined {
  if (vary === undefined) return 'Cookie';
  const names = listOf(vary)
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.some((name) => name === '*' || name.toLowerCase() === 'cookie')) return undefined;
  return [...names, 'Cookie'].join(', ');
}

function listOf(value: HeaderValue | undefined): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}

function isList(headers: HeadArgument): headers is readonly unknown[] {
  return Array.isArray(headers);
}

function pairsOf(list: readonly unknown[]): [name: string, value: unknown][] {
  if (Array.isArray(list[0])) return list as [string, unknown][];
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, index) => [
    list[2 * index] as string,
    list[2 * index + 1],
  ]);
}
