/**
 * All benches, one after the other, into one table and one picture: docs/benchmarks.md and
 * docs/bench.svg. `npm run bench`; with `-- --rounds 3` a quicker and coarser run, which writes
 * to .cache/bench/ instead.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ROOT } from '../tools/setup.mjs';
import { drawChart } from './chart.js';
import { isMissed, readComparisons } from './comparison.js';
import type { Comparison } from './comparison.js';
import { describeSetup } from './setup.js';
import { renderPage, renderTable } from './table.js';

const RESULTS = join(ROOT, '.cache/bench');

/** Names of scripts in package.json, without `bench:`, of those that compare. */
const BENCHES = ['codec', 'http'];

const { values: flags } = parseArgs({ options: { rounds: { type: 'string' } } });
await mkdir(RESULTS, { recursive: true });
const comparisons: Comparison[] = [];
for (const bench of BENCHES) comparisons.push(...(await run(bench)));
const memory = measureMemory();
const setup = await describeSetup();

// A coarse run says too little to be kept.
const folder = flags.rounds === undefined ? join(ROOT, 'docs') : RESULTS;
await writeFile(join(folder, 'benchmarks.md'), renderPage(comparisons, memory, setup));
await writeFile(join(folder, 'bench.svg'), drawChart(comparisons, setup));
console.log(`\n${renderTable(comparisons)}\n${setup.join('\n')}\nwritten to ${folder}`);
if (comparisons.some(({ rows }) => rows.some(isMissed))) process.exitCode = 1;

/** A bench says by its exit code that a target was missed: the table says so as well. */
async function run(bench: string): Promise<Comparison[]> {
  const file = join(RESULTS, `${bench}.json`);
  await rm(file, { force: true });
  const args = ['--json', file, ...(flags.rounds === undefined ? [] : ['--rounds', flags.rounds])];
  console.log(`\n== ${bench}`);
  spawnSync('npm', ['run', '--silent', `bench:${bench}`, '--', ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return readComparisons(file);
}

/** Bytes are the same on any machine: these are kept as they are printed. */
function measureMemory(): string {
  const args = flags.rounds === undefined ? [] : ['--', '--count', '1000'];
  console.log('\n== memory');
  const { stdout } = spawnSync('npm', ['run', '--silent', 'bench:memory', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  console.log(stdout);
  return stdout.trim();
}
