/**
 * Does something when a response is about to send its first byte, while headers can still be set.
 * Flask: `after_request` functions, and `SessionInterface.save_session` after them.
 *
 * @module
 */

import type { Next, ResponseLike } from './middleware.js';

/**
 * Calls `run` once, before the response's headers go. When it throws, nothing of the response is
 * sent: the error goes to `next`, and what the error handler answers goes out instead.
 */
export function afterRequest(response: ResponseLike, run: () => void, next: Next): void {
  const methods = response as unknown as Record<string, (...args: unknown[]) => unknown>;
  let done = false;
  let failed = false;

  /** Gives false when the call is not to go through. */
  const runOnce = (): boolean => {
    if (!done) {
      done = true;
      if (response.headersSent) return true;
      try {
        run();
      } catch (error) {
        failed = true;
        resetResponse(response);
        next(error);
        return false;
      }
    }
    // What the handler goes on to send, after the error handler's answer, is for nobody.
    return !(failed && response.writableEnded);
  };

  for (const name of SENDING_METHODS) {
    const send = methods[name];
    if (typeof send !== 'function') continue;
    methods[name] = function (this: ResponseLike, ...args: unknown[]): unknown {
      // Headers given to writeHead would replace a Set-Cookie that `run` adds.
      const rest = name === 'writeHead' && !done ? setHeaders(response, args) : args;
      if (runOnce()) return send.apply(this, rest);
      return name === 'write' ? false : this;
    };
  }
}

/** Adds a Set-Cookie line to those that the response already has. */
export function appendSetCookie(response: ResponseLike, line: string): void {
  const present = response.getHeader('Set-Cookie');
  const lines = present === undefined ? [] : Array.isArray(present) ? present : [String(present)];
  response.setHeader('Set-Cookie', [...(lines as readonly string[]), line]);
}

/** Says that the response depends on the cookie. Python: `response.vary.add("Cookie")`. */
export function varyOnCookie(response: ResponseLike): void {
  const present = response.getHeader('Vary');
  const vary = Array.isArray(present) ? present.join(', ') : String(present ?? '');
  const names = vary.split(',').map((name) => name.trim().toLowerCase());
  if (names.includes('cookie') || names.includes('*')) return;
  response.setHeader('Vary', vary === '' ? 'Cookie' : `${vary}, Cookie`);
}

/** Each of these can be the one that sends the headers; Node's own calls between them come later. */
const SENDING_METHODS = ['writeHead', 'write', 'end', 'flushHeaders'];

/** What describes a body that will not be sent. */
const BODY_HEADERS = [
  'Cache-Control',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Length',
  'Content-Range',
  'Content-Type',
  'ETag',
  'Last-Modified',
  'Location',
];

/** Leaves nothing of a response that failed, least of all its 200. */
function resetResponse(response: ResponseLike): void {
  response.statusCode = 500;
  for (const name of BODY_HEADERS) response.removeHeader(name);
}

/** Moves the headers in the arguments of `writeHead` to the response; gives the other arguments. */
function setHeaders(response: ResponseLike, args: readonly unknown[]): unknown[] {
  const headers = args.at(-1);
  if (typeof args[0] === 'number') response.statusCode = args[0];
  if (typeof headers !== 'object' || headers === null) return [...args];
  for (const [name, value] of headerEntries(headers)) {
    response.setHeader(name, value as string | readonly string[]);
  }
  return args.slice(0, -1);
}

/** Node takes headers as an object, as pairs, and as a flat list of names and values. */
function headerEntries(headers: object): Iterable<[name: string, value: unknown]> {
  if (!Array.isArray(headers)) {
    return Object.entries(headers).filter(([, value]) => value !== undefined);
  }
  const list = headers as unknown[];
  const flat = Array.isArray(list[0]) ? list.flat(1) : list;
  const values = new Map<string, unknown>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]).toLowerCase();
    // Repeated names are a header that is sent several times, as Set-Cookie may be.
    values.set(
      name,
      values.has(name) ? [values.get(name), flat[index + 1]].flat() : flat[index + 1],
    );
  }
  return values;
}
