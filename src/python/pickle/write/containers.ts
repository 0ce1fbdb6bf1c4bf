/**
 * Values that hold others, as CPython's C implementation pickles them: small ones at once, all
 * others by a task.
 *
 * @module
 */
import { keysAsRead, type Notes, notesOf } from '../as-read.js';
import { FROZENSET, type KnownGlobal, SET } from '../known-globals.js';
import type { Saver } from './saver.js';
import {
  type Batching,
  BATCH_SIZE,
  EntriesTask,
  ImmutableTask,
  ItemsTask,
  type Parts,
  PartsTask,
} from './tasks.js';
import type { PyFrozenSet } from '../values/py-frozen-set.js';
import type { PyTuple } from '../values/py-tuple.js';

const MARK = 0x28;
const POP = 0x30;
const POP_MARK = 0x31;
const REDUCE = 0x52;

const LIST: Batching = { one: 0x61, many: 0x65, single: 'only', trailing: false };
const DICT: Batching = { one: 0x73, many: 0x75, single: 'only', trailing: true };
const SET_BATCHES: Batching = { one: 0x90, many: 0x90, single: 'none', trailing: true };
/** Protocol 0 has no opcodes for many items. */
const LIST_0: Batching = { ...LIST, single: 'each' };
const DICT_0: Batching = { ...DICT, single: 'each' };

export function saveTuple(saver: Saver, tuple: PyTuple): boolean {
  if (saver.recall(tuple)) return false;
  const { length } = tuple;
  if (length === 0) {
    saver.emptyTuple();
    return false;
  }
  if (saver.protocol < 2 || length > 3) saver.out.code(MARK);
  if (saver.isDirect()) {
    saveItems(saver, tuple, notesOf(tuple));
    endTuple(saver, tuple);
    return false;
  }
  const finish = (): void => {
    endTuple(saver, tuple);
  };
  return saver.begin(new ImmutableTask(tuple, notesOf(tuple), finish));
}

function endTuple(saver: Saver, tuple: PyTuple): void {
  const { out, protocol } = saver;
  const { length } = tuple;
  const marked = protocol < 2 || length > 3;
  if (saver.knows(tuple)) {
    // The tuple holds itself, and came into being while its items were written.
    if (marked && protocol > 0) out.code(POP_MARK);
    else for (let i = marked ? -1 : 0; i < length; i++) out.code(POP);
    saver.recall(tuple);
    return;
  }
  out.code(marked ? 0x74 : 0x84 + length); // TUPLE, TUPLE1 to TUPLE3
  saver.memoize(tuple);
}

export function saveList(saver: Saver, list: readonly unknown[]): boolean {
  if (saver.recallOrClaim(list)) return false;
  if (saver.protocol === 0) saver.out.latin1('(l');
  else saver.out.code(0x5d); // EMPTY_LIST
  saver.memoize();
  const { length } = list;
  if (length === 0) return false;
  const notes = notesOf(list);
  if (length >= BATCH_SIZE || !saver.isDirect()) {
    return saver.begin(new ItemsTask(saver.protocol === 0 ? LIST_0 : LIST, list, notes));
  }
  const { out } = saver;
  if (length > 1) out.code(MARK);
  saveItems(saver, list, notes);
  out.code(length > 1 ? 0x65 : 0x61); // APPENDS, APPEND
  return false;
}

/** Writes the items of a list or tuple at once. */
function saveItems(saver: Saver, items: readonly unknown[], notes: Notes | undefined): void {
  const place = saver.enter();
  place.isDict = false;
  for (let index = 0; index < items.length; index++) {
    place.index = index;
    saver.save(items[index], notes?.values?.get(index));
  }
  saver.done();
}

export function saveDict(saver: Saver, value: object): boolean {
  if (saver.recallOrClaim(value)) return false;
  const notes = notesOf(value);
  if (!notes?.order && saver.isDirect()) {
    const size = countEntries(value);
    if (size < BATCH_SIZE) {
      writeEntries(saver, value, size, notes);
      return false;
    }
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const keys = keysAsRead(value);
  const values = keys.map((key) => fields[key]);
  return saveEntries(saver, keys, values, notes);
}

/** Writes a plain object of few keys at once. */
function writeEntries(saver: Saver, value: object, size: number, notes: Notes | undefined): void {
  const { out } = saver;
  out.code(0x7d); // EMPTY_DICT
  saver.memoize();
  if (size === 0) return;
  if (size > 1) out.code(MARK);
  const fields = value as Readonly<Record<string, unknown>>;
  const place = saver.enter();
  const depth = saver.depth;
  place.isDict = true;
  let index = 0;
  for (const key in fields) {
    place.key = key;
    out.boundary();
    if (notes?.keys) saver.string(key, notes.keys.get(key));
    else saver.key(key, index++, depth);
    saver.save(fields[key], notes?.values?.get(key));
  }
  saver.done();
  out.code(size > 1 ? 0x75 : 0x73); // SETITEMS, SETITEM
}

export function saveMap(saver: Saver, value: ReadonlyMap<unknown, unknown>): boolean {
  if (saver.recallOrClaim(value)) return false;
  return saveEntries(saver, [...value.keys()], [...value.values()], notesOf(value));
}

function saveEntries(
  saver: Saver,
  keys: readonly unknown[],
  values: readonly unknown[],
  notes: Notes | undefined,
): boolean {
  if (values.includes(undefined)) {
    const isThere = (_: unknown, index: number): boolean => values[index] !== undefined;
    return saveEntries(saver, keys.filter(isThere), values.filter(isThere), notes);
  }
  if (saver.protocol === 0) saver.out.latin1('(d');
  else saver.out.code(0x7d); // EMPTY_DICT
  saver.memoize();
  if (keys.length === 0) return false;
  return saver.begin(new EntriesTask(saver.protocol === 0 ? DICT_0 : DICT, keys, values, notes));
}

export function saveSet(saver: Saver, value: ReadonlySet<unknown>): boolean {
  if (saver.protocol < 4) return saver.begin(new PartsTask(setParts(saver, value, SET)));
  saver.out.code(0x8f); // EMPTY_SET
  saver.memoize(value);
  const members = [...value];
  if (members.length === 0) return false;
  return saver.begin(new ItemsTask(SET_BATCHES, members, notesOf(value), true));
}

export function saveFrozenSet(saver: Saver, value: PyFrozenSet): boolean {
  if (saver.protocol < 4) {
    return saver.begin(new PartsTask(setParts(saver, value, FROZENSET)));
  }
  const { out } = saver;
  out.code(MARK);
  const finish = (): void => {
    if (saver.knows(value)) {
      out.code(POP_MARK);
      saver.recall(value);
      return;
    }
    out.code(0x91); // FROZENSET
    saver.memoize(value);
  };
  const members = [...value];
  return saver.begin(new ImmutableTask(members, notesOf(value), finish, true));
}

/** Below protocol 4 a set is a call with the list of its members. */
function* setParts(saver: Saver, value: ReadonlySet<unknown>, cls: KnownGlobal): Parts {
  const { out, protocol } = saver;
  saver.global(cls);
  saver.openTuple();
  out.boundary();
  if (protocol === 0) out.latin1('(l');
  else out.code(0x5d); // EMPTY_LIST
  saver.memoize();
  const members = [...value];
  if (members.length > 0) {
    const batching = protocol === 0 ? LIST_0 : LIST;
    yield { name: '', task: new ItemsTask(batching, members, notesOf(value), true) };
  }
  saver.closeTuple(1);
  out.code(REDUCE);
  if (saver.knows(value)) {
    // The set holds itself, and came into being while its members were written.
    out.code(POP);
    saver.recall(value);
  } else saver.memoize(value);
}

/** Number of a plain object's keys; `Infinity` when not all are to be written. */
function countEntries(value: object): number {
  const fields = value as Readonly<Record<string, unknown>>;
  let size = 0;
  for (const key in fields) {
    if (fields[key] === undefined) return Infinity;
    size++;
  }
  return size;
}
