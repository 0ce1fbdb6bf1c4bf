/** What MessagePack alone has; bytes are compared with msgspec's in test/vectors. */

import { describe, expect, test } from 'vitest';

import { Ext, msgpack } from '../../../../src/python/msgspec/index.js';
import { PyDateTime, PyTuple } from '../../../../src/python/pickle/index.js';

const { decode, encode } = msgpack;
const DECODE_ERROR: unknown = expect.objectContaining({ code: 'ERR_MSGSPEC_DECODE' });

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

describe('keys', () => {
  test('a dict with a key that is no str becomes a Map, with the entries before it', () => {
    const bytes = fromHex('83' + 'a161cb3ff0000000000000' + '0102' + 'a16203');
    const map = decode(bytes);
    expect(map).toEqual(
      new Map<unknown, unknown>([
        ['a', 1],
        [1, 2],
        ['b', 3],
      ]),
    );
    expect(encode(map)).toEqual(bytes);
  });

  test('a float key stays a float, -0 too', () => {
    for (const hex of ['81cb400000000000000001', '81cb800000000000000001']) {
      expect(encode(decode(fromHex(hex)))).toEqual(fromHex(hex));
    }
  });

  test.each([
    ['an array', [1]],
    ['a tuple with an array in it', PyTuple.of([1])],
    ['an object', {}],
    ['an Ext', new Ext(1, new Uint8Array())],
  ])('%s is refused as key, for Python could not read the dict', (_, key) => {
    expect(() => encode(new Map([[key, 1]]))).toThrow(
      expect.objectContaining({ code: 'ERR_MSGSPEC_ENCODE' }),
    );
  });

  test('an array as key becomes a tuple', () => {
    const [key] = (decode(fromHex('81920191a16101')) as Map<unknown, unknown>).keys();
    expect(key).toEqual(PyTuple.of<unknown>(1, PyTuple.of('a')));
    expect(key).toBeInstanceOf(PyTuple);
  });
});

describe('sizes', () => {
  test.each([
    ['a str', 'x'.repeat(65_536), 'db00010000'],
    ['bytes', new Uint8Array(65_536), 'c600010000'],
    ['a list', new Array(65_536).fill(0), 'dd00010000'],
    ['an ext', new Ext(1, new Uint8Array(65_536)), 'c90001000001'],
    ['a dict', new Map(Array.from({ length: 65_536 }, (_, i) => [i, 0])), 'df00010000'],
  ])('%s of 65536 has a size of 32 bits, and comes back', (_, value, header) => {
    const bytes = encode(value);
    expect(bytes.subarray(0, header.length / 2).toString('hex')).toBe(header);
    expect(encode(decode(bytes)).equals(bytes)).toBe(true);
  });

  test.each(['dc', 'dd', 'de', 'df', 'c6', 'c9', 'db'])(
    'a size after %s that the input cannot hold is refused at once',
    (code) => {
      expect(() => decode(fromHex(`${code}ffffffff01`))).toThrow(DECODE_ERROR);
    },
  );

  test('a size above maxElements is refused before its items are read', () => {
    const bytes = Buffer.concat([fromHex('dd00002710'), Buffer.alloc(10_000, 0xc1)]);
    expect(() => decode(bytes, { limits: { maxElements: 9_999 } })).toThrow(
      expect.objectContaining({ offset: 5 }),
    );
  });
});

test('no byte is lost where the buffer grows', () => {
  for (let size = 8150; size < 8200; size++) {
    const list = ['x'.repeat(size), 1, null, true, 300, 70_000, 1.5, 2n ** 60n, 'end'];
    expect(decode(encode(list))).toEqual(list);
  }
});

describe('errors', () => {
  test.each([
    ['a reserved code', '92c0c1', 2],
    ['bytes left over', 'c0c0', 1],
    ['a str that ends early', 'a36162', 3],
    ['no bytes at all', '', 0],
    ['a str that is no UTF-8', '91a2c328', 2],
    ['a dict as key', '81' + '80' + '01', 2],
  ])('%s is refused, with the offset', (_, hex, offset) => {
    expect(() => decode(fromHex(hex))).toThrow(expect.objectContaining({ offset }));
  });
});

test('bytes that were read do not share memory with the input', () => {
  const bytes = fromHex('92c4020102c70205aabb'.replace('c70205', 'd505'));
  const [read, ext] = decode(bytes) as [Uint8Array, Ext];
  bytes.fill(0);
  expect(read).toEqual(new Uint8Array([1, 2]));
  expect(ext.data).toEqual(new Uint8Array([0xaa, 0xbb]));
});

describe('Ext', () => {
  test('comes back with code and data', () => {
    expect(decode(encode(new Ext(-7, fromHex('010203'))))).toEqual(
      new Ext(-7, new Uint8Array([1, 2, 3])),
    );
  });

  test.each([128, -129, 1.5, NaN])('the code %d is refused', (code) => {
    expect(() => new Ext(code, new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT' }),
    );
  });

  test('a timestamp is read as a datetime to the microsecond', () => {
    const bytes = encode(new Date('2026-01-02T03:04:05.678Z'));
    expect(String(decode(bytes) as PyDateTime)).toBe('2026-01-02T03:04:05.678000+00:00');
  });
});
