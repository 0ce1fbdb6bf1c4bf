import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ArgumentError } from '../../../../src/errors.js';
import { dumps, loads } from '../../../../src/python/json/index.js';
import { PyFloat } from '../../../../src/python/pickle/values/py-float.js';
import { PyTuple } from '../../../../src/python/pickle/values/py-tuple.js';

const PIECES = '[]{}:,"\\-+.eE019 \n'.split('').concat('true', 'null', 'NaN', '\\u', 'é');

describe('json', () => {
  test.each([
    '{"a": 1.0, "b": [1, 2.0, 1e+22], "10": 1, "9": 12345678901234567890}',
    '[0, -0.0, 1e-05, 0.0001, 1e+16, 1000000000000000.0, NaN, Infinity, -Infinity]',
    '{"__proto__": {"x": 1}, "": "\\ud800", "\\u00e9": "\\ud83d\\ude00"}',
    '{"price": 10.0, "list": [10.0, 10], "nested": {"deep": 3.0}}',
  ])('writes what it read as it was: %s', (text) => {
    expect(dumps(loads(text))).toBe(text);
  });

  test('loads gives back what dumps was given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const expected: unknown = JSON.parse(JSON.stringify(value));
        expect(withNumbers(loads(dumps(expected)))).toEqual(expected);
        const compact = dumps(expected, { ensureAscii: false, separators: [',', ':'] });
        expect(withNumbers(loads(compact))).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  test('keeps every float', () => {
    fc.assert(
      fc.property(fc.double(), (number) => {
        expect(loads(dumps([new PyFloat(number)]))).toEqual([number]);
      }),
      { seed: 1 },
    );
  });

  test('keeps every integer', () => {
    fc.assert(
      fc.property(fc.bigInt(), (int) => {
        const read = loads(dumps(int)) as number | bigint;
        expect(typeof read === 'number').toBe(Number.isSafeInteger(Number(int)));
        expect(BigInt(read)).toBe(int);
      }),
      { seed: 1 },
    );
  });

  test('loads of any text throws ArgumentError or nothing', () => {
    const pieces = fc.constantFrom(...PIECES);
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        try {
          loads(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(ArgumentError);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test('reads what JSON.parse reads, but for the size of integers', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(withNumbers(loads(text))).toEqual(JSON.parse(text));
      }),
      { seed: 1 },
    );
  });

  test('a float that is not read but made is a PyFloat', () => {
    expect(dumps([new PyFloat(1), 1, PyTuple.from([new PyFloat(-2)])])).toBe('[1.0, 1, [-2.0]]');
  });

  test('a number that was changed is an integer again', () => {
    const read = loads('{"a": 1.0, "b": 2.0}') as Record<string, number>;
    read['a'] = 3;
    expect(dumps(read)).toBe('{"a": 3, "b": 2.0}');
  });

  test('leaves undefined out of an object', () => {
    expect(dumps({ a: undefined, b: 1 })).toBe('{"b": 1}');
  });

  test('writes the keys of a Map as Python writes them', () => {
    const map = new Map<unknown, number>([
      [1, 1],
      [1.5, 2],
      [true, 3],
      [null, 4],
      [2n ** 64n, 5],
    ]);
    expect(dumps(map)).toBe('{"1": 1, "1.5": 2, "true": 3, "null": 4, "18446744073709551616": 5}');
  });

  test('sorts keys by code point, not by UTF-16 unit', () => {
    const sorted = dumps(
      { '\u{1f600}': 1, '\uffee': 2, b: 3 },
      { sortKeys: true, ensureAscii: false },
    );
    expect(sorted).toBe('{"b": 3, "\uffee": 2, "\u{1f600}": 1}');
  });

  test('reads and writes 900 levels and no more', () => {
    const text = '['.repeat(900) + ']'.repeat(900);
    expect(dumps(loads(text))).toBe(text);
    expect(() => loads(`[${text}]`)).toThrow(ArgumentError);
    expect(() => dumps([loads(text)])).toThrow(ArgumentError);
    expect(() => loads('{"a":'.repeat(100_000))).toThrow(ArgumentError);
  });

  test('reads integers of 4300 digits and no more', () => {
    const digits = '9'.repeat(4300);
    expect(loads(digits)).toBe(BigInt(digits));
    expect(loads(`-${digits}`)).toBe(BigInt(`-${digits}`));
    expect(() => loads(`${digits}9`)).toThrow(ArgumentError);
  });

  test('names the place of what has no form in JSON', () => {
    expect(() => dumps({ a: [1, { b: new Date(0) }] })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'value.a[1].b' }),
    );
  });
});

/** With integers beyond the safe ones as JSON.parse gives them. */
function withNumbers(value: unknown): unknown {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? Number(item) : item,
  );
  return JSON.parse(text);
}
