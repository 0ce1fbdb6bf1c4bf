/** Which format wrote which bytes, and what readPayload and writePayload make of them. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DecodeError, UnpicklingError } from '../../../src/errors.js';
import { json, msgpack } from '../../../src/python/msgspec/index.js';
import { PyFloat, dumps } from '../../../src/python/pickle/index.js';
import {
  readPayload,
  recogniseFormat,
  writePayload,
  type SerializationFormat,
  type SessionSerializer,
} from '../../../src/session/serializers.js';
import { anySession } from '../../support/arbitrary-values.js';

const DECODE_ERROR: unknown = expect.objectContaining({ code: 'ERR_SESSION_DECODE' });
const ENCODE_ERROR: unknown = expect.objectContaining({ code: 'ERR_SESSION_ENCODE' });
const FORMATS = ['pickle', 'msgpack', 'json'] as const;
const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const;

function fromHex(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

describe('the format of', () => {
  const sizes = [0, 1, 2, 3, 4, 7, 8, 14, 15, 16, 17, 300];
  const sessions = sizes.map((size) =>
    Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, i])),
  );

  test.each(PROTOCOLS)('dicts of any size, pickled with protocol %d', (protocol) => {
    for (const session of sessions) {
      expect(recogniseFormat(dumps(session, { protocol }))).toBe('pickle');
    }
  });

  test('dicts of any size in MessagePack and JSON', () => {
    for (const session of sessions) {
      expect(recogniseFormat(msgpack.encode(session))).toBe('msgpack');
      expect(recogniseFormat(json.encode(session))).toBe('json');
    }
  });

  test('dicts in MessagePack whose first key looks like the second byte of a pickle', () => {
    for (let key = 0; key < 128; key++) {
      expect(recogniseFormat(msgpack.encode(new Map([[key, '.']])))).toBe('msgpack');
      const text = String.fromCharCode(key).repeat(key % 32);
      expect(recogniseFormat(msgpack.encode({ [text]: '}.' }))).toBe('msgpack');
    }
  });

  test.each<[string, string, SerializationFormat | undefined]>([
    ['an empty map, which is also the head of a pickle', '80', 'msgpack'],
    ['the head of a pickle', '8004', 'pickle'],
    ['an empty map and bytes left over', '80 a161', 'pickle'],
    ['JSON after white space', '20 0a 7b 7d', 'json'],
    ['a dict pickled by Python 2', '286470300a532761270a70310a49310a732e', 'pickle'],
    ['a map of one entry that ends like a pickle', '81 7d 2e', 'msgpack'],
    ['a pickle that opens with NEWTRUE and drops it', '88 30 7d 2e', 'pickle'],
    ['a map of 8 entries that is a pickle of a dict too', `88 ${'4e'.repeat(14)} 7d 2e`, 'msgpack'],
    ['a pickle that opens with an empty set', '8f 30 7d 2e', 'pickle'],
    ['a pickle that opens with None', '4e 30 7d 2e', 'pickle'],
    ['a map that ends early', '82 a161 01', undefined],
    ['a list in MessagePack', '91 01', undefined],
    ['a number in MessagePack', '05', undefined],
    ['text', '68656c6c6f', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, hex, format) => {
    expect(recogniseFormat(fromHex(hex))).toBe(format);
  });

  test('whatever was written, by properties', () => {
    const property = fc.property(
      anySession,
      fc.constantFrom(...FORMATS),
      fc.constantFrom(...PROTOCOLS),
      (session, format, pickleProtocol) => {
        const bytes = writePayload(session, format, { pickleProtocol });
        expect(recogniseFormat(bytes)).toBe(format);
        const read = readPayload(bytes);
        expect(read.format).toBe(format);
        expect(writePayload(read.data, format, { pickleProtocol })).toEqual(bytes);
      },
    );
    fc.assert(property, { seed: 20_260_102, numRuns: 500 });
  });
});

describe('readPayload', () => {
  test.each(FORMATS)('gives an object for a dict of strs, from %s', (format) => {
    const bytes = writePayload({ a: 1, __proto: [2] }, format);
    expect(readPayload(bytes)).toEqual({ format, data: { a: 1, __proto: [2] } });
  });

  test('gives a Map for a dict with another key', () => {
    const data = new Map<unknown, unknown>([['a', 1]]).set(7, 'seven');
    for (const format of ['pickle', 'msgpack'] as const) {
      expect(readPayload(writePayload(data, format))).toEqual({ format, data });
    }
  });

  test.each([
    ['no bytes', '', undefined],
    ['a pickle of a list', '5d 2e', undefined],
    ['a list in MessagePack', '91 01', undefined],
    ['a list in JSON', '5b 31 5d', undefined],
    ['JSON that ends early', '7b 22 61', DecodeError],
    ['MessagePack that ends early', '81 a1', DecodeError],
    ['a pickle that ends early', '80 04 7d', UnpicklingError],
    ['text', '68656c6c6f', DecodeError],
  ])('refuses %s', (_, hex, cause) => {
    expect(() => readPayload(fromHex(hex))).toThrow(DECODE_ERROR);
    if (cause) expect(causeOf(() => readPayload(fromHex(hex)))).toBeInstanceOf(cause);
  });

  test('refuses any bytes with a SessionDecodeError, or reads a dict', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        expect(readPayload(bytes).data).toBeTypeOf('object');
      } catch (error) {
        expect(error).toEqual(DECODE_ERROR);
      }
    });
    fc.assert(property, { seed: 20_260_102, numRuns: 3000 });
  });

  test.each(FORMATS)('holds the limits, in %s', (format) => {
    const bytes = writePayload({ a: [[[1]]] }, format);
    expect(() => readPayload(bytes, { limits: { maxDepth: 2 } })).toThrow(DECODE_ERROR);
    expect(() => readPayload(bytes, { limits: { maxElements: 2 } })).toThrow(DECODE_ERROR);
    expect(() => readPayload(bytes, { limits: { maxBytes: 5 } })).toThrow(DECODE_ERROR);
  });
});

describe('writePayload', () => {
  test('pickles with protocol 4 unless another one is asked for', () => {
    expect(writePayload({}, 'pickle').subarray(0, 2)).toEqual(fromHex('8004'));
    expect(writePayload({}, 'pickle', { pickleProtocol: 2 }).subarray(0, 2)).toEqual(
      fromHex('8002'),
    );
  });

  test.each(FORMATS)('keeps floats, in %s', (format) => {
    const bytes = writePayload({ price: new PyFloat(2) }, format);
    expect(writePayload(readPayload(bytes).data, format)).toEqual(bytes);
  });

  test.each(FORMATS)('says where a value is that %s cannot hold', (format) => {
    const write = (): unknown => writePayload({ cart: [{ when: Symbol('s') }] }, format);
    expect(write).toThrow(ENCODE_ERROR);
    expect(write).toThrow(/session\.cart\[0\]\.when/);
    expect(causeOf(write)).toMatchObject({ path: 'session.cart[0].when' });
  });

  test('refuses integers of more than 64 bits in MessagePack alone', () => {
    const data = { n: 2n ** 64n };
    expect(() => writePayload(data, 'msgpack')).toThrow(ENCODE_ERROR);
    for (const format of ['pickle', 'json'] as const) {
      expect(readPayload(writePayload(data, format)).data).toEqual(data);
    }
  });
});

describe('a serializer of the application', () => {
  const reversed: SessionSerializer = {
    loads: (bytes) => JSON.parse(Buffer.from(bytes).reverse().toString()) as unknown,
    dumps: (value) => Buffer.from(JSON.stringify(value)).reverse(),
  };

  test('reads and writes in place of all formats', () => {
    const bytes = writePayload({ a: 1 }, 'pickle', { serializer: reversed });
    expect(Buffer.from(bytes).toString()).toBe('}1:"a"{');
    expect(readPayload(bytes, { serializer: reversed })).toEqual({
      format: 'custom',
      data: { a: 1 },
    });
  });

  test('must give a dict', () => {
    const bytes = Buffer.from(']1[');
    expect(() => readPayload(bytes, { serializer: reversed })).toThrow(DECODE_ERROR);
  });

  test('may fail, and its error, which may quote the session, is not passed on', () => {
    const bytes = Buffer.from('}hunter2{');
    const read = (): unknown => readPayload(bytes, { serializer: reversed });
    expect(read).toThrow(DECODE_ERROR);
    expect(read).not.toThrow(/hunter2/);
    expect(causeOf(read)).toBeUndefined();
    const failing = {
      ...reversed,
      dumps: () => {
        throw new TypeError('hunter2');
      },
    };
    const write = (): unknown => writePayload({}, 'custom', { serializer: failing });
    expect(write).toThrow(ENCODE_ERROR);
    expect(write).not.toThrow(/hunter2/);
  });

  test('is needed for what was read by one', () => {
    expect(() => writePayload({}, 'custom')).toThrow(ENCODE_ERROR);
  });
});

function causeOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return (error as Error).cause;
  }
  return undefined;
}
