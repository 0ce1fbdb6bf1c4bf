/**
 * What files are called in cachelib's directory.
 * Python: `FileSystemCache._get_filename`, `_is_mgmt`, 0.17.0.
 *
 * @module
 */

import { createHash } from 'node:crypto';

import type { HashMethod } from './file-system-cache.js';

/** The key under which cachelib keeps the number of its files. Python: `_fs_count_file`. */
export const COUNT_KEY = '__wz_cache_count';

/** Ends the names of files that cachelib neither counts nor prunes. Python: `_fs_transaction_suffix`. */
export const TEMPORARY_SUFFIX = '.__wz_cache';

/** The name of a key's file: nothing that a key holds reaches the path. */
export function fileNameOf(key: string, hashMethod: HashMethod): string {
  return createHash(hashMethod).update(key, 'utf8').digest('hex');
}

/** Whether a file can be a key's, going by its name. */
export function isFileName(name: string, hashMethod: HashMethod): boolean {
  return name.length === HEX_DIGITS[hashMethod] && /^[0-9a-f]+$/.test(name);
}

/** Whether cachelib leaves a file out when it counts and prunes. */
export function isManagement(name: string, hashMethod: HashMethod): boolean {
  return name.endsWith(TEMPORARY_SUFFIX) || name === fileNameOf(COUNT_KEY, hashMethod);
}

const HEX_DIGITS: Readonly<Record<HashMethod, number>> = {
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha512: 128,
};
