/** Signed texts, hashes and cookies that are made here, judged by a running itsdangerous and Werkzeug. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { BadData, Signer, URLSafeTimedSerializer } from '../../src/python/itsdangerous/index.js';
import { dumpCookie, generatePasswordHash, parseCookie } from '../../src/python/werkzeug/index.js';
import { ensureEnvironments } from '../../tools/setup.mjs';
import { toTyped, type Typed } from '../support/typed-json.js';

const ENVIRONMENT = 'flask-3.1';
const SECRET_KEY = 'a key of the tests';
const NOW = 1767323045;
const SEED = 20_260_102;

interface Asked {
  readonly tokens?: readonly string[];
  readonly passwords?: readonly (readonly [hash: string, password: string])[];
  readonly cookies?: readonly string[];
}

interface Verdict {
  readonly raises?: string;
  readonly value?: Typed;
  /** What itsdangerous writes for the value. */
  readonly written?: string;
}

interface Answer {
  readonly tokens: readonly Verdict[];
  readonly passwords: readonly boolean[];
  readonly cookies: readonly (readonly [name: string, value: string])[][];
}

const serializer = new URLSafeTimedSerializer(SECRET_KEY);
let python: string;

beforeAll(async () => {
  python = (await ensureEnvironments([ENVIRONMENT])).get(ENVIRONMENT) ?? '';
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] });
}, 600_000);

afterAll(() => {
  vi.useRealTimers();
});

test(
  'itsdangerous reads every token that we write, and writes the same',
  { timeout: 120_000 },
  () => {
    const values = fc.sample(anyJson, { seed: SEED, numRuns: 2000 });
    const tokens = values.map((value) => serializer.dumps(value));
    expect(tokens.filter((token) => token.startsWith('.')).length).toBeGreaterThan(100);
    const ours = tokens.map(loaded);
    expect(ours.map(({ written }) => written)).toEqual(tokens);
    expect(ask({ tokens }).tokens).toEqual(ours);
  },
);

test(
  'damaged tokens are read as itsdangerous reads them, or refused with its exception',
  { timeout: 120_000 },
  () => {
    const tokens = fc.sample(damagedToken, { seed: SEED, numRuns: 4000 });
    const ours = tokens.map(loaded);
    const theirs = ask({ tokens }).tokens.map((verdict) =>
      // Python's own error for a date that its datetime cannot hold.
      /^(ValueError|OverflowError)$/.test(verdict.raises ?? '')
        ? { raises: 'BadTimeSignature' }
        : verdict,
    );
    const differing = tokens.filter((_, i) => !isDeepStrictEqual(theirs[i], ours[i]));
    expect(differing).toEqual([]);
    const kinds = new Set(ours.map(({ raises = 'none' }) => raises));
    expect(kinds).toEqual(
      new Set(['none', 'BadPayload', 'BadSignature', 'BadTimeSignature', 'SignatureExpired']),
    );
  },
);

test('Werkzeug checks every password hash that we make', async () => {
  const passwords = ['', 'password', 'pässword', '\u{1f600}', 'x'.repeat(1000), ' \0 '];
  const methods = [
    'scrypt:1024:8:1',
    'pbkdf2:sha256:1000',
    'pbkdf2:sha1:1000',
    'pbkdf2:blake2b:10',
  ];
  const pairs: [hash: string, password: string][] = [
    [await generatePasswordHash('by default'), 'by default'],
    [await generatePasswordHash('by default', 'pbkdf2'), 'by default'],
  ];
  for (const method of methods) {
    for (const password of passwords) {
      pairs.push([await generatePasswordHash(password, method), password]);
    }
  }
  expect(ask({ passwords: pairs }).passwords).toEqual(pairs.map(() => true));
  const wrong = pairs.map(([hash, password]) => [hash, `${password}x`] as const);
  expect(ask({ passwords: wrong }).passwords).toEqual(pairs.map(() => false));
});

test('Werkzeug reads every cookie that we write', () => {
  const values = fc.sample(fc.string({ unit: 'binary' }), { seed: SEED, numRuns: 5000 });
  const cookies = values.map((value) => dumpCookie('session', value, { path: null }));
  expect(ask({ cookies }).cookies).toEqual(values.map((value) => [['session', value]]));
});

test('any Cookie header is read as Werkzeug reads it', () => {
  const unit = fc.constantFrom(...'ab =;,"\\\t\xe9\xc30137\n\x0b\xa0'.split(''));
  const cookies = fc.sample(fc.string({ unit, maxLength: 40 }), { seed: SEED, numRuns: 20_000 });
  expect(cookies.map((header) => byName(parseCookie(header)))).toEqual(ask({ cookies }).cookies);
});

const anyJson = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }).filter((value) => typeof value !== 'number'),
  fc.array(fc.constantFrom('spam', 'eggs', 'bacon', 7, null), { minLength: 20, maxLength: 200 }),
  fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.bigInt(), fc.double())),
);

const rightToken = fc
  .tuple(anyJson, fc.constantFrom(-1, 0, 30, 60, 61, 100_000))
  .map(([value, age]) => {
    vi.setSystemTime((NOW - age) * 1000);
    const token = serializer.dumps(value);
    vi.setSystemTime(NOW * 1000);
    return token;
  });

/** Tokens with a letter changed, or with a payload that no value has made. */
const damagedToken = fc.oneof(
  fc
    .tuple(rightToken, fc.nat(), fc.constantFrom('', 'A', '.', '-', '=', 'é', ' ', '~'), fc.nat(1))
    .map(([token, at, letter, removed]) => {
      const index = at % token.length;
      return token.slice(0, index) + letter + token.slice(index + removed);
    }),
  fc
    .tuple(rightToken, fc.nat(), fc.constantFrom('', 'A', '.', '-', 'é', ' '), fc.nat(2))
    .map(([token, at, letter, removed]) => {
      const value = token.slice(0, token.lastIndexOf('.'));
      const index = at % value.length;
      const changed = value.slice(0, index) + letter + value.slice(index + removed);
      return new Signer(SECRET_KEY, { salt: 'itsdangerous' }).sign(changed);
    }),
);

function loaded(token: string): Verdict {
  try {
    const value = serializer.loads(token, { maxAge: 60 });
    return { value: toTyped(value), written: serializer.dumps(value) };
  } catch (error) {
    if (error instanceof BadData) return { raises: error.name };
    throw error;
  }
}

/** In the order of a MultiDict: names as they first come, and of each its values. */
function byName(cookies: readonly [name: string, value: string][]): [string, string][] {
  const names = [...new Set(cookies.map(([name]) => name))];
  return names.flatMap((name) => cookies.filter(([other]) => other === name));
}

function ask(asked: Asked): Answer {
  const script = fileURLToPath(new URL('../../python-harness/judge_signing.py', import.meta.url));
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(asked),
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}
