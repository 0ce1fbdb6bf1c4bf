/** What CPython 3.8 to 3.13 pickle, and what Python 3 reads in the pickles of 2.7. */

import { describe, expect, test } from 'vitest';

import { dumps, loads, type Python2Encoding } from '../../src/python/pickle/index.js';
import { readFixture } from '../support/fixtures.js';
import { fromTyped } from '../support/from-typed.js';
import { isBytesOf, pickleCases, type PickleCase } from '../support/pickle-fixtures.js';
import { normalised, toTyped, type Typed } from '../support/typed-json.js';
import { OTHER_PICKLES, OTHER_READING_OF_2_7, OTHER_TYPED_FORM } from './pickle-gaps.js';

interface Read {
  readonly id: string;
  readonly encoding: Python2Encoding;
  readonly hex: readonly string[];
  readonly expect: 'valid' | 'reject';
  readonly value?: Typed;
}

const cases = pickleCases();
const byC = cases.filter(({ by }) => by.includes('c'));

describe('pickles of CPython 3.8 to 3.13', { timeout: 120_000 }, () => {
  test('hold the values that they were made of, but for the listed', () => {
    const differing = cases.filter((each) => !isValueOf(valueOf(each), each));
    expect(idsOf(differing)).toEqual(Object.keys(OTHER_TYPED_FORM).sort());
  });

  test('of the C pickler are written to the very same bytes, but for the listed', () => {
    const differing = byC.filter((each) => !isBytesOf(written(each), each));
    const listed = byC.filter((each) => `${each.python} ${each.id}` in OTHER_PICKLES);
    const covered = byC.length - listed.length;
    console.log(`${covered} pickles written alike, ${differing.length} of the listed values not`);
    expect([...new Set(differing.map((each) => `${each.python} ${each.id}`))].sort()).toEqual(
      Object.keys(OTHER_PICKLES).sort(),
    );
  });

  test('are there for hundreds of values, each protocol and each Python', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBeGreaterThan(400);
    expect(new Set(cases.map(({ protocol }) => protocol)).size).toBe(6);
    expect(new Set(cases.map(({ python }) => python)).size).toBe(6);
  });
});

describe('pickles of CPython 2.7', () => {
  const { cases: reads } = readFixture('pickle', '2.7.18-read.json') as { cases: readonly Read[] };
  const pickles = reads.flatMap((read) => read.hex.map((hex) => ({ ...read, hex })));

  test('are read as Python 3 reads them by each encoding, but for the listed', () => {
    const differing = pickles.filter((each) => {
      const ours = readHere(Buffer.from(each.hex, 'hex'), each.encoding);
      return JSON.stringify(ours) !== JSON.stringify(each.value && inDict(each.value));
    });
    const ids = new Set(differing.map(({ id, encoding }) => `${encoding} ${id}`));
    expect([...ids].sort()).toEqual(Object.keys(OTHER_READING_OF_2_7).sort());
  });

  test('are all there', () => {
    const { cases: made } = readFixture('pickle', '2.7.18.json') as {
      cases: readonly { readonly hex: string }[];
    };
    const encodings = new Set(pickles.map(({ encoding }) => encoding));
    expect(encodings).toEqual(new Set(['ASCII', 'latin1', 'bytes']));
    for (const encoding of encodings) {
      const read = pickles.filter((each) => each.encoding === encoding).map(({ hex }) => hex);
      expect(new Set(read)).toEqual(new Set(made.map(({ hex }) => hex)));
    }
  });
});

/** What is read; of a long pickle the file has no bytes, so in what is written for its value. */
function valueOf(each: PickleCase): unknown {
  const { hex, value, protocol } = each;
  return loads(hex === undefined ? dumps(fromTyped(value), { protocol }) : Buffer.from(hex, 'hex'));
}

function written(each: PickleCase): Buffer {
  const { hex, value, protocol } = each;
  const read = hex === undefined ? fromTyped(value) : loads(Buffer.from(hex, 'hex'));
  return dumps(read, { protocol });
}

function isValueOf(value: unknown, each: PickleCase): boolean {
  try {
    return JSON.stringify(normalised(toTyped(value))) === JSON.stringify(normalised(each.value));
  } catch {
    return false; // of some classes, as protocols 0 and 1 take them apart, there is no typed JSON
  }
}

function idsOf(found: readonly PickleCase[]): string[] {
  return [...new Set(found.map(({ id }) => id))].sort();
}

function readHere(bytes: Buffer, encoding: Python2Encoding): Typed | undefined {
  try {
    return normalised(inDict(toTyped(loads(bytes, { encoding }))));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_UNPICKLING' });
    return undefined;
  }
}

function inDict(value: Typed): Typed {
  return { dict: [[{ str: 'value' }, value]] };
}
