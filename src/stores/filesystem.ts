/**
 * Sessions in files, in the very directory that Flask-Session keeps by cachelib.
 * Python: `flask_session.filesystem.FileSystemSessionInterface` and
 * `flask_session.cachelib.CacheLibSessionInterface`, 0.8.0, on cachelib 0.1 to 0.17.
 * Differences: ../python/cachelib/PORT.md
 *
 * @module
 */

import { randomUUID } from 'node:crypto';
import { lstatSync, unlinkSync } from 'node:fs';

import { SessionDecodeError, SessionStoreError } from '../errors.js';
import { FileSystemCache, fileNameOf, writeHeader } from '../python/cachelib/index.js';
import type { SessionStore, SetOutcome } from '../session/store.js';
import type { Layout } from './filesystem-count.js';
import { CacheDirectory } from './filesystem-directory.js';
import { hasCode, toStoreError, translatingErrors } from './filesystem-errors.js';
import { withLock } from './filesystem-lock.js';
import { replaceFile } from './filesystem-replace.js';
import { SessionFile } from './filesystem-session-file.js';
import type { Access } from './filesystem-session-file.js';

/** Options of {@link FileSystemStore}. */
export interface FileSystemStoreOptions {
  /**
   * Longest session that is read, in bytes.
   * @defaultValue `67_108_864` (64 MiB)
   */
  readonly maxBytes?: number;
}

/**
 * Keeps sessions in a directory of cachelib's. Among Node processes, check and write are one step.
 * Flask takes no lock: a write of Flask's counts as a change made meanwhile, unless it falls between
 * two system calls, the check and the write, tens of microseconds apart; then Node's write wins.
 * What renews a session's time to live can undo neither a write nor a logout.
 */
export class FileSystemStore implements SessionStore {
  readonly #cache: FileSystemCache;
  readonly #directory: CacheDirectory;
  readonly #maxBytes: number;
  /**
   * Begins what `scan` gives in place of keys, for a file's name does not tell its key. Random, so
   * that nobody can spell one in a cookie.
   */
  readonly #scanned = `${randomUUID()}:`;

  /**
   * @param cache - The directory and its rules, or only the directory's path
   * @throws {@link ConfigError} for a path that is empty
   */
  constructor(cache: FileSystemCache | string, options: FileSystemStoreOptions = {}) {
    this.#cache = typeof cache === 'string' ? new FileSystemCache(cache) : cache;
    this.#directory = new CacheDirectory(this.#cache);
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
  }

  get(key: string, refreshTtl?: number): Promise<Uint8Array | null> {
    return translatingErrors('get', async () => {
      const access = refreshTtl === undefined ? 'read' : 'renew';
      const { path, file } = await this.#find(key, access);
      try {
        const bytes = file && (await this.#payload(file));
        if (bytes && refreshTtl !== undefined) await this.#renew(path, file, refreshTtl);
        return bytes;
      } finally {
        await file?.close();
      }
    });
  }

  set(
    key: string,
    bytes: Uint8Array,
    ttlSeconds: number,
    expected: Uint8Array | null,
  ): Promise<SetOutcome> {
    return translatingErrors('set', async () => {
      for (;;) {
        const { path, file } = await this.#find(key, 'read');
        try {
          const current = file && (await this.#payload(file));
          if (!isSame(current, expected)) return { stored: false, current };
          if (!file) await this.#directory.makeRoom();
          if (await this.#replace(path, file, ttlSeconds, bytes)) {
            if (!file) await this.#directory.addToCount(1);
            return { stored: true };
          }
        } finally {
          await file?.close();
        }
      }
    });
  }

  touch(key: string, ttlSeconds: number): Promise<boolean> {
    return translatingErrors('touch', async () => {
      const { path, file } = await this.#find(key, 'renew');
      try {
        if (!file?.isAlive) return false;
        await this.#renew(path, file, ttlSeconds);
        return true;
      } finally {
        await file?.close();
      }
    });
  }

  delete(key: string): Promise<boolean> {
    return translatingErrors('delete', async () => {
      const { path, file } = await this.#find(key, 'read');
      await file?.close();
      try {
        await withLock(path, () => {
          unlinkSync(path);
        });
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return false;
        throw error;
      }
      await this.#directory.addToCount(-1);
      return file?.isAlive ?? false;
    });
  }

  /**
   * A name for each session, which the other methods take in place of its key: the key itself cannot
   * be told from the file. Only this object knows these names.
   */
  async *scan(): AsyncIterable<string> {
    try {
      for await (const { name, isAlive } of this.#directory.list()) {
        if (isAlive) yield `${this.#scanned}${name}`;
      }
    } catch (error) {
      throw toStoreError('scan', error);
    }
  }

  /** A key's path, and the file that is there. */
  async #find(key: string, access: Access): Promise<{ path: string; file: SessionFile | null }> {
    const found = await this.#open(key, access, await this.#directory.layout());
    // A cachelib that has just started may name files in another way.
    return found.file ? found : this.#open(key, access, await this.#directory.layout(true));
  }

  async #open(key: string, access: Access, { hashMethod, form }: Layout) {
    const name = key.startsWith(this.#scanned)
      ? key.slice(this.#scanned.length)
      : fileNameOf(key, hashMethod);
    const path = this.#directory.pathOf(name);
    return { path, file: await SessionFile.open(path, access, form) };
  }

  /** What a file holds; `null` when that has ended. */
  async #payload(file: SessionFile): Promise<Buffer | null> {
    if (!file.isAlive) return null;
    if (file.payloadLength > this.#maxBytes) {
      throw new SessionDecodeError(`${file.payloadLength} bytes are more than maxBytes`);
    }
    return file.payload();
  }

  /** Sets a file's end, in place if that can be done, else by a file in its place. */
  async #renew(path: string, file: SessionFile, ttlSeconds: number): Promise<void> {
    if (await file.renew(endOf(ttlSeconds))) return;
    const payload = await this.#payload(file);
    // Whoever wrote another one meanwhile has renewed it by that.
    if (payload) await this.#replace(path, file, ttlSeconds, payload);
  }

  /** Puts a session in the place of `file`, or of none, if that is still there. */
  async #replace(
    path: string,
    file: SessionFile | null,
    ttlSeconds: number,
    payload: Uint8Array,
  ): Promise<boolean> {
    const { form, protocol } = await this.#directory.layout();
    const header = writeHeader(form, endOf(ttlSeconds), protocol);
    if (!header) throw new SessionStoreError('set', 'a session ends later than cachelib can write');
    const bytes = Buffer.concat([header, payload]);
    return replaceFile({ path, bytes, mode: this.#cache.mode }, () =>
      file ? file.isStillAt(path) : lstatSync(path, { throwIfNoEntry: false }) === undefined,
    );
  }
}

/** The second at which a value ends that is written now. Python: `_normalize_timeout`. */
function endOf(ttlSeconds: number): number {
  return ttlSeconds === 0 ? 0 : Math.floor(Date.now() / 1000) + ttlSeconds;
}

function isSame(current: Uint8Array | null, expected: Uint8Array | null): boolean {
  if (current === null || expected === null) return current === expected;
  return Buffer.compare(current, expected) === 0;
}
