/** The types that the built package has, by files of which the compiler must accept every line. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const COMPILER = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

test('every line of *.types.ts compiles, and those that must not do not', () => {
  const { stdout, status } = spawnSync(process.execPath, [COMPILER, '-p', import.meta.dirname], {
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
  expect(status).toBe(0);
}, 120_000);
