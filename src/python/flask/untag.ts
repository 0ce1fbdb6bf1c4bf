/**
 * Makes of tagged JSON what it stands for.
 * Python: `TaggedJSONSerializer._untag_scan`, Flask 3.1.3.
 *
 * @module
 */
import { ArgumentError } from '../../errors.js';
import { carryNote } from '../pickle/as-read.js';
import { setOwn } from '../pickle/plain-objects.js';
import { PyDateTime } from '../pickle/values/py-date-time.js';
import { PyTimeZone } from '../pickle/values/py-time-zone.js';
import { PyTuple } from '../pickle/values/py-tuple.js';
import { PyUUID } from '../pickle/values/py-uuid.js';
import { markup } from './markup.js';
import { isTag, type Tag } from './tags.js';

/**
 * The value that tagged JSON stands for. Its containers are taken over, so that what was noted of
 * them when they were read still holds.
 *
 * @throws ArgumentError for a tag whose value is not its own.
 */
export function untagValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const container = value as Record<string, unknown>;
  for (const key of Object.keys(container)) {
    const item = container[key];
    const untagged = untagValue(item);
    if (untagged !== item) setOwn(container, key, untagged);
  }
  if (Array.isArray(value)) return value;
  const keys = Object.keys(container);
  const [key] = keys;
  return keys.length === 1 && isTag(key) ? UNTAG[key](container[key]) : value;
}

const UNTAG: Readonly<Record<Tag, (value: unknown) => unknown>> = {
  ' di': untagDict,
  ' t': untagTuple,
  ' b': untagBytes,
  ' m': (value) => markup(textOf(value, ' m')),
  ' u': untagUuid,
  ' d': untagDateTime,
};

function untagDict(value: unknown): Record<string, unknown> {
  const isDict = typeof value === 'object' && value !== null && !Array.isArray(value);
  const dict = isDict ? (value as Record<string, unknown>) : {};
  const [key] = Object.keys(dict);
  if (key === undefined) throw wrongTag(' di', 'a dict');
  const untagged = {};
  setOwn(untagged, key.slice(0, -2), dict[key]);
  carryNote(dict, key, untagged, key.slice(0, -2));
  return untagged;
}

function untagTuple(value: unknown): PyTuple {
  if (!Array.isArray(value)) throw wrongTag(' t', 'a list');
  const tuple = PyTuple.from(value as unknown[]);
  for (const index of tuple.keys()) carryNote(value, index, tuple, index);
  return tuple;
}

function untagBytes(value: unknown): Uint8Array {
  // Python passes over what is not of base64's alphabet.
  const base64 = textOf(value, ' b').replace(/[^A-Za-z0-9+/=]/g, '');
  if (!/^(?:[^=]{4})*(?:[^=]{2}==|[^=]{3}=)?$/.test(base64)) throw wrongTag(' b', 'base64');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function untagUuid(value: unknown): PyUUID {
  try {
    return new PyUUID(textOf(value, ' u'));
  } catch {
    throw wrongTag(' u', '32 hexadecimal digits');
  }
}

const HTTP_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** As in Python, a text that is no date becomes None. Python: `werkzeug.http.parse_date`. */
function untagDateTime(value: unknown): PyDateTime | null {
  const [, day, month = '', year, ...clock] = HTTP_DATE.exec(textOf(value, ' d')) ?? [];
  const [hour, minute, second] = clock.map(Number);
  const monthNumber = MONTHS.indexOf(month) + 1;
  try {
    return new PyDateTime(
      fullYear(Number(year)),
      monthNumber,
      Number(day),
      hour,
      minute,
      second,
      0,
      {
        tzinfo: PyTimeZone.utc,
      },
    );
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Python's `email` package takes a year below 100 for one of two digits, even with zeros. */
function fullYear(year: number): number {
  if (year >= 100) return year;
  return year + (year > 68 ? 1900 : 2000);
}

function textOf(value: unknown, tag: Tag): string {
  if (typeof value !== 'string') throw wrongTag(tag, 'a text');
  return value;
}

function wrongTag(tag: Tag, wanted: string): ArgumentError {
  return new ArgumentError('json', `the tag '${tag}' wants ${wanted}`);
}
