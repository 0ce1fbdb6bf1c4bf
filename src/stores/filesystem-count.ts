/**
 * The count file in a directory of cachelib's. Every cachelib with a threshold writes it when it
 * starts, so it also tells how files are named and written there.
 * Python: `FileSystemCache._update_count`, 0.17.0. Differences: ../python/cachelib/PORT.md
 *
 * @module
 */

import { join } from 'node:path';

import { SessionDecodeError } from '../errors.js';
import { COUNT_KEY, fileNameOf, readCount, writeCount } from '../python/cachelib/index.js';
import type { Count, FileSystemCache, HashMethod } from '../python/cachelib/index.js';
import { replaceFile } from './filesystem-replace.js';
import { SessionFile } from './filesystem-session-file.js';

/** How the cachelib that works in a directory names and writes its files. */
export interface Layout extends Omit<Count, 'value'> {
  readonly hashMethod: HashMethod;
}

/** The layout that the cachelib uses that started or wrote here last; a guess where none did. */
export async function readLayout(cache: FileSystemCache): Promise<Layout> {
  const methods = cache.hashMethod ? [cache.hashMethod] : DEFAULT_HASH_METHODS;
  let newest: CountFile | undefined;
  for (const hashMethod of methods) {
    const read = await readCountFile(cache, hashMethod);
    if (read && !(newest && newest.modifiedNs > read.modifiedNs)) newest = read;
  }
  return newest ?? { hashMethod: methods[0], form: 'struct', protocol: 4 };
}

/** What the count file says; 0 when there is none. */
export async function countIn(cache: FileSystemCache, layout: Layout): Promise<number> {
  return (await readCountFile(cache, layout.hashMethod))?.value ?? 0;
}

/**
 * Writes the count file anew, from what it says. Node processes lose none of each other's
 * changes once the file is there; cachelib, which takes no lock, loses some, and counts anew when it
 * starts.
 */
export async function changeCount(
  cache: FileSystemCache,
  layout: Layout,
  change: (count: number) => number,
): Promise<void> {
  const path = pathOf(cache, layout.hashMethod);
  let isWritten = false;
  while (!isWritten) {
    const file = await open(path);
    try {
      const count = (file && (await valueOf(file))) ?? { ...layout, value: 0 };
      const bytes = writeCount({ ...count, value: change(count.value) });
      const isUnchanged = (): boolean => file?.isStillAt(path) ?? true;
      isWritten = await replaceFile({ path, bytes, mode: cache.mode }, isUnchanged);
    } finally {
      await file?.close();
    }
  }
}

/** In cachelib up to 0.15, and since. */
const DEFAULT_HASH_METHODS = ['md5', 'sha256'] as const;

interface CountFile extends Layout, Count {
  readonly modifiedNs: bigint;
}

async function readCountFile(
  cache: FileSystemCache,
  hashMethod: HashMethod,
): Promise<CountFile | undefined> {
  const file = await open(pathOf(cache, hashMethod));
  try {
    const count = file && (await valueOf(file));
    return count && { ...count, hashMethod, modifiedNs: file.modifiedNs };
  } finally {
    await file?.close();
  }
}

async function valueOf(file: SessionFile): Promise<Count | undefined> {
  return file.header && readCount(file.header, await file.payload());
}

function pathOf(cache: FileSystemCache, hashMethod: HashMethod): string {
  return join(cache.cacheDir, fileNameOf(COUNT_KEY, hashMethod));
}

/** The count file; `undefined` also for what cannot be one, which is written over, as in cachelib. */
async function open(path: string): Promise<SessionFile | undefined> {
  try {
    return (await SessionFile.open(path, 'read')) ?? undefined;
  } catch (error) {
    if (error instanceof SessionDecodeError) return undefined;
    throw error;
  }
}
