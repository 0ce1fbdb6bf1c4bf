/**
 * Which value is written how. Python: `pickle._Pickler.save`.
 *
 * @module
 */
import type { Note } from '../as-read.js';
import { type Classes, reduceInstance } from '../classes.js';
import { DATE, DATETIME, TIME } from '../known-globals.js';
import type { PickleLimits } from '../limits.js';
import { saveDict, saveFrozenSet, saveList, saveMap, saveSet, saveTuple } from './containers.js';
import { saveDate, saveMoment } from './moments.js';
import { objectParts } from './object-parts.js';
import { Pickler } from './pickler.js';
import { Place, PartsTask, type Task } from './tasks.js';
import {
  saveByteArray,
  saveDecimal,
  saveTimeDelta,
  saveTimeZone,
  saveUuid,
} from './typed-values.js';
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

/** What the user decides about a dump. */
export interface DumpSettings {
  readonly protocol: number;
  readonly limits: PickleLimits;
  readonly classes: Classes;
}

/** Bounds the depth of JavaScript's stack. */
const MAX_NESTED = 100;

export class Saver extends Pickler {
  #root = '';
  #classes: Classes | undefined;
  #maxDepth = 0;
  readonly #tasks: Task[] = [];
  readonly #places: Place[] = [];
  /** Levels that are written in JavaScript's way. */
  #directDepth = 0;
  /** Whether tasks are left on the stack, since JavaScript's own is deep enough. */
  #isDeep = false;

  /**
   * Writes a whole pickle.
   *
   * @param root What the value is called in the path of an error.
   */
  dump(value: unknown, settings: DumpSettings, root: string): Buffer {
    const { maxDepth } = settings.limits;
    this.#root = root;
    this.#classes = settings.classes;
    this.#maxDepth = maxDepth;
    this.#directDepth = isPolluted() ? 0 : Math.min(MAX_NESTED, maxDepth);
    this.open(settings.protocol);
    try {
      this.save(value);
      this.out.code(0x2e); // STOP
      return this.out.finish();
    } catch (error) {
      this.out.abandon();
      throw error;
    } finally {
      this.clear();
    }
  }

  protected override clear(): void {
    super.clear();
    while (this.#tasks.length > 0) this.#tasks.pop();
    this.#isDeep = false;
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
    if (height > this.#maxDepth) {
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

  /** Whether a small container is written at once: not in protocol 0, not on too deep a stack. */
  isDirect(): boolean {
    return this.protocol > 0 && this.#tasks.length < this.#directDepth && !this.#isDeep;
  }

  /** Goes into a container that is written at once. */
  enter(): Place {
    const tasks = this.#tasks;
    const depth = tasks.length;
    const place = (this.#places[depth] ??= new Place());
    tasks[depth] = place;
    return place;
  }

  /** Levels of containers that are being written. */
  get depth(): number {
    return this.#tasks.length;
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
    if (prototype === Object.prototype) return saveDict(this, value);
    if (Array.isArray(value)) {
      if (prototype === Array.prototype) return saveList(this, value);
      if (value instanceof PyTuple) return saveTuple(this, value);
      if (isBuiltin(prototype)) return saveList(this, value);
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
    if (isPlainPrototype(prototype)) return saveDict(this, value);
    if (value instanceof Map && isBuiltin(prototype)) return saveMap(this, value);
    return this.recall(value) ? false : this.#saveInstance(value, prototype);
  }

  #saveInstance(value: object, prototype: object | null): boolean {
    if (value instanceof PyDateTime) return saveMoment(this, value, DATETIME, value.tzinfo);
    if (value instanceof PyDate) return saveMoment(this, value, DATE);
    if (value instanceof PyTime) return saveMoment(this, value, TIME, value.tzinfo);
    if (value instanceof PyDecimal) saveDecimal(this, value);
    else if (value instanceof PyUUID) saveUuid(this, value);
    else if (value instanceof PyTimeDelta) saveTimeDelta(this, value);
    else if (value instanceof PyTimeZone) saveTimeZone(this, value);
    else if (value instanceof PyObject) {
      return this.begin(new PartsTask(objectParts(this, value, value)));
    } else if (value instanceof PyFrozenSet) return saveFrozenSet(this, value);
    else if (value instanceof Set && isBuiltin(prototype)) return saveSet(this, value);
    else if (value instanceof Date) return saveDate(this, value);
    else {
      const known = prototype && this.#classes?.byPrototype.get(prototype);
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
    if (value instanceof PyByteArray) saveByteArray(this, value);
    else this.bytes(value, key);
    return false;
  }
}

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
