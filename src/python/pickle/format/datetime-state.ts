/**
 * The packed state that dates and times are pickled with.
 * Python: `datetime.datetime.__reduce_ex__`, and the constructors that take its bytes.
 *
 * @module
 */
import type { PyObject } from '../values/py-object.js';
import { PyDate } from '../values/py-date.js';
import { PyDateTime } from '../values/py-date-time.js';
import { PyTime } from '../values/py-time.js';
import type { PyTimeZone } from '../values/py-time-zone.js';

/** Protocols from 4 on have the fold in the highest bit of the month, or of a time's hour. */
const FOLD = 0x80;

/** @throws RangeError for a moment that does not exist */
export function decodeDateTime(
  state: Uint8Array,
  tzinfo: PyTimeZone | PyObject | undefined,
): PyDateTime {
  const month = at(state, 2);
  return new PyDateTime(
    at(state, 0) * 256 + at(state, 1),
    month & ~FOLD,
    at(state, 3),
    at(state, 4),
    at(state, 5),
    at(state, 6),
    microsecond(state, 7),
    { tzinfo, fold: month & FOLD ? 1 : 0 },
  );
}

/** @throws RangeError for a day that does not exist */
export function decodeDate(state: Uint8Array): PyDate {
  return new PyDate(at(state, 0) * 256 + at(state, 1), at(state, 2), at(state, 3));
}

/** @throws RangeError for a time that does not exist */
export function decodeTime(state: Uint8Array, tzinfo: PyTimeZone | PyObject | undefined): PyTime {
  const hour = at(state, 0);
  return new PyTime(hour & ~FOLD, at(state, 1), at(state, 2), microsecond(state, 3), {
    tzinfo,
    fold: hour & FOLD ? 1 : 0,
  });
}

/** The state of a date, time or datetime; the fold is lost below protocol 4, as it is in Python. */
export function encodeState(value: PyDateTime | PyDate | PyTime, protocol: number): Uint8Array {
  const fold = protocol >= 4 && !(value instanceof PyDate) && value.fold === 1 ? FOLD : 0;
  if (value instanceof PyTime) return Uint8Array.from([value.hour | fold, ...clock(value)]);
  const date = [value.year >> 8, value.year & 0xff, value.month | fold, value.day];
  return Uint8Array.from(value instanceof PyDate ? date : [...date, value.hour, ...clock(value)]);
}

function clock(value: PyDateTime | PyTime): number[] {
  const { minute, second, microsecond: us } = value;
  return [minute, second, us >> 16, (us >> 8) & 0xff, us & 0xff];
}

function microsecond(state: Uint8Array, start: number): number {
  return (at(state, start) << 16) | (at(state, start + 1) << 8) | at(state, start + 2);
}

function at(state: Uint8Array, index: number): number {
  return state[index] as number;
}
