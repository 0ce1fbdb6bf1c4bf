import { deflateSync, inflateSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ArgumentError } from '../../../../src/errors.js';
import { compress, decompress } from '../../../../src/python/zlib/index.js';

describe('zlib', () => {
  test('compress gives what any zlib reads', () => {
    const words = fc.constantFrom('flask', 'session', ' ', '0123456789', '\u{1f600}');
    const texts = fc.array(words, { size: 'large' }).map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ size: 'large' }), texts), (data) => {
        expect(inflateSync(compress(data)).equals(data)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test('decompress stops at its limit', () => {
    const bomb = deflateSync(Buffer.alloc(1_000_000));
    expect(decompress(bomb, 1_000_000)).toHaveLength(1_000_000);
    expect(() => decompress(bomb, 999_999)).toThrow(ArgumentError);
  });

  test('decompress refuses what is cut off at any byte', () => {
    const compressed = compress(Buffer.from('Flask and Express on one Redis. '.repeat(4)));
    for (let length = 0; length < compressed.length; length++) {
      expect(() => decompress(compressed.subarray(0, length), 1000)).toThrow(ArgumentError);
    }
  });
});
