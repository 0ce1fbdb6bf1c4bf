import { inspectAs } from './inspect.js';
import { isoClock, isoOffset } from './iso.js';
import { checkRange } from './py-date.js';
import type { PyObject } from './py-object.js';
import { PyTimeZone } from './py-time-zone.js';

/** What a time or datetime has besides its numbers. */
export interface TimeInit {
  /** The time zone; none for a naive time. */
  readonly tzinfo?: PyTimeZone | PyObject | undefined;
  /** Which of two equal readings, where clocks go back. */
  readonly fold?: 0 | 1;
}

/** A Python `datetime.time`, to the microsecond. */
export class PyTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: 0 | 1;
  readonly tzinfo: PyTimeZone | PyObject | undefined;

  /** @throws RangeError for a time that does not exist. */
  constructor(hour = 0, minute = 0, second = 0, microsecond = 0, init: TimeInit = {}) {
    checkTime(hour, minute, second, microsecond);
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
    this.fold = init.fold ?? 0;
    this.tzinfo = init.tzinfo;
  }

  /** Python: `time.isoformat()`, such as `09:30:00.000005+02:00`. */
  toString(): string {
    const offset = this.tzinfo instanceof PyTimeZone ? this.tzinfo.utcOffset() : undefined;
    const clock = isoClock(this.hour, this.minute, this.second, this.microsecond);
    return offset ? clock + isoOffset(offset) : clock;
  }

  toJSON(): string {
    return this.toString();
  }
}

inspectAs(PyTime, (value) => `PyTime ${value.toString()}`);

/** @throws RangeError for a time that does not exist. */
export function checkTime(hour: number, minute: number, second: number, microsecond: number): void {
  checkRange('hour', hour, 0, 23);
  checkRange('minute', minute, 0, 59);
  checkRange('second', second, 0, 59);
  checkRange('microsecond', microsecond, 0, 999_999);
}
