/**
 * MessagePack's timestamps, which are what msgspec makes of aware datetimes: a moment in UTC, whose
 * offset from it is not kept. Naive datetimes are text.
 *
 * @module
 */

import { DecodeError } from '../../errors.js';
import { PyDateTime } from '../pickle/values/py-date-time.js';
import { PyTimeZone } from '../pickle/values/py-time-zone.js';

/** The extension type's code. */
export const TIMESTAMP_CODE = -1;

/** A moment: seconds since 1970 began in UTC, which may be negative, and the microseconds after. */
export interface Moment {
  readonly seconds: number;
  readonly microseconds: number;
}

/**
 * Reads the 4, 8 or 12 bytes of a timestamp, to the nearest microsecond.
 *
 * @throws {@link DecodeError} for another size, a second of more than its nanoseconds, and moments
 *   outside the years 1 to 9999
 */
export function readTimestamp(bytes: Buffer, start: number, size: number): PyDateTime {
  const { seconds, nanoseconds } = readParts(bytes, start, size);
  if (nanoseconds > 999_999_999) throw new DecodeError('nanoseconds out of range', start);
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) throw outOfRange(start);
  const microseconds = Math.floor((nanoseconds + 500) / 1000);
  const second = Number(seconds) + Math.floor(microseconds / 1_000_000);
  if (second > Number(MAX_SECONDS)) throw outOfRange(start);
  const date = new Date(second * 1000);
  return new PyDateTime(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    microseconds % 1_000_000,
    { tzinfo: PyTimeZone.utc },
  );
}

/** The moment of an aware datetime, or `undefined` where its offset from UTC is not known. */
export function momentOf(datetime: PyDateTime): Moment | undefined {
  const { tzinfo } = datetime;
  const wallMs = wallMsOf(datetime);
  const offset = tzinfo instanceof PyTimeZone ? tzinfo.utcOffset(wallMs, datetime.fold) : undefined;
  if (!offset) return undefined;
  const microseconds = datetime.microsecond - offset.microseconds;
  const carry = Math.floor(microseconds / 1_000_000);
  return {
    seconds: wallMs / 1000 - offset.days * 86_400 - offset.seconds + carry,
    microseconds: microseconds - carry * 1_000_000,
  };
}

/** The clock on the wall, without its microseconds, as milliseconds that count it as UTC. */
export function wallMsOf({ year, month, day, hour, minute, second }: PyDateTime): number {
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  return wall.setUTCHours(hour, minute, second);
}

/** Whether Python has a datetime for this second of UTC. */
export function isInRange(seconds: number): boolean {
  return seconds >= Number(MIN_SECONDS) && seconds <= Number(MAX_SECONDS);
}

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_799n;

interface Parts {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}

function readParts(bytes: Buffer, start: number, size: number): Parts {
  switch (size) {
    case 4:
      return { seconds: BigInt(bytes.readUInt32BE(start)), nanoseconds: 0 };
    case 8: {
      const both = bytes.readBigUInt64BE(start);
      return { seconds: both & 0x3_ffff_ffffn, nanoseconds: Number(both >> 34n) };
    }
    case 12: {
      const nanoseconds = bytes.readUInt32BE(start);
      return { seconds: bytes.readBigInt64BE(start + 4), nanoseconds };
    }
    default:
      throw new DecodeError('a timestamp has 4, 8 or 12 bytes', start);
  }
}

function outOfRange(offset: number): DecodeError {
  return new DecodeError('timestamp outside the years 1 to 9999', offset);
}
