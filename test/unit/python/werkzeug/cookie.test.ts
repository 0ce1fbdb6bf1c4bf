import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ArgumentError } from '../../../../src/errors.js';
import { deleteCookie, dumpCookie, parseCookie } from '../../../../src/python/werkzeug/index.js';
import type { DumpCookieOptions } from '../../../../src/python/werkzeug/index.js';

const HEADER_CHARACTERS = 'ab=; ,"\\\t\n\xe9037'.split('');

describe('parseCookie', () => {
  test('gives repeated names in the order of the header', () => {
    expect(parseCookie('a=1; b=2; a=3')).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ]);
  });

  test('no header, no cookies', () => {
    expect(parseCookie(undefined)).toEqual([]);
    expect(parseCookie('')).toEqual([]);
  });

  test('reads back what dumpCookie wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const line = dumpCookie('session', value, { path: null });
        expect(parseCookie(`a=1; ${line}; b=2`)).toContainEqual(['session', value]);
      }),
      { seed: 1 },
    );
  });

  test('takes any header, however long', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...HEADER_CHARACTERS) }), (header) => {
        for (const [name, value] of parseCookie(header)) {
          expect(name).not.toBe('');
          expect(value).toEqual(expect.any(String));
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
    expect(parseCookie(`a="${'\\"'.repeat(1_000_000)}`)).toEqual([]);
    expect(parseCookie(`a=${' '.repeat(1_000_000)}"; b=1`)).toEqual([['b', '1']]);
  });
});

describe('dumpCookie', () => {
  test.each(['', 'a b', 'a;b', 'a=b', 'a\r\nb', 'a"b', '\0'])(
    'refuses %j for a name, which no browser could send back',
    (name) => {
      expect(() => dumpCookie(name, 'v')).toThrow(ArgumentError);
      expect(() => deleteCookie(name)).toThrow(ArgumentError);
    },
  );

  test.each(['a;b', 'a\r\nSet-Cookie', 'a b', 'a..b', '\ud800.com'])(
    'refuses domain %j',
    (domain) => {
      expect(() => dumpCookie('a', 'v', { domain })).toThrow(ArgumentError);
    },
  );

  test.each([1.5, NaN, Infinity, 2 ** 53, '60' as never])('refuses %j for maxAge', (maxAge) => {
    expect(() => dumpCookie('a', 'v', { maxAge })).toThrow(
      expect.objectContaining({ argument: 'maxAge' }),
    );
  });

  test.each([new Date(NaN), NaN, Infinity, 1e15])('refuses %j for expires', (expires) => {
    expect(() => dumpCookie('a', 'v', { expires })).toThrow(ArgumentError);
  });

  test('writes no line break, whatever the path and value', () => {
    const texts = fc.string({ unit: fc.constantFrom('\r', '\n', ';', ',', 'a', '\0', 'é') });
    fc.assert(
      fc.property(texts, texts, (value, path) => {
        const line = dumpCookie('a', value, { path });
        expect(line).not.toMatch(/[\r\n]/);
        expect(line.split(';')).toHaveLength(2);
      }),
      { seed: 1 },
    );
  });
});

test('deleteCookie sets no age but that of a cookie that is gone', () => {
  const options: DumpCookieOptions = { maxAge: 60, expires: 1e9 };
  expect(deleteCookie('a', options as object)).toBe(deleteCookie('a'));
});
