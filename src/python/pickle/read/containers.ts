/**
 * What opcodes do with containers: values from `start` up to `end` on the stack go into the one
 * below, or become one.
 *
 * @module
 */
import { carryFloat, keysAsRead, noteKey, noteKeyOrder, noteValue } from '../as-read.js';
import { isHashable } from './hashable.js';
import { isIndexKey, setOwn } from '../plain-objects.js';
import type { Unpickler } from './unpickler.js';
import { PyFrozenSet } from '../values/py-frozen-set.js';
import { PyObject } from '../values/py-object.js';
import { PyTuple } from '../values/py-tuple.js';

/** TUPLE, TUPLE1 to TUPLE3 */
export function makeTuple(machine: Unpickler, start: number, end: number): PyTuple {
  const { stack } = machine;
  const tuple = new PyTuple(end - start);
  for (let i = start; i < end; i++) tuple[i - start] = stack[i];
  if (machine.notedTop >= start) {
    machine.takeNotes(start, (at, note) => {
      noteValue(tuple, at - start, note);
    });
  }
  machine.containers++;
  return tuple;
}

/** APPEND, APPENDS */
export function append(machine: Unpickler, target: unknown, start: number, end: number): void {
  if (start === end) return;
  const { stack } = machine;
  let list: unknown[];
  if (Array.isArray(target) && !(target instanceof PyTuple)) list = target as unknown[];
  else if (target instanceof PyObject) list = target.listItems ??= [];
  else {
    extendInstance(machine, target, start, end);
    return;
  }
  const base = list.length;
  for (let i = start; i < end; i++) list.push(stack[i]);
  if (machine.notedTop >= start) {
    machine.takeNotes(start, (at, note) => {
      noteValue(list, base + at - start, note);
    });
  }
}

/**
 * A new dict: a plain object, or a Map when the pickle goes on with a key that is no string. Where
 * that is seen too late, `setItems` makes the one of the other.
 */
export function newDict(machine: Unpickler): object {
  machine.containers++;
  const { bytes } = machine;
  let { pos } = machine;
  const memoOpcode = bytes[pos];
  if (memoOpcode === 0x94 /* MEMOIZE */) pos += 1;
  else if (memoOpcode === 0x71 /* BINPUT */) pos += 2;
  else if (memoOpcode === 0x72 /* LONG_BINPUT */) pos += 5;
  else if (memoOpcode === 0x70 /* PUT */) pos = bytes.indexOf(0x0a, pos) + 1;
  if (bytes[pos] === 0x28 /* MARK */) pos += 1;
  return IS_OTHER_KEY[bytes[pos] as number] === 1 ? new Map() : {};
}

/** Whether an opcode makes what is surely no string. */
const IS_OTHER_KEY = new Uint8Array(256);
for (const opcode of [
  0x49, // INT
  0x4a, // BININT
  0x4b, // BININT1
  0x4c, // LONG
  0x4d, // BININT2
  0x4e, // NONE
  0x88, // NEWTRUE
  0x89, // NEWFALSE
  0x8a, // LONG1
  0x46, // FLOAT
  0x47, // BINFLOAT
  0x43, // SHORT_BINBYTES
  0x29, // EMPTY_TUPLE
]) {
  IS_OTHER_KEY[opcode] = 1;
}

/** SETITEM, SETITEMS. The dict that has the items then is mostly, but not always, the target. */
export function setItems(machine: Unpickler, target: unknown, start: number, end: number): unknown {
  if (start === end) return target;
  if (((end - start) & 1) !== 0) throw machine.error('odd number of items');
  const dict = machine.replaced ? machine.current(target) : target;
  if (isPlain(dict)) return setInObject(machine, dict, start, end);
  if (dict instanceof Map) return setInMap(machine, dict, start, end);
  if (dict instanceof PyObject) {
    setInMap(machine, (dict.dictItems ??= new Map<unknown, unknown>()), start, end);
  } else updateInstance(machine, dict, start, end);
  return dict;
}

/** ADDITEMS */
export function addItems(machine: Unpickler, target: unknown, start: number, end: number): void {
  if (start === end) return;
  if (target instanceof PyObject) {
    const items = (target.setItems ??= []);
    const base = items.length;
    items.push(...machine.stack.slice(start, end));
    machine.takeNotes(start, (at, note) => {
      noteValue(items, base + at - start, note);
    });
  } else if (target instanceof Set && !(target instanceof PyFrozenSet)) {
    addMembers(machine, target, start, end);
  } else throw machine.error('ADDITEMS on what is no set');
}

/** FROZENSET */
export function makeFrozenSet(machine: Unpickler, start: number, end: number): PyFrozenSet {
  const set = new PyFrozenSet();
  addMembers(machine, set, start, end);
  machine.containers++;
  return set;
}

function addMembers(machine: Unpickler, set: Set<unknown>, start: number, end: number): void {
  const { stack } = machine;
  for (let i = start; i < end; i++) {
    const member = stack[i];
    if (!isHashable(member)) throw machine.error('unhashable member of a set');
    set.add(member);
  }
  if (machine.notedTop >= start) {
    machine.takeNotes(start, (at, note) => {
      noteValue(set, stack[at], note);
    });
  }
}

function setInMap(
  machine: Unpickler,
  map: Map<unknown, unknown>,
  start: number,
  end: number,
): Map<unknown, unknown> {
  const { stack } = machine;
  for (let i = start; i < end; i += 2) {
    const key = stack[i];
    if (!isHashable(key)) throw machine.error('unhashable key of a dict');
    map.set(key, stack[i + 1]);
  }
  if (machine.notedTop >= start) noteItems(machine, map, start);
  return map;
}

function setInObject(machine: Unpickler, object: object, start: number, end: number): object {
  const { stack } = machine;
  for (let i = start; i < end; i += 2) {
    const key = stack[i];
    if (typeof key !== 'string') {
      return setInMap(machine, becomeMap(machine, object), start, end);
    }
    if (key.charCodeAt(0) <= 0x39 && isIndexKey(key)) {
      return setInOrder(machine, object, start, end);
    }
    setOwn(object, key, stack[i + 1]);
  }
  if (machine.notedTop >= start) noteItems(machine, object, start);
  return object;
}

/** Sets keys that JavaScript would move to the front, and keeps Python's order of all beside. */
function setInOrder(machine: Unpickler, object: object, start: number, end: number): object {
  const { stack } = machine;
  const keys = new Set(keysAsRead(object));
  for (let i = start; i < end; i += 2) {
    const key = stack[i];
    if (typeof key !== 'string') {
      noteKeyOrder(object, [...keys]);
      return setInMap(machine, becomeMap(machine, object), start, end);
    }
    keys.add(key);
    setOwn(object, key, stack[i + 1]);
  }
  noteKeyOrder(object, [...keys]);
  if (machine.notedTop >= start) noteItems(machine, object, start);
  return object;
}

/** A dict with a key that is no string is a Map, also when the first keys were strings. */
function becomeMap(machine: Unpickler, object: object): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (const key of keysAsRead(object)) {
    map.set(key, (object as Record<string, unknown>)[key]);
    carryFloat(object, map, key);
  }
  machine.replace(object, map);
  return map;
}

function noteItems(machine: Unpickler, container: object, start: number): void {
  const { stack } = machine;
  machine.takeNotes(start, (at, note) => {
    if ((at - start) % 2 === 0) noteKey(container, stack[at], note);
    else noteValue(container, stack[at - 1], note);
  });
}

function extendInstance(machine: Unpickler, object: unknown, start: number, end: number): void {
  const codec = machine.instances?.get(object as object);
  if (!codec?.extend) throw machine.error('APPENDS on what is no list');
  const items = machine.stack.slice(start, end);
  machine.takeNotes(start);
  machine.callUser(() => codec.extend?.(object as object, items));
}

function updateInstance(machine: Unpickler, object: unknown, start: number, end: number): void {
  const codec = machine.instances?.get(object as object);
  if (!codec?.update) throw machine.error('SETITEMS on what is no dict');
  const entries: [unknown, unknown][] = [];
  for (let i = start; i < end; i += 2) entries.push([machine.stack[i], machine.stack[i + 1]]);
  machine.takeNotes(start);
  machine.callUser(() => codec.update?.(object as object, entries));
}

/** Whether a value is a dict. One without a key of that name has the constructor of its class. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return value.constructor === Object || Object.getPrototypeOf(value) === Object.prototype;
}
