import { deflateSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';

import { ArgumentError, BadPayload, ConfigError } from '../../../../src/errors.js';
import {
  BadData,
  Serializer,
  Signer,
  URLSafeSerializer,
  URLSafeTimedSerializer,
} from '../../../../src/python/itsdangerous/index.js';
import { PyFloat } from '../../../../src/python/pickle/values/py-float.js';
import type { DataSerializer } from '../../../../src/python/itsdangerous/index.js';

const CLASSES = [Serializer, URLSafeSerializer, URLSafeTimedSerializer];

describe.each(CLASSES)('%o', (AnySerializer) => {
  const serializer = new AnySerializer('secret');

  test('loads gives back what dumps was given', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())), (value) => {
        expect(serializer.loads(serializer.dumps(value))).toEqual(value);
      }),
      { seed: 1 },
    );
  });

  test('what was read is written as it was', () => {
    const read = serializer.loads(serializer.dumps({ b: new PyFloat(1), 10: 1, 9: 2n ** 70n }));
    expect(serializer.dumpPayload(read)).toEqual(
      serializer.dumpPayload(
        new Map<unknown, unknown>([
          ['9', 2n ** 70n],
          ['10', 1],
          ['b', new PyFloat(1)],
        ]),
      ),
    );
  });

  test('loads of anything throws BadData or nothing', () => {
    const right = serializer.dumps({ id: 7 });
    const cut = fc.nat(right.length).map((length) => right.slice(0, length));
    const spliced = fc
      .tuple(cut, fc.string({ unit: 'binary' }))
      .map(([start, rest]) => start + rest + right.slice(start.length));
    fc.assert(
      fc.property(
        fc.oneof(cut, spliced, fc.string({ unit: 'binary' }), fc.uint8Array()),
        (text) => {
          try {
            serializer.loads(text);
          } catch (error) {
            expect(error).toBeInstanceOf(BadData);
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  test('loads of any payload that is rightly signed throws BadPayload or nothing', () => {
    const signer = serializer.makeSigner();
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (payload, isMarked) => {
        const bytes = isMarked ? Buffer.concat([Buffer.from('.'), payload]) : payload;
        try {
          serializer.loads(signer.sign(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(BadPayload);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test.each([
    ['a function', () => 1],
    ['a Date', new Date(0)],
    ['a symbol', [Symbol('x')]],
    ['undefined in a list', [undefined]],
    ['a Set', { a: new Set() }],
    ['a key that is an object', new Map([[{}, 1]])],
    ['a cycle', cycle()],
    ['too deep a value', nested(1000)],
  ])('refuses to write %s', (_name, value) => {
    expect(() => serializer.dumps(value)).toThrow(ArgumentError);
  });
});

describe('Serializer', () => {
  test('refuses options that no signer takes when it is made', () => {
    const signerOptions = { sep: 'a' };
    expect(() => new Serializer('secret', { signerOptions })).toThrow(ConfigError);
    expect(() => new Serializer('secret', { fallbackSigners: [signerOptions] })).toThrow(
      ConfigError,
    );
  });

  test('gives text or bytes as its serializer does', () => {
    const bytes: DataSerializer<Uint8Array> = {
      dumps: (value) => Uint8Array.of(value as number),
      loads: ([byte]) => byte,
    };
    const serializer = new Serializer('secret', { serializer: bytes });
    const signed = serializer.dumps(7);
    expectTypeOf(signed).toEqualTypeOf<Buffer>();
    expectTypeOf(new Serializer('secret').dumps(7)).toEqualTypeOf<string>();
    expect(signed).toBeInstanceOf(Buffer);
    expect(serializer.loads(signed)).toBe(7);
  });

  test('tells what the serializer threw', () => {
    const failure = new Error('no');
    const serializer = new Serializer('secret', {
      serializer: {
        dumps: () => 'x',
        loads: () => {
          throw failure;
        },
      },
    });
    expect(() => serializer.loads(serializer.dumps(1))).toThrow(
      expect.objectContaining({ code: 'ERR_BAD_PAYLOAD', originalError: failure }),
    );
  });

  test('a rightly signed text that cannot be read is an error even where it need not be right', () => {
    const text = new Signer('secret', { salt: 'itsdangerous' }).sign('{');
    expect(() => new Serializer('secret').loadsUnsafe(text)).toThrow(BadPayload);
  });
});

describe('URLSafeSerializer', () => {
  test('stops unpacking at its limit', () => {
    const signer = new Signer('secret', { salt: 'itsdangerous' });
    const bomb = deflateSync(Buffer.alloc(1024 * 1024, '1')).toString('base64url');
    const limited = new URLSafeSerializer('secret', { maxPayloadBytes: 1024 * 1024 - 1 });
    expect(() => limited.loads(signer.sign(`.${bomb}`))).toThrow(BadPayload);
    expect(limited.loadsUnsafe(`.${bomb}.x`)).toEqual([false, null]);
  });

  test('stops at 16 MiB where no limit is given', () => {
    const signer = new Signer('secret', { salt: 'itsdangerous' });
    const text = `"${'x'.repeat(16 * 1024 * 1024 - 2)}"`;
    const pack = (json: string) => `.${deflateSync(json).toString('base64url')}`;
    const serializer = new URLSafeSerializer('secret');
    expect(serializer.loads(signer.sign(pack(text)))).toHaveLength(text.length - 2);
    expect(() => serializer.loads(signer.sign(pack(`${text} `)))).toThrow(BadPayload);
  });
});

function cycle(): unknown {
  const list: unknown[] = [];
  list.push({ list });
  return list;
}

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce((inner) => [inner], null);
}
