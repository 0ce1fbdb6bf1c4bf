/**
 * Python values out of the typed JSON of the fixtures (python-harness/typed_json.py has the table of
 * tags), as our codecs take them. Without shared values and cycles.
 */

import { Ext } from '../../src/python/msgspec/index.js';
import { PyByteArray } from '../../src/python/pickle/values/py-byte-array.js';
import { PyDateTime } from '../../src/python/pickle/values/py-date-time.js';
import { PyDate } from '../../src/python/pickle/values/py-date.js';
import { PyDecimal } from '../../src/python/pickle/values/py-decimal.js';
import { PyFloat } from '../../src/python/pickle/values/py-float.js';
import { PyFrozenSet } from '../../src/python/pickle/values/py-frozen-set.js';
import { PyGlobal } from '../../src/python/pickle/values/py-global.js';
import { PyObject } from '../../src/python/pickle/values/py-object.js';
import { PyTimeDelta } from '../../src/python/pickle/values/py-time-delta.js';
import { PyTimeZone } from '../../src/python/pickle/values/py-time-zone.js';
import { PyTime } from '../../src/python/pickle/values/py-time.js';
import { PyTuple } from '../../src/python/pickle/values/py-tuple.js';
import { PyUUID } from '../../src/python/pickle/values/py-uuid.js';
import type { Typed } from './typed-json.js';

/** The value for its typed JSON. Floats that look like ints become PyFloat, dicts a Map. */
export function fromTyped(typed: Typed): unknown {
  const [[tag, content] = ['', undefined]] = Object.entries(typed);
  const read = READERS[tag];
  if (!read) throw new Error(`typed JSON with the tag ${tag}`);
  return read(content as never);
}

type Zoned = readonly [iso: string, fold: 0 | 1, tzinfo: Typed];

interface Pieces {
  readonly new?: Typed;
  readonly call?: Typed;
  readonly args: readonly Typed[];
  readonly state?: Typed;
  readonly items?: readonly Typed[];
  readonly pairs?: readonly (readonly [Typed, Typed])[];
}

const READERS: Readonly<Record<string, (content: never) => unknown>> = {
  none: () => null,
  bool: (value: boolean) => value,
  int: (digits: string) => {
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number + 0 : BigInt(digits);
  },
  float: (repr: string) => {
    const number = Number(repr.replace('inf', 'Infinity'));
    return Number.isInteger(number) ? new PyFloat(number) : number;
  },
  str: (text: string) => text,
  codepoints: (points: number[]) => String.fromCodePoint(...points),
  bytes: (hex: string) => new Uint8Array(Buffer.from(hex, 'hex')),
  bytearray: (hex: string) => PyByteArray.from(Buffer.from(hex, 'hex')),
  list: (items: Typed[]) => items.map(fromTyped),
  tuple: (items: Typed[]) => PyTuple.from(items.map(fromTyped)),
  set: (members: Typed[]) => new Set(members.map(fromTyped)),
  frozenset: (members: Typed[]) => new PyFrozenSet(members.map(fromTyped)),
  dict: mapOf,
  datetime: ([iso, fold, tzinfo]: Zoned) => {
    const [date = '', clock = ''] = iso.split('T');
    return new PyDateTime(...dateOf(date), ...clockOf(clock), { fold, tzinfo: zoneOf(tzinfo) });
  },
  date: (iso: string) => new PyDate(...dateOf(iso)),
  time: ([iso, fold, tzinfo]: Zoned) =>
    new PyTime(...clockOf(iso), { fold, tzinfo: zoneOf(tzinfo) }),
  timedelta: (parts: [number, number, number]) => new PyTimeDelta(...parts),
  timezone: ([offset, name]: [Typed, Typed]) =>
    new PyTimeZone(
      fromTyped(offset) as PyTimeDelta,
      (fromTyped(name) as string | null) ?? undefined,
    ),
  decimal: (text: string) => new PyDecimal(text),
  uuid: (text: string) => new PyUUID(text),
  global: (name: string) => {
    const dot = name.lastIndexOf('.');
    return new PyGlobal(name.slice(0, dot), name.slice(dot + 1));
  },
  object: objectOf,
};

function objectOf(pieces: Pieces): unknown {
  const cls = fromTyped(pieces.new ?? pieces.call ?? {}) as PyGlobal;
  const args = pieces.args.map(fromTyped);
  if (cls.toString() === 'msgspec.msgpack.Ext') {
    return new Ext(args[0] as number, args[1] as Uint8Array);
  }
  return new PyObject(cls, {
    form: pieces.new ? 'newobj' : 'reduce',
    args,
    state: pieces.state && fromTyped(pieces.state),
    listItems: pieces.items?.map(fromTyped),
    dictItems: pieces.pairs && mapOf(pieces.pairs),
  });
}

function mapOf(pairs: readonly (readonly [Typed, Typed])[]): Map<unknown, unknown> {
  return new Map(pairs.map(([key, value]) => [fromTyped(key), fromTyped(value)]));
}

function zoneOf(typed: Typed): PyTimeZone | undefined {
  return (fromTyped(typed) as PyTimeZone | null) ?? undefined;
}

function dateOf(iso: string): [number, number, number] {
  return iso.split('-').map(Number) as [number, number, number];
}

function clockOf(iso: string): [number, number, number, number] {
  const [clock = '', micros = '0'] = iso.split('.');
  return [...clock.split(':').map(Number), Number(micros)] as [number, number, number, number];
}
