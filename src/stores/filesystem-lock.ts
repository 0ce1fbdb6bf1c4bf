/**
 * Locks among Node processes, for steps that are a few system calls. A lock is a file that only one
 * process can create. Python knows nothing of it; its name ends so that cachelib leaves it alone.
 *
 * @module
 */

import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { TEMPORARY_SUFFIX } from '../python/cachelib/index.js';
import { hasCode } from './filesystem-errors.js';

/**
 * Runs a step while no other process runs one for the same file. The step is synchronous, so that
 * nothing else this process does can stretch it: locks are held for microseconds.
 *
 * @param step - Asks `isHeld` right before the call that must not happen without the lock: a process
 *   that was stopped for long has lost it
 */
export async function withLock<T>(file: string, step: (isHeld: () => boolean) => T): Promise<T> {
  const lock = `${file}.lock${TEMPORARY_SUFFIX}`;
  let seen: { id: string; since: number } | undefined;
  for (;;) {
    const taken = attempt(lock, step);
    if (taken) return taken.result;
    const id = identityOf(lock);
    if (id === undefined) continue;
    if (seen?.id !== id) {
      seen = { id, since: performance.now() };
      if (isOwnerDead(lock)) remove(lock, id);
    } else if (performance.now() - seen.since > STALE_MS) {
      remove(lock, id);
    }
    await sleep(1 + Math.random() * 4);
  }
}

/** A holder needs microseconds; one that took this long has died, or checks once it runs again. */
const STALE_MS = 1_000;

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

function attempt<T>(lock: string, step: (isHeld: () => boolean) => T): { result: T } | undefined {
  let fd: number;
  try {
    fd = openSync(lock, CREATE, 0o644);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined;
    throw error;
  }
  // While the descriptor is open, no other file can get the number that tells this one.
  const isHeld = (): boolean => {
    const there = lstatSync(lock, { throwIfNoEntry: false });
    return there !== undefined && there.ino === fstatSync(fd).ino;
  };
  try {
    signLock(fd);
    return { result: step(isHeld) };
  } finally {
    if (isHeld()) unlinkSync(lock);
    closeSync(fd);
  }
}

/** Without it, on a full disk, the lock is as good: only that its holder has died shows later. */
function signLock(fd: number): void {
  try {
    writeSync(fd, `${process.pid} ${hostname()}`);
  } catch (error) {
    if (!hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw error;
  }
}

/** Tells a lock from the next one in its place; `undefined` when it is gone. */
function identityOf(lock: string): string | undefined {
  const found = lstatSync(lock, { bigint: true, throwIfNoEntry: false });
  return found && `${found.ino} ${found.mtimeNs}`;
}

/**
 * Whether the process that made a lock has ended, as far as can be told from here. A wrong yes, for
 * machines that share a name, costs the holder its lock but no session: it asks `isHeld`.
 */
function isOwnerDead(lock: string): boolean {
  try {
    const [pid, host] = readFileSync(lock, 'utf8').split(' ');
    if (host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH');
  }
}

/** Takes away the lock that was seen, and puts back another one that took its place meanwhile. */
function remove(lock: string, id: string): void {
  const aside = `${lock.slice(0, -TEMPORARY_SUFFIX.length)}.${randomUUID()}${TEMPORARY_SUFFIX}`;
  try {
    renameSync(lock, aside);
    if (identityOf(aside) !== id) linkSync(aside, lock);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EEXIST')) throw error;
  }
  try {
    unlinkSync(aside);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
