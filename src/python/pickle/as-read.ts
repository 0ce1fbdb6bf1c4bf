/**
 * What a container was when it was read, where JavaScript itself cannot hold it: which of its
 * integral numbers were floats in Python, and the order of keys that look like array indices.
 * The note lies beside the container, never in it, and counts only while the value is unchanged.
 *
 * @module
 */

/** Says that `container[slot]`, an integral number, was a Python float. */
export function noteFloat(container: object, slot: unknown, value: number): void {
  const floats = floatsIn.get(container);
  if (floats) floats.set(slot, value);
  else floatsIn.set(container, new Map([[slot, value]]));
}

/** Whether the integral number at `container[slot]` is still the float that was read there. */
export function isFloatAsRead(container: object, slot: unknown, value: number): boolean {
  return floatsIn.get(container)?.get(slot) === value;
}

/** Lets a value that is copied to another container stay the float that it was. */
export function carryFloat(from: object, to: object, slot: unknown): void {
  const value = floatsIn.get(from)?.get(slot);
  if (value !== undefined) noteFloat(to, slot, value);
}

/** Keeps the order of a dict's keys for an object that cannot keep it: it has keys like '10'. */
export function noteKeyOrder(object: object, keys: readonly string[]): void {
  orderOf.set(object, keys);
}

/** An object's own enumerable keys in Python's order: those that were read first, then the new. */
export function keysAsRead(object: object): readonly string[] {
  const keys = Object.keys(object);
  const order = orderOf.get(object);
  if (!order) return keys;
  const own = new Set(keys);
  const kept = order.filter((key) => own.delete(key));
  return [...kept, ...own];
}

const floatsIn = new WeakMap<object, Map<unknown, number>>();
const orderOf = new WeakMap<object, readonly string[]>();
