/**
 * A directory of cachelib's as a whole: which files there are, and which go when there are too many.
 * Python: `FileSystemCache._list_dir`, `_prune`, 0.17.0. Differences: ../python/cachelib/PORT.md
 *
 * @module
 */

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  unlinkSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { BridgeError } from '../errors.js';
import {
  filesToPrune,
  hasExpired,
  isFileName,
  isManagement,
  readHeader,
} from '../python/cachelib/index.js';
import type { FileSystemCache, HashMethod, HeaderForm } from '../python/cachelib/index.js';
import { changeCount, countIn, readLayout } from './filesystem-count.js';
import type { Layout } from './filesystem-count.js';
import { hasCode } from './filesystem-errors.js';
import { withLock } from './filesystem-lock.js';
import { IRREGULAR, NO_TRICKS } from './filesystem-session-file.js';

/** A file that is a session's, going by its name and its beginning. */
export interface Listed {
  readonly name: string;
  readonly expires: number;
  readonly isAlive: boolean;
  readonly modifiedNs: bigint;
}

export class CacheDirectory {
  readonly #cache: FileSystemCache;
  #layout: Layout | undefined;
  #layoutReadAt = 0;
  /** Done once, as cachelib does when it starts. */
  #counted: Promise<void> | undefined;
  #pruning: Promise<void> | undefined;
  #delta = 0;
  #adding: Promise<void> | undefined;

  constructor(cache: FileSystemCache) {
    this.#cache = cache;
  }

  pathOf(name: string): string {
    return join(this.#cache.cacheDir, name);
  }

  /**
   * How cachelib names and writes files here.
   *
   * @param isFresh - Whether what was true a moment ago will not do
   */
  async layout(isFresh = false): Promise<Layout> {
    if (!this.#layout || isFresh || performance.now() - this.#layoutReadAt > LAYOUT_MS) {
      this.#layout = await readLayout(this.#cache);
      this.#layoutReadAt = performance.now();
    }
    return this.#layout;
  }

  /** Removes files where there are too many, before there is one more. */
  async makeRoom(): Promise<void> {
    const { threshold } = this.#cache;
    if (threshold === 0) return;
    const layout = await this.layout();
    await (this.#counted ??= this.#countAnew(layout));
    if ((await countIn(this.#cache, layout)) <= threshold) return;
    await (this.#pruning ??= this.#prune(layout).finally(() => (this.#pruning = undefined)));
  }

  /** Keeps the count when a file came (1) or went (-1); many at once are one change of it. */
  async addToCount(delta: 1 | -1): Promise<void> {
    if (this.#cache.threshold === 0) return;
    this.#delta += delta;
    await (this.#adding ??= this.#addAll().finally(() => (this.#adding = undefined)));
  }

  /** Every session's file, live or not, in no order. */
  async *list(): AsyncIterable<Listed> {
    const { hashMethod, form } = await this.layout();
    const names = await this.#names(hashMethod);
    for (const [index, name] of names.entries()) {
      const listed = isFileName(name, hashMethod) ? look(this.pathOf(name), form) : undefined;
      if (listed) yield { name, ...listed };
      if (index % LOOKS_AT_ONCE === 0) await setImmediate();
    }
  }

  /**
   * A count that cannot be written is no reason for a request to fail, whose session is stored by
   * now: the next one who starts puts it right.
   */
  async #addAll(): Promise<void> {
    try {
      while (this.#delta !== 0) {
        const delta = this.#delta;
        this.#delta = 0;
        const layout = await this.layout();
        await changeCount(this.#cache, layout, (count) => Math.max(0, count + delta));
      }
    } catch (error) {
      if (error instanceof BridgeError) throw error;
    }
  }

  async #prune(layout: Layout): Promise<void> {
    const listed: Listed[] = [];
    for await (const file of this.list()) listed.push(file);
    const { threshold } = this.#cache;
    for (const { name, modifiedNs } of filesToPrune(listed, threshold, Date.now() / 1000)) {
      await removeUnlessChanged(this.pathOf(name), modifiedNs);
    }
    await this.#countAnew(layout);
  }

  /** Foreign files count, as for cachelib, though they are never removed. */
  async #countAnew(layout: Layout): Promise<void> {
    try {
      const names = await this.#names(layout.hashMethod);
      await changeCount(this.#cache, layout, () => names.length);
    } catch (error) {
      this.#counted = undefined;
      throw error;
    }
  }

  async #names(hashMethod: HashMethod): Promise<string[]> {
    try {
      const names = await readdir(this.#cache.cacheDir);
      return names.filter((name) => !isManagement(name, hashMethod));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }
}

/** How long a cachelib that starts with other names goes unnoticed, at the most. */
const LAYOUT_MS = 1_000;

/** Synchronous, for each takes a few microseconds, and a hundred times that as a promise. */
const LOOKS_AT_ONCE = 64;

/** `undefined` for a file that went meanwhile, and for one that is no session's. */
function look(path: string, form: HeaderForm): Omit<Listed, 'name'> | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | NO_TRICKS);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', ...IRREGULAR)) return undefined;
    throw error;
  }
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile()) return undefined;
    const start = Buffer.alloc(32);
    const header = readHeader(start.subarray(0, readSync(fd, start)), form);
    if (!header) return undefined;
    const { expires } = header;
    return { expires, isAlive: !hasExpired(header), modifiedNs: stats.mtimeNs };
  } finally {
    closeSync(fd);
  }
}

async function removeUnlessChanged(path: string, modifiedNs: bigint): Promise<void> {
  try {
    await withLock(path, (isHeld) => {
      const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (there?.mtimeNs === modifiedNs && isHeld()) unlinkSync(path);
    });
  } catch (error) {
    // What may not be removed stays, as in cachelib.
    if (!hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) throw error;
  }
}
