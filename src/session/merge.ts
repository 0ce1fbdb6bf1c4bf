/**
 * Three-way merge of a session that two requests changed at the same time: key by key at the top
 * level, deletions included. Values are never merged inside: half of one list and half of another
 * would be a value that nobody wrote.
 *
 * @module
 */

import { carryFloat } from '../python/pickle/as-read.js';
import { setOwn } from '../python/pickle/plain-objects.js';

/** A key that both sides changed. A side that does not have the key has `undefined`. */
export interface Conflict {
  readonly key: string;
  /** The value when this request read the session. */
  readonly base: unknown;
  /** The value that this request wants to write. */
  readonly mine: unknown;
  /** The value that somebody else stored meanwhile. */
  readonly theirs: unknown;
}

/** Whose value stands: this request's, the other's, or what a function gives (`undefined`: none). */
export type ConflictRule = 'mine' | 'theirs' | ((conflict: Conflict) => unknown);

type Data = Record<string, unknown>;

/** Whether two sessions hold the same under a key: the same value and type, or nothing at all. */
export type SameValue = (a: Data, b: Data, key: string) => boolean;

/**
 * Applies to `theirs` what `mine` changed since `base`. `theirs` is changed in place, so its key
 * order and everything that this request did not touch stay as they are.
 */
export function mergeInto(
  theirs: Data,
  base: Data,
  mine: Data,
  rule: ConflictRule,
  same: SameValue,
): void {
  for (const key of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    // What is equal on both sides stays the object that the application may still hold.
    if (same(mine, theirs, key)) take(mine, theirs, key);
    else if (same(base, mine, key)) continue;
    else if (rule === 'mine' || same(base, theirs, key)) take(mine, theirs, key);
    else if (rule !== 'theirs') {
      const value = rule({ key, base: base[key], mine: mine[key], theirs: theirs[key] });
      put(theirs, key, value);
    }
  }
}

function take(from: Data, to: Data, key: string): void {
  put(to, key, Object.hasOwn(from, key) ? from[key] : undefined);
  carryFloat(from, to, key);
}

function put(data: Data, key: string, value: unknown): void {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a dict's keys are dynamic
  if (value === undefined) delete data[key];
  else setOwn(data, key, value);
}
