/** What `loads` refuses, and what it reads that no CPython of today writes. */

import { describe, expect, test } from 'vitest';

import { loads, PyGlobal, PyObject } from '../../../../src/python/pickle/index.js';

const UNPICKLING = expect.objectContaining({ code: 'ERR_UNPICKLING' }) as Error;

describe('limits', () => {
  test.each([
    ['maxBytes', 'N.', { maxBytes: 1 }],
    ['maxElements', '(lNaNaNa.', { maxElements: 2 }],
    ['maxLongDigits', `L${'9'.repeat(200)}L\n.`, { maxLongDigits: 100 }],
    ['maxDepth', ']]]aa.', { maxDepth: 2 }],
  ])('more than %s is refused', (_, text, limits) => {
    const bytes = Buffer.from(text);
    expect(loads(bytes)).toBeDefined();
    expect(() => loads(bytes, { limits })).toThrow(UNPICKLING);
  });

  test('a length beyond the end is refused before memory is taken for it', () => {
    expect(() => loads(Buffer.from('B\xff\xff\xff\x7f', 'latin1'))).toThrow(UNPICKLING);
    expect(() => loads(Buffer.from('8e'.concat('ff'.repeat(8)), 'hex'))).toThrow(UNPICKLING);
  });
});

describe('persistent ids and extension codes', () => {
  test.each(['Pid\n.', 'NQ.'])('a persistent id is refused without a resolver', (text) => {
    expect(() => loads(Buffer.from(text))).toThrow(UNPICKLING);
  });

  test('a resolver gives what a persistent id stands for', () => {
    const persistentLoad = (id: unknown) => ({ found: id });
    expect(loads(Buffer.from('Pid\n.'), { persistentLoad })).toEqual({ found: 'id' });
    expect(loads(Buffer.from('K\x05Q.'), { persistentLoad })).toEqual({ found: 5 });
  });

  test.each(['8201', '830100', '8401000000'])('extension code %s stands for a class', (code) => {
    const bytes = Buffer.from(`8002${code}2e`, 'hex');
    expect(() => loads(bytes)).toThrow(UNPICKLING);
    const extensions = new Map([[1, 'shop.models.Cart']]);
    expect(loads(bytes, { extensions })).toEqual(new PyGlobal('shop.models', 'Cart'));
  });
});

test('names of Object.prototype are own keys like any other', () => {
  const bytes = Buffer.from("(dS'__proto__'\n(dS'admin'\nI01\nssS'constructor'\nNs.");
  const value = loads(bytes) as object;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
});

test('what a pickle would call is data', () => {
  const value = loads(Buffer.from("cos\nsystem\n(S'true'\ntR.")) as PyObject;
  expect(value).toBeInstanceOf(PyObject);
  expect([value.module, value.name, [...value.args]]).toEqual(['os', 'system', ['true']]);
});

test('an error tells where and at which opcode', () => {
  expect(() => loads(Buffer.from('N0\xff.', 'latin1'))).toThrow(
    expect.objectContaining({ code: 'ERR_UNPICKLING', offset: 2 }),
  );
});
