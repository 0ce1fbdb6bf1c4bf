/**
 * Which value is written how. Python: `pickle._Pickler.save`.
 *
 * @module
 */
import { keysAsRead, type Note, type Notes, notesOf } from '../as-read.js';
import { reduceInstance } from '../classes.js';
import { encodeState } from '../format/datetime-state.js';
import {
  BYTEARRAY,
  DATE,
  DATETIME,
  FROZENSET,
  type KnownGlobal,
  SET,
  TIME,
} from '../known-globals.js';
import { objectParts } from './object-parts.js';
import { type DumpSettings, Pickler } from './pickler.js';
import {
  type Batching,
  BATCH_SIZE,
  EntriesTask,
  ImmutableTask,
  ItemsTask,
  type Parts,
  Place,
  PartsTask,
  type Task,
} from './tasks.js';
import { saveDecimal, saveTimeDelta, saveTimeZone, saveUuid } from './typed-values.js';
import { PyByteArray } from '../values/py-byte-array.js';
import { PyDate } from '../values/py-date.js';
import { PyDateTime } from '../values/py-date-time.js';
import { PyDecimal } from '../values/py-decimal.js';
import { PyFloat } from '../values/py-float.js';
import { PyFrozenSet } from '../values/py-frozen-set.js';
import { PyGlobal } from '../values/py-global.js';
import { PyObject } from '../values/py-object.js';
import { PyTime } from '../values/py-time.js';
import { PyTimeDelta } from '../values/py-time-delta.js';
import { PyTimeZone } from '../values/py-time-zone.js';
import { PyTuple } from '../values/py-tuple.js';
import { PyUUID } from '../values/py-uuid.js';

/** Bounds the depth of JavaScript's stack. */
const MAX_NESTED = 100;

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

export class Saver extends Pickler {
  readonly #root: string;
  readonly #tasks: Task[] = [];
  readonly #places: Place[] = [];
  readonly #directDepth: number;
  /** Whether tasks are left on the stack, since JavaScript's own is deep enough. */
  #isDeep = false;

  /** @param root What the value is called in the path of an error. */
  constructor(settings: DumpSettings, root: string) {
    super(settings);
    this.#root = root;
    this.#directDepth = isPolluted() ? 0 : Math.min(MAX_NESTED, settings.limits.maxDepth);
  }

  /** Writes the whole value and the end of the pickle. */
  dump(value: unknown): Buffer {
    this.save(value);
    this.out.code(0x2e); // STOP
    return this.out.finish();
  }

  /**
   * Writes a value, or the beginning of one that a task then goes on with.
   *
   * @param note What is known of the value from where it was read.
   * @returns Whether a task was left.
   */
  save(value: unknown, note?: Note): boolean {
    this.out.boundary();
    if (typeof value === 'string') this.string(value, note);
    else if (typeof value === 'number') this.#saveNumber(value, note);
    else if (typeof value === 'object' && value !== null) return this.#saveObject(value);
    else if (typeof value === 'boolean') this.bool(value);
    else if (value === null) this.none();
    else if (typeof value === 'bigint') this.int(value);
    else throw this.error(`${typeof value} has no form in Python`);
    return false;
  }

  /**
   * Does a task, which holds others: in JavaScript's way, or, where that would become too deep, on
   * the stack of tasks. Then it is left there.
   *
   * @returns Whether it was left.
   */
  begin(task: Task): boolean {
    const tasks = this.#tasks;
    const height = tasks.push(task);
    if (height > this.settings.limits.maxDepth) {
      throw this.error('values nest deeper than maxDepth');
    }
    if (this.#isDeep) return true;
    if (height < MAX_NESTED) task.step(this);
    else {
      this.#isDeep = true;
      for (let last = tasks.at(-1); last && tasks.length >= height; last = tasks.at(-1)) {
        last.step(this);
      }
      this.#isDeep = false;
    }
    return false;
  }

  /** The task at work is done. */
  done(): void {
    this.#tasks.pop();
  }

  #saveTuple(tuple: PyTuple): boolean {
    if (this.recall(tuple)) return false;
    const { out, protocol } = this;
    const { length } = tuple;
    if (length === 0) {
      this.emptyTuple();
      return false;
    }
    const marked = protocol < 2 || length > 3;
    if (marked) out.code(MARK);
    const finish = (): void => {
      if (this.knows(tuple)) {
        // The tuple holds itself, and came into being while its items were written.
        if (marked && protocol > 0) out.code(POP_MARK);
        else for (let i = marked ? -1 : 0; i < length; i++) out.code(POP);
        this.recall(tuple);
        return;
      }
      out.code(marked ? 0x74 : 0x84 + length); // TUPLE, TUPLE1 to TUPLE3
      this.memoize(tuple);
    };
    return this.begin(new ImmutableTask(tuple, notesOf(tuple), finish));
  }

  #saveList(list: readonly unknown[]): boolean {
    if (this.recallOrClaim(list)) return false;
    if (this.protocol === 0) this.out.latin1('(l');
    else this.out.code(0x5d); // EMPTY_LIST
    this.memoize();
    const { length } = list;
    if (length === 0) return false;
    const notes = notesOf(list);
    if (length >= BATCH_SIZE || !this.#isDirect()) {
      return this.begin(new ItemsTask(this.protocol === 0 ? LIST_0 : LIST, list, notes));
    }
    const { out } = this;
    const place = this.#enter();
    place.isDict = false;
    if (length > 1) out.code(MARK);
    for (let index = 0; index < length; index++) {
      place.index = index;
      this.save(list[index], notes?.values?.get(index));
    }
    out.code(length > 1 ? 0x65 : 0x61); // APPENDS, APPEND
    this.#tasks.pop();
    return false;
  }

  /** Whether a small container is written at once: not in protocol 0, not on too deep a stack. */
  #isDirect(): boolean {
    return this.protocol > 0 && this.#tasks.length < this.#directDepth && !this.#isDeep;
  }

  /** Goes into a container that is written at once. */
  #enter(): Place {
    const tasks = this.#tasks;
    const depth = tasks.length;
    const place = (this.#places[depth] ??= new Place());
    tasks[depth] = place;
    return place;
  }

  protected override path(): string {
    return this.#root + this.#tasks.map((task) => task.where()).join('');
  }

  #saveNumber(value: number, note: Note | undefined): void {
    if (note === value) this.float(note);
    else if ((value | 0) === value && (value !== 0 || 1 / value > 0)) this.smallInt(value);
    else if (Number.isInteger(value) && value !== 0) this.int(value);
    else this.float(value);
  }

  #saveObject(value: object): boolean {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype === Object.prototype) return this.#saveDict(value);
    if (Array.isArray(value)) {
      if (value instanceof PyTuple) return this.#saveTuple(value);
      if (prototype === Array.prototype || isBuiltin(prototype)) return this.#saveList(value);
      return this.#saveInstance(value, prototype);
    }
    if (value instanceof Uint8Array) return this.#saveBytes(value);
    if (value instanceof PyGlobal) {
      this.namedGlobal(value);
      return false;
    }
    if (value instanceof PyFloat) {
      this.float(value.value);
      return false;
    }
    if (isPlainPrototype(prototype)) return this.#saveDict(value);
    if (value instanceof Map && isBuiltin(prototype)) return this.#saveMap(value);
    return this.recall(value) ? false : this.#saveInstance(value, prototype);
  }

  #saveInstance(value: object, prototype: object | null): boolean {
    if (value instanceof PyDateTime) return this.#saveMoment(value, DATETIME, value.tzinfo);
    if (value instanceof PyDate) return this.#saveMoment(value, DATE);
    if (value instanceof PyTime) return this.#saveMoment(value, TIME, value.tzinfo);
    if (value instanceof PyDecimal) saveDecimal(this, value);
    else if (value instanceof PyUUID) saveUuid(this, value);
    else if (value instanceof PyTimeDelta) saveTimeDelta(this, value);
    else if (value instanceof PyTimeZone) saveTimeZone(this, value);
    else if (value instanceof PyObject) {
      return this.begin(new PartsTask(objectParts(this, value, value)));
    } else if (value instanceof PyFrozenSet) return this.#beginFrozenSet(value);
    else if (value instanceof Set && isBuiltin(prototype)) return this.#beginSet(value);
    else if (value instanceof Date) return this.#saveDate(value);
    else {
      const known = prototype && this.settings.classes.byPrototype.get(prototype);
      if (!known) throw this.error(`${className(value)} is no class that was passed in`);
      const object = reduceInstance(known.cls, known.codec, value);
      return this.begin(new PartsTask(objectParts(this, object, value)));
    }
    return false;
  }

  #saveBytes(value: Uint8Array): boolean {
    // CPython has one object each for the empty bytes and for each single byte.
    const key = value.length > 1 || value instanceof PyByteArray ? value : (value[0] ?? -1);
    if (this.recall(key)) return false;
    if (value instanceof PyByteArray) this.#saveByteArray(value);
    else this.bytes(value, key);
    return false;
  }

  #saveByteArray(value: PyByteArray): void {
    const { out, protocol } = this;
    if (protocol >= 5) {
      const leaves = out.leaveFrame(value.length);
      out.code8(0x96, value.length); // BYTEARRAY8
      out.bytes(value);
      if (leaves) out.openFrame();
    } else {
      this.global(BYTEARRAY);
      if (value.length === 0) this.emptyTuple();
      else {
        this.openTuple();
        out.boundary();
        this.bytes(value);
        this.closeTuple(1);
      }
      out.code(REDUCE);
    }
    this.memoize(value);
  }

  #saveDate(value: Date): boolean {
    if (!(value.getTime() >= MIN_TIME && value.getTime() <= MAX_TIME)) {
      throw this.error('date is invalid, or beyond the years 1 to 9999');
    }
    return this.#saveMoment(PyDateTime.fromDate(value), DATETIME, PyTimeZone.utc, value);
  }

  /** A date, time or datetime: a call with its packed state and its time zone. */
  #saveMoment(
    value: PyDateTime | PyDate | PyTime,
    cls: KnownGlobal,
    zone?: PyTimeZone | PyObject,
    key: object = value,
  ): boolean {
    this.global(cls);
    this.openTuple();
    this.out.boundary();
    this.bytes(encodeState(value, this.protocol));
    if (zone) return this.begin(new PartsTask(this.#zoneParts(zone, key)));
    this.closeTuple(1);
    this.out.code(REDUCE);
    this.memoize(key);
    return false;
  }

  *#zoneParts(zone: PyTimeZone | PyObject, key: object): Parts {
    yield { name: 'tzinfo', value: zone };
    this.closeTuple(2);
    this.out.code(REDUCE);
    this.memoize(key);
  }

  #saveDict(value: object): boolean {
    if (this.recallOrClaim(value)) return false;
    const notes = notesOf(value);
    if (!notes?.order && this.#isDirect()) {
      const place = this.#enter();
      const size = place.read(value);
      if (size >= 0) this.#writeEntries(place, size, notes);
      this.#tasks.pop();
      if (size >= 0) return false;
    }
    const fields = value as Readonly<Record<string, unknown>>;
    const keys = keysAsRead(value);
    const values = keys.map((key) => fields[key]);
    return this.#saveEntries(keys, values, notes);
  }

  /** Writes a plain object of few keys at once. */
  #writeEntries(place: Place, size: number, notes: Notes | undefined): void {
    const { out } = this;
    const { keys, values } = place;
    out.code(0x7d); // EMPTY_DICT
    this.memoize();
    if (size === 0) return;
    if (size > 1) out.code(MARK);
    const depth = this.#tasks.length;
    for (let index = 0; index < size; index++) {
      const key = keys[index] as string;
      place.index = index;
      out.boundary();
      if (notes?.keys) this.string(key, notes.keys.get(key));
      else this.key(key, index, depth);
      this.save(values[index], notes?.values?.get(key));
    }
    out.code(size > 1 ? 0x75 : 0x73); // SETITEMS, SETITEM
  }

  #saveMap(value: ReadonlyMap<unknown, unknown>): boolean {
    if (this.recallOrClaim(value)) return false;
    return this.#saveEntries([...value.keys()], [...value.values()], notesOf(value));
  }

  #saveEntries(
    keys: readonly unknown[],
    values: readonly unknown[],
    notes: Notes | undefined,
  ): boolean {
    if (values.includes(undefined)) {
      const isThere = (_: unknown, index: number): boolean => values[index] !== undefined;
      return this.#saveEntries(keys.filter(isThere), values.filter(isThere), notes);
    }
    if (this.protocol === 0) this.out.latin1('(d');
    else this.out.code(0x7d); // EMPTY_DICT
    this.memoize();
    if (keys.length === 0) return false;
    return this.begin(new EntriesTask(this.protocol === 0 ? DICT_0 : DICT, keys, values, notes));
  }

  #beginSet(value: ReadonlySet<unknown>): boolean {
    if (this.protocol < 4) return this.begin(new PartsTask(this.#setParts(value, SET)));
    this.out.code(0x8f); // EMPTY_SET
    this.memoize(value);
    const members = [...value];
    if (members.length === 0) return false;
    return this.begin(new ItemsTask(SET_BATCHES, members, notesOf(value), true));
  }

  #beginFrozenSet(value: PyFrozenSet): boolean {
    if (this.protocol < 4) {
      return this.begin(new PartsTask(this.#setParts(value, FROZENSET)));
    }
    const { out } = this;
    out.code(MARK);
    const finish = (): void => {
      if (this.knows(value)) {
        out.code(POP_MARK);
        this.recall(value);
        return;
      }
      out.code(0x91); // FROZENSET
      this.memoize(value);
    };
    const members = [...value];
    return this.begin(new ImmutableTask(members, notesOf(value), finish, true));
  }

  /** Below protocol 4 a set is a call with the list of its members. */
  *#setParts(value: ReadonlySet<unknown>, cls: KnownGlobal): Parts {
    const { out, protocol } = this;
    this.global(cls);
    this.openTuple();
    out.boundary();
    if (protocol === 0) out.latin1('(l');
    else out.code(0x5d); // EMPTY_LIST
    this.memoize();
    const members = [...value];
    if (members.length > 0) {
      const batching = protocol === 0 ? LIST_0 : LIST;
      yield { name: '', task: new ItemsTask(batching, members, notesOf(value), true) };
    }
    this.closeTuple(1);
    out.code(REDUCE);
    if (this.knows(value)) {
      // The set holds itself, and came into being while its members were written.
      out.code(POP);
      this.recall(value);
    } else this.memoize(value);
  }
}

const MIN_TIME = new Date('0001-01-01T00:00:00Z').getTime();
const MAX_TIME = new Date('9999-12-31T23:59:59.999Z').getTime();

const NO_KEYS: Readonly<Record<string, unknown>> = {};

/** Whether `for in` gives more than the own keys of a plain object. */
function isPolluted(): boolean {
  let keys = 0;
  for (const key in NO_KEYS) keys += key.length + 1;
  return keys > 0;
}

/** Whether a prototype is that of a built-in class, of this realm or another, not of a subclass. */
function isBuiltin(prototype: object | null): boolean {
  const parent = prototype && (Object.getPrototypeOf(prototype) as object | null);
  return parent !== null && Object.getPrototypeOf(parent) === null;
}

/** Whether an object is no instance of a class: `{}`, of this realm or another, or one without. */
function isPlainPrototype(prototype: object | null): boolean {
  return (
    prototype === Object.prototype ||
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'hasOwnProperty'))
  );
}

/** Name of a value's class, for messages; escaped and cut, since it may come from anywhere. */
function className(value: object): string {
  const { constructor } = value;
  const name = typeof constructor === 'function' ? constructor.name : '';
  return name === '' ? 'an object' : `an instance of ${JSON.stringify(name.slice(0, 64))}`;
}
