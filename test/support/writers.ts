/** Processes that write to sessions, all from the same moment on. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished } from 'vitest';

import type { WriterJob } from './writer-process.js';

/** How many saves ended how. */
export type Outcomes = Readonly<Record<string, number>>;

const WRITER = fileURLToPath(new URL('writer-process.ts', import.meta.url));

/** Starts a process for each share; what is returned lets them all begin, and gives their outcomes. */
export async function startWriters(
  shares: readonly WriterJob['writes'][],
  common: Omit<WriterJob, 'writes'>,
): Promise<() => Promise<Outcomes[]>> {
  const writers = await Promise.all(shares.map((writes) => startWriter({ ...common, writes })));
  return () => Promise.all(writers.map((begin) => begin()));
}

/** How many saves of all writers had an outcome. */
export function total(all: readonly Outcomes[], outcome: string): number {
  return all.reduce((sum, outcomes) => sum + (outcomes[outcome] ?? 0), 0);
}

async function startWriter(job: WriterJob): Promise<() => Promise<Outcomes>> {
  const writer = spawn(process.execPath, ['--import', 'tsx', WRITER], {
    env: { ...process.env, JOB: JSON.stringify(job) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    writer.kill();
  });
  const lines = createInterface(writer.stdout)[Symbol.asyncIterator]();
  expect((await lines.next()).value as unknown).toBe('ready');
  return async () => {
    writer.stdin.write('begin\n');
    const said: unknown = (await lines.next()).value;
    if (typeof said !== 'string') throw new Error('a writer failed');
    return JSON.parse(said) as Outcomes;
  };
}
