import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ArgumentError, BadSignature, ConfigError } from '../../../../src/errors.js';
import {
  Signer,
  TimedSerializer,
  TimestampSigner,
} from '../../../../src/python/itsdangerous/index.js';

const NOW = 1767323045;
const signer = new TimestampSigner('secret');

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000 + 900 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('TimestampSigner', () => {
  test('gives the time of signing, in whole seconds', () => {
    const [value, dateSigned] = signer.unsign(signer.sign('a'), { returnTimestamp: true });
    expect(value).toBe('a');
    expect(dateSigned).toEqual(new Date(NOW * 1000));
  });

  test('tells what expired, and when it was signed', () => {
    const signed = signer.sign('a');
    vi.setSystemTime((NOW + 61) * 1000);
    expect(signer.validate(signed, { maxAge: 60 })).toBe(false);
    expect(signer.validate(signed, { maxAge: 61 })).toBe(true);
    expect(() => signer.unsign(signed, { maxAge: 60 })).toThrow(
      expect.objectContaining({
        code: 'ERR_SIGNATURE_EXPIRED',
        payload: Buffer.from('a'),
        dateSigned: new Date(NOW * 1000),
      }),
    );
  });

  test.each([NaN, '60', {}, []])('refuses %j as maxAge, which would never expire', (maxAge) => {
    const options = { maxAge: maxAge as number };
    expect(() => signer.unsign(signer.sign('a'), options)).toThrow(ArgumentError);
    expect(() => signer.validate(signer.sign('a'), options)).toThrow(ArgumentError);
  });

  test('null and undefined are no maxAge', () => {
    expect(signer.unsign(signer.sign('a'), { maxAge: null })).toBe('a');
    expect(signer.unsign(signer.sign('a'), { maxAge: undefined })).toBe('a');
  });

  test('takes its time from a derived class', () => {
    class Epoch extends TimestampSigner {
      override getTimestamp(): number {
        return 0;
      }
    }
    const [, dateSigned] = signer.unsign(new Epoch('secret').sign('a'), { returnTimestamp: true });
    expect(dateSigned).toEqual(new Date(0));
  });

  test('unsign of anything throws BadSignature or nothing', () => {
    const stamps = fc.string({ unit: fc.constantFrom('A', 'Z', '9', '_', '.', '!', 'é') });
    fc.assert(
      fc.property(fc.string(), stamps, fc.boolean(), (value, stamp, returnTimestamp) => {
        const signed = new Signer('secret').sign(`${value}.${stamp}`);
        for (const text of [signed, signed.slice(0, -1)]) {
          try {
            signer.unsign(text, { maxAge: 60, returnTimestamp: returnTimestamp as true });
          } catch (error) {
            expect(error).toBeInstanceOf(BadSignature);
          }
        }
      }),
      { seed: 1 },
    );
  });
});

describe('TimedSerializer', () => {
  test('refuses a signer without timestamps when it is made', () => {
    expect(() => new TimedSerializer('secret', { signer: Signer })).toThrow(ConfigError);
    expect(() => new TimedSerializer('secret', { fallbackSigners: [Signer] })).toThrow(ConfigError);
  });

  test('gives value and time where both are asked for', () => {
    const serializer = new TimedSerializer('secret');
    const text = serializer.dumps({ id: 7 });
    const [value, dateSigned] = serializer.loads(text, { returnTimestamp: true });
    expect(value).toEqual({ id: 7 });
    expect(dateSigned).toEqual(new Date(NOW * 1000));
  });

  test('an expired text is unsafe, but readable', () => {
    const serializer = new TimedSerializer('secret');
    const text = serializer.dumps({ id: 7 });
    vi.setSystemTime((NOW + 61) * 1000);
    expect(serializer.loadsUnsafe(text, { maxAge: 60 })).toEqual([false, { id: 7 }]);
  });
});
