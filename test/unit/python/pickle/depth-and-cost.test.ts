/** Deep and shared values, and how the cost grows. */

import { expect, test } from 'vitest';

import { dumps, loads, PyTuple } from '../../../../src/python/pickle/index.js';

const DEEP = 100_000;
const limits = { maxDepth: Infinity };

test('100,000 lists inside each other are read and written', () => {
  const bytes = Buffer.concat([
    Buffer.from([0x80, 4]),
    Buffer.alloc(DEEP, ']'),
    Buffer.alloc(DEEP - 1, 'a'),
    Buffer.from('.'),
  ]);
  const value = loads(bytes, { limits });
  const again = loads(dumps(value, { limits }), { limits });
  expect(depthOf(again)).toBe(DEEP);
});

test('what nests deeper than maxDepth is refused, read or written', () => {
  const bytes = Buffer.concat([Buffer.alloc(6000, ']'), Buffer.alloc(5999, 'a'), Buffer.from('.')]);
  expect(() => loads(bytes)).toThrow(expect.objectContaining({ code: 'ERR_UNPICKLING' }));
  const value = loads(bytes, { limits });
  expect(() => dumps(value)).toThrow(expect.objectContaining({ code: 'ERR_PICKLING' }));
});

test('tuples that hold each other twice cost what their number costs', () => {
  let bomb: unknown = PyTuple.from([1]);
  for (let level = 0; level < 1000; level++) bomb = PyTuple.from([bomb, bomb]);
  const bytes = dumps(bomb);
  expect(bytes.length).toBeLessThan(10_000);
  expect(dumps(loads(bytes))).toEqual(bytes);
});

test.each([
  ['read', (bytes: Buffer) => loads(bytes)],
  ['written', (bytes: Buffer, value: unknown) => dumps(value)],
])('a value %s costs time that grows with its size, not with its square', (_, run) => {
  const sizes = [2_000, 8_000, 32_000];
  const costs = sizes.map((size) => {
    const value = rows(size);
    const bytes = dumps(value);
    return best(() => run(bytes, value));
  });
  // Time over 16 times the size: 16 for a linear cost and 256 for a quadratic one.
  const exponent = Math.log((costs[2] ?? 0) / (costs[0] ?? 1)) / Math.log(16);
  expect(exponent).toBeLessThan(1.7);
});

function rows(size: number): unknown[] {
  return Array.from({ length: size }, (_, i) => ({ id: i, name: `n${i}`, tags: [`t${i % 7}`] }));
}

/** The least processor time of several runs: what other processes disturb least. */
function best(run: () => unknown): number {
  const times = Array.from({ length: 7 }, () => {
    const start = process.cpuUsage();
    run();
    return process.cpuUsage(start).user;
  });
  return Math.min(...times);
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let inner = value; Array.isArray(inner); inner = inner[0] as unknown) depth++;
  return depth;
}
