/**
 * A decoded session as Python would print it.
 *
 * @module
 */

import { isFloatAsRead } from '../../src/python/pickle/as-read.js';
import { PyTuple } from '../../src/python/pickle/index.js';

/** A key of the session, with its value's type in Python and how Python prints it. */
export interface PythonValue {
  readonly key: string;
  readonly type: string;
  readonly repr: string;
}

/** Every key of a decoded session. */
export function describeSession(session: object): PythonValue[] {
  return entriesOf(session).map(([key, value]) => ({
    key: String(key),
    type: typeIn(session, key, value),
    repr: reprIn(session, key, value),
  }));
}

/** The type of what stands in a container: only there is it known whether a number was a float. */
function typeIn(container: object, slot: unknown, value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'number') return isFloat(container, slot, value) ? 'float' : 'int';
  const name = typeof value === 'object' ? value.constructor.name : typeof value;
  return PYTHON_NAMES.get(name) ?? name.replace(/^Py/, '').toLowerCase();
}

function reprIn(container: object, slot: unknown, value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'number') {
    const isWholeFloat = Number.isInteger(value) && isFloat(container, slot, value);
    return isWholeFloat ? value.toFixed(1) : String(value);
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof PyTuple) {
    return value.length === 1 ? `(${itemsOf(value)},)` : `(${itemsOf(value)})`;
  }
  if (Array.isArray(value)) return `[${itemsOf(value)}]`;
  if (typeIn(container, slot, value) !== 'dict') return (value as Printable).toString();
  const dict = value as object;
  const pairs = entriesOf(dict).map(
    ([key, item]) => `${reprIn(dict, undefined, key)}: ${reprIn(dict, key, item)}`,
  );
  return `{${pairs.join(', ')}}`;
}

/** The Py* classes print as Python's str() or isoformat() does. */
interface Printable {
  toString(): string;
}

/** JavaScript's names of types that have another one in Python. */
const PYTHON_NAMES: ReadonlyMap<string, string> = new Map([
  ['string', 'str'],
  ['boolean', 'bool'],
  ['bigint', 'int'],
  ['Object', 'dict'],
  ['Map', 'dict'],
  ['Array', 'list'],
  ['Uint8Array', 'bytes'],
]);

function itemsOf(list: readonly unknown[]): string {
  return list.map((item, index) => reprIn(list, index, item)).join(', ');
}

function entriesOf(dict: object): [unknown, unknown][] {
  return dict instanceof Map ? [...dict] : Object.entries(dict);
}

function isFloat(container: object, slot: unknown, value: number): boolean {
  return !Number.isInteger(value) || isFloatAsRead(container, slot, value);
}
