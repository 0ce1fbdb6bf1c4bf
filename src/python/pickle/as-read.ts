/**
 * What a container was when it was read, where JavaScript itself cannot hold it: which of its
 * integral numbers were floats in Python, which of its strings were copies of their own, and the
 * order of keys that look like array indices. The note lies beside the container, never in it,
 * and counts only while the value is unchanged.
 *
 * @module
 */

/**
 * A string that equals another one of the same pickle, but was an object of its own in Python.
 * All references to one such object share one of these.
 */
export interface StringCopy {
  readonly text: string;
}

/** What is known of a value: that it was this float, or this copy of a string. */
export type Note = number | StringCopy;

/** All that is known of one container. */
export interface Notes {
  /** By array index, key of an object or Map, or member of a set. */
  values?: Map<unknown, Note>;
  /** By key of an object or Map: what the key itself was. */
  keys?: Map<unknown, Note>;
  /** Keys of an object in Python's order. */
  order?: readonly string[];
}

const notes = new WeakMap<object, Notes>();

/** What is known of a container, for those who ask about many of its slots. */
export function notesOf(container: object): Notes | undefined {
  return notes.get(container);
}

/** Notes what `container[slot]` was. */
export function noteValue(container: object, slot: unknown, note: Note): void {
  (notesFor(container).values ??= new Map()).set(slot, note);
}

/** Notes what a key of a dict was. */
export function noteKey(container: object, key: unknown, note: Note): void {
  (notesFor(container).keys ??= new Map()).set(key, note);
}

/** Says that `container[slot]`, an integral number, was a Python float. */
export function noteFloat(container: object, slot: unknown, value: number): void {
  noteValue(container, slot, value);
}

/** Whether the integral number at `container[slot]` is still the float that was read there. */
export function isFloatAsRead(container: object, slot: unknown, value: number): boolean {
  return notes.get(container)?.values?.get(slot) === value;
}

/** Lets a value that is copied to another container stay the float, or the copy, that it was. */
export function carryFloat(from: object, to: object, slot: unknown): void {
  const known = notes.get(from);
  if (!known) return;
  const value = known.values?.get(slot);
  if (value !== undefined) noteValue(to, slot, value);
  const key = known.keys?.get(slot);
  if (key !== undefined) noteKey(to, slot, key);
}

/** Lets a value stay what it was where its slot is another one. */
export function carryNote(from: object, slot: unknown, to: object, newSlot: unknown): void {
  const note = notes.get(from)?.values?.get(slot);
  if (note !== undefined) noteValue(to, newSlot, note);
}

/** Keeps the order of a dict's keys for an object that cannot keep it: it has keys like '10'. */
export function noteKeyOrder(object: object, keys: readonly string[]): void {
  notesFor(object).order = keys;
}

/** An object's own enumerable keys in Python's order: those that were read first, then the new. */
export function keysAsRead(object: object): readonly string[] {
  const keys = Object.keys(object);
  const order = notes.get(object)?.order;
  if (!order) return keys;
  const own = new Set(keys);
  const kept = order.filter((key) => own.delete(key));
  return [...kept, ...own];
}

function notesFor(container: object): Notes {
  let known = notes.get(container);
  if (!known) notes.set(container, (known = {}));
  return known;
}
