/** Properties of both codecs; test/interop has msgspec itself judge them. */

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DecodeError, json, msgpack } from '../../../../src/python/msgspec/index.js';
import { anySession } from '../../../support/arbitrary-values.js';

const SEED = 20_260_102;

describe.each(Object.entries({ msgpack, json }))('%s', (_, { decode, encode }) => {
  test('what was read is written back to the same bytes', () => {
    const property = fc.property(anySession, (session) => {
      const bytes = encode(session);
      expect(encode(decode(bytes)).equals(bytes)).toBe(true);
    });
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  test('any bytes are a value or a DecodeError', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(decodes(bytes)).toBeTypeOf('boolean');
    });
    fc.assert(property, { seed: SEED, numRuns: 5000 });
  });

  test('a session with any one byte changed is a value or a DecodeError', () => {
    const property = fc.property(anySession, fc.nat(), fc.nat(255), (session, at, byte) => {
      const bytes = encode(session);
      bytes[at % bytes.length] = byte;
      expect(decodes(bytes)).toBeTypeOf('boolean');
    });
    fc.assert(property, { seed: SEED, numRuns: 2000 });
  });

  test('no beginning of a session decodes', () => {
    const property = fc.property(anySession, fc.nat(), (session, at) => {
      const bytes = encode(session);
      expect(decodes(bytes.subarray(0, at % bytes.length))).toBe(false);
    });
    fc.assert(property, { seed: SEED, numRuns: 1000 });
  });

  /** Whether bytes decode; throws when the error is not the one that it must be. */
  function decodes(bytes: Uint8Array): boolean {
    try {
      decode(bytes);
      return true;
    } catch (error) {
      if (error instanceof DecodeError) return false;
      throw error;
    }
  }
});
