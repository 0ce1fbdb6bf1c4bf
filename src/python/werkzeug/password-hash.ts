/**
 * Password hashes, as Flask applications store them.
 * Python: `werkzeug.security`, 3.1.9. Differences: ./PORT.md
 *
 * @module
 */

import { randomInt, timingSafeEqual } from 'node:crypto';

import { ArgumentError } from '../../errors.js';
import { derive, methodText, parseMethod } from './password-method.js';
import type { PasswordMethod } from './password-method.js';

/**
 * Whether a password is the one that was hashed. Computed off the main thread; takes equally long
 * wherever two hashes differ. Python: `check_password_hash`.
 *
 * @param hash - What `generate_password_hash` of any Werkzeug release made with scrypt or pbkdf2.
 * @returns false, too, for what is no hash: it has fewer than two `$`.
 * @throws ArgumentError (in the promise) where Python raises: for another method, such as the plain
 * `sha1$...` that Werkzeug 3 no longer reads, and for parameters that make no sense or would take more
 * than 512 MiB or ten million iterations.
 */
export async function checkPasswordHash(hash: string, password: string): Promise<boolean> {
  checkText('hash', hash);
  checkText('password', password);
  const parts = splitHash(hash);
  if (!parts) return false;
  const derived = await derive(parseMethod(parts.method), parts.salt, password);
  return isEqual(derived, parts.digest);
}

/**
 * A hash to store for a password. Computed off the main thread. Python: `generate_password_hash`.
 *
 * @param method - `scrypt`, `scrypt:n:r:p`, `pbkdf2`, `pbkdf2:hash` or `pbkdf2:hash:iterations`.
 * @param saltLength - In characters.
 * @throws ArgumentError (in the promise) for a method as in `checkPasswordHash`, a salt of no
 * characters, or a lone surrogate in the password.
 */
export async function generatePasswordHash(
  password: string,
  method = 'scrypt',
  saltLength = 16,
): Promise<string> {
  checkText('password', password);
  const parsed = parseMethod(method);
  const salt = makeSalt(saltLength);
  return `${methodText(parsed)}$${salt}$${await derive(parsed, salt, password)}`;
}

/**
 * Whether a hash should be made anew when its password is at hand: it was made by another method than
 * `generatePasswordHash` would use now, or by the same one with less effort. Werkzeug has no such
 * function.
 *
 * @param method - As for `generatePasswordHash`.
 * @throws ArgumentError when `method` is none.
 */
export function needsRehash(hash: string, method = 'scrypt'): boolean {
  const wanted = parseMethod(method);
  const parts = splitHash(hash);
  if (!parts) return true;
  try {
    return !isAtLeast(parseMethod(parts.method), wanted);
  } catch {
    return true;
  }
}

const SALT_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function splitHash(hash: string): { method: string; salt: string; digest: string } | undefined {
  const [method, salt, ...digest] = hash.split('$');
  if (method === undefined || salt === undefined || digest.length === 0) return undefined;
  return { method, salt, digest: digest.join('$') };
}

function makeSalt(length: number): string {
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new ArgumentError('saltLength', 'expected at least 1 character');
  }
  return Array.from({ length }, () => SALT_CHARACTERS[randomInt(SALT_CHARACTERS.length)]).join('');
}

function isEqual(derived: string, digest: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (!/^[\x00-\x7f]*$/.test(digest)) {
    throw new ArgumentError('hash', 'expected a digest of ASCII characters');
  }
  return (
    derived.length === digest.length && timingSafeEqual(Buffer.from(derived), Buffer.from(digest))
  );
}

function isAtLeast(used: PasswordMethod, wanted: PasswordMethod): boolean {
  if (used.name === 'scrypt' && wanted.name === 'scrypt') {
    return used.n >= wanted.n && used.r >= wanted.r && used.p >= wanted.p;
  }
  return (
    used.name === 'pbkdf2' &&
    wanted.name === 'pbkdf2' &&
    used.hashName === wanted.hashName &&
    used.iterations >= wanted.iterations
  );
}

function checkText(argument: string, value: unknown): void {
  if (typeof value !== 'string') throw new ArgumentError(argument, 'expected a string');
}
