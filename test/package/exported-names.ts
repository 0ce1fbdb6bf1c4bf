/**
 * exported-names.txt: under each sub-path, what it exports and of what kind.
 * @module
 */

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Written anew by `npm test -- test/package/types --update`. */
export const EXPORTED_NAMES = fileURLToPath(new URL('exported-names.txt', import.meta.url));

const KINDS_OF_VALUES = new Set(['class', 'const', 'function', 'namespace']);

/** By sub-path: the names of what is there at run time, sorted. */
export async function exportedValues(): Promise<Map<string, string[]>> {
  const values = new Map<string, string[]>();
  let names: string[] = [];
  for (const line of (await readFile(EXPORTED_NAMES, 'utf8')).split('\n')) {
    const [, kind, name] = /^ {2}(\S+) +(\S+)$/.exec(line) ?? [];
    if (kind !== undefined && name !== undefined) {
      if (KINDS_OF_VALUES.has(kind)) names.push(name);
    } else if (line !== '') {
      values.set(line, (names = []));
    }
  }
  for (const all of values.values()) all.sort();
  return values;
}
