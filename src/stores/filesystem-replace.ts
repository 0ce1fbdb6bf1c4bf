/**
 * Putting a file in the place of another in one step, as cachelib does: readers see the old one or
 * the new one, never a part.
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import { constants, renameSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { TEMPORARY_SUFFIX } from '../python/cachelib/index.js';
import { hasCode } from './filesystem-errors.js';
import { withLock } from './filesystem-lock.js';

/** A file to be, in full. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/**
 * Writes a file beside its place, makes the directory if need be, and moves it there if `isExpected`
 * holds; `false` when it does not. Check and move are one step among Node processes; among others
 * they are two system calls, one right after the other.
 */
export async function replaceFile(
  { path, bytes, mode }: NewFile,
  isExpected: () => boolean,
): Promise<boolean> {
  const temporary = await writeBeside(path, bytes, mode);
  try {
    for (;;) {
      const moved = await withLock(path, (isHeld) => {
        if (!isHeld()) return undefined;
        // Python's writers ask nobody: the shorter from here to the next call, the better.
        if (!isExpected()) return false;
        renameSync(temporary, path);
        return true;
      });
      if (moved !== undefined) return moved;
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

async function writeBeside(path: string, bytes: Uint8Array, mode: number) {
  const directory = dirname(path);
  // As Python's tempfile.mkstemp names them.
  const temporary = join(directory, `tmp${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}`);
  const handle = await openIn(directory, temporary);
  try {
    await handle.writeFile(bytes);
    // Not by open(), which the umask would cut.
    await handle.chmod(mode);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return temporary;
}

async function openIn(directory: string, path: string) {
  try {
    return await open(path, CREATE, 0o600);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(directory, { recursive: true });
    return open(path, CREATE, 0o600);
  }
}
