/**
 * Classes whose instances are values of their own here, by the arguments that Python pickles them
 * with. Other arguments make a `PyObject`; those that Python itself refuses are an error.
 *
 * @module
 */
import { carryNote } from '../as-read.js';
import { decodeDate, decodeDateTime, decodeTime } from '../format/datetime-state.js';
import {
  BYTEARRAY,
  BYTES,
  DATE,
  DATETIME,
  DECIMAL,
  ENCODE,
  FROZENSET,
  GETATTR,
  SET,
  TIME,
  TIMEDELTA,
  TIMEZONE,
  ZONE_INFO,
} from '../known-globals.js';
import { isHashable } from './hashable.js';
import type { Unpickler } from './unpickler.js';
import { PyByteArray } from '../values/py-byte-array.js';
import { PyDate } from '../values/py-date.js';
import { PyDateTime } from '../values/py-date-time.js';
import { PyDecimal } from '../values/py-decimal.js';
import { PyFrozenSet } from '../values/py-frozen-set.js';
import type { PyGlobal } from '../values/py-global.js';
import { PyObject } from '../values/py-object.js';
import { PyTime } from '../values/py-time.js';
import { PyTimeDelta } from '../values/py-time-delta.js';
import { PyTimeZone } from '../values/py-time-zone.js';
import type { PyTuple } from '../values/py-tuple.js';

/** Makes the value, or gives `undefined` for arguments of another kind. */
export type Constructor = (machine: Unpickler, args: PyTuple) => unknown;

export const CONSTRUCTORS: ReadonlyMap<PyGlobal, Constructor> = new Map<PyGlobal, Constructor>([
  [SET.global, (machine, args) => makeSet(machine, new Set(), args)],
  [FROZENSET.global, (machine, args) => makeSet(machine, new PyFrozenSet(), args)],
  [BYTES.global, (_, args) => (args.length === 0 ? new Uint8Array(0) : undefined)],
  [BYTEARRAY.global, makeByteArray],
  [ENCODE.global, encode],
  [DATETIME.global, makeDateTime],
  [DATE.global, makeDate],
  [TIME.global, makeTime],
  [TIMEDELTA.global, makeTimeDelta],
  [TIMEZONE.global, makeTimeZone],
  [DECIMAL.global, makeDecimal],
]);

/** `ZoneInfo._unpickle(key, from_cache)`, which is how a `zoneinfo.ZoneInfo` is pickled. */
export function makeZone(
  machine: Unpickler,
  callable: PyObject,
  args: PyTuple,
): PyTimeZone | undefined {
  const [key, fromCache] = args;
  if (typeof key !== 'string' || fromCache !== true || args.length !== 2) return undefined;
  const [owner, attribute] = callable.args;
  if (callable.cls !== GETATTR.global || owner !== ZONE_INFO.global) return undefined;
  if (attribute !== '_unpickle') return undefined;
  const zones = (machine.zones ??= new Map<string, PyTimeZone>());
  let zone = zones.get(key);
  if (!zone) zones.set(key, (zone = PyTimeZone.zone(key)));
  return zone;
}

/** Protocols below 4 pickle a set as a call with the list of its members. */
function makeSet(machine: Unpickler, set: Set<unknown>, args: PyTuple): Set<unknown> | undefined {
  const [members] = args;
  if (args.length === 0) return set;
  if (args.length > 1 || !Array.isArray(members)) return undefined;
  for (const [index, member] of members.entries()) {
    if (!isHashable(member)) throw machine.error('unhashable member of a set');
    set.add(member);
    carryNote(members, index, set, member);
  }
  return set;
}

function makeByteArray(machine: Unpickler, args: PyTuple): PyByteArray | undefined {
  const [source, encoding] = args;
  if (args.length === 0) return new PyByteArray(0);
  if (source instanceof Uint8Array && args.length === 1) return new PyByteArray(source);
  if (typeof source !== 'string' || !isLatin1(encoding)) return undefined;
  return new PyByteArray(latin1(machine, source));
}

/** Protocols below 3 pickle bytes as text that is encoded to Latin-1. */
function encode(machine: Unpickler, args: PyTuple): Uint8Array | undefined {
  const [text, encoding] = args;
  if (typeof text !== 'string' || !isLatin1(encoding) || args.length !== 2) return undefined;
  return latin1(machine, text);
}

function isLatin1(encoding: unknown): boolean {
  return encoding === 'latin1' || encoding === 'latin-1';
}

function latin1(machine: Unpickler, text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw machine.error('text is not Latin-1');
    bytes[i] = code;
  }
  return bytes;
}

function makeDateTime(machine: Unpickler, args: PyTuple): PyDateTime | undefined {
  const state = stateBytes(args[0], 10);
  if (!state || args.length > 2) return undefined;
  return checked(machine, () => decodeDateTime(state, timeZone(machine, args)));
}

function makeDate(machine: Unpickler, args: PyTuple): PyDate | undefined {
  const state = stateBytes(args[0], 4);
  if (!state || args.length > 1) return undefined;
  return checked(machine, () => decodeDate(state));
}

function makeTime(machine: Unpickler, args: PyTuple): PyTime | undefined {
  const state = stateBytes(args[0], 6);
  if (!state || args.length > 2) return undefined;
  return checked(machine, () => decodeTime(state, timeZone(machine, args)));
}

/** The packed state, which is a str where Python 2 wrote it. */
function stateBytes(state: unknown, length: number): Uint8Array | undefined {
  if (state instanceof Uint8Array) return state.length === length ? state : undefined;
  if (typeof state !== 'string' || state.length !== length) return undefined;
  return /^[\0-\xff]*$/.test(state) ? Buffer.from(state, 'latin1') : undefined;
}

function timeZone(machine: Unpickler, args: PyTuple): PyTimeZone | PyObject | undefined {
  if (args.length < 2) return undefined;
  const zone = args[1];
  if (zone instanceof PyTimeZone || zone instanceof PyObject) return zone;
  throw machine.error('time zone is no tzinfo');
}

function makeTimeDelta(machine: Unpickler, args: PyTuple): PyTimeDelta | undefined {
  if (args.length > 3) return undefined;
  for (let i = 0; i < args.length; i++) if (!Number.isInteger(args[i])) return undefined;
  const days = args[0] as number | undefined;
  const seconds = args[1] as number | undefined;
  const microseconds = args[2] as number | undefined;
  return checked(machine, () => new PyTimeDelta(days, seconds, microseconds));
}

function makeTimeZone(machine: Unpickler, args: PyTuple): PyTimeZone | undefined {
  const [offset, name] = args;
  if (!(offset instanceof PyTimeDelta) || args.length > 2) return undefined;
  if (args.length === 1) {
    // Python has one object for UTC, however often a pickle makes it.
    if (offset.totalSeconds() === 0) return PyTimeZone.utc;
    return checked(machine, () => new PyTimeZone(offset));
  }
  return typeof name === 'string'
    ? checked(machine, () => new PyTimeZone(offset, name))
    : undefined;
}

function makeDecimal(machine: Unpickler, args: PyTuple): PyDecimal | undefined {
  const [text] = args;
  if (typeof text !== 'string' || args.length > 1) return undefined;
  return checked(machine, () => new PyDecimal(text));
}

/** Refuses what the class refuses, as Python's class does. */
function checked<T>(machine: Unpickler, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw machine.error(error.message);
    throw error;
  }
}
