import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { BridgeError, SessionEncodeError } from '../../../../src/errors.js';
import { htmlOf, markup, TaggedJSONSerializer } from '../../../../src/python/flask/index.js';
import {
  PyByteArray,
  PyDateTime,
  PyTimeZone,
  PyUUID,
} from '../../../../src/python/pickle/index.js';
import { anySession } from '../../../support/arbitrary-sessions.js';
import { toTyped } from '../../../support/typed-json.js';

const serializer = new TaggedJSONSerializer();

test('gives back what it wrote, and writes that the same', () => {
  fc.assert(
    fc.property(anySession, (data) => {
      const text = serializer.dumps(data);
      const read = serializer.loads(text);
      expect(serializer.dumps(read)).toBe(text);
      expect(sorted(toTyped(read))).toEqual(sorted(toTyped(data)));
    }),
    { seed: 5, numRuns: 500 },
  );
});

test('reads any text or refuses it with an error of ours', () => {
  const tag = fc.constantFrom(' t', ' di', ' b', ' m', ' u', ' d');
  const tagged = fc
    .tuple(tag, fc.jsonValue())
    .map(([name, value]) => JSON.stringify({ [name]: value }));
  fc.assert(
    fc.property(fc.oneof(tagged, fc.json(), fc.string()), (text) => {
      try {
        serializer.loads(text);
      } catch (error) {
        expect(error).toBeInstanceOf(BridgeError);
      }
    }),
    { seed: 5, numRuns: 2000 },
  );
});

describe('dumps', () => {
  test('takes a Date as an aware datetime', () => {
    const text = serializer.dumps({ at: new Date('2026-01-02T03:04:05.678Z') });
    expect(text).toBe('{"at":{" d":"Fri, 02 Jan 2026 03:04:05 GMT"}}');
    const { at } = serializer.loads(text) as { at: PyDateTime };
    expect(at.tzinfo).toBe(PyTimeZone.utc);
  });

  test('leaves out what is undefined', () => {
    expect(serializer.dumps({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  const cycle: unknown[] = [];
  cycle.push({ cycle });
  let deep: unknown = 1;
  for (let depth = 0; depth < 5000; depth++) deep = [deep];
  test.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['undefined in a list', [undefined]],
    ['a set', new Set()],
    ['a bytearray', PyByteArray.of(1)],
    ['an instance of a class', new URL('https://shop.example/')],
    ['an invalid date', new Date(NaN)],
    ['a cycle', cycle],
    ['a value too deep', deep],
    [
      'keys of several types',
      new Map<unknown, unknown>([
        ['1', 1],
        [1, 1],
      ]),
    ],
    [
      'a datetime of an unknown zone',
      new PyDateTime(2026, 1, 1, 0, 0, 0, 0, { tzinfo: PyTimeZone.zone('No/Where') }),
    ],
  ])('refuses %s', (_, value) => {
    expect(() => serializer.dumps({ x: value })).toThrow(SessionEncodeError);
  });

  test('says where it failed, without the value', () => {
    expect(() => serializer.dumps({ cart: [{ items: new Set(['secret']) }] })).toThrow(
      /session\.cart\[0\]\.items(?!.*secret)/,
    );
  });
});

test('Markup is told from other objects', () => {
  expect(htmlOf(markup('<b>'))).toBe('<b>');
  expect(htmlOf('<b>')).toBeUndefined();
  expect(htmlOf(new PyUUID('0'.repeat(32)))).toBeUndefined();
});

/** Keys come back sorted. */
function sorted(typed: unknown): unknown {
  if (typeof typed !== 'object' || typed === null) return typed;
  if (Array.isArray(typed)) return typed.map(sorted);
  const entries = Object.entries(typed as Record<string, unknown>).map(([tag, content]) => {
    const plain = sorted(content);
    return [tag, tag === 'dict' ? new Map(plain as [unknown, unknown][]) : plain];
  });
  const tags = Object.fromEntries(entries) as { dict?: Map<{ str: string }, unknown> };
  return tags.dict
    ? { dict: new Map([...tags.dict].map(([key, value]) => [key.str, value])) }
    : tags;
}
