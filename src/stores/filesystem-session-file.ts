/**
 * A session's file, open: every byte that is read or written goes through the same descriptor, so a
 * file that takes the name meanwhile is never mistaken for it.
 *
 * @module
 */

import { constants, lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

import { SessionDecodeError } from '../errors.js';
import { hasExpired, readHeader, renewHeader } from '../python/cachelib/index.js';
import type { Header, HeaderForm } from '../python/cachelib/index.js';
import { hasCode } from './filesystem-errors.js';

/** What a file is opened for; `renew` falls back to `read` where writing is not allowed. */
export type Access = 'read' | 'renew';

export class SessionFile {
  readonly #handle: FileHandle;
  readonly #stats: BigIntStats;
  readonly #isWritable: boolean;
  /** The beginning of the file, and mostly all of it. */
  readonly #start: Buffer;
  readonly #header: Header | undefined;

  /**
   * Opens a file; `null` when there is none.
   *
   * @param likely - How headers are written in its directory
   * @throws {@link SessionDecodeError} for symbolic links and all else that is no regular file, and
   *   for one without a header
   */
  static async open(
    path: string,
    access: Access,
    likely?: HeaderForm,
  ): Promise<SessionFile | null> {
    const opened = await openHandle(path, access);
    if (!opened) return null;
    const { handle, isWritable } = opened;
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw new SessionDecodeError('no regular file');
      const start = await readFrom(handle, 0, Math.min(Number(stats.size), START_BYTES));
      const header = readHeader(start, likely);
      if (!header && start.length > 0) throw new SessionDecodeError('the file ends in its header');
      return new SessionFile(handle, stats, isWritable, start, header);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(
    handle: FileHandle,
    stats: BigIntStats,
    isWritable: boolean,
    start: Buffer,
    header: Header | undefined,
  ) {
    this.#handle = handle;
    this.#stats = stats;
    this.#isWritable = isWritable;
    this.#start = start;
    this.#header = header;
  }

  /** Whether it holds a session that has not ended. */
  get isAlive(): boolean {
    return this.#header !== undefined && !hasExpired(this.#header);
  }

  /** `undefined` for a file of no bytes, which counts as no session. */
  get header(): Header | undefined {
    return this.#header;
  }

  /** When it was last written, in nanoseconds since 1970. */
  get modifiedNs(): bigint {
    return this.#stats.mtimeNs;
  }

  /** Bytes after the header. */
  get payloadLength(): number {
    return Number(this.#stats.size) - (this.#header?.length ?? 0);
  }

  /** The value after the header. */
  async payload(): Promise<Buffer> {
    const position = this.#header?.length ?? 0;
    if (position + this.payloadLength <= this.#start.length) return this.#start.subarray(position);
    return readFrom(this.#handle, position, this.payloadLength);
  }

  /**
   * Sets the second at which it ends, in the file as it is; `false` where that cannot be done. No
   * write of others can be lost by it, and no deletion undone: it touches this file, not its name.
   */
  async renew(expires: number): Promise<boolean> {
    if (!this.#header) return false;
    if (this.#header.expires === expires) return true;
    const change = renewHeader(this.#header, expires);
    // With another name the file may be somebody else's, who made a link to it here.
    if (!change || !this.#isWritable || this.#stats.nlink > 1n) return false;
    await this.#handle.write(change.bytes, 0, change.bytes.length, change.position);
    return true;
  }

  /** Whether the path still leads to this very file: each write of a session makes another one. */
  isStillAt(path: string): boolean {
    const there = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return there?.ino === this.#stats.ino && there.dev === this.#stats.dev;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** How the system refuses to open a symbolic link, a directory or a socket with these flags. */
export const IRREGULAR: readonly string[] = ['ELOOP', 'EMLINK', 'EISDIR', 'ENXIO'];

/** More than most sessions need. */
const START_BYTES = 16 * 1024;

/** Flags that follow no symbolic link, and wait for nobody should it be a pipe. */
export const NO_TRICKS: number = constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function openHandle(
  path: string,
  access: Access,
): Promise<{ handle: FileHandle; isWritable: boolean } | null> {
  const isWritable = access === 'renew';
  try {
    const flags = isWritable ? constants.O_RDWR : constants.O_RDONLY;
    return { handle: await open(path, flags | NO_TRICKS), isWritable };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (isWritable && hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return openHandle(path, 'read');
    if (hasCode(error, ...IRREGULAR)) {
      throw new SessionDecodeError('no regular file');
    }
    throw error;
  }
}

/** Up to `length` bytes: fewer where the file has become shorter. */
async function readFrom(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
