import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { compress, decompress } from '../../src/python/zlib/index.js';

type Piece = readonly [hex: string, times: number] | readonly ['noise', number, number, number];

interface Case {
  readonly id: string;
  readonly pieces: readonly Piece[];
  readonly length: number;
  readonly sha256: string;
}

const file = new URL('../../compat-fixtures/zlib/zlib.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

test.each(cases)('compress gives the bytes of zlib for $id', ({ pieces, length, sha256 }) => {
  const data = Buffer.concat(pieces.map(expanded));
  const compressed = compress(data);
  expect(compressed.length).toBe(length);
  expect(createHash('sha256').update(compressed).digest('hex')).toBe(sha256);
  expect(decompress(compressed, data.length + 1).equals(data)).toBe(true);
});

/** As in python-harness/gen_zlib.py. */
function expanded(piece: Piece): Buffer {
  if (piece[0] !== 'noise')
    return Buffer.concat(Array(piece[1]).fill(Buffer.from(piece[0], 'hex')));
  const [, symbols, length, seed] = piece as readonly ['noise', number, number, number];
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 16807) % 2147483647;
      return (state >> 8) % symbols;
    }),
  );
}
