import { inspectAs } from './inspect.js';
import { isoClock, isoDate, isoOffset } from './iso.js';
import { checkDate, utcDate } from './py-date.js';
import type { PyObject } from './py-object.js';
import { checkTime, type TimeInit } from './py-time.js';
import type { PyTimeDelta } from './py-time-delta.js';
import { PyTimeZone } from './py-time-zone.js';

/** A Python `datetime.datetime`, to the microsecond, naive or aware. */
export class PyDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  /** The time zone; `undefined` for a naive datetime. */
  readonly tzinfo: PyTimeZone | PyObject | undefined;

  /** @throws RangeError for a date or time that does not exist. */
  constructor(
    year: number,
    month: number,
    day: number,
    hour = 0,
    minute = 0,
    second = 0,
    microsecond = 0,
    init: TimeInit = {},
  ) {
    checkDate(year, month, day);
    checkTime(hour, minute, second, microsecond);
    this.year = year;
    this.month = month;
    this.day = day;
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
    this.fold = init.fold ?? 0;
    this.tzinfo = init.tzinfo;
  }

  /**
   * The moment as an aware datetime in UTC.
   * @throws RangeError for an invalid Date, or a year beyond 1 to 9999.
   */
  static fromDate(date: Date): PyDateTime {
    return new PyDateTime(
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
      date.getUTCMilliseconds() * 1000,
      { tzinfo: PyTimeZone.utc },
    );
  }

  /**
   * The moment, its microseconds cut to milliseconds. A naive datetime counts as UTC, as it does
   * in Flask and Werkzeug.
   * @throws RangeError when the offset of the time zone is not known here.
   */
  toDate(): Date {
    const wallMs = this.#wallMs();
    if (!this.tzinfo) return new Date(wallMs);
    const offset = this.#offset(wallMs);
    if (!offset) throw new RangeError('datetime: offset of the time zone is not known');
    return new Date(
      wallMs - Math.round(offset.totalSeconds() * 1_000_000 - (this.microsecond % 1000)) / 1000,
    );
  }

  /**
   * Python: `datetime.isoformat()`, such as `2026-11-22T09:30:00.000005+02:00`; without the
   * offset where the time zone is not known here.
   */
  toString(): string {
    const { hour, minute, second, microsecond } = this;
    const offset = this.tzinfo ? this.#offset(this.#wallMs()) : undefined;
    const date = isoDate(this.year, this.month, this.day);
    const clock = isoClock(hour, minute, second, microsecond);
    return `${date}T${clock}${offset ? isoOffset(offset) : ''}`;
  }

  toJSON(): string {
    return this.toString();
  }

  #wallMs(): number {
    const clock = (this.hour * 60 + this.minute) * 60 + this.second;
    return (
      utcDate(this.year, this.month, this.day).getTime() +
      clock * 1000 +
      Math.floor(this.microsecond / 1000)
    );
  }

  #offset(wallMs: number): PyTimeDelta | undefined {
    return this.tzinfo instanceof PyTimeZone ? this.tzinfo.utcOffset(wallMs, this.fold) : undefined;
  }
}

inspectAs(PyDateTime, (value) => `PyDateTime ${value.toString()}`);
