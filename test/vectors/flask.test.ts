/** Tagged JSON, client-side sessions and flashed messages of each Flask, against ours. */

import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ArgumentError, BridgeError, ConfigError, SessionEncodeError } from '../../src/errors.js';
import {
  checkConfig,
  flash,
  getFlashedMessages,
  resolveConfig,
  SecureCookieSessionInterface,
  TaggedJSONSerializer,
  type FlaskConfig,
  type SecureCookieSession,
} from '../../src/python/flask/index.js';
import { loads, PyDecimal } from '../../src/python/pickle/index.js';
import { readFixture, releasesOf } from '../support/fixtures.js';
import type { Operation } from '../support/flask-session-fixtures.js';
import { toTyped, type Typed } from '../support/typed-json.js';

interface Case {
  readonly id: string;
  readonly expect: 'valid' | 'reject';
}

interface Fixture {
  readonly defaultConfig: Readonly<Record<string, unknown>>;
  /** In the newest release's fixture alone. */
  readonly flaskSessionDefaults?: Readonly<Record<string, unknown>>;
  readonly tagged: readonly (Case & {
    pickle: string;
    text: string;
    value: Typed;
    /** What is written when the value has been read. */
    again: string;
  })[];
  readonly untagged: readonly { id: string; text: string; value?: Typed }[];
  readonly flashes: readonly {
    readonly id: string;
    readonly steps: readonly FlashStep[];
    readonly taken: readonly Typed[];
    readonly session: Typed;
  }[];
}

interface FlashStep {
  readonly flash?: readonly [message: unknown, category?: string];
  readonly take?: { readonly with_categories?: boolean; readonly category_filter?: string[] };
}

interface CookieFixture {
  readonly now: string;
  readonly secretKey: string;
  readonly cookies: readonly (Case & { header: string | null; value: Typed })[];
  readonly rotations: readonly {
    readonly id: string;
    readonly config: FlaskConfig;
    readonly cookie: string;
    readonly value: Typed;
    readonly writes: readonly string[];
  }[];
  readonly walks: readonly (Case & { config: FlaskConfig; steps: readonly Step[] })[];
}

interface Step {
  readonly cookie: string | null;
  readonly operations: readonly Operation[];
  readonly setCookie: readonly string[];
  readonly vary: string | null;
}

/** Instances of classes that derive from a JSON type: Flask writes those, and we have no such thing. */
const DERIVED =
  /^(ordered-dict|defaultdict|counter|class-list|class-dict|class-str|class-namedtuple|enum-int)$/;

/** Settings whose walks go otherwise here, each with its reason. */
const OTHER_SETTINGS: Readonly<Record<string, string>> = {
  'samesite=bad': 'refused at the start, not at the first request',
  'lifetime=0': 'refused at the start: such a cookie is never read back',
};

/** Walks that go otherwise here, whatever the settings. */
const OTHER_WALKS: Readonly<Record<string, string>> = {
  nested: 'a change inside is a change here',
  'same-value': 'setting a key to the value that it has is no change here',
  'cleared-new': 'clearing what is empty is no change here',
};

/** What an older release does otherwise than the newest, which is the one that we follow. */
const OTHERWISE: Readonly<Record<string, readonly { ids: RegExp; reason: string }[]>> = {
  '1.1.2': [
    { ids: /^date-(http|wrong-weekday)$|^datetime-/, reason: 'datetimes are read as naive ones' },
    { ids: /^markup$/, reason: 'Markup is read as a class of Jinja2' },
    { ids: /^decimal/, reason: 'a Decimal was refused before 2.0.2' },
    { ids: /^from-the-(far-)?future$/, reason: 'a date of signing in the future was not refused' },
  ],
};
const DOMAIN_NEEDS_A_DOT = ['1.1.2', '2.0.3', '2.1.3', '2.2.5'];

/** Defaults of Flask-Session that are others here, so that every release reads what we write. */
const OTHER_DEFAULTS = {
  SESSION_TYPE: null,
  SESSION_ID_LENGTH: null,
  SESSION_SERIALIZATION_FORMAT: 'pickle',
  SESSION_FILE_DIR: path.join(process.cwd(), 'flask_session'),
};

const taggedJson = new TaggedJSONSerializer();
const releases = releasesOf('flask');
const newest = releases.at(-1);

function isOtherwise(release: string, id: string): boolean {
  return (OTHERWISE[release] ?? []).some(({ ids }) => ids.test(id));
}

test('defaults are those of Flask and Flask-Session, but for those that are listed', () => {
  const fixture = readFixture('flask', `${String(newest)}.json`) as Fixture;
  const { cookie, lifetimeSeconds, ...settings } = resolveConfig({});
  const ours: Record<string, unknown> = {
    ...settings,
    PERMANENT_SESSION_LIFETIME: lifetimeSeconds,
    SECRET_KEY_FALLBACKS: null,
    APPLICATION_ROOT: cookie.path,
    SESSION_COOKIE_NAME: cookie.name,
    SESSION_COOKIE_DOMAIN: cookie.domain,
    SESSION_COOKIE_PATH: null,
    SESSION_COOKIE_HTTPONLY: cookie.httpOnly,
    SESSION_COOKIE_SECURE: cookie.secure,
    SESSION_COOKIE_SAMESITE: cookie.sameSite,
    SESSION_COOKIE_PARTITIONED: cookie.partitioned,
  };
  const theirs = { ...fixture.defaultConfig, ...fixture.flaskSessionDefaults, ...OTHER_DEFAULTS };
  const meant = Object.keys(theirs).filter((name) => name in ours);
  expect(meant.length).toBeGreaterThan(20);
  for (const name of meant) {
    expect([name, ours[name] ?? null]).toEqual([name, theirs[name as keyof typeof theirs]]);
  }
});

describe.each(releases)('Flask %s', (release) => {
  const fixture = readFixture('flask', `${release}.json`) as Fixture;

  test('every setting that it or Flask-Session has a default for is known', () => {
    for (const name of Object.keys({ ...fixture.defaultConfig, ...fixture.flaskSessionDefaults })) {
      expect(() => {
        checkConfig({ [name]: undefined });
      }).not.toThrow();
    }
  });

  describe('tagged JSON', () => {
    const alike = fixture.tagged.filter(({ id }) => !DERIVED.test(id) && !isOtherwise(release, id));
    const texts = fixture.untagged.filter(({ id }) => !isOtherwise(release, id));

    test.each(alike.filter((written) => written.expect === 'valid'))(
      '$id is written alike, read alike, and written again alike',
      ({ pickle, text, value, again }) => {
        expect(taggedJson.dumps(loads(Buffer.from(pickle, 'hex')))).toBe(text);
        const read = taggedJson.loads(text);
        expect(toTyped(read)).toEqual(value);
        expect(taggedJson.dumps(read)).toBe(again);
      },
    );

    test.each(alike.filter((written) => written.expect === 'reject'))(
      '$id is refused',
      ({ pickle }) => {
        const value = loads(Buffer.from(pickle, 'hex'));
        expect(() => taggedJson.dumps(value)).toThrow(SessionEncodeError);
      },
    );

    test.each(fixture.tagged.filter(({ id }) => DERIVED.test(id)))(
      '$id is refused, as listed',
      ({ pickle }) => {
        const value = loads(Buffer.from(pickle, 'hex'));
        expect(() => taggedJson.dumps(value)).toThrow(SessionEncodeError);
      },
    );

    test.each(fixture.tagged.filter(({ id }) => isOtherwise(release, id)))(
      '$id is otherwise, as listed',
      ({ text, value, expect: verdict }) => {
        if (verdict === 'valid') expect(toTyped(taggedJson.loads(text))).not.toEqual(value);
        else expect(() => taggedJson.dumps({ price: new PyDecimal('1') })).not.toThrow();
      },
    );

    test.each(texts.filter(({ value }) => value !== undefined))(
      'the text $id is read alike',
      ({ text, value }) => {
        expect(toTyped(taggedJson.loads(text))).toEqual(value);
      },
    );

    test.each(texts.filter(({ value }) => value === undefined))(
      'the text $id is refused',
      ({ text }) => {
        expect(() => taggedJson.loads(text)).toThrow(ArgumentError);
      },
    );
  });

  test.each(fixture.flashes)('messages: $id', ({ steps, taken, session }) => {
    const ours = {};
    const seen: unknown[] = [];
    for (const step of steps) {
      if (step.flash) flash(ours, ...step.flash);
      if (step.take) {
        const { with_categories: withCategories = false, category_filter: filter } = step.take;
        const options = { ...(filter && { categoryFilter: filter }) };
        seen.push(
          withCategories
            ? getFlashedMessages(ours, { ...options, withCategories: true })
            : getFlashedMessages(ours, options),
        );
      }
    }
    expect(seen.map((messages) => toTyped(messages))).toEqual(taken);
    expect(toTyped(ours)).toEqual(session);
  });
});

describe.each(releases)('cookies of Flask %s', (release) => {
  const fixture = readFixture('flask', `${release}-cookies.json`) as CookieFixture;
  const { secretKey: SECRET_KEY } = fixture;

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(fixture.now) });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const cookies = fixture.cookies.filter(({ id }) => !isOtherwise(release, id));

  test.each(cookies.filter((cookie) => cookie.expect === 'valid'))(
    'a request with the cookie $id opens the same session',
    ({ header, value }) => {
      const sessions = new SecureCookieSessionInterface({ SECRET_KEY });
      expect(toTyped(sessions.openSession(header ?? undefined).data)).toEqual(value);
    },
  );

  test.each(cookies.filter((cookie) => cookie.expect === 'reject'))(
    'a request with the cookie $id is an error',
    ({ header }) => {
      const sessions = new SecureCookieSessionInterface({ SECRET_KEY });
      expect(() => sessions.openSession(header ?? undefined)).toThrow(BridgeError);
    },
  );

  test.each(fixture.rotations)('keys: $id', ({ config, cookie, value, writes }) => {
    const sessions = new SecureCookieSessionInterface(config);
    expect(toTyped(sessions.openSession(`session=${cookie}`).data)).toEqual(value);
    const session = sessions.openSession();
    session.data = { username: 2222 };
    expect([sessions.saveSession(session).setCookie]).toEqual(writes);
  });

  const walks = fixture.walks.map((walk) => {
    const [setting = '', name = ''] = walk.id.split('/');
    const isRefused = setting === 'domain=localhost' && DOMAIN_NEEDS_A_DOT.includes(release);
    const isOther = setting in OTHER_SETTINGS || name in OTHER_WALKS || isRefused;
    return { ...walk, name, setting, isOther };
  });

  test.each(walks.filter(({ isOther }) => !isOther))('$id', (walk) => {
    expect(ourSteps(walk)).toEqual(theirSteps(walk));
  });

  test.each(walks.filter(({ name, setting }) => name in OTHER_WALKS && setting === 'defaults'))(
    '$id: otherwise, as listed',
    (walk) => {
      expect(ourSteps(walk)).not.toEqual(theirSteps(walk));
    },
  );

  function ourSteps({ config, steps }: { config: FlaskConfig; steps: readonly Step[] }): unknown {
    const sessions = new SecureCookieSessionInterface({ SECRET_KEY, ...config });
    return steps.map(({ cookie, operations, vary }) => {
      const session = sessions.openSession(cookie ?? undefined);
      for (const operation of operations) apply(operation, session);
      const { setCookie, varyCookie } = sessions.saveSession(session);
      // Older releases forget the header in places.
      const isForgotten = release !== newest && vary === null;
      return [inForm(setCookie === undefined ? [] : [setCookie]), isForgotten || varyCookie];
    });
  }

  function theirSteps({ steps }: { steps: readonly Step[] }): unknown {
    return steps.map(({ setCookie, vary }) => {
      const isForgotten = release !== newest && vary === null;
      return [inForm(setCookie), isForgotten || vary === 'Cookie'];
    });
  }

  function inForm(lines: readonly string[]): readonly string[] {
    return release === newest ? lines : lines.map(comparable);
  }

  test.each(walks.filter(({ setting }) => setting in OTHER_SETTINGS))(
    '$id: refused at the start, as listed',
    ({ config }) => {
      expect(() => new SecureCookieSessionInterface({ SECRET_KEY, ...config })).toThrow(
        ConfigError,
      );
    },
  );
});

/**
 * A line without what has changed over the releases of Werkzeug and Flask: hyphens in dates, the dot
 * before a domain, the semicolon in a path, and what a deletion repeats of the cookie.
 */
function comparable(line: string): string {
  const changed = line
    .replace(/(Expires=\w+, \d+)-(\w+)-(\d+)/, '$1 $2 $3')
    .replace('Domain=.', 'Domain=')
    .replace('b;c', 'b%3Bc');
  const isDeletion = line.includes('Max-Age=0');
  return isDeletion ? changed.replace(/; (Secure|HttpOnly|SameSite=\w+)/g, '') : changed;
}

/** Does to a session what an operation says. */
function apply(operation: Operation, session: SecureCookieSession): void {
  const data = session.data ?? {};
  session.accessed = true;
  if (operation.set) Object.assign(data, operation.set);
  if (operation.delete !== undefined) Reflect.deleteProperty(data, operation.delete);
  if ('append' in operation) (data['list'] as unknown[]).push(operation.append);
  if (operation.permanent !== undefined) data['_permanent'] = operation.permanent;
  if (operation.clear) session.data = {};
}
