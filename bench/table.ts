/**
 * Ratios as a table of Markdown, and the page of docs/ around it.
 * @module
 */

import { isMissed } from './comparison.js';
import type { Comparison } from './comparison.js';

/** The columns are padded, as Prettier would have them, and so is the table to be read as it is. */
export function renderTable(comparisons: readonly Comparison[]): string {
  const body = comparisons.flatMap(({ title, rows }) =>
    rows.map((row, i) => [
      i === 0 ? title : '',
      row.name,
      row.ratio.toFixed(2),
      row.target === undefined ? '' : row.target.toFixed(2) + (isMissed(row) ? ', missed' : ''),
    ]),
  );
  const lines = [['measured', 'against', 'times as fast', 'at least'], ...body];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  const render = (line: readonly string[]): string =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [lines[0] ?? [], rule, ...body].map(render).join('');
}

/** The whole of docs/benchmarks.md. */
export function renderPage(
  comparisons: readonly Comparison[],
  memory: string,
  setup: readonly string[],
): string {
  return `# Benchmarks

Written by \`npm run bench\`; do not edit. How the benches measure: [bench/README.md](../bench/README.md).

![The table below, as bars](bench.svg)

Each number says how many times as fast as the other the bridge is: above 1 it is faster, below 1
the other is. "At least" is what the bridge is held to.

${renderTable(comparisons)}
## Memory of a Redis server

\`\`\`text
${memory}
\`\`\`

## Measured with

${setup.map((line) => `- ${line}\n`).join('')}`;
}
