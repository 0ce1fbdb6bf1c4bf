/**
 * Puts the values that stand for others in their places, everywhere in a finished value.
 *
 * @module
 */
import { childrenOf } from './children.js';
import { setOwn } from '../plain-objects.js';

/** Exchanges each key of `replaced` for its value in all that `root` holds. */
export function replaceAll(root: unknown, replaced: ReadonlyMap<object, object>): unknown {
  const current = <T>(value: T): T => (replaced.get(value as object) as T | undefined) ?? value;
  const start = current(root);
  if (typeof start !== 'object' || start === null) return start;
  const seen = new Set<object>([start]);
  for (const value of seen) {
    if (childrenOf(value).some((child) => replaced.has(child))) exchange(value, current);
    for (const child of childrenOf(value)) seen.add(child);
  }
  return start;
}

function exchange(value: object, current: <T>(value: T) => T): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = current(item as unknown);
  } else if (value instanceof Map) {
    const entries = [...value];
    value.clear();
    for (const [key, item] of entries) value.set(current(key as unknown), current(item as unknown));
  } else if (value instanceof Set) {
    const members = [...value];
    value.clear();
    for (const member of members) value.add(current(member as unknown));
  } else {
    for (const [key, item] of Object.entries(value)) setOwn(value, key, current(item as unknown));
  }
}
