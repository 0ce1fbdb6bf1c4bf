/**
 * An independent reading of every pickle of the fixtures: pickleparser's, compared with ours after
 * folding away what it cannot express.
 */

import { Parser } from 'pickleparser';
import { describe, expect, test } from 'vitest';

import { loads } from '../../src/python/pickle/index.js';
import { RELEASES, payloadFixture, validCases } from '../support/flask-session-fixtures.js';
import { foldOther, foldTyped } from '../support/folding.js';
import { toTyped } from '../support/typed-json.js';

const UNSIGNED = 'LONG1 is read without its sign';
const EIGHT_BYTES = 'LONG1 of more than eight bytes is refused';
const REPLACED = 'a lone surrogate becomes U+FFFD';
const RAW = 'the escapes of UNICODE are left as they are';
const POPPED_MARK =
  'POP of a mark, which protocol 0 writes for a tuple inside itself, is not known';

/**
 * Values that pickleparser 0.2.1 misreads or refuses, some in one protocol only: each with its reason.
 * One that starts to agree fails.
 */
const MISREADINGS: Readonly<Record<string, string>> = {
  'int-edges': UNSIGNED,
  'int-2-40-negative': UNSIGNED,
  'int-2-53-negative-minus-1': UNSIGNED,
  'int-2-63-negative': UNSIGNED,
  'int-2-63': EIGHT_BYTES,
  'int-below-2-63-negative': EIGHT_BYTES,
  'int-2-64-minus-1': EIGHT_BYTES,
  'int-2-64': EIGHT_BYTES,
  'int-2-100-negative': EIGHT_BYTES,
  'int-255-bytes': EIGHT_BYTES,
  'key-big-int': EIGHT_BYTES,
  uuid: EIGHT_BYTES,
  'str-lone-surrogate': REPLACED,
  'str-surrogate-pair': REPLACED,
  'str-unicode/protocol-0': RAW,
  'str-controls/protocol-0': RAW,
  'bytes/protocol-0': RAW,
  'bytearray/protocol-0': RAW,
  'cycle-tuple/protocol-0': POPPED_MARK,
};

/** Protocols 0 and 1 have no LONG1. */
const READ_IN_TEXT = /^(int-|uuid).*protocol-[01]$/;

describe.each(RELEASES)('pickles of Flask-Session %s', (release) => {
  const cases = picklesOf(release);

  test.each(cases.filter(({ id }) => !isMisread(id)))('$id reads the same', ({ hex }) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(otherReading(bytes)).toEqual(foldTyped(toTyped(loads(bytes))));
  });

  test.each(cases.filter(({ id }) => isMisread(id)))('$id is misread there', ({ hex }) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(otherReading(bytes)).not.toEqual(foldTyped(toTyped(loads(bytes))));
  });
});

test('with its default dict, pickleparser lets a key set the prototype; ours is a plain key', () => {
  const { hex } = validCases('0.6.0').find(({ id }) => id === 'pickle/prototype-keys') ?? {};
  const bytes = Buffer.from(hex ?? '', 'hex');
  const theirs = new Parser().parse<{ admin?: boolean }>(bytes);
  expect(theirs.admin).toBe(true);
  const ours = loads(bytes) as { admin?: boolean };
  expect(ours.admin).toBeUndefined();
  expect(Object.getPrototypeOf(ours)).toBe(Object.prototype);
  expect(Object.keys(ours)).toContain('__proto__');
});

test('every listed misreading names a case', () => {
  const ids = RELEASES.flatMap((release) => picklesOf(release).map(({ id }) => id));
  const named = new Set(ids.flatMap((id) => [valueOf(id), withoutProtocol(valueOf(id))]));
  expect(Object.keys(MISREADINGS).filter((value) => !named.has(value))).toEqual([]);
});

function isMisread(id: string): boolean {
  const value = valueOf(id);
  if (value in MISREADINGS) return true;
  return withoutProtocol(value) in MISREADINGS && !READ_IN_TEXT.test(value);
}

/** The id without what says how it came into the fixture. */
function valueOf(id: string): string {
  return id.replace(/^(read\/)?pickle\//, '');
}

function withoutProtocol(value: string): string {
  return value.replace(/\/protocol-\d$/, '');
}

/** What a release wrote as pickles, or else what it reads of them. */
function picklesOf(release: (typeof RELEASES)[number]): { id: string; hex: string }[] {
  const written = validCases(release).filter(({ format }) => format === 'pickle');
  const reads = payloadFixture(release).reads.filter(
    (read) => read.id.startsWith('read/pickle/') && read.expect === 'valid',
  );
  return [...written, ...reads].map(({ id, hex }) => ({ id, hex }));
}

function otherReading(bytes: Uint8Array): unknown {
  try {
    return foldOther(bytes);
  } catch (error) {
    return { refused: (error as Error).message };
  }
}
