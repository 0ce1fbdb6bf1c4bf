/**
 * A session's dict as an object of string keys. Python dicts may have other keys beside them, which
 * JavaScript code cannot name on an object; those are kept aside, in their place, for writing back.
 *
 * @module
 */

import { carryFloat } from '../python/pickle/as-read.js';
import { setOwn } from '../python/pickle/plain-objects.js';
import type { SessionDict } from './serializers.js';

/** A session's dict as it was read, and the object that stands for it in JavaScript. */
export interface Root {
  /** The string keys: what the application sees and changes. */
  readonly data: Record<string, unknown>;
  /** The Map that was read, when the dict has keys that are no strings. */
  readonly asRead: ReadonlyMap<unknown, unknown> | undefined;
}

/** Opens a dict for use as a session. */
export function openRoot(dict: SessionDict): Root {
  if (!(dict instanceof Map)) return { data: dict, asRead: undefined };
  const data: Record<string, unknown> = {};
  for (const [key, value] of dict) {
    if (typeof key !== 'string') continue;
    setOwn(data, key, value);
    carryFloat(dict, data, key);
  }
  return { data, asRead: dict };
}

/** The dict to write: the session's keys, with those that are no strings where they were. */
export function dictOf({ data, asRead }: Root): SessionDict {
  if (!asRead) return data;
  const dict = new Map<unknown, unknown>();
  const put = (from: object, key: unknown, value: unknown): void => {
    dict.set(key, value);
    carryFloat(from, dict, key);
  };
  for (const [key, value] of asRead) {
    if (typeof key !== 'string') put(asRead, key, value);
    else if (Object.hasOwn(data, key)) put(data, key, data[key]);
  }
  for (const key of Object.keys(data)) {
    if (!dict.has(key)) put(data, key, data[key]);
  }
  return dict;
}
