/**
 * Session ids: made as Flask-Session makes them, and recognised by their shape before any store is
 * asked.
 *
 * @module
 */

import { createHash, randomBytes, randomUUID } from 'node:crypto';

/**
 * A fresh id. Python: `str(uuid.uuid4())` in Flask-Session <= 0.5, `secrets.token_urlsafe(n)` since.
 *
 * @param idLength - Bytes of randomness for `token_urlsafe`; unset for a uuid4
 */
export function generateSid(idLength?: number): string {
  return idLength === undefined ? randomUUID() : randomBytes(idLength).toString('base64url');
}

/** Whether a client's value can be an id that some Flask-Session release made. */
export function looksLikeSid(sid: string): boolean {
  return SID_SHAPE.test(sid);
}

/** Eight hex digits that stand for an id in logs and events, from which it cannot be found. */
export function hashSid(sid: string): string {
  return createHash('sha256').update(sid).digest('hex').slice(0, 8);
}

const SID_SHAPE = /^[A-Za-z0-9_-]{8,256}$/;
