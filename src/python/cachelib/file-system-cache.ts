/**
 * Where and how cachelib keeps its files, as an app sets it up for SESSION_CACHELIB.
 * Python: `cachelib.file.FileSystemCache`, 0.17.0. Differences: ./PORT.md
 *
 * @module
 */

import path from 'node:path';

import { ConfigError } from '../../errors.js';

/** Digests that name files, as Python's hashlib and OpenSSL spell them. */
export type HashMethod = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** What `FileSystemCache` takes by keyword in Python. */
export interface FileSystemCacheOptions {
  /**
   * How many files may lie there before those that end first go; 0 for no limit.
   * @defaultValue 500
   */
  readonly threshold?: number;
  /**
   * Permissions of a file.
   * @defaultValue 0o600
   */
  readonly mode?: number | null;
  /**
   * What a key becomes to name its file: MD5 in cachelib up to 0.15, SHA-256 since.
   * @defaultValue what the cachelib that works in the directory uses; MD5 where that does not show
   */
  readonly hashMethod?: HashMethod;
}

/** A directory of cachelib's, and the rules for it. Reading and writing is FileSystemStore's. */
export class FileSystemCache {
  /** Absolute. */
  readonly cacheDir: string;
  readonly threshold: number;
  readonly mode: number;
  readonly hashMethod: HashMethod | undefined;

  /**
   * @param cacheDir - Made when it is missing; relative to the current directory
   * @throws {@link ConfigError} for options that cannot work
   */
  constructor(cacheDir: string, options: FileSystemCacheOptions = {}) {
    const { threshold = 500, mode, hashMethod } = options;
    if (typeof cacheDir !== 'string' || cacheDir === '' || cacheDir.includes('\0')) {
      throw new ConfigError('cacheDir', 'must be the path of a directory');
    }
    if (!Number.isSafeInteger(threshold) || threshold < 0) {
      throw new ConfigError('threshold', 'must be a whole number of files, or 0 for no limit');
    }
    if (mode != null && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o7777)) {
      throw new ConfigError('mode', 'must be file permissions, such as 0o600');
    }
    if (hashMethod !== undefined && !HASH_METHODS.includes(hashMethod)) {
      throw new ConfigError('hashMethod', `must be one of ${HASH_METHODS.join(', ')}`);
    }
    this.cacheDir = path.resolve(cacheDir);
    this.threshold = threshold;
    this.mode = mode ?? 0o600;
    this.hashMethod = hashMethod;
  }
}

const HASH_METHODS: readonly HashMethod[] = ['md5', 'sha1', 'sha256', 'sha512'];
