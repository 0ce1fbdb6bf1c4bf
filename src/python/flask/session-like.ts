/**
 * Sessions as the extensions see them: any object whose own keys are the session's, so that they work
 * on `req.session`, on what `openSession` gives and on a plain object alike.
 *
 * @module
 */

/** A session: string keys, and nothing else that is its own and enumerable. */
export type SessionLike = object;

/** The value of a key, or `undefined`. Methods on the session's prototype are no keys. */
export function getItem(session: SessionLike, key: string): unknown {
  return Object.hasOwn(session, key) ? (session as Record<string, unknown>)[key] : undefined;
}

export function setItem(session: SessionLike, key: string, value: unknown): void {
  (session as Record<string, unknown>)[key] = value;
}

/** Removes a key and gives the value that it had. Python: `session.pop(key, None)`. */
export function popItem(session: SessionLike, key: string): unknown {
  const value = getItem(session, key);
  if (value !== undefined) Reflect.deleteProperty(session, key);
  return value;
}

/** Whether a session holds anything of its own. Python: `ServerSideSession.__bool__`. */
export function hasData(session: SessionLike): boolean {
  return Object.keys(session).some((key) => key !== '_permanent');
}
