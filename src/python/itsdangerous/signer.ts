/**
 * Signatures over text and bytes, with a key derived from secret and salt.
 * Python: `itsdangerous.signer`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { ArgumentError, BadSignature, ConfigError } from '../../errors.js';
import { decodeUtf8 } from '../utf8.js';
import { checkDigestMethod, HMACAlgorithm } from './algorithm.js';
import type { DigestMethod, SigningAlgorithm } from './algorithm.js';
import { base64Decode, base64Encode, wantBytes } from './encoding.js';

/** One secret, or several from oldest to newest: the last one signs and all of them verify. */
export type SecretKey = string | Uint8Array | readonly (string | Uint8Array)[];

/** How the signing key is made from secret and salt. */
export type KeyDerivation = 'hmac' | 'django-concat' | 'concat' | 'none';

/** The keyword arguments of Python's `Signer`, with its defaults. */
export interface SignerOptions {
  /** Keeps signatures of different purposes apart. @defaultValue `'itsdangerous.Signer'` */
  salt?: string | Uint8Array | null | undefined;
  /** Stands between value and signature. @defaultValue `'.'` */
  sep?: string | Uint8Array | undefined;
  /** @defaultValue `'django-concat'` */
  keyDerivation?: KeyDerivation | undefined;
  /** Of the key derivation, and of the HMAC unless `algorithm` is given. @defaultValue `'sha1'` */
  digestMethod?: DigestMethod | undefined;
  /** @defaultValue an HMAC with `digestMethod` */
  algorithm?: SigningAlgorithm | undefined;
}

/** Signs values and checks signatures; the value itself stays readable. Python: `Signer`. */
export class Signer {
  /** From oldest to newest. */
  readonly secretKeys: readonly Buffer[];
  readonly salt: Buffer;
  readonly sep: Buffer;
  readonly keyDerivation: KeyDerivation;
  readonly digestMethod: DigestMethod;
  readonly algorithm: SigningAlgorithm;

  /**
   * @throws ConfigError for an empty list of keys, a separator that a signature could contain, or an
   * unknown derivation or digest; ArgumentError for a lone surrogate in a key, salt or separator.
   */
  constructor(secretKey: SecretKey, options: SignerOptions = {}) {
    const { keyDerivation = 'django-concat', digestMethod = 'sha1' } = options;
    this.secretKeys = makeKeysList(secretKey);
    this.salt = wantBytes(options.salt ?? 'itsdangerous.Signer');
    this.sep = separator(options.sep ?? '.');
    if (!KEY_DERIVATIONS.includes(keyDerivation)) {
      throw new ConfigError('keyDerivation', `expected one of ${KEY_DERIVATIONS.join(', ')}`);
    }
    checkDigestMethod(digestMethod);
    this.keyDerivation = keyDerivation;
    this.digestMethod = digestMethod;
    this.algorithm = options.algorithm ?? new HMACAlgorithm(digestMethod);
  }

  /** The newest key, which signs. Python: `Signer.secret_key`. */
  get secretKey(): Buffer {
    return newest(this.secretKeys);
  }

  /** The key that signs for a secret, the newest unless given. Python: `Signer.derive_key`. */
  deriveKey(secretKey: string | Uint8Array = this.secretKey): Buffer {
    const secret = wantBytes(secretKey);
    switch (this.keyDerivation) {
      case 'concat':
        return createHash(this.digestMethod).update(this.salt).update(secret).digest();
      case 'django-concat':
        return createHash(this.digestMethod)
          .update(this.salt)
          .update('signer')
          .update(secret)
          .digest();
      case 'hmac':
        return createHmac(this.digestMethod, secret).update(this.salt).digest();
      case 'none':
        return secret;
    }
  }

  /** The signature of a value in URL-safe base64. Python: `Signer.get_signature`. */
  getSignature(value: string | Uint8Array): string {
    return base64Encode(this.algorithm.getSignature(this.deriveKey(), wantBytes(value)));
  }

  /**
   * The value with its signature. Python: `Signer.sign`.
   *
   * @throws ArgumentError on a lone surrogate.
   */
  sign(value: string): string;
  sign(value: Uint8Array): Buffer;
  sign(value: string | Uint8Array): string | Buffer {
    const signed = this.signBytes(wantBytes(value));
    return typeof value === 'string' ? signed.toString('utf8') : signed;
  }

  /**
   * Whether one of the keys made this signature. Takes equally long wherever a wrong signature
   * differs. Python: `Signer.verify_signature`.
   */
  verifySignature(value: string | Uint8Array, signature: string | Uint8Array): boolean {
    const bytes = wantBytes(value);
    let given: Buffer;
    try {
      given = base64Decode(signature);
    } catch {
      return false;
    }
    return this.secretKeys.toReversed().some((secretKey) => {
      const right = this.algorithm.getSignature(this.deriveKey(secretKey), bytes);
      return given.length === right.length && timingSafeEqual(given, right);
    });
  }

  /**
   * The value without its signature, which must be right. Python: `Signer.unsign`.
   *
   * @throws BadSignature when the signature is missing, malformed or wrong.
   */
  unsign(signedValue: string): string;
  unsign(signedValue: Uint8Array): Buffer;
  unsign(signedValue: string | Uint8Array): string | Buffer {
    const value = this.unsignBytes(signedBytes(signedValue));
    return typeof signedValue === 'string' ? value.toString('utf8') : value;
  }

  /** Whether `unsign` would return. Python: `Signer.validate`. */
  validate(signedValue: string | Uint8Array): boolean {
    try {
      this.unsignBytes(signedBytes(signedValue));
      return true;
    } catch (error) {
      if (error instanceof BadSignature) return false;
      throw error;
    }
  }

  /** What `sign` does, on bytes. */
  protected signBytes(value: Buffer): Buffer {
    return Buffer.concat([value, this.sep, Buffer.from(this.getSignature(value))]);
  }

  /** What `unsign` does, on bytes. */
  protected unsignBytes(signedValue: Buffer): Buffer {
    const [value, signature] = splitLast(signedValue, this.sep);
    if (signature === undefined) throw new BadSignature('signed value: no separator found');
    if (this.verifySignature(value, signature)) return value;
    throw new BadSignature('signed value: signature does not match', value);
  }
}

/** @throws ConfigError for no key at all, or one that is neither text nor bytes. */
export function makeKeysList(secretKey: SecretKey): readonly Buffer[] {
  const keys: unknown = isKey(secretKey) ? [secretKey] : secretKey;
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isKey)) {
    throw new ConfigError('secretKey', 'expected a string, bytes, or a list of them');
  }
  return keys.map(wantBytes);
}

/** The last of a list of keys that `makeKeysList` made. */
export function newest(secretKeys: readonly Buffer[]): Buffer {
  return secretKeys.at(-1) ?? Buffer.alloc(0);
}

/**
 * The bytes of what came from outside.
 *
 * @throws BadSignature on a lone surrogate: nothing that was ever signed has one.
 */
export function signedBytes(signedValue: string | Uint8Array): Buffer {
  try {
    return wantBytes(signedValue);
  } catch (error) {
    if (error instanceof ArgumentError) throw new BadSignature('signed value: is no text');
    throw error;
  }
}

/** The bytes before and after the last separator. Python: `value.rsplit(sep, 1)`. */
export function splitLast(bytes: Buffer, sep: Buffer): [before: Buffer, after: Buffer | undefined] {
  const index = bytes.lastIndexOf(sep);
  if (index === -1) return [bytes, undefined];
  return [bytes.subarray(0, index), bytes.subarray(index + sep.length)];
}

const KEY_DERIVATIONS: readonly KeyDerivation[] = ['hmac', 'django-concat', 'concat', 'none'];
const BASE64_ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=';

function isKey(key: unknown): key is string | Uint8Array {
  return typeof key === 'string' || key instanceof Uint8Array;
}

function separator(sep: string | Uint8Array): Buffer {
  const bytes = wantBytes(sep);
  // As in Python, where `in` looks for a substring: 'ab' is refused and 'ba' is not.
  if (BASE64_ALPHABET.includes(bytes.toString('latin1'))) {
    throw new ConfigError('sep', 'expected a character that no signature contains');
  }
  if (decodeUtf8(bytes) === undefined) throw new ConfigError('sep', 'expected UTF-8');
  return bytes;
}
