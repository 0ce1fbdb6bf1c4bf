/**
 * What the ways to use a client have in common.
 *
 * @module
 */

import { ConfigError } from '../errors.js';

/** Clients take Buffers, and some take a plain Uint8Array for an object to be printed. */
export function toWord(word: string | Uint8Array): string | Buffer {
  if (typeof word === 'string' || Buffer.isBuffer(word)) return word;
  return Buffer.from(word.buffer, word.byteOffset, word.byteLength);
}

/** The error of a connection of our own also rejects the command that waits for it. */
export function ignore(): void {
  // Nothing is left to be done.
}

/** @throws {@link ConfigError} when there is a prefix: Flask's client knows nothing of it */
export function refuseKeyPrefix(keyPrefix: unknown): void {
  if (!keyPrefix) return;
  throw new ConfigError(
    'SESSION_REDIS',
    "the client's keyPrefix would be put before every session key; set SESSION_KEY_PREFIX instead",
  );
}
