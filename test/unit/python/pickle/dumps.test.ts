/** What `dumps` takes of JavaScript's own values, and what it refuses. */

import { inspect } from 'node:util';

import { describe, expect, test } from 'vitest';

import {
  dumps,
  loads,
  PyDateTime,
  PyDecimal,
  PyFloat,
  PyGlobal,
  PyObject,
  PyTuple,
  PyUUID,
} from '../../../../src/python/pickle/index.js';

class Cart {
  items: unknown[] = [];
}

describe('refused with the path', () => {
  test.each([
    ['a function', { cart: [1, { when: () => 1 }] }],
    ['a symbol', { cart: [1, { when: Symbol('x') }] }],
    ['an instance of an unknown class', { cart: [1, { when: new Cart() }] }],
    ['a promise', { cart: [1, { when: Promise.resolve() }] }],
  ])('%s', (_, value) => {
    expect(() => dumps(value, { root: 'session' })).toThrow(
      expect.objectContaining({ code: 'ERR_PICKLING', path: 'session.cart[1].when' }),
    );
  });
});

describe('comes back', () => {
  test('without the keys that are undefined', () => {
    expect(loads(dumps({ a: undefined, b: 1 }))).toEqual({ b: 1 });
  });

  test('as an aware datetime, for a Date', () => {
    const when = loads(dumps(new Date('2026-01-02T03:04:05.678Z')));
    expect(String(when)).toBe('2026-01-02T03:04:05.678000+00:00');
  });

  test.each([0, 1, 2, 3, 4, 5] as const)('with lone surrogates, by protocol %i', (protocol) => {
    const value = ['\ud800', 'a\udfffz', { '\udc00': 1 }];
    expect(loads(dumps(value, { protocol }))).toEqual(value);
  });

  // As CPython writes {'': ['', {'': 0}]}, where every empty str is one object.
  test.each([
    [0, '286470300a560a70310a286c70320a67310a61286470330a67310a49300a7361732e'],
    [2, '80027d7100580000000071015d71022868017d710368014b007365732e'],
    [4, '80049514000000000000007d948c00945d942868017d9468014b007365732e'],
  ] as const)('with the empty key, by protocol %i', (protocol, hex) => {
    const bytes = dumps({ '': ['', { '': 0 }] }, { protocol });
    expect(bytes.toString('hex')).toBe(hex);
    expect(loads(bytes)).toEqual({ '': ['', { '': 0 }] });
  });

  test('with keys in Python’s order', () => {
    const bytes = dumps(
      new Map([
        ['10', 1],
        ['9', 2],
        ['x', 3],
      ]),
    );
    expect(dumps(loads(bytes))).toEqual(bytes);
  });

  test('with its integral floats, until they are replaced', () => {
    const bytes = dumps({ price: new PyFloat(1), list: [new PyFloat(2)] });
    const value = loads(bytes) as { price: number; list: number[] };
    expect(value).toEqual({ price: 1, list: [2] });
    expect(dumps(value)).toEqual(bytes);
    value.price = 3;
    expect(dumps(value)).toEqual(dumps({ price: 3, list: [new PyFloat(2)] }));
  });

  test('as an instance of the registered class', () => {
    const cart = new Cart();
    cart.items.push(1);
    const classes = { 'shop.models.Cart': Cart };
    const bytes = dumps(cart, { classes });
    expect(loads(bytes, { classes })).toEqual(cart);
    expect(loads(bytes)).toMatchObject({ module: 'shop.models', name: 'Cart' });
  });
});

describe('printed', () => {
  test.each([
    [new PyDateTime(2026, 1, 2, 3, 4, 5, 6), '2026-01-02T03:04:05.000006'],
    [new PyDecimal('1.10'), '1.10'],
    [new PyUUID('00000000-0000-0000-0000-000000000007'), '00000000-0000-0000-0000-000000000007'],
  ])('%s as Python prints it', (value, text) => {
    expect(value.toString()).toBe(text);
    expect(JSON.stringify(value)).toBe(JSON.stringify(text));
    expect(inspect(value)).toContain(text);
  });

  test('an object with its class and its parts', () => {
    const value = new PyObject(new PyGlobal('shop.models', 'Cart'), { state: { size: 1 } });
    expect(JSON.parse(JSON.stringify(value))).toEqual({
      module: 'shop.models',
      name: 'Cart',
      state: { size: 1 },
    });
    expect(inspect(value)).toContain('shop.models.Cart');
    expect(inspect(PyTuple.from([1, 2]))).toContain('PyTuple');
  });
});
