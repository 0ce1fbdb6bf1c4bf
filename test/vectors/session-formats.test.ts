/** The format of every session that Flask-Session and msgspec wrote is recognised. */

import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { recogniseFormat } from '../../src/session/serializers.js';
import { RELEASES, bytesOf, validCases } from '../support/flask-session-fixtures.js';
import type { Typed } from '../support/typed-json.js';

describe.each(RELEASES)('sessions of Flask-Session %s', (release) => {
  test.each(validCases(release))('$id', (written) => {
    expect(recogniseFormat(bytesOf(written))).toBe(written.format);
  });
});

describe.each(['0.18.6', '0.22.0'])('dicts that msgspec %s wrote or read', (release) => {
  const url = new URL(`../../compat-fixtures/msgspec/${release}.json`, import.meta.url);
  const { encoded, decoded } = JSON.parse(readFileSync(url, 'utf8')) as Record<
    'encoded' | 'decoded',
    readonly {
      id: string;
      format: string;
      expect: string;
      hex: string;
      value: Typed;
      reads?: null;
    }[]
  >;
  // Two values msgspec writes and cannot read itself.
  const dicts = [...encoded, ...decoded].filter(
    ({ expect: verdict, value, reads }) => verdict === 'valid' && 'dict' in value && reads !== null,
  );

  test.each(dicts)('$id', ({ format, hex }) => {
    expect(recogniseFormat(Buffer.from(hex, 'hex'))).toBe(format);
  });
});
