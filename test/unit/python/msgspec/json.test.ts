/** What JSON alone has; text is compared with msgspec's in test/vectors. */

import { describe, expect, test } from 'vitest';

import { Ext, json } from '../../../../src/python/msgspec/index.js';
import { PyTuple } from '../../../../src/python/pickle/index.js';

const ENCODE_ERROR: unknown = expect.objectContaining({ code: 'ERR_MSGSPEC_ENCODE' });

function encode(value: unknown): string {
  return json.encode(value).toString();
}

function decode(text: string): unknown {
  return json.decode(Buffer.from(text));
}

describe('numbers', () => {
  test('an integral number is an int, however large', () => {
    expect(encode([1e21, -(2n ** 70n)])).toBe('[1000000000000000000000,-1180591620717411303424]');
  });

  test('an int of more digits than Python converts is refused', () => {
    expect(encode(10n ** 4299n)).toHaveLength(4300);
    expect(() => encode(10n ** 4300n)).toThrow(ENCODE_ERROR);
    expect(() => decode('1'.repeat(4301))).toThrow(
      expect.objectContaining({ code: 'ERR_MSGSPEC_DECODE' }),
    );
  });

  test('-0 is an int without a fraction, and a float with one', () => {
    expect(decode('[-0,-0.0]')).toEqual([0, -0]);
  });

  test('floats that JSON has no form for are null', () => {
    expect(encode([NaN, Infinity, -Infinity])).toBe('[null,null,null]');
  });
});

describe('keys', () => {
  test('numbers, dates and bytes become the text that stands for them', () => {
    const keys = [1, 1.5, 2n ** 60n, NaN, -Infinity, new Date(0), new Uint8Array([1])];
    expect(encode(new Map(keys.map((key) => [key, 0])))).toBe(
      '{"1":0,"1.5":0,"1152921504606846976":0,"nan":0,"-inf":0,"1970-01-01T00:00:00Z":0,"AQ==":0}',
    );
  });

  test.each([
    ['null', null],
    ['a bool', true],
    ['a tuple', PyTuple.of(1)],
    ['a dict', {}],
  ])('%s is refused', (_, key) => {
    expect(() => encode(new Map([[key, 1]]))).toThrow(ENCODE_ERROR);
  });
});

test('an Ext is refused', () => {
  expect(() => encode([new Ext(1, new Uint8Array())])).toThrow(ENCODE_ERROR);
});

test('bytes are written as base64, and read as text', () => {
  expect(decode(encode([new Uint8Array([0xfb, 0xff])]))).toEqual(['+/8=']);
});

describe('errors', () => {
  test.each([
    ['a trailing comma', '[1,]', 3],
    ['two values', '1 2', 2],
    ['a key that is no string', '{1:2}', 1],
    ['a missing comma', '[1 2]', 3],
    ['a missing colon', '{"a" 1}', 5],
    ['a control character', '"a\nb"', 2],
    ['an unknown escape', '["\\x"]', 1],
    ['half of an escaped pair', '["a","\\ud800"]', 5],
    ['a leading zero', '[01]', 2],
    ['an unknown word', '[nul]', 1],
    ['an early end', '{"a":[1', 7],
    ['a float that is too large', '[1e999]', 1],
  ])('%s is refused, with the offset', (_, text, offset) => {
    expect(() => decode(text)).toThrow(
      expect.objectContaining({ code: 'ERR_MSGSPEC_DECODE', offset }),
    );
  });
});
