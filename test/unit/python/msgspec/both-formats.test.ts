/** What holds for MessagePack and JSON alike. */

import { describe, expect, test } from 'vitest';

import { json, msgpack } from '../../../../src/python/msgspec/index.js';
import {
  PyDateTime,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyTimeZone,
  PyTuple,
} from '../../../../src/python/pickle/index.js';

const DECODE_ERROR: unknown = expect.objectContaining({ code: 'ERR_MSGSPEC_DECODE' });
const ENCODE_ERROR: unknown = expect.objectContaining({ code: 'ERR_MSGSPEC_ENCODE' });

describe.each(Object.entries({ msgpack, json }))('%s', (_, { decode, encode }) => {
  function copyOf(value: unknown): unknown {
    return decode(encode(value));
  }

  function errorOf(value: unknown): unknown {
    try {
      encode(value, { root: 'session' });
    } catch (error) {
      return error;
    }
    throw new Error('it was written');
  }

  describe('numbers', () => {
    test('an integral float is written as a float after it was read', () => {
      const bytes = encode({ price: new PyFloat(2), list: [new PyFloat(1), 1] });
      const session = decode(bytes);
      expect(session).toEqual({ price: 2, list: [1, 1] });
      expect(encode(session)).toEqual(bytes);
    });

    test('another number in the place of a float is written as what it is', () => {
      const session = decode(encode({ price: new PyFloat(2) })) as { price: number };
      session.price = 3;
      expect(encode(session)).toEqual(encode({ price: 3 }));
    });

    test('of two equal keys the last one says whether the number is a float', () => {
      const float = Buffer.from('{"a":1,"a":1.0}');
      const int = Buffer.from('{"a":1.0,"a":1}');
      expect(json.encode(json.decode(float)).toString()).toBe('{"a":1.0}');
      expect(json.encode(json.decode(int)).toString()).toBe('{"a":1}');
    });

    test('integers are numbers as long as that is exact, and bigints beyond', () => {
      const integers = [2 ** 53 - 1, 1 - 2 ** 53, 2n ** 53n, -(2n ** 53n), 2n ** 64n - 1n];
      expect(copyOf(integers)).toEqual(integers);
      expect(encode([5n])).toEqual(encode([5]));
    });

    test('-0 is a float, and stays one', () => {
      expect(copyOf([-0])).toEqual([-0]);
      expect(encode([-0])).toEqual(encode([new PyFloat(-0)]));
    });
  });

  describe('dicts', () => {
    test('keys that name parts of a prototype are ordinary own keys', () => {
      const text = '{"__proto__":{"admin":true},"constructor":1,"toString":2}';
      const read = copyOf(JSON.parse(text)) as Record<string, unknown>;
      expect(JSON.stringify(read)).toBe(text);
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      expect(read['admin']).toBeUndefined();
    });

    test('keys that look like indices come back in the order that Python gave them', () => {
      const bytes = encode(new Map(['b', '2', 'a', '1', '0'].map((key, index) => [key, index])));
      const read = decode(bytes) as Record<string, unknown>;
      expect(encode(read)).toEqual(bytes);
      read['new'] = 1;
      delete read['b'];
      const keys = ['2', 'a', '1', '0', 'new'];
      expect(encode(read)).toEqual(encode(new Map(keys.map((key) => [key, read[key]]))));
    });

    test('undefined is left out of a dict, and has no place in a list', () => {
      const map = new Map<unknown, unknown>([
        ['a', undefined],
        ['b', 1],
      ]);
      expect(encode({ a: undefined, b: 1 })).toEqual(encode({ b: 1 }));
      expect(encode(map)).toEqual(encode({ b: 1 }));
      expect(() => encode([undefined])).toThrow(ENCODE_ERROR);
    });

    test('an object without a prototype is a dict', () => {
      const object = Object.assign(Object.create(null) as object, { a: 1 });
      expect(encode(object)).toEqual(encode({ a: 1 }));
    });
  });

  test('tuples and sets are written as lists', () => {
    const list = encode([1, 'a']);
    expect(encode(PyTuple.of<unknown>(1, 'a'))).toEqual(list);
    expect(encode(new Set([1, 'a']))).toEqual(list);
    expect(encode(new PyFrozenSet([1, 'a']))).toEqual(list);
  });

  test('a Date is written as an aware datetime in UTC', () => {
    const ms = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const when = new PyDateTime(2026, 1, 2, 3, 4, 5, 678_000, { tzinfo: PyTimeZone.utc });
    expect(encode([new Date(ms)])).toEqual(encode([when]));
    expect(() => encode(new Date(NaN))).toThrow(ENCODE_ERROR);
    expect(() => encode(new Date('+010000-01-01T00:00:00Z'))).toThrow(ENCODE_ERROR);
  });

  test('a datetime whose offset is not known here is refused', () => {
    const pytz = new PyObject(new PyGlobal('pytz', '_p'), { form: 'reduce', args: ['UTC'] });
    expect(() => encode(new PyDateTime(2026, 1, 2, 0, 0, 0, 0, { tzinfo: pytz }))).toThrow(
      ENCODE_ERROR,
    );
  });

  test('a place has its offset of the day', () => {
    const tzinfo = PyTimeZone.zone('Europe/Berlin');
    const hour = { summer: 10, winter: 11 };
    const times = [
      new PyDateTime(2026, 7, 1, hour.summer + 2, 0, 0, 0, { tzinfo }),
      new PyDateTime(2026, 1, 1, hour.winter + 1, 0, 0, 0, { tzinfo }),
    ];
    expect(json.encode(times).toString()).toBe(
      '["2026-07-01T12:00:00+02:00","2026-01-01T12:00:00+01:00"]',
    );
    expect(msgpack.encode(times)).toEqual(
      msgpack.encode([new Date('2026-07-01T10:00:00Z'), new Date('2026-01-01T11:00:00Z')]),
    );
  });

  describe('what has no form', () => {
    class Cart {
      items = [];
    }
    const python = new PyObject(new PyGlobal('shop.models', 'Product'), { state: { sku: 'a' } });

    test.each([
      ['a symbol', Symbol('s')],
      ['a function', () => 1],
      ['an instance of a class', new Cart()],
      ['an object of a Python class', python],
      ['a Python class', new PyGlobal('shop.models', 'Product')],
      ['a time zone', PyTimeZone.utc],
      ['half of a surrogate pair', 'a\ud800'],
      ['half of a surrogate pair in a long text', `${'x'.repeat(100)}\udc00`],
      ['a regular expression', /x/],
      ['a WeakMap', new WeakMap()],
    ])('%s', (_name, value) => {
      expect(() => encode({ value })).toThrow(ENCODE_ERROR);
    });

    test('the error names the place', () => {
      expect(errorOf({ cart: [1, 2, 3, { when: new Cart() }] })).toMatchObject({
        path: 'session.cart[3].when',
      });
      expect(errorOf({ 'a b': new Set([Symbol('s')]) })).toMatchObject({
        path: 'session["a b"]{0}',
      });
      expect(errorOf(Symbol('s'))).toMatchObject({ path: 'session' });
      expect(errorOf(new Map([[7, { x: Symbol('s') }]]))).toMatchObject({ path: 'session[7].x' });
    });

    test('the error tells nothing of the value', () => {
      const secret = { token: 'hunter2'.repeat(20), bad: Symbol('hunter2') };
      expect(String(errorOf(secret))).not.toContain('hunter2');
      expect(String(errorOf({ a: 'hunter2\ud800' }))).not.toContain('hunter2');
    });

    test('the path of a cycle is cut short', () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      expect(errorOf(cycle)).toMatchObject({ code: 'ERR_MSGSPEC_ENCODE' });
      expect(String(errorOf(cycle)).length).toBeLessThan(250);
    });
  });

  describe('depth', () => {
    function nested(depth: number): unknown {
      let value: unknown = 1;
      for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { k: value };
      return value;
    }

    test('800 levels are written by default, and no more', () => {
      expect(copyOf(nested(800))).toEqual(nested(800));
      expect(() => encode(nested(801))).toThrow(ENCODE_ERROR);
    });

    test('maxDepth bounds both directions', () => {
      const bytes = encode(nested(10));
      expect(() => encode(nested(10), { limits: { maxDepth: 9 } })).toThrow(ENCODE_ERROR);
      expect(() => decode(bytes, { limits: { maxDepth: 9 } })).toThrow(DECODE_ERROR);
      expect(decode(bytes, { limits: { maxDepth: 10 } })).toEqual(nested(10));
    });

    test('no depth overflows the stack, whatever the limits', () => {
      const limits = { maxDepth: Infinity };
      const bytes = encode(nested(200_000), { limits });
      expect(encode(decode(bytes, { limits }), { limits }).equals(bytes)).toBe(true);
      expect(() => decode(bytes)).toThrow(DECODE_ERROR);
    });
  });

  describe('limits', () => {
    test('maxBytes bounds the input', () => {
      const bytes = encode({ a: 'xyz' });
      expect(decode(bytes, { limits: { maxBytes: bytes.length } })).toEqual({ a: 'xyz' });
      expect(() => decode(bytes, { limits: { maxBytes: bytes.length - 1 } })).toThrow(DECODE_ERROR);
    });

    test('what is written is bounded too, so that it can be read again', () => {
      const value = { a: [1, 2], b: ['xyz'] };
      const length = encode(value).length;
      expect(() => encode(value, { limits: { maxBytes: length - 1 } })).toThrow(ENCODE_ERROR);
      expect(() => encode(value, { limits: { maxElements: 6 } })).toThrow(ENCODE_ERROR);
      expect(() => encode('ü'.repeat(10), { limits: { maxBytes: 15 } })).toThrow(ENCODE_ERROR);
      const limits = { maxBytes: length, maxElements: 7 };
      expect(decode(encode(value, { limits }), { limits })).toEqual(value);
    });

    test('a value that doubles at each of its levels is refused before it fills the memory', () => {
      let value: unknown[] = [];
      for (let level = 0; level < 100; level++) value = [value, value];
      expect(() => encode(value)).toThrow(ENCODE_ERROR);
    });

    test('maxElements bounds items, keys and values together', () => {
      const bytes = encode({ a: [1, 2], b: [3] });
      expect(decode(bytes, { limits: { maxElements: 7 } })).toEqual({ a: [1, 2], b: [3] });
      expect(() => decode(bytes, { limits: { maxElements: 6 } })).toThrow(DECODE_ERROR);
    });
  });

  test('every beginning of a session that is not all of it is refused', () => {
    const bytes = encode({ a: [1.5, 'ü', 300, null], b: { c: true, d: -70_000, e: 2n ** 60n } });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(DECODE_ERROR);
    }
  });

  test('a value may encode another one while it is encoded', () => {
    const inner = { n: 'x'.repeat(50) };
    const outer = {
      a: 1,
      get b() {
        return encode(inner);
      },
      c: 'after',
    };
    expect(encode(outer)).toEqual(encode({ a: 1, b: encode(inner), c: 'after' }));
  });

  test('an encoder that failed writes the next value as if nothing was', () => {
    expect(() => encode([['x', Symbol('s')]])).toThrow(ENCODE_ERROR);
    expect(copyOf({ a: [1] })).toEqual({ a: [1] });
  });

  test('what was written is not overwritten by the next value', () => {
    const first = encode({ a: 'first' });
    const copy = Buffer.from(first);
    encode({ b: 'second' });
    expect(first).toEqual(copy);
  });

  test('bytes may come as any Uint8Array, also as a part of a larger one', () => {
    const bytes = encode({ a: ['ü', 1] });
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 5);
    expect(decode(larger.subarray(5, 5 + bytes.length))).toEqual({ a: ['ü', 1] });
  });
});
