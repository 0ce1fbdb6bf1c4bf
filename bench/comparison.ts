/**
 * What a bench found, in a form that bench/all.ts can put together: ratios, no times.
 * @module
 */

import { readFile, writeFile } from 'node:fs/promises';

/** One thing that was measured, against each contender. */
export interface Comparison {
  readonly title: string;
  readonly rows: readonly ComparisonRow[];
}

export interface ComparisonRow {
  /** The contender. */
  readonly name: string;
  /** How many times as much as the contender the bridge does in the same time; more is better. */
  readonly ratio: number;
  /** The least that the ratio must be. */
  readonly target?: number | undefined;
}

export function isMissed({ ratio, target }: ComparisonRow): boolean {
  return target !== undefined && ratio < target;
}

/** Writes what `--json FILE` asks a bench for. */
export async function writeComparisons(
  file: string,
  comparisons: readonly Comparison[],
): Promise<void> {
  await writeFile(file, `${JSON.stringify(comparisons, undefined, 2)}\n`);
}

export async function readComparisons(file: string): Promise<Comparison[]> {
  return JSON.parse(await readFile(file, 'utf8')) as Comparison[];
}
