import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ArgumentError, BadSignature, ConfigError } from '../../../../src/errors.js';
import { Signer } from '../../../../src/python/itsdangerous/index.js';
import type { SignerOptions } from '../../../../src/python/itsdangerous/index.js';

const signer = new Signer('secret');

describe('Signer', () => {
  test('gives text for text and bytes for bytes', () => {
    const text = signer.sign('é');
    const bytes = signer.sign(Buffer.from('é'));
    expect(bytes.toString()).toBe(text);
    expect(signer.unsign(text)).toBe('é');
    expect(signer.unsign(bytes)).toEqual(Buffer.from('é'));
  });

  test('takes a Uint8Array that is a part of a larger buffer', () => {
    const part = new Uint8Array(Buffer.from('xvaluex')).subarray(1, 6);
    expect(signer.sign(part).toString()).toBe(signer.sign('value'));
    expect(new Signer(part).sign('a')).toBe(new Signer('value').sign('a'));
  });

  test('signs with the last key and takes the signature of each', () => {
    const rotated = new Signer(['old', 'new']);
    expect(rotated.sign('a')).toBe(new Signer('new').sign('a'));
    expect(rotated.unsign(new Signer('old').sign('a'))).toBe('a');
    expect(rotated.secretKey).toEqual(Buffer.from('new'));
  });

  test('keeps what failed to verify for inspection', () => {
    expect(() => signer.unsign('value.wrong')).toThrow(
      expect.objectContaining({ code: 'ERR_BAD_SIGNATURE', payload: Buffer.from('value') }),
    );
  });

  test.each<[string, SignerOptions]>([
    ['sep', { sep: '-' }],
    ['sep', { sep: '' }],
    ['sep', { sep: Buffer.from([0xff]) }],
    ['keyDerivation', { keyDerivation: 'pbkdf2' as never }],
    ['digestMethod', { digestMethod: 'sha0' }],
    ['digestMethod', { digestMethod: 'shake128' }],
  ])('refuses a wrong %s when it is made', (option, options) => {
    expect(() => new Signer('secret', options)).toThrow(
      expect.objectContaining({ name: 'ConfigError', option }),
    );
  });

  test.each([
    { key: [] },
    { key: undefined },
    { key: 7 },
    { key: null },
    { key: ['a', undefined] },
    { key: { 0: 'a', length: 1 } },
  ])('refuses $key for a key', ({ key }) => {
    expect(() => new Signer(key as never)).toThrow(ConfigError);
  });

  test('says nothing of the key, the value or the signature in its message', () => {
    expect(() => signer.unsign('payload.c2lnbmVk')).toThrow(/^(?!.*(payload|secret|c2lnbmVk))/);
  });

  test('unsign gives back what sign was given', () => {
    const seps = fc.constantFrom('.', ':', '::', '·');
    const keys = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 });
    fc.assert(
      fc.property(keys, seps, fc.string({ unit: 'binary' }), (secretKeys, sep, value) => {
        const any = new Signer(secretKeys, { sep, keyDerivation: 'hmac', digestMethod: 'sha256' });
        expect(any.unsign(any.sign(value))).toBe(value);
      }),
      { seed: 1 },
    );
  });

  test('unsign gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (value) => {
        expect(signer.unsign(signer.sign(value))).toEqual(Buffer.from(value));
      }),
      { seed: 1 },
    );
  });

  test('unsign of anything throws BadSignature or nothing', () => {
    const parts = fc.oneof(fc.constantFrom('.', 'value', signer.getSignature('value'), '\ud800'));
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts).map((a) => a.join('')),
    );
    fc.assert(
      fc.property(fc.oneof(texts, fc.uint8Array()), (signed) => {
        expect(signer.validate(signed)).toBe(isUnsigned(signed));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('refuses to sign a lone surrogate, which has no bytes', () => {
    expect(() => signer.sign('\ud800')).toThrow(ArgumentError);
  });
});

function isUnsigned(signed: string | Uint8Array): boolean {
  try {
    signer.unsign(signed as string);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(BadSignature);
    return false;
  }
}
