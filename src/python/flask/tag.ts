/**
 * Puts tags on what JSON has no type for.
 * Python: `TaggedJSONSerializer.tag`, Flask 3.1.3.
 *
 * @module
 */
import { ArgumentError } from '../../errors.js';
import { carryNote, keysAsRead, noteFloat, notesOf } from '../pickle/as-read.js';
import { formatFloat } from '../pickle/float.js';
import { PyByteArray } from '../pickle/values/py-byte-array.js';
import { PyDate } from '../pickle/values/py-date.js';
import { PyDateTime } from '../pickle/values/py-date-time.js';
import { PyDecimal } from '../pickle/values/py-decimal.js';
import { PyFloat } from '../pickle/values/py-float.js';
import { PyTuple } from '../pickle/values/py-tuple.js';
import { PyUUID } from '../pickle/values/py-uuid.js';
import { httpDate } from '../werkzeug/index.js';
import { htmlOf } from './markup.js';
import { isTag } from './tags.js';

/**
 * The value as JSON has it: arrays, and Maps with their keys in Flask's order.
 *
 * @throws ArgumentError for a value that Flask cannot write either.
 */
export function tagValue(value: unknown): unknown {
  return new Tagger().tag(value, 'session');
}

class Tagger {
  /** The containers around the value in hand. */
  readonly #ancestors = new Set<object>();

  tag(value: unknown, path: string): unknown {
    if (typeof value !== 'object' || value === null || value instanceof PyFloat) return value;
    if (this.#ancestors.has(value)) throw new ArgumentError(path, 'contains itself');
    if (this.#ancestors.size >= MAX_DEPTH) {
      throw new ArgumentError('session', `nested more than ${MAX_DEPTH} deep`);
    }
    this.#ancestors.add(value);
    const tagged = this.#object(value, path);
    this.#ancestors.delete(value);
    return tagged;
  }

  #object(value: object, path: string): unknown {
    if (value instanceof PyTuple) return tagged(' t', this.#items(value, path));
    if (Array.isArray(value)) return this.#items(value, path);
    const entries = dictEntries(value, path);
    return entries ? this.#dict(value, entries, path) : leaf(value, path);
  }

  #items(array: readonly unknown[], path: string): unknown[] {
    const items: unknown[] = [];
    for (const [index, item] of array.entries()) {
      items.push(plain(this.tag(item, `${path}[${index}]`)));
      noteIfFloat(array, index, item, items, index);
    }
    return items;
  }

  #dict(dict: object, entries: readonly Entry[], path: string): Map<string, unknown> {
    const [only] = entries;
    // A dict that looks like a tag has its key changed, and a tag that says so.
    const looksTagged = entries.length === 1 && only !== undefined && isTag(only[0]);
    const items = new Map<string, unknown>();
    for (const [key, value] of entries) {
      const text = keyText(dict, key);
      const name = looksTagged ? `${text}__` : text;
      items.set(name, plain(this.tag(value, `${path}.${text}`)));
      noteIfFloat(dict, key, value, items, name);
    }
    return looksTagged ? tagged(' di', items) : items;
  }
}

/** As deep as CPython's `json` goes for sure; a tag counts twice there. */
const MAX_DEPTH = 400;

type Entry = readonly [key: string | number | bigint | boolean | null, value: unknown];

function tagged(tag: string, value: unknown): Map<string, unknown> {
  return new Map([[tag, value]]);
}

function plain(value: unknown): unknown {
  return value instanceof PyFloat ? value.value : value;
}

function noteIfFloat(
  from: object,
  slot: unknown,
  value: unknown,
  to: object,
  newSlot: unknown,
): void {
  if (value instanceof PyFloat) noteFloat(to, newSlot, value.value);
  else if (typeof value === 'number') carryNote(from, slot, to, newSlot);
}

/** Items of a dict in the order in which Flask writes them, or `undefined` for no dict. */
function dictEntries(value: object, path: string): Entry[] | undefined {
  let entries: [unknown, unknown][];
  if (value instanceof Map) {
    entries = [...(value as Map<unknown, unknown>)];
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return undefined;
    const values = value as Readonly<Record<string, unknown>>;
    entries = keysAsRead(value).map((key) => [key, values[key]]);
  }
  const present = entries.filter(([, item]) => item !== undefined);
  return sortedByKey(present, path);
}

/** Python compares texts with texts and numbers with numbers; anything else cannot be sorted. */
function sortedByKey(entries: [unknown, unknown][], path: string): Entry[] {
  if (entries.every(([key]) => typeof key === 'string')) {
    return (entries as [string, unknown][]).sort(([a], [b]) => compareCodePoints(a, b));
  }
  if (entries.every(([key]) => isNumeric(key))) {
    const numeric = entries as [number | bigint | boolean, unknown][];
    return numeric.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
  if (entries.length === 1 && entries[0]?.[0] === null) return [[null, entries[0][1]]];
  throw new ArgumentError(path, 'has keys that cannot be sorted, or are no JSON keys');
}

/** What JSON has in place of a key that is no text. */
function keyText(dict: object, key: Entry[0]): string {
  if (typeof key !== 'number') return String(key);
  const isFloat = !Number.isInteger(key) || notesOf(dict)?.keys?.get(key) === key;
  return isFloat ? formatFloat(key) : String(BigInt(key));
}

function isNumeric(key: unknown): key is number | bigint | boolean {
  return typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean';
}

/** Python's order of strings; JavaScript's own compares UTF-16 units. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

function leaf(value: object, path: string): unknown {
  if (value instanceof PyDateTime || value instanceof Date) {
    return tagged(' d', httpDate(dateOf(value, path)));
  }
  if (value instanceof PyUUID) return tagged(' u', value.hex);
  if (value instanceof Uint8Array && !(value instanceof PyByteArray)) {
    return tagged(' b', Buffer.from(value).toString('base64'));
  }
  const html = htmlOf(value);
  if (html !== undefined) return tagged(' m', html);
  // Flask's JSON, below the tags, takes these as text.
  if (value instanceof PyDate) return httpDate(value.toDate());
  if (value instanceof PyDecimal) return value.toString();
  throw new ArgumentError(path, 'is of a type that has no form in tagged JSON');
}

function dateOf(value: PyDateTime | Date, path: string): Date {
  if (value instanceof Date) return value;
  try {
    return value.toDate();
  } catch {
    throw new ArgumentError(path, 'is a datetime of a time zone that is not known here');
  }
}
