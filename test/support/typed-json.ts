/**
 * What our codecs give, as the typed JSON of the fixtures (python-harness/typed_json.py has the table of
 * tags): the two are equal when the values are of the same types, in the same order, with the same
 * sharing.
 */

import { Ext } from '../../src/python/msgspec/index.js';
import { isFloatAsRead, keysAsRead, notesOf } from '../../src/python/pickle/as-read.js';
import {
  PyByteArray,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyTuple,
  PyUUID,
} from '../../src/python/pickle/index.js';

/** An object with one tag. */
export interface Typed {
  [tag: string]: unknown;
}

/** The typed JSON of a value that was read. */
export function toTyped(value: unknown): Typed {
  return new Writer().value(value);
}

/** Typed JSON with the members of each set in the order that `toTyped` puts them in. */
export function normalised(typed: Typed): Typed {
  return JSON.parse(JSON.stringify(typed), (tag, content: unknown) =>
    tag === 'set' || tag === 'frozenset' ? sorted(content as Typed[]) : content,
  ) as Typed;
}

/** Typed JSON of a dict with one more entry. */
export function withEntry(dict: Typed, key: Typed, value: Typed): Typed {
  return { dict: [...(dict['dict'] as [Typed, Typed][]), [key, value]] };
}

class Writer {
  readonly #met = new Map<object, Typed>();
  #shared = 0;

  /** @param isFloat - Whether an integral number was read as a float. */
  value(value: unknown, isFloat = false): Typed {
    switch (typeof value) {
      case 'string':
        return { str: value };
      case 'boolean':
        return { bool: value };
      case 'bigint':
        return { int: value.toString() };
      case 'number':
        return typedNumber(value, isFloat);
      case 'object':
        return value === null ? { none: null } : this.#object(value);
      default:
        throw new Error(`no Python value: ${typeof value}`);
    }
  }

  #object(value: object): Typed {
    if (!hasIdentity(value)) return this.#content(value);
    const met = this.#met.get(value);
    if (met) return { same: this.#number(met) };
    const typed: Typed = {};
    this.#met.set(value, typed);
    const content = this.#content(value);
    // Met again inside itself, it has its number already.
    if ('shared' in typed) (typed['shared'] as unknown[]).push(content);
    else Object.assign(typed, content);
    return typed;
  }

  #number(typed: Typed): unknown {
    if (!('shared' in typed)) {
      this.#shared += 1;
      const [tag] = Object.keys(typed);
      const content = tag === undefined ? [] : [{ [tag]: typed[tag] }];
      if (tag !== undefined) Reflect.deleteProperty(typed, tag);
      typed['shared'] = [this.#shared, ...content];
    }
    return (typed['shared'] as unknown[])[0];
  }

  #content(value: object): Typed {
    if (value instanceof PyTuple) return { tuple: this.#items(value) };
    if (Array.isArray(value)) return { list: this.#items(value) };
    if (value instanceof PyByteArray) return { bytearray: hex(value) };
    if (value instanceof Uint8Array) return { bytes: hex(value) };
    if (value instanceof PyFrozenSet) return { frozenset: this.#members(value) };
    if (value instanceof Set) return { set: this.#members(value) };
    if (value instanceof Map) return { dict: this.#mapPairs(value) };
    if (value instanceof PyFloat) return { float: value.toString() };
    if (value instanceof PyDateTime) return { datetime: this.#zoned(value, isoOf(value)) };
    if (value instanceof PyTime) return { time: this.#zoned(value, isoOf(value)) };
    if (value instanceof PyDate) return { date: value.toString() };
    if (value instanceof PyTimeDelta) {
      return { timedelta: [value.days, value.seconds, value.microseconds] };
    }
    if (value instanceof PyTimeZone) {
      return { timezone: [this.value(value.offset), this.value(value.label ?? null)] };
    }
    if (value instanceof PyDecimal) return { decimal: value.toString() };
    if (value instanceof PyUUID) return { uuid: value.toString() };
    if (value instanceof PyGlobal) return { global: value.toString() };
    if (value instanceof PyObject) return { object: this.#pieces(value) };
    if (value instanceof Ext) {
      const call = { global: 'msgspec.msgpack.Ext' };
      return { object: { call, args: [this.value(value.code), this.value(value.data)] } };
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) {
      throw new Error(`no Python value: ${value.constructor.name}`);
    }
    return { dict: this.#objectPairs(value) };
  }

  #items(array: readonly unknown[]): Typed[] {
    return array.map((item, index) => this.value(item, wasFloat(array, index, item)));
  }

  #members(set: ReadonlySet<unknown>): Typed[] {
    return sorted([...set].map((member) => this.value(member, wasFloat(set, member, member))));
  }

  #mapPairs(map: ReadonlyMap<unknown, unknown>): [Typed, Typed][] {
    const keyNotes = notesOf(map)?.keys;
    return [...map].map(([key, value]) => {
      const note = keyNotes?.get(key);
      // A Map's key cannot be -0: then the note alone has the sign.
      const typedKey = typeof note === 'number' ? this.value(note, true) : this.value(key);
      return [typedKey, this.value(value, wasFloat(map, key, value))];
    });
  }

  #objectPairs(object: object): [Typed, Typed][] {
    return keysAsRead(object).map((key) => {
      const value = (object as Record<string, unknown>)[key];
      return [{ str: key }, this.value(value, wasFloat(object, key, value))];
    });
  }

  #zoned(moment: PyDateTime | PyTime, iso: string): unknown[] {
    return [iso, moment.fold, this.value(moment.tzinfo ?? null)];
  }

  #pieces(object: PyObject): Record<string, unknown> {
    if (object.form === 'reconstructor') return this.#reconstructed(object);
    const { cls, args, kwargs, listItems, dictItems } = object;
    return {
      [object.form === 'newobj' ? 'new' : 'call']: this.value(cls),
      args: this.#items(args),
      ...(kwargs && { kwargs: this.value(kwargs) }),
      ...this.#state(object),
      ...(listItems && { items: this.#items(listItems) }),
      ...(dictItems && { pairs: this.#mapPairs(dictItems) }),
    };
  }

  /** Protocols 0 and 1 say otherwise what NEWOBJ says: a base class, and the value that it had. */
  #reconstructed(object: PyObject): Record<string, unknown> {
    const [base, value] = object.args;
    const isList = Array.isArray(value);
    const isText = typeof value === 'string';
    if (!(base instanceof PyGlobal) || !(isList || isText || value === null)) {
      throw new Error('no form of NEWOBJ is known for this base class');
    }
    return {
      new: this.value(object.cls),
      args: isText ? [this.value(value)] : [],
      ...this.#state(object),
      ...(isList && { items: this.#items(value) }),
    };
  }

  #state({ state }: PyObject): Record<string, unknown> {
    return state === undefined ? {} : { state: this.value(state) };
  }
}

/** Types of which Python has two equal values as two; of tuples and frozensets only the filled. */
function hasIdentity(value: object): boolean {
  if (value instanceof PyTuple) return value.length > 0;
  if (value instanceof PyFrozenSet) return value.size > 0;
  if (value instanceof Uint8Array) return value instanceof PyByteArray;
  return ![PyFloat, PyTimeDelta, PyTimeZone, PyGlobal].some((type) => value instanceof type);
}

function typedNumber(value: number, isFloat: boolean): Typed {
  const isInt = Number.isInteger(value) && !Object.is(value, -0) && !isFloat;
  return isInt ? { int: BigInt(value).toString() } : { float: new PyFloat(value).toString() };
}

function wasFloat(container: object, slot: unknown, value: unknown): boolean {
  return typeof value === 'number' && isFloatAsRead(container, slot, value);
}

/** Python's isoformat of the time without its zone. */
function isoOf(moment: PyDateTime | PyTime): string {
  const { hour, minute, second, microsecond } = moment;
  return moment instanceof PyTime
    ? new PyTime(hour, minute, second, microsecond).toString()
    : new PyDateTime(
        moment.year,
        moment.month,
        moment.day,
        hour,
        minute,
        second,
        microsecond,
      ).toString();
}

function sorted(members: readonly Typed[]): Typed[] {
  return members
    .map((member) => [JSON.stringify(member), member] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, member]) => member);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
