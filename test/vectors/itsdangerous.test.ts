import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { BridgeError } from '../../src/errors.js';
import * as itsdangerous from '../../src/python/itsdangerous/index.js';
import type { DataSerializer, SignerOptions } from '../../src/python/itsdangerous/index.js';
import { dumps, loads } from '../../src/python/json/index.js';
import { fromTyped } from '../support/from-typed.js';
import { toTyped } from '../support/typed-json.js';
import type { Typed } from '../support/typed-json.js';

interface Case {
  readonly id: string;
  /** Unix time of the call, in seconds. */
  readonly at: number;
  readonly of: Readonly<Record<string, unknown>> & { readonly class: string };
  readonly call: string;
  readonly args: readonly Typed[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly returns?: Typed;
  readonly raises?: {
    readonly class: string;
    readonly payload?: Typed;
    readonly date_signed?: Typed;
  };
}

/** What a call gave, in a form that can be compared. */
type Outcome = { returns: Typed } | { raises: string; payload?: Typed; dateSigned?: Typed };

/** The port's error where 2.2.0 raises one of Python's own. */
const OURS: Readonly<Record<string, string>> = {
  'sign ValueError': 'ConfigError',
  'sign TypeError': 'ConfigError',
  'sign IndexError': 'ConfigError',
  'want_bytes UnicodeEncodeError': 'ArgumentError',
  'sign UnicodeEncodeError': 'ArgumentError',
  'dumps UnicodeEncodeError': 'ArgumentError',
  'unsign UnicodeEncodeError': 'BadSignature',
  'loads UnicodeEncodeError': 'BadSignature',
  'unsign ValueError': 'BadTimeSignature',
  'unsign OverflowError': 'BadTimeSignature',
};

/** Where an older release does otherwise than 2.2.0, which the port follows. */
const OTHERWISE: Readonly<Record<string, readonly { ids: RegExp; reason: string }[]>> = {
  '1.1.0': [
    {
      ids: /^timed-age--\d+-max-\d|^timed-validate--|^loads-.*-age--1|^timestamp-(last|year|all).*-max-age$/,
      reason: 'a timestamp from the future was not refused before 2.1',
    },
    { ids: /^verify-(right|wrong|empty)$/, reason: 'verify_signature took no text before 2.0' },
    {
      ids: /^timestamp-(year-10000|all-ones)-wrongly-signed$/,
      reason: 'date_signed was the number, which may be no date, before 2.0',
    },
  ],
  '2.0.1': [],
  '2.1.2': [],
  '2.2.0': [],
};

const jsonBytes: DataSerializer<Uint8Array> = {
  dumps: (value) => Buffer.from(dumps(value), 'utf16le'),
  loads: (data) => loads(Buffer.from(data).toString('utf16le')),
};

const DIGESTS: Readonly<Record<string, string>> = {
  sha3_256: 'sha3-256',
  blake2b: 'blake2b512',
  blake2s: 'blake2s256',
};

describe.each(Object.entries(OTHERWISE))('itsdangerous %s', (release, differences) => {
  const isDifferent = ({ id }: Case) => differences.some(({ ids }) => ids.test(id));
  const cases = readCases(release);

  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(cases.filter((recorded) => !isDifferent(recorded)))('$id', (recorded) => {
    vi.setSystemTime(recorded.at * 1000);
    expect(outcomeHere(recorded)).toEqual(outcomeThere(recorded));
  });

  test('the listed differences are differences', () => {
    for (const recorded of cases.filter(isDifferent)) {
      vi.setSystemTime(recorded.at * 1000);
      expect(outcomeHere(recorded), recorded.id).not.toEqual(outcomeThere(recorded));
    }
  });
});

function readCases(release: string): Case[] {
  const file = new URL(`../../compat-fixtures/itsdangerous/${release}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases;
}

function outcomeThere({ call, returns, raises }: Case): Outcome {
  if (returns) return { returns: withDates(returns) };
  if (!raises) throw new Error('a case without an outcome');
  const { class: kind, payload, date_signed: dateSigned } = raises;
  const ours = OURS[`${call} ${kind}`];
  if (ours !== undefined) return { raises: ours };
  return {
    raises: kind,
    ...(payload && { payload }),
    ...(dateSigned && { dateSigned: dateThere(dateSigned) }),
  };
}

/** Before 2.0 the date of a wrong signature was its number of seconds. */
function dateThere(dateSigned: Typed): Typed {
  const seconds = dateSigned['int'];
  return seconds === undefined ? withDates(dateSigned) : typed(new Date(Number(seconds) * 1000));
}

/** Without the zone of datetimes: it was none before 2.0, and UTC all the same. */
function withDates(value: Typed): Typed {
  if ('datetime' in value) return { datetime: (value['datetime'] as unknown[])[0] };
  return 'tuple' in value ? { tuple: (value['tuple'] as Typed[]).map(withDates) } : value;
}

function outcomeHere(recorded: Case): Outcome {
  try {
    return { returns: bytesAsThere(callHere(recorded), recorded.returns) };
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    if (!recorded.raises?.payload) return { raises: error.name };
    return {
      raises: error.name,
      ...('payload' in error && { payload: typed(error.payload) }),
      ...('dateSigned' in error && { dateSigned: typed(error.dateSigned) }),
    };
  }
}

function callHere({ of, call, args, kwargs }: Case): unknown {
  const name = camelCase(call);
  const values = args.map(fromTyped);
  if (of.class === 'module') return method(itsdangerous, name)(...values);
  const object = construct(of);
  if (name === 'dumps') return method(object, name)(...values, kwargs['salt']);
  const options = Object.entries(kwargs).map(([key, value]) => [camelCase(key), value] as const);
  return method(object, name)(
    ...values,
    ...(options.length > 0 ? [Object.fromEntries(options)] : []),
  );
}

function method(object: object, name: string): (...args: unknown[]) => unknown {
  const member = (object as Record<string, unknown>)[name];
  if (typeof member !== 'function') throw new Error(`there is no ${name}`);
  return (...args) => member.apply(object, args) as unknown;
}

function construct({ class: kind, secret_key: secretKey, ...kwargs }: Case['of']): object {
  return new (classOf(kind))(option(secretKey), options(kwargs));
}

function classOf(name: string): new (...args: unknown[]) => object {
  return (itsdangerous as Record<string, unknown>)[name] as new (...args: unknown[]) => object;
}

function options(kwargs: object): Record<string, unknown> {
  const entries = Object.entries(kwargs) as [string, unknown][];
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const ours = camelCase(name).replace('Kwargs', 'Options');
      return [ours, option(value, ours)];
    }),
  );
}

function option(value: unknown, name = ''): unknown {
  if (name === 'digestMethod') return DIGESTS[value as string] ?? value;
  if (name === 'algorithm') return algorithm(value as string);
  if (name === 'serializer') return jsonBytes;
  if (name === 'signer') return classOf(value as string);
  if (name === 'signerOptions') return options(value as object);
  if (name === 'serializerOptions') return options(value as object);
  if (name === 'fallbackSigners') return (value as unknown[]).map(fallback);
  if (Array.isArray(value) && name !== 'separators') return value.map((item) => option(item));
  const isTyped = typeof value === 'object' && value !== null && 'bytes' in value;
  return isTyped ? fromTyped(value) : value;
}

function algorithm(name: string): SignerOptions['algorithm'] {
  const [kind, digest] = name.split(':');
  return kind === 'HMACAlgorithm'
    ? new itsdangerous.HMACAlgorithm(digest)
    : new itsdangerous.NoneAlgorithm();
}

function fallback(value: unknown): unknown {
  if (typeof value === 'string') return classOf(value);
  if (!Array.isArray(value)) return options(value as object);
  const [kind, kwargs] = value as [string, object];
  return [classOf(kind), options(kwargs)];
}

/** Python's signers give bytes for a text too; the port gives text. Pairs are Python's tuples. */
function bytesAsThere(value: unknown, there: Typed | undefined): Typed {
  if (typeof value === 'string' && there && 'bytes' in there) return toTyped(Buffer.from(value));
  if (Array.isArray(value) && there && 'tuple' in there) {
    const [items, theirs] = [value as unknown[], there['tuple'] as Typed[]];
    return { tuple: items.map((item, index) => bytesAsThere(item, theirs[index])) };
  }
  return typed(value);
}

function typed(value: unknown): Typed {
  if (value instanceof Date) return { datetime: isoOf(value) };
  return toTyped(value ?? null);
}

function isoOf(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', '');
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
