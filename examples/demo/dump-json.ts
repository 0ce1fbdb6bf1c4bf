/**
 * JSON, line by line: a value with its key, and what opens and closes objects and arrays.
 *
 * @module
 */

import { bufferOf, hexOf } from './dump-line.js';
import type { DumpLine } from './dump-line.js';

export function dumpJson(bytes: Uint8Array): DumpLine[] {
  const buffer = bufferOf(bytes);
  const lines: DumpLine[] = [];
  let depth = 0;
  // One character a byte, so that places in the text are offsets.
  for (const { 0: found, index: offset, groups = {} } of buffer.toString('latin1').matchAll(LINE)) {
    const { value = '' } = groups;
    if (isEnd(value)) depth--;
    const part = buffer.subarray(offset, offset + found.length);
    lines.push({ offset, depth, hex: hexOf(part), name: nameOf(value), text: part.toString() });
    if (value === '{' || value === '[') depth++;
  }
  return lines;
}

/** A key if there is one, a value or a bracket, and a comma if there is one. */
const LINE =
  /\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*)?(?<value>[{}[\]]|"(?:[^"\\]|\\.)*"|[^\s,:{}[\]"]+)\s*,?/g;

const NAMES: Readonly<Record<string, string>> = {
  '{': 'object',
  '[': 'array',
  '"': 'string',
  t: 'true',
  f: 'false',
  n: 'null',
};

function nameOf(value: string): string {
  return isEnd(value) ? 'end' : (NAMES[value.charAt(0)] ?? 'number');
}

function isEnd(value: string): boolean {
  return value === '}' || value === ']';
}
