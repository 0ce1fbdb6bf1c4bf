/**
 * Dates, times and durations as the text that msgspec makes of them: RFC 3339 and ISO 8601, where
 * Python's own `isoformat` differs in offsets and `str(timedelta)` altogether.
 *
 * @module
 */

import { isoClock, isoDate } from '../pickle/values/iso.js';
import type { PyDateTime } from '../pickle/values/py-date-time.js';
import type { PyObject } from '../pickle/values/py-object.js';
import type { PyTimeDelta } from '../pickle/values/py-time-delta.js';
import { PyTimeZone } from '../pickle/values/py-time-zone.js';
import type { PyTime } from '../pickle/values/py-time.js';
import { wallMsOf } from './timestamp.js';

/** `2026-11-22T09:30:00.000005+02:00`; `undefined` where the offset from UTC is not known. */
export function formatDateTime(value: PyDateTime): string | undefined {
  const zone = formatZone(value.tzinfo, (tz) => tz.utcOffset(wallMsOf(value), value.fold));
  if (zone === undefined) return undefined;
  const { hour, minute, second, microsecond } = value;
  const date = isoDate(value.year, value.month, value.day);
  return `${date}T${isoClock(hour, minute, second, microsecond)}${zone}`;
}

/** `09:30:00.000005+02:00`; `undefined` where the offset from UTC is not known. */
export function formatTime({
  hour,
  minute,
  second,
  microsecond,
  tzinfo,
}: PyTime): string | undefined {
  // A place has no offset at a time without a date: Python then writes none.
  if (tzinfo instanceof PyTimeZone && !tzinfo.offset) tzinfo = undefined;
  const zone = formatZone(tzinfo, (tz) => tz.offset);
  return zone === undefined ? undefined : isoClock(hour, minute, second, microsecond) + zone;
}

/** `P1DT2.5S`, `-P1D`: whole days and seconds, and no other units. */
export function formatTimeDelta({ days, seconds, microseconds }: PyTimeDelta): string {
  const isNegative = days < 0;
  if (isNegative) {
    // From parts that add up to days below zero to those of the absolute value.
    const borrowed = microseconds > 0 ? 1 : 0;
    const rest = seconds + borrowed;
    microseconds = borrowed ? 1_000_000 - microseconds : 0;
    days = rest > 0 ? -days - 1 : -days;
    seconds = rest > 0 ? 86_400 - rest : 0;
  }
  const fraction = String(microseconds).padStart(6, '0').replace(/0+$/, '');
  const clock = seconds || microseconds ? `T${seconds}${fraction ? `.${fraction}` : ''}S` : '';
  return `${isNegative ? '-' : ''}P${days || !clock ? `${days}D` : ''}${clock}`;
}

function formatZone(
  tzinfo: PyTimeZone | PyObject | undefined,
  offsetOf: (tzinfo: PyTimeZone) => PyTimeDelta | undefined,
): string | undefined {
  if (!tzinfo) return '';
  const offset = tzinfo instanceof PyTimeZone ? offsetOf(tzinfo) : undefined;
  return offset && formatOffset(offset);
}

/** `+02:00`, or `Z`, to the nearest minute, half a minute rounded down. */
function formatOffset({ days, seconds }: PyTimeDelta): string {
  const isNegative = days < 0 && seconds !== 0;
  const absolute = isNegative ? 86_400 - seconds : seconds;
  const minutes = Math.ceil((absolute - 30) / 60) % (24 * 60);
  if (minutes === 0) return 'Z';
  const hour = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${isNegative ? '-' : '+'}${hour}:${String(minutes % 60).padStart(2, '0')}`;
}
