/**
 * What Python would refuse as a dict key or a member of a set.
 *
 * @module
 */
import { PyByteArray } from '../values/py-byte-array.js';
import { PyFrozenSet } from '../values/py-frozen-set.js';
import { PyTuple } from '../values/py-tuple.js';

/**
 * Whether Python can hash the value: no list, dict, set or bytearray, and no tuple that holds one.
 * Of objects of other classes nobody can tell; they pass.
 */
export function isHashable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (!(value instanceof PyTuple)) return !isMutableBuiltin(value);
  const seen = new Set<PyTuple>([value]);
  for (const tuple of seen) {
    for (const item of tuple) {
      if (item instanceof PyTuple) seen.add(item);
      else if (typeof item === 'object' && item !== null && isMutableBuiltin(item)) return false;
    }
  }
  return true;
}

function isMutableBuiltin(value: object): boolean {
  if (value instanceof Set) return !(value instanceof PyFrozenSet);
  return (
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof PyByteArray ||
    Object.getPrototypeOf(value) === Object.prototype
  );
}
