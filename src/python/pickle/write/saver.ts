/**
 * Which value is written how. Python: `pickle._Pickler.save`.
 *
 * @module
 */
import { keysAsRead, type Note, type Notes, notesOf } from '../as-read.js';
import { reduceInstance } from '../classes.js';
import { encodeState } from '../format/datetime-state.js';
import { objectParts } from './object-parts.js';
import { type DumpSettings, Pickler } from './pickler.js';
import {
  type Batching,
  EntriesTask,
  ImmutableTask,
  ItemsTask,
  type Parts,
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

const MARK = 0x28;
const POP = 0x30;
const POP_MARK = 0x31;
const REDUCE = 0x52;

const LIST: Batching = { one: 0x61, many: 0x65, single: 'only', trailing: false };
const DICT: Batching = { one: 0x73, many: 0x75, single: 'only', trailing: true };
const SET: Batching = { one: 0x90, many: 0x90, single: 'none', trailing: true };
/** Protocol 0 has no opcodes for many items. */
const LIST_0: Batching = { ...LIST, single: 'each' };
const DICT_0: Batching = { ...DICT, single: 'each' };

export class Saver extends Pickler {
  readonly #root: string;
  readonly #tasks: Task[] = [];

  /** @param root What the value is called in the path of an error. */
  constructor(settings: DumpSettings, root: string) {
    super(settings);
    this.#root = root;
  }

  /** Writes the whole value and the end of the pickle. */
  dump(value: unknown): Buffer {
    this.save(value);
    for (let task = this.#tasks.at(-1); task; task = this.#tasks.at(-1)) task.step(this);
    this.out.byte(0x2e); // STOP
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
    switch (typeof value) {
      case 'string':
        this.string(value, note);
        return false;
      case 'number':
        if (note === value) this.float(note);
        else if (Number.isInteger(value) && !Object.is(value, -0)) this.int(value);
        else this.float(value);
        return false;
      case 'boolean':
        this.bool(value);
        return false;
      case 'bigint':
        this.int(value);
        return false;
      case 'object':
        if (value !== null) return this.#saveObject(value);
        this.none();
        return false;
      default:
        throw this.error(`${typeof value} has no form in Python`);
    }
  }

  /** Leaves a task, which goes on with what is at work now. */
  begin(task: Task): true {
    this.#tasks.push(task);
    if (this.#tasks.length > this.settings.limits.maxDepth) {
      throw this.error('values nest deeper than maxDepth');
    }
    return true;
  }

  /** The task at work is done. */
  done(): void {
    this.#tasks.pop();
  }

  beginTuple(tuple: readonly unknown[]): boolean {
    const { out, protocol } = this;
    const { length } = tuple;
    if (length === 0) {
      this.emptyTuple();
      return false;
    }
    const marked = protocol < 2 || length > 3;
    if (marked) out.byte(MARK);
    const finish = (): void => {
      if (this.knows(tuple)) {
        // The tuple holds itself, and came into being while its items were written.
        if (marked && protocol > 0) out.byte(POP_MARK);
        else for (let i = marked ? -1 : 0; i < length; i++) out.byte(POP);
        this.recall(tuple);
        return;
      }
      out.byte(marked ? 0x74 : 0x84 + length); // TUPLE, TUPLE1 to TUPLE3
      this.memoize(tuple);
    };
    return this.begin(new ImmutableTask(tuple, notesOf(tuple), finish));
  }

  beginList(list: readonly unknown[]): boolean {
    if (this.protocol === 0) this.out.latin1('(l');
    else this.out.byte(0x5d); // EMPTY_LIST
    this.memoize(list);
    return this.beginItems(list, this.protocol === 0 ? LIST_0 : LIST);
  }

  beginItems(items: readonly unknown[], batching: Batching): boolean {
    return items.length > 0 && this.begin(new ItemsTask(batching, items, notesOf(items)));
  }

  protected override path(): string {
    return this.#root + this.#tasks.map((task) => task.where()).join('');
  }

  #saveObject(value: object): boolean {
    if (value instanceof Uint8Array) return this.#saveBytes(value);
    if (value instanceof PyGlobal) {
      this.namedValue(value);
      return false;
    }
    if (value instanceof PyFloat) {
      this.float(value.value);
      return false;
    }
    if (this.recall(value)) return false;
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (value instanceof PyTuple) return this.beginTuple(value);
    if (Array.isArray(value) && isBuiltin(prototype)) return this.beginList(value);
    if (isPlainPrototype(prototype)) return this.#beginDict(value);
    return this.#saveInstance(value, prototype);
  }

  #saveInstance(value: object, prototype: object | null): boolean {
    if (value instanceof PyDateTime) return this.#saveMoment(value, 'datetime', value.tzinfo);
    if (value instanceof PyDate) return this.#saveMoment(value, 'date');
    if (value instanceof PyTime) return this.#saveMoment(value, 'time', value.tzinfo);
    if (value instanceof PyDecimal) saveDecimal(this, value);
    else if (value instanceof PyUUID) saveUuid(this, value);
    else if (value instanceof PyTimeDelta) saveTimeDelta(this, value);
    else if (value instanceof PyTimeZone) saveTimeZone(this, value);
    else if (value instanceof PyObject) {
      return this.begin(new PartsTask(objectParts(this, value, value)));
    } else if (value instanceof PyFrozenSet) return this.#beginFrozenSet(value);
    else if (value instanceof Set && isBuiltin(prototype)) return this.#beginSet(value);
    else if (value instanceof Map && isBuiltin(prototype)) return this.#beginMap(value);
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
      out.counted(value, (length) => {
        out.byte(0x96); // BYTEARRAY8
        out.length8(length);
      });
    } else {
      this.global('builtins', 'bytearray', true);
      if (value.length === 0) this.emptyTuple();
      else {
        this.openTuple();
        out.boundary();
        this.bytes(value);
        this.closeTuple(1);
      }
      out.byte(REDUCE);
    }
    this.memoize(value);
  }

  #saveDate(value: Date): boolean {
    if (!(value.getTime() >= MIN_TIME && value.getTime() <= MAX_TIME)) {
      throw this.error('date is invalid, or beyond the years 1 to 9999');
    }
    return this.#saveMoment(PyDateTime.fromDate(value), 'datetime', PyTimeZone.utc, value);
  }

  /** A date, time or datetime: a call with its packed state and its time zone. */
  #saveMoment(
    value: PyDateTime | PyDate | PyTime,
    name: string,
    zone?: PyTimeZone | PyObject,
    key: object = value,
  ): boolean {
    this.global('datetime', name, true);
    this.openTuple();
    this.out.boundary();
    this.bytes(encodeState(value, this.protocol));
    if (zone) return this.begin(new PartsTask(this.#zoneParts(zone, key)));
    this.closeTuple(1);
    this.out.byte(REDUCE);
    this.memoize(key);
    return false;
  }

  *#zoneParts(zone: PyTimeZone | PyObject, key: object): Parts {
    yield { name: 'tzinfo', value: zone };
    this.closeTuple(2);
    this.out.byte(REDUCE);
    this.memoize(key);
  }

  #beginDict(value: object): boolean {
    const notes = notesOf(value);
    const fields = value as Readonly<Record<string, unknown>>;
    let keys: readonly string[] = notes?.order ? keysAsRead(value) : Object.keys(value);
    let values = keys.map((key) => fields[key]);
    if (values.includes(undefined)) {
      keys = keys.filter((_, index) => values[index] !== undefined);
      values = values.filter((item) => item !== undefined);
    }
    return this.#beginEntries(value, keys, values, notes);
  }

  #beginMap(value: ReadonlyMap<unknown, unknown>): boolean {
    const entries = [...value].filter(([, item]) => item !== undefined);
    const keys = entries.map(([key]) => key);
    const values = entries.map(([, item]) => item);
    return this.#beginEntries(value, keys, values, notesOf(value));
  }

  #beginEntries(
    value: object,
    keys: readonly unknown[],
    values: readonly unknown[],
    notes: Notes | undefined,
  ): boolean {
    if (this.protocol === 0) this.out.latin1('(d');
    else this.out.byte(0x7d); // EMPTY_DICT
    this.memoize(value);
    if (keys.length === 0) return false;
    return this.begin(new EntriesTask(this.protocol === 0 ? DICT_0 : DICT, keys, values, notes));
  }

  #beginSet(value: ReadonlySet<unknown>): boolean {
    if (this.protocol < 4) return this.begin(new PartsTask(this.#setParts(value, 'set')));
    this.out.byte(0x8f); // EMPTY_SET
    this.memoize(value);
    const members = [...value];
    if (members.length === 0) return false;
    return this.begin(new ItemsTask(SET, members, notesOf(value), members));
  }

  #beginFrozenSet(value: PyFrozenSet): boolean {
    if (this.protocol < 4) {
      return this.begin(new PartsTask(this.#setParts(value, 'frozenset')));
    }
    const { out } = this;
    out.byte(MARK);
    const finish = (): void => {
      if (this.knows(value)) {
        out.byte(POP_MARK);
        this.recall(value);
        return;
      }
      out.byte(0x91); // FROZENSET
      this.memoize(value);
    };
    const members = [...value];
    return this.begin(new ImmutableTask(members, notesOf(value), finish, members));
  }

  /** Below protocol 4 a set is a call with the list of its members. */
  *#setParts(value: ReadonlySet<unknown>, name: string): Parts {
    const { out, protocol } = this;
    this.global('builtins', name, true);
    this.openTuple();
    out.boundary();
    if (protocol === 0) out.latin1('(l');
    else out.byte(0x5d); // EMPTY_LIST
    this.memoize();
    const members = [...value];
    if (members.length > 0) {
      const batching = protocol === 0 ? LIST_0 : LIST;
      this.begin(new ItemsTask(batching, members, notesOf(value), members));
      yield undefined;
    }
    this.closeTuple(1);
    out.byte(REDUCE);
    if (this.knows(value)) {
      // The set holds itself, and came into being while its members were written.
      out.byte(POP);
      this.recall(value);
    } else this.memoize(value);
  }
}

const MIN_TIME = new Date('0001-01-01T00:00:00Z').getTime();
const MAX_TIME = new Date('9999-12-31T23:59:59.999Z').getTime();

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
