/** What real msgspec writes and reads, against our MessagePack and JSON. */

import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { json, msgpack } from '../../src/python/msgspec/index.js';
import { fromTyped } from '../support/from-typed.js';
import { toTyped, type Typed } from '../support/typed-json.js';

const CODECS = { msgpack, json };

interface Case {
  readonly id: string;
  readonly note: string;
  readonly format: keyof typeof CODECS;
  readonly expect: 'valid' | 'reject';
  readonly hex: string;
  readonly value: Typed;
  /** What msgspec reads in the bytes that it wrote; `null` where it cannot. */
  readonly reads?: Typed | null;
}

interface Fixture {
  readonly encoded: readonly Case[];
  readonly decoded: readonly Case[];
}

/** Values that msgspec writes and we refuse, or the other way round. */
const OTHER_VERDICT: Readonly<Record<string, string>> = {
  'class-namedtuple': 'refused: its data could be that of any class with __getnewargs__',
  enum: 'refused: its data could be that of any class with __reduce__',
  'enum-int': 'refused: its data could be that of any class with __reduce__',
  'str-surrogate-pair': 'written: in JavaScript it is the character that the pair names',
};

/** Bytes that we read otherwise than a release does. */
const OTHER_VALUE: Readonly<Record<string, string>> = {
  '0.18.6 json/number-19999999999999999999':
    'it gives 1553255926290448383; 0.20 reads what is there',
};

/** Bytes that do not come back when what was read in them is written. */
const OTHER_BYTES: Readonly<Record<string, string>> = {
  'json/keys-int-and-str': 'two equal keys, of which one is read',
};

describe.each(['0.18.6', '0.22.0'])('msgspec %s', (release) => {
  const { encoded, decoded } = readFixture(release);
  const written = encoded.filter((each) => each.expect === 'valid' && !isListed(each));
  const refused = encoded.filter((each) => (each.expect === 'valid') === isListed(each));
  const writtenHere = encoded.filter((each) => each.expect === 'reject' && isListed(each));
  const readable = written.filter((each) => each.reads);
  const values = decoded.filter((each) => each.expect === 'valid');
  const sameValues = values.filter(({ id }) => !(`${release} ${id}` in OTHER_VALUE));

  test.each(written)('$id is written to the same bytes', ({ format, value, hex }) => {
    expect(hexOf(CODECS[format].encode(fromTyped(value)))).toBe(hex);
  });

  test.each(refused)('$id is refused', ({ format, value }) => {
    expect(() => CODECS[format].encode(fromTyped(value))).toThrow(
      expect.objectContaining({ code: 'ERR_MSGSPEC_ENCODE' }),
    );
  });

  test.each(writtenHere)('$id is written all the same', ({ format, value }) => {
    expect(CODECS[format].encode(fromTyped(value)).length).toBeGreaterThan(0);
  });

  test.each(readable)('$id is read as msgspec reads it', ({ format, hex, reads }) => {
    expect(toTyped(CODECS[format].decode(inList(format, hex)))).toEqual({ list: [reads] });
  });

  test.each(written.filter((each) => !each.reads))(
    '$id, which msgspec cannot read itself, is refused when read',
    ({ format, hex }) => {
      expect(() => CODECS[format].decode(inList(format, hex))).toThrow(
        expect.objectContaining({ code: 'ERR_MSGSPEC_DECODE' }),
      );
    },
  );

  test.each(readable.filter(({ id }) => !(id in OTHER_BYTES)))(
    '$id comes back as it was read',
    ({ format, hex }) => {
      const { decode, encode } = CODECS[format];
      const list = inList(format, hex);
      expect(hexOf(encode(decode(list)))).toBe(hexOf(list));
    },
  );

  test.each(sameValues)('the bytes $id hold the same value', ({ format, hex, value }) => {
    expect(toTyped(CODECS[format].decode(inList(format, hex)))).toEqual({ list: [value] });
  });

  test.each(decoded.filter((each) => each.expect === 'reject'))(
    'the bytes $id are refused',
    ({ format, hex }) => {
      expect(() => CODECS[format].decode(Buffer.from(hex, 'hex'))).toThrow(
        expect.objectContaining({ code: 'ERR_MSGSPEC_DECODE' }),
      );
    },
  );

  test('only the listed bytes are read otherwise', () => {
    const found = values.filter(({ format, hex, value }) => {
      const ours = toTyped(CODECS[format].decode(inList(format, hex)));
      return JSON.stringify(ours) !== JSON.stringify({ list: [value] });
    });
    const listed = Object.keys(OTHER_VALUE).filter((id) => id.startsWith(release));
    expect(found.map(({ id }) => `${release} ${id}`)).toEqual(listed);
  });
});

function isListed({ id }: Case): boolean {
  return id.replace(/^\w+\//, '') in OTHER_VERDICT;
}

/** The bytes in a list of one: outside of a container, 1.0 is read as the number 1. */
function inList(format: keyof typeof CODECS, hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  return format === 'json'
    ? Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')])
    : Buffer.concat([Buffer.from([0x91]), bytes]);
}

function readFixture(release: string): Fixture {
  const url = new URL(`../../compat-fixtures/msgspec/${release}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Fixture;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
