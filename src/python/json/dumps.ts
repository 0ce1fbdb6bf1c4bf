/**
 * Writes JSON as CPython's `json` module does.
 * Python: `json.dumps`, CPython 3.11. Differences: ./PORT.md
 *
 * @module
 */

import { ArgumentError } from '../../errors.js';
import { isFloatAsRead, keysAsRead } from '../pickle/as-read.js';
import { formatFloat } from '../pickle/float.js';
import { PyFloat } from '../pickle/values/py-float.js';
import { MAX_DEPTH } from './limits.js';

/** The keyword arguments of `json.dumps`, with its defaults. */
export interface JsonDumpsOptions {
  /** Between items, and between a key and its value. @defaultValue `[', ', ': ']` */
  separators?: readonly [item: string, key: string] | undefined;
  /** Whether every character outside ASCII is written as an escape. @defaultValue `true` */
  ensureAscii?: boolean | undefined;
  /** Whether keys are sorted by code point. @defaultValue `false` */
  sortKeys?: boolean | undefined;
}

/**
 * The JSON text of `value`. Python: `json.dumps`.
 *
 * @param value - null, booleans, strings, numbers, bigints, PyFloat, Arrays (PyTuple too), plain
 * objects, and Maps whose keys are scalars. `undefined` in an object is left out.
 * @throws ArgumentError where Python raises `TypeError` (no JSON form), `ValueError` (a cycle) or
 * `RecursionError` (nested more than 900 deep).
 */
export function dumps(value: unknown, options: JsonDumpsOptions = {}): string {
  return new JsonWriter(options).write(value, false, 'value');
}

class JsonWriter {
  readonly #itemSeparator: string;
  readonly #keySeparator: string;
  readonly #quote: (text: string) => string;
  readonly #sortKeys: boolean;
  /** The containers around the value in hand. */
  readonly #ancestors = new Set<object>();

  constructor({ separators, ensureAscii = true, sortKeys = false }: JsonDumpsOptions) {
    [this.#itemSeparator, this.#keySeparator] = separators ?? [', ', ': '];
    this.#quote = ensureAscii ? quoteAscii : quoteText;
    this.#sortKeys = sortKeys;
  }

  /** @param isFloat - Whether an integral number was a float in Python. */
  write(value: unknown, isFloat: boolean, path: string): string {
    switch (typeof value) {
      case 'string':
        return this.#quote(value);
      case 'number':
        return numberText(value, isFloat);
      case 'bigint':
      case 'boolean':
        return String(value);
      case 'object':
        if (value === null) return 'null';
        if (value instanceof PyFloat) return numberText(value.value, true);
        return this.#container(value, path);
      default:
        throw noJsonForm(value, path);
    }
  }

  #container(container: object, path: string): string {
    if (this.#ancestors.has(container)) throw new ArgumentError(path, 'contains itself');
    if (this.#ancestors.size >= MAX_DEPTH) {
      throw new ArgumentError('value', `nested more than ${MAX_DEPTH} deep`);
    }
    this.#ancestors.add(container);
    const text = Array.isArray(container)
      ? this.#array(container, path)
      : this.#object(container, path);
    this.#ancestors.delete(container);
    return text;
  }

  #array(array: readonly unknown[], path: string): string {
    const items = Array.from(array, (item, index) =>
      this.write(item, isFloat(array, index, item), `${path}[${index}]`),
    );
    return `[${items.join(this.#itemSeparator)}]`;
  }

  #object(object: object, path: string): string {
    const entries = entriesOf(object, path).filter(([, , value]) => value !== undefined);
    if (this.#sortKeys) entries.sort(([a], [b]) => compareCodePoints(a, b));
    const items = entries.map(([name, slot, value]) => {
      const text = this.write(value, isFloat(object, slot, value), `${path}.${name}`);
      return `${this.#quote(name)}${this.#keySeparator}${text}`;
    });
    return `{${items.join(this.#itemSeparator)}}`;
  }
}

type Entry = [name: string, slot: unknown, value: unknown];

function entriesOf(object: object, path: string): Entry[] {
  if (object instanceof Map) {
    return Array.from(object, ([key, value]: [unknown, unknown]) => [
      keyText(key, path),
      key,
      value,
    ]);
  }
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) throw noJsonForm(object, path);
  const values = object as Readonly<Record<string, unknown>>;
  return keysAsRead(object).map((name) => [name, name, values[name]]);
}

/** Python turns keys that are no strings into the JSON text that stands for them. */
function keyText(key: unknown, path: string): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number') return numberText(key, false);
  if (typeof key === 'bigint' || typeof key === 'boolean' || key === null) return String(key);
  throw new ArgumentError(path, 'has a key that is no string, number, boolean or null');
}

function isFloat(container: object, slot: unknown, value: unknown): boolean {
  return typeof value === 'number' && isFloatAsRead(container, slot, value);
}

function numberText(value: number, isFloat: boolean): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (isFloat || !Number.isInteger(value) || Object.is(value, -0)) return formatFloat(value);
  return Number.isSafeInteger(value) ? String(value) : String(BigInt(value));
}

// eslint-disable-next-line no-control-regex
const ESCAPED_IN_TEXT = /[\x00-\x1f"\\]/g;
const ESCAPED_IN_ASCII = /[^ !#-[\]-~]/g;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function quoteText(text: string): string {
  return `"${text.replace(ESCAPED_IN_TEXT, escape)}"`;
}

function quoteAscii(text: string): string {
  return `"${text.replace(ESCAPED_IN_ASCII, escape)}"`;
}

function escape(unit: string): string {
  return SHORT_ESCAPES.get(unit) ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Python's order of strings; JavaScript's own compares UTF-16 units. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

function noJsonForm(value: unknown, path: string): ArgumentError {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return new ArgumentError(path, `a value of type ${kind} has no JSON form`);
}
