/**
 * Dates and times, as CPython pickles them: a call with their packed state and their time zone.
 *
 * @module
 */
import { encodeState } from '../format/datetime-state.js';
import { DATETIME, type KnownGlobal } from '../known-globals.js';
import type { Saver } from './saver.js';
import { type Parts, PartsTask } from './tasks.js';
import type { PyDate } from '../values/py-date.js';
import { PyDateTime } from '../values/py-date-time.js';
import type { PyObject } from '../values/py-object.js';
import type { PyTime } from '../values/py-time.js';
import { PyTimeZone } from '../values/py-time-zone.js';

const REDUCE = 0x52;
const MIN_TIME = new Date('0001-01-01T00:00:00Z').getTime();
const MAX_TIME = new Date('9999-12-31T23:59:59.999Z').getTime();

export function saveDate(saver: Saver, value: Date): boolean {
  if (!(value.getTime() >= MIN_TIME && value.getTime() <= MAX_TIME)) {
    throw saver.error('date is invalid, or beyond the years 1 to 9999');
  }
  return saveMoment(saver, PyDateTime.fromDate(value), DATETIME, PyTimeZone.utc, value);
}

/** A date, time or datetime: a call with its packed state and its time zone. */
export function saveMoment(
  saver: Saver,
  value: PyDateTime | PyDate | PyTime,
  cls: KnownGlobal,
  zone?: PyTimeZone | PyObject,
  key: object = value,
): boolean {
  saver.global(cls);
  saver.openTuple();
  saver.out.boundary();
  saver.bytes(encodeState(value, saver.protocol));
  if (zone) return saver.begin(new PartsTask(zoneParts(saver, zone, key)));
  saver.closeTuple(1);
  saver.out.code(REDUCE);
  saver.memoize(key);
  return false;
}

function* zoneParts(saver: Saver, zone: PyTimeZone | PyObject, key: object): Parts {
  yield { name: 'tzinfo', value: zone };
  saver.closeTuple(2);
  saver.out.code(REDUCE);
  saver.memoize(key);
}
