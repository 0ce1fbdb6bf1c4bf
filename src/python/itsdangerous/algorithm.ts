/**
 * What makes the signature from a derived key and a value.
 * Python: `itsdangerous.signer`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

import { createHmac, getHashes } from 'node:crypto';

import { ConfigError } from '../../errors.js';

/** Python: `SigningAlgorithm`. */
export interface SigningAlgorithm {
  getSignature(key: Buffer, value: Buffer): Buffer;
}

/** A hash that Node's OpenSSL has, by its name there. */
export type DigestMethod = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512' | (string & {});

/** The HMAC of the value. Python: `HMACAlgorithm`. */
export class HMACAlgorithm implements SigningAlgorithm {
  readonly digestMethod: DigestMethod;

  /** @throws ConfigError when Node has no such hash. */
  constructor(digestMethod: DigestMethod = 'sha1') {
    checkDigestMethod(digestMethod);
    this.digestMethod = digestMethod;
  }

  getSignature(key: Buffer, value: Buffer): Buffer {
    return createHmac(this.digestMethod, key).update(value).digest();
  }
}

/** Signs nothing: every value with an empty signature is taken. Python: `NoneAlgorithm`. */
export class NoneAlgorithm implements SigningAlgorithm {
  getSignature(): Buffer {
    return Buffer.alloc(0);
  }
}

/** @throws ConfigError when Node has no such hash, or none that HMAC can use. */
export function checkDigestMethod(digestMethod: DigestMethod): void {
  try {
    createHmac(digestMethod, '').digest();
  } catch {
    const known = getHashes().includes(digestMethod)
      ? 'cannot be used in HMAC'
      : 'is no hash of Node';
    throw new ConfigError('digestMethod', known);
  }
}
