/** Sessions that every release of Flask-Session stored, against our codecs. */

import { describe, expect, test } from 'vitest';

import { SessionDecodeError } from '../../src/index.js';
import { EncodeError } from '../../src/python/msgspec/index.js';
import { readPayload } from '../../src/session/serializers.js';
import { decode, encode } from '../support/codecs.js';
import {
  RELEASES,
  bytesOf,
  payloadFixture,
  validCases,
} from '../support/flask-session-fixtures.js';
import { normalised, toTyped } from '../support/typed-json.js';
import {
  OTHER_BYTES,
  OTHER_FORM,
  OTHER_VALUE,
  OTHER_VERDICT,
  OTHER_VERDICT_TO_0_6,
} from './known-gaps.js';

const PICKLE_RELEASES = ['0.3.2', '0.4.1', '0.5.0', '0.6.0'] as const;
const MSGSPEC_RELEASES = ['0.7.0', '0.8.0'] as const;

describe.each(RELEASES)('what Flask-Session %s stores', (release) => {
  const cases = validCases(release);
  const readable = cases.filter(({ id }) => !(id in OTHER_VALUE));

  test.each(readable)('$id is read as the release reads it', ({ format, hex, value }) => {
    expect(toTyped(decode(format, Buffer.from(hex, 'hex')))).toEqual(normalised(value));
  });

  test.each(cases.filter(({ id }) => id in OTHER_VALUE))(
    '$id is read as another value, as listed',
    ({ format, hex, value }) => {
      expect(toTyped(decode(format, Buffer.from(hex, 'hex')))).not.toEqual(normalised(value));
    },
  );

  test.each(readable.filter(({ id }) => !(id in OTHER_BYTES)))(
    '$id is written to the same bytes',
    ({ format, hex, protocol }) => {
      const value = decode(format, Buffer.from(hex, 'hex'));
      expect(hexOf(encode(format, value, protocol))).toBe(hex);
    },
  );

  test.each(readable.filter(({ id }) => id in OTHER_BYTES))(
    '$id is written to other bytes of the same value, as listed',
    ({ format, hex, protocol, value }) => {
      const bytes = encode(format, decode(format, Buffer.from(hex, 'hex')), protocol);
      expect(hexOf(bytes)).not.toBe(hex);
      expect(toTyped(decode(format, bytes))).toEqual(normalised(value));
    },
  );
});

describe.each(MSGSPEC_RELEASES)(
  'values of a pickle, as Flask-Session %s stores them',
  (release) => {
    const pickles = new Map(validCases('0.6.0').map((pickled) => [pickled.id, bytesOf(pickled)]));
    const cases = payloadFixture(release).cases.map((written) => ({
      ...written,
      source: pickles.get(written.id.replace(/^\w+/, 'pickle')) ?? new Uint8Array(),
      isGap: written.id in OTHER_FORM,
    }));

    test.each(cases.filter((written) => written.expect === 'valid' && !written.isGap))(
      '$id: the same bytes',
      ({ format, source, ...written }) => {
        const bytes = encode(format, decode('pickle', source));
        expect(hexOf(bytes)).toBe('hex' in written && written.hex);
      },
    );

    test.each(cases.filter((written) => written.expect === 'reject' && !written.isGap))(
      '$id: refused',
      ({ format, source }) => {
        const value = decode('pickle', source);
        expect(() => encode(format, value)).toThrow(EncodeError);
      },
    );

    test.each(cases.filter(({ isGap }) => isGap))(
      '$id: not the same, as listed',
      ({ format, source, ...written }) => {
        expect(outcomeOf(() => hexOf(encode(format, decode('pickle', source))))).not.toBe(
          'hex' in written ? written.hex : 'EncodeError',
        );
      },
    );
  },
);

describe.each(RELEASES)('bytes that Flask-Session %s finds', (release) => {
  const isPickleRelease = PICKLE_RELEASES.some((older) => older === release);
  const gaps = isPickleRelease ? OTHER_VERDICT_TO_0_6 : OTHER_VERDICT;
  // A release up to 0.6 refuses MessagePack and JSON, which we read for all.
  const reads = payloadFixture(release).reads.filter(
    ({ id }) => !isPickleRelease || !/^read\/(msgpack|json)\//.test(id),
  );

  test.each(reads.filter((read) => read.expect === 'valid' && !(read.id in gaps)))(
    '$id is read as the release reads it',
    (read) => {
      const { data } = readPayload(bytesOf(read));
      expect(toTyped(data)).toEqual('value' in read && normalised(read.value));
    },
  );

  test.each(reads.filter((read) => read.expect === 'reject' && !(read.id in gaps)))(
    '$id is refused',
    (read) => {
      expect(() => readPayload(bytesOf(read))).toThrow(SessionDecodeError);
    },
  );

  test.each(reads.filter(({ id }) => id in gaps))('$id is judged otherwise, as listed', (read) => {
    const outcome = outcomeOf(() => JSON.stringify(toTyped(readPayload(bytesOf(read)).data)));
    expect(outcome).not.toBe(
      'value' in read ? JSON.stringify(normalised(read.value)) : 'SessionDecodeError',
    );
  });
});

test('every listed gap names a case', () => {
  const ids = new Set(
    RELEASES.flatMap((release) => {
      const { cases, reads } = payloadFixture(release);
      return [...cases, ...reads].map(({ id }) => id);
    }),
  );
  const gaps = [OTHER_VALUE, OTHER_BYTES, OTHER_FORM, OTHER_VERDICT_TO_0_6].flatMap((list) =>
    Object.keys(list),
  );
  expect(gaps.filter((id) => !ids.has(id))).toEqual([]);
});

function outcomeOf(attempt: () => string): string {
  try {
    return attempt();
  } catch (error) {
    return (error as Error).name;
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
