/**
 * Values that JSON can hold, to and from the typed JSON of the fixtures
 * (python-harness/typed_json.py), with bytes, tuples and datetimes for what calls take and give.
 */

import { isFloatAsRead, keysAsRead } from '../../src/python/pickle/as-read.js';
import { formatFloat } from '../../src/python/pickle/float.js';
import { PyFloat } from '../../src/python/pickle/values/py-float.js';

/** An object with one tag. */
export type Typed = Readonly<Record<string, unknown>>;

/** The value for its typed JSON. Integral floats become PyFloat. */
export function fromTyped(typed: Typed): unknown {
  const [tag, content] = tagged(typed);
  switch (tag) {
    case 'none':
      return null;
    case 'bool':
    case 'str':
      return content;
    case 'int': {
      const number = Number(content);
      return Number.isSafeInteger(number) ? number : BigInt(content as string);
    }
    case 'float':
      return new PyFloat(Number((content as string).replace('inf', 'Infinity')));
    case 'bytes':
      return Buffer.from(content as string, 'hex');
    case 'list':
      return (content as Typed[]).map(fromTyped);
    case 'dict':
      return new Map(
        (content as [Typed, Typed][]).map(([key, value]) => [fromTyped(key), fromTyped(value)]),
      );
    default:
      throw new Error(`no value for ${tag}`);
  }
}

/** The typed JSON of a value that was read. */
export function toTyped(value: unknown, isFloat = false): Typed {
  if (value === null || value === undefined) return { none: null };
  if (typeof value === 'string') return { str: value };
  if (typeof value === 'boolean') return { bool: value };
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return typedNumber(value, isFloat);
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Date) return typedDate(value);
  if (Array.isArray(value)) {
    return {
      list: value.map((item: unknown, index) => toTyped(item, wasFloat(value, index, item))),
    };
  }
  const object = value as Record<string, unknown>;
  const pairs = keysAsRead(object).map((key) => [
    { str: key },
    toTyped(object[key], wasFloat(object, key, object[key])),
  ]);
  return { dict: pairs };
}

/** Typed JSON in the form that `toTyped` gives: tuples as lists, datetimes without their zone. */
export function simplified(typed: Typed): Typed {
  const [tag, content] = tagged(typed);
  switch (tag) {
    case 'tuple':
    case 'list':
      return { list: (content as Typed[]).map(simplified) };
    case 'dict':
      return { dict: (content as Typed[][]).map((pair) => pair.map(simplified)) };
    case 'datetime':
      return { datetime: (content as unknown[])[0] };
    default:
      return typed;
  }
}

function tagged(typed: Typed): [string, unknown] {
  const [entry] = Object.entries(typed);
  if (!entry) throw new Error('typed JSON without a tag');
  return entry;
}

function typedNumber(value: number, isFloat: boolean): Typed {
  const isInt = Number.isInteger(value) && !Object.is(value, -0) && !isFloat;
  return isInt ? { int: String(BigInt(value)) } : { float: formatFloat(value) };
}

function typedDate(date: Date): Typed {
  const isDate = !Number.isNaN(date.getTime());
  return { datetime: isDate ? date.toISOString().replace('.000Z', '') : null };
}

function wasFloat(container: object, slot: unknown, value: unknown): boolean {
  return typeof value === 'number' && isFloatAsRead(container, slot, value);
}
