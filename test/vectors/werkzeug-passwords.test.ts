import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { ArgumentError } from '../../src/errors.js';
import { checkPasswordHash, generatePasswordHash } from '../../src/python/werkzeug/index.js';

interface HashCase {
  /** `null`: none was given. */
  readonly method: string | null;
  readonly password: string;
  readonly returns?: string;
  readonly raises?: string;
}

interface CheckCase {
  readonly hash: string;
  readonly password: string;
  readonly returns?: boolean;
  readonly raises?: string;
}

interface Fixture {
  readonly hashes: readonly HashCase[];
  readonly checks: readonly CheckCase[];
}

const NEWEST = '3.1.9';
const RELEASES = ['1.0.1', '2.0.3', '2.2.3', '2.3.8', '3.0.6', NEWEST];

/** `plain`, a bare hash, or PBKDF2 without the name of one: Werkzeug 3 reads none of them. */
const DROPPED = /^(plain|[a-z0-9]+|pbkdf2::\d+)\$/;

describe.each(RELEASES)('a hash by werkzeug %s', (release) => {
  const { hashes } = readFixture(release);
  const written = hashes.filter(({ returns }) => returns !== undefined);

  test.concurrent.each(written)(
    'of method $method is read',
    async ({ returns: hash = '', password }) => {
      if (DROPPED.test(hash)) {
        await expect(checkPasswordHash(hash, password)).rejects.toBeInstanceOf(ArgumentError);
      } else {
        expect(await checkPasswordHash(hash, password)).toBe(true);
      }
    },
  );
});

describe(`werkzeug ${NEWEST}`, () => {
  const { hashes, checks } = readFixture(NEWEST);

  test.concurrent.each(hashes)(
    'generatePasswordHash with $method',
    async ({ method, password, returns }) => {
      const generated = generatePasswordHash(password, method ?? undefined, 8);
      if (returns === undefined) {
        await expect(generated).rejects.toBeInstanceOf(ArgumentError);
      } else {
        const there = returns.split('$');
        const here = (await generated).split('$');
        expect(here[0]).toBe(there[0]);
        expect(here.map(({ length }) => length)).toEqual(there.map(({ length }) => length));
      }
    },
  );

  test.concurrent.each(checks)(
    'checkPasswordHash of $hash',
    async ({ hash, password, returns }) => {
      const checked = checkPasswordHash(hash, password);
      if (returns === undefined) await expect(checked).rejects.toBeInstanceOf(ArgumentError);
      else expect(await checked).toBe(returns);
    },
  );
});

function readFixture(release: string): Fixture {
  const file = new URL(`../../compat-fixtures/werkzeug/${release}-passwords.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture;
}
