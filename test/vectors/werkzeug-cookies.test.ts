/* eslint-disable no-control-regex -- control characters are what these cases are about */
import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ArgumentError } from '../../src/errors.js';
import {
  deleteCookie,
  dumpCookie,
  httpDate,
  parseCookie,
} from '../../src/python/werkzeug/index.js';
import type { DumpCookieOptions } from '../../src/python/werkzeug/index.js';

/** Arguments of a call on Werkzeug, and what it gave. */
interface Case {
  readonly returns?: unknown;
  readonly raises?: string;
}

interface ParseCase extends Case {
  readonly header: string;
}

interface CookieCase extends Case {
  readonly key: string;
  readonly value?: string;
  readonly max_age?: number | null;
  readonly expires?: number | null;
  readonly path?: string | null;
  readonly domain?: string | null;
  readonly secure?: boolean;
  readonly httponly?: boolean;
  readonly samesite?: string | null;
  readonly partitioned?: boolean;
}

interface DateCase extends Case {
  readonly seconds: number;
}

interface Fixture {
  readonly now: string;
  readonly parses: readonly ParseCase[];
  readonly dumps: readonly CookieCase[];
  readonly deletes: readonly CookieCase[];
  readonly dates: readonly DateCase[];
}

interface Difference {
  readonly reason: string;
  readonly isIt: (recorded: AnyCase) => boolean;
}

type AnyCase = Partial<ParseCase & CookieCase & DateCase>;

const BEFORE_3_1: readonly Difference[] = [
  {
    reason: 'blanks and quotes within a name or a value did not end the cookie',
    isIt: ({ header = '' }) =>
      /^(a b=c|a=b c|a=1, b=2|"a"=b$|a=\{"|a="b"x|a=x"b"|a="b; c=d$|a=b"|a="$|a="""$|a="\\")/.test(
        header,
      ) && header !== 'a="\\""',
  },
  {
    reason: 'every blank of Unicode was cut off',
    isIt: ({ header = '' }) => /^a[\xa0]|^a=(\xa0|b[\x85\x0b\x0c])/.test(header),
  },
];

const BEFORE_2_3: readonly Difference[] = [
  ...BEFORE_3_1,
  {
    reason: 'raw UTF-8 was decoded',
    isIt: ({ header = '' }) => /[\xc3\xe9\x80\xff]/.test(header),
  },
  {
    reason: 'more characters of a value were quoted, and all control characters escaped',
    isIt: ({ value = '' }) => /^a[?@[{<(]b|[\x1a-\x1f]/.test(value),
  },
  {
    reason: 'fewer characters of a path were quoted',
    isIt: ({ path }) => /^\/(a;b|a\?b#c|\[a\])$/.test(path ?? ''),
  },
  {
    reason: 'a leading dot of the domain was kept, a name without a dot refused, a bad one not',
    isIt: ({ domain }) => domain != null && /^\.|^localhost$|^$|^\[|\.\.|^a{64}/.test(domain),
  },
];

const BEFORE_2_2: readonly Difference[] = [
  ...BEFORE_2_3,
  { reason: 'a value without a name was one', isIt: ({ header }) => header === '=x' },
];

const BEFORE_2_0: readonly Difference[] = [
  ...BEFORE_2_2,
  {
    reason: 'dates of cookies had dashes',
    isIt: ({ key, expires, max_age: maxAge }) =>
      key !== undefined && (expires != null || maxAge != null),
  },
  {
    reason: 'delete_cookie took no flags',
    isIt: ({ key, value }) => key !== undefined && value === undefined,
  },
  {
    reason: 'dates had no bounds, and fractions were not rounded',
    isIt: ({ seconds = 0 }) => [1.9999996, 253402300800, -62135596801, -1e-7].includes(seconds),
  },
];

/** Where an older release does otherwise than 3.1, which the port follows. */
const OTHERWISE: Readonly<Record<string, readonly Difference[]>> = {
  '1.0.1': BEFORE_2_0,
  '2.0.3': BEFORE_2_2,
  '2.2.3': BEFORE_2_3,
  '2.3.8': BEFORE_3_1,
  '3.0.6': BEFORE_3_1,
  '3.1.9': [],
};

describe.each(Object.entries(OTHERWISE))('werkzeug %s', (release, differences) => {
  const { now, parses, dumps, deletes, dates } = readFixture(release);
  const isDifferent = (recorded: AnyCase) => differences.some(({ isIt }) => isIt(recorded));
  const isAlike = (recorded: AnyCase) => !isDifferent(recorded);

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date(now) });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(parses.filter(isAlike))('parseCookie reads $header', (recorded) => {
    expect(parsed(recorded)).toEqual(outcomeThere(recorded));
  });

  test.each(dumps.filter(isAlike).map(titled))('dumpCookie writes %s', (_title, recorded) => {
    expect(dumped(recorded)).toEqual(outcomeThere(recorded));
  });

  test.each(deletes.filter(isAlike).map(titled))('deleteCookie writes %s', (_title, recorded) => {
    expect(deleted(recorded)).toEqual(outcomeThere(recorded));
  });

  test.each(dates.filter(isAlike))('httpDate writes $seconds', (recorded) => {
    expect(dated(recorded)).toEqual(outcomeThere(recorded));
  });

  test('the listed differences are differences', () => {
    const expectDifferent = <AnyOf extends Case>(
      cases: readonly AnyOf[],
      call: (recorded: AnyOf) => Outcome,
    ) => {
      for (const recorded of cases.filter(isDifferent)) {
        const outcome = call(recorded);
        expect(outcome, JSON.stringify(recorded)).not.toEqual(outcomeThere(recorded));
      }
    };
    expectDifferent(parses, parsed);
    expectDifferent(dumps, dumped);
    expectDifferent(deletes, deleted);
    expectDifferent(dates, dated);
  });

  test('parseCookie reads back every value that dump_cookie wrote', () => {
    for (const { key, value, returns } of dumps) {
      const line = typeof returns === 'string' && /^[^;]*/.exec(returns)?.[0];
      // A raw name outside ASCII is UTF-8, which Werkzeug itself leaves undecoded.
      if (line && !/[^\0-\x7f]/.test(key)) expect(parseCookie(line)).toEqual([[key, value]]);
    }
  });
});

test('httpDate writes a Date as its Unix time', () => {
  for (const at of [0, 1767323045, 1767323045.999, -1, -0.5]) {
    expect(httpDate(new Date(at * 1000))).toBe(httpDate(at));
  }
});

function readFixture(release: string): Fixture {
  const file = new URL(`../../compat-fixtures/werkzeug/${release}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture;
}

function titled(recorded: CookieCase): [title: string, recorded: CookieCase] {
  const given = { ...recorded, returns: undefined, raises: undefined };
  return [JSON.stringify(given).slice(0, 100), recorded];
}

/** What a call gave; for an exception only that it was one. */
type Outcome = { returns: unknown } | 'refused';

function outcomeThere({ returns, raises }: Case): Outcome {
  return raises === undefined ? { returns } : 'refused';
}

function outcomeOf(call: () => unknown): Outcome {
  try {
    return { returns: call() };
  } catch (error) {
    if (error instanceof ArgumentError) return 'refused';
    throw error;
  }
}

function parsed({ header }: ParseCase): Outcome {
  return outcomeOf(() => parseCookie(header));
}

function dumped(recorded: CookieCase): Outcome {
  return outcomeOf(() => dumpCookie(recorded.key, recorded.value ?? '', optionsOf(recorded)));
}

function deleted(recorded: CookieCase): Outcome {
  return outcomeOf(() => deleteCookie(recorded.key, optionsOf(recorded)));
}

function dated({ seconds }: DateCase): Outcome {
  return outcomeOf(() => httpDate(seconds));
}

function optionsOf(recorded: CookieCase): DumpCookieOptions {
  const { max_age: maxAge, expires, path, domain, secure, samesite, partitioned } = recorded;
  return {
    maxAge: maxAge ?? undefined,
    expires: expires ?? undefined,
    path,
    domain,
    secure,
    httpOnly: recorded.httponly,
    sameSite: samesite,
    partitioned,
  };
}
