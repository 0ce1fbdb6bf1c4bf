/**
 * How a password is hashed: the part of a stored hash before its first `$`, read, written and run.
 * Python: `werkzeug.security._hash_internal`, 3.1.9. Differences: ./PORT.md
 *
 * @module
 */

import { createHash, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

import { ArgumentError } from '../../errors.js';
import { encodeUtf8 } from '../utf8.js';

/** A key derivation function with all its parameters. */
export type PasswordMethod =
  | { readonly name: 'scrypt'; readonly n: number; readonly r: number; readonly p: number }
  | { readonly name: 'pbkdf2'; readonly hashName: string; readonly iterations: number };

/**
 * Memory in bytes that scrypt may take. Werkzeug's own bound is 2 GiB; its default takes 33 MiB.
 */
export const MAX_SCRYPT_BYTES: number = 512 * 1024 * 1024;

/** Rounds that PBKDF2 may take, ten times Werkzeug's default. Werkzeug's own bound is 2 ** 31. */
export const MAX_PBKDF2_ITERATIONS = 10_000_000;

/**
 * Reads a method such as `scrypt:32768:8:1`, `pbkdf2:sha256:600000`, or without the parameters, for
 * which Werkzeug's defaults stand.
 *
 * @throws ArgumentError where Python raises `ValueError`, or beyond the limits above.
 */
export function parseMethod(text: string): PasswordMethod {
  const [name, ...args] = text.split(':');
  switch (name) {
    case 'scrypt':
      return parseScrypt(args);
    case 'pbkdf2':
      return parsePbkdf2(args);
    default:
      throw new ArgumentError('method', 'expected scrypt or pbkdf2');
  }
}

/** The method with all its parameters, as it stands in a hash. */
export function methodText(method: PasswordMethod): string {
  return method.name === 'scrypt'
    ? `scrypt:${method.n}:${method.r}:${method.p}`
    : `pbkdf2:${method.hashName}:${method.iterations}`;
}

/**
 * The hash in hexadecimal, computed on a thread of Node's pool.
 *
 * @throws ArgumentError on a lone surrogate, or parameters that OpenSSL refuses.
 */
export async function derive(
  method: PasswordMethod,
  salt: string,
  password: string,
): Promise<string> {
  const secret = encodeUtf8(password, 'password');
  const saltBytes = encodeUtf8(salt, 'salt');
  try {
    const key =
      method.name === 'scrypt'
        ? await runScrypt(method, secret, saltBytes)
        : await runPbkdf2(method, secret, saltBytes);
    return key.toString('hex');
  } catch {
    throw new ArgumentError('method', `${method.name} takes no such parameters`);
  }
}

type Scrypt = Extract<PasswordMethod, { name: 'scrypt' }>;
type Pbkdf2 = Extract<PasswordMethod, { name: 'pbkdf2' }>;

const DEFAULT_SCRYPT: Scrypt = { name: 'scrypt', n: 2 ** 15, r: 8, p: 1 };
const DEFAULT_PBKDF2: Pbkdf2 = { name: 'pbkdf2', hashName: 'sha256', iterations: 1_000_000 };
/** What `hashlib.scrypt` gives when nothing else is asked for. */
const SCRYPT_KEY_BYTES = 64;

const scryptInPool = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);
const pbkdf2InPool = promisify(pbkdf2);

function parseScrypt(args: readonly string[]): Scrypt {
  if (args.length === 0) return DEFAULT_SCRYPT;
  const [n = NaN, r = NaN, p = NaN, ...more] = args.map(pythonInt);
  const method: Scrypt = { name: 'scrypt', n, r, p };
  if (more.length > 0 || !(n > 0 && r > 0 && p > 0)) {
    throw new ArgumentError('method', 'scrypt takes 3 whole numbers');
  }
  if (scryptBytes(method) > MAX_SCRYPT_BYTES) {
    throw new ArgumentError('method', `scrypt would take more than ${MAX_SCRYPT_BYTES} bytes`);
  }
  return method;
}

function parsePbkdf2(args: readonly string[]): Pbkdf2 {
  const [hashName = DEFAULT_PBKDF2.hashName, rounds, ...more] = args;
  const iterations = rounds === undefined ? DEFAULT_PBKDF2.iterations : pythonInt(rounds);
  if (more.length > 0 || !(iterations > 0)) {
    throw new ArgumentError('method', 'pbkdf2 takes a hash and a number of iterations');
  }
  if (iterations > MAX_PBKDF2_ITERATIONS) {
    const reason = `pbkdf2 would take more than ${MAX_PBKDF2_ITERATIONS} iterations`;
    throw new ArgumentError('method', reason);
  }
  return { name: 'pbkdf2', hashName, iterations };
}

/** What Python's `int(text)` gives for digits of ASCII, or NaN. */
function pythonInt(text: string): number {
  return /^\s*[-+]?\d+(?:_\d+)*\s*$/.test(text) ? Number(text.replaceAll('_', '')) : NaN;
}

/** The bound that Werkzeug sets for OpenSSL; Node's own default of 32 MiB refuses even the default. */
function scryptBytes({ n, r, p }: Scrypt): number {
  return 132 * n * r * p;
}

async function runScrypt(method: Scrypt, password: Buffer, salt: Buffer): Promise<Buffer> {
  const { n, r, p } = method;
  const options = { N: n, r, p, maxmem: scryptBytes(method) };
  return scryptInPool(password, salt, SCRYPT_KEY_BYTES, options);
}

async function runPbkdf2(method: Pbkdf2, password: Buffer, salt: Buffer): Promise<Buffer> {
  const digest = opensslName(method.hashName);
  const keyBytes = createHash(digest).digest().length;
  return pbkdf2InPool(password, salt, method.iterations, keyBytes, digest);
}

/** OpenSSL's name for a hash that has another one in `hashlib`. */
function opensslName(hashName: string): string {
  if (hashName === 'blake2b') return 'blake2b512';
  if (hashName === 'blake2s') return 'blake2s256';
  return hashName.replace('_', '-');
}
