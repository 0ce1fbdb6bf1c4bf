/** One user on live Flask and live Express, for every Flask-Login release: logins, forms, flashes. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { FlaskConfig } from '../../src/index.js';
import { generatePasswordHash } from '../../src/python/werkzeug/index.js';
import { startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp, Format } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { FormBrowser } from '../support/form-browser.js';
import { startLoginExpressApp } from '../support/login-express-app.js';
import type { ExpressApp } from '../support/serve-express.js';

interface LoginRelease {
  /** Of Flask-Login. */
  version: string;
  environment: string;
  /** How the Flask-Session beside it stores sessions. */
  format: Format;
  /** Methods of password hashes that the Werkzeug beside it knows. */
  methods: readonly string[];
}

const RELEASES: readonly LoginRelease[] = [
  { version: '0.5.0', format: 'pickle', methods: ['pbkdf2:sha256'] },
  { version: '0.6.2', format: 'pickle', methods: ['pbkdf2:sha256', 'scrypt'] },
  { version: '0.6.3', format: 'msgpack', methods: ['pbkdf2:sha256', 'scrypt'] },
].map((release) => ({ ...release, environment: `login-${release.version}` }) as LoginRelease);

type Side = 'Flask' | 'Express';
const DIRECTIONS: readonly { here: Side; there: Side }[] = [
  { here: 'Flask', there: 'Express' },
  { here: 'Express', there: 'Flask' },
];

/** The name, which is the id too, asks for quoting in the remember-me cookie. */
const USER = 'zoë "z"|1';
const PASSWORD = 'geheim: ß';
const NOBODY = { user: null, fresh: false };

/** Session protection's modes, and what they leave of a login from a client that has changed. */
const PROTECTIONS = [
  { mode: null, permanent: false, afterChange: { user: USER, fresh: true } },
  { mode: 'basic', permanent: false, afterChange: { user: USER, fresh: false } },
  { mode: 'strong', permanent: false, afterChange: NOBODY },
  { mode: 'strong', permanent: true, afterChange: { user: USER, fresh: false } },
] as const;

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

describe.each(RELEASES)('Flask-Login $version', (release) => {
  const apps = useApps(release);

  describe.each(DIRECTIONS)('from $here to $there', ({ here, there }) => {
    let browser: FormBrowser;

    beforeEach(() => {
      browser = new FormBrowser();
    });

    const who = (side: Side) => browser.json(apps.url(side, '/who'));
    const messages = (side: Side) => browser.json(apps.url(side, '/messages'));

    test('is the same user, freshly logged in', async () => {
      await apps.logIn(browser, here);
      expect(await who(here)).toEqual({ user: USER, fresh: true });
      expect(await who(there)).toEqual({ user: USER, fresh: true });
      expect((await browser.get(apps.url(there, '/settings'))).status).toBe(200);
      expect(browser.cookies.has('remember_token')).toBe(false);
    });

    test('is remembered without the session, and not fresh until it says the password', async () => {
      await apps.logIn(browser, here, { remember: 'y' });
      browser.cookies.delete('session');
      expect(await who(there)).toEqual({ user: USER, fresh: false });
      expect(await who(here)).toEqual({ user: USER, fresh: false });
      expect((await browser.get(apps.url(there, '/account'))).status).toBe(200);
      expect((await browser.get(apps.url(there, '/settings'))).status).toBe(302);

      const token = await browser.csrfToken(apps.url(there, '/notes'));
      const fields = { csrf_token: token, password: PASSWORD };
      expect((await browser.post(apps.url(there, '/confirm'), fields)).status).toBe(200);
      expect(await who(here)).toEqual({ user: USER, fresh: true });
      expect((await browser.get(apps.url(here, '/settings'))).status).toBe(200);
    });

    test('is not remembered by a cookie that somebody has changed', async () => {
      await apps.logIn(browser, here, { remember: 'y' });
      browser.cookies.delete('session');
      const cookie = browser.cookies.get('remember_token') ?? '';
      browser.cookies.set('remember_token', cookie.replace('zo', 'Zo'));
      expect(await who(there)).toEqual(NOBODY);
    });

    test('is out on both sides, and forgotten, once it logs out on the other', async () => {
      await apps.logIn(browser, here, { remember: 'y' });
      const session = browser.cookies.get('session') ?? '';
      await browser.get(apps.url(there, '/who'));
      const token = await browser.csrfToken(apps.url(there, '/notes'));
      const response = await browser.post(apps.url(there, '/logout'), { csrf_token: token });
      expect(response.status).toBe(200);
      expect(browser.cookies.has('remember_token')).toBe(false);
      expect(await who(here)).toEqual(NOBODY);
      expect(await who(there)).toEqual(NOBODY);
      browser.cookies.set('session', session);
      expect(await who(here)).toEqual(NOBODY);
      expect(await who(there)).toEqual(NOBODY);
    });

    test('a form of this side is taken by the other', async () => {
      const token = await browser.csrfToken(apps.url(here, '/login'));
      const fields = { csrf_token: token, username: USER, password: PASSWORD };
      const response = await browser.post(apps.url(there, '/login'), fields);
      expect([response.status, pathOf(response)]).toEqual([302, '/account']);
      expect(await who(here)).toEqual({ user: USER, fresh: true });
    });

    test('a token of this side is taken by the other from a header', async () => {
      const token = await browser.csrfToken(apps.url(here, '/notes'));
      const fields = { text: 'sent by a script', category: 'info' };
      const headers = { 'X-CSRFToken': token };
      expect((await browser.post(apps.url(there, '/notes'), fields, headers)).status).toBe(200);
      expect(await messages(there)).toEqual([['info', 'sent by a script']]);
    });

    test('a missing, foreign or changed token is refused by the other', async () => {
      const stranger = new FormBrowser();
      const foreign = await stranger.csrfToken(apps.url(here, '/notes'));
      const refusal = async (fields: Record<string, string>) => {
        const note = { text: 'not to be kept', category: 'info' };
        const response = await browser.post(apps.url(there, '/notes'), { ...note, ...fields });
        return [response.status, await response.text()];
      };
      expect(await refusal({ csrf_token: foreign })).toEqual([
        400,
        'The CSRF session token is missing.',
      ]);
      const token = await browser.csrfToken(apps.url(here, '/notes'));
      expect(await refusal({})).toEqual([400, 'The CSRF token is missing.']);
      expect(await refusal({ csrf_token: foreign })).toEqual([
        400,
        'The CSRF tokens do not match.',
      ]);
      expect(await refusal({ csrf_token: `${token.slice(0, -3)}AAA` })).toEqual([
        400,
        'The CSRF token is invalid.',
      ]);
      expect(await messages(there)).toEqual([]);
    });

    test('what is flashed here shows there, once, with its category', async () => {
      const token = await browser.csrfToken(apps.url(here, '/notes'));
      for (const [category, text] of [
        ['info', 'grün & <b>'],
        ['error', 'no'],
      ] as const) {
        const fields = { csrf_token: token, category, text };
        expect((await browser.post(apps.url(here, '/notes'), fields)).status).toBe(200);
      }
      expect(await messages(there)).toEqual([
        ['info', 'grün & <b>'],
        ['error', 'no'],
      ]);
      expect(await messages(here)).toEqual([]);
      expect(await messages(there)).toEqual([]);
    });

    test('who is not logged in is sent to the login page, and told why on the other', async () => {
      const page = '/account?tab=1&q=%C3%A9';
      const response = await browser.get(apps.url(here, page));
      const other = await new FormBrowser().get(apps.url(there, page));
      expect(pathOf(response)).toMatch(/^\/login\?next=%2Faccount%3F/);
      expect([response.status, pathOf(response)]).toEqual([other.status, pathOf(other)]);
      expect(await messages(there)).toEqual([['message', 'Please log in to access this page.']]);
    });

    test.each(release.methods)('a password set here by %s opens the other', async (method) => {
      const username = `${method} of ${here}`;
      const token = await browser.csrfToken(apps.url(here, '/notes'));
      const fields = { csrf_token: token, username, password: PASSWORD, method };
      expect((await browser.post(apps.url(here, '/password'), fields)).status).toBe(200);
      expect(await redis.hget(usersKey(release), username)).toMatch(new RegExp(`^${method}:`));

      const wrong = { csrf_token: token, username, password: `${PASSWORD}!` };
      expect((await browser.post(apps.url(there, '/login'), wrong)).status).toBe(403);
      const right = { ...wrong, password: PASSWORD };
      expect((await browser.post(apps.url(there, '/login'), right)).status).toBe(302);
      expect(await who(here)).toEqual({ user: username, fresh: true });
    });
  });

  describe.each(PROTECTIONS)('session protection $mode, permanent $permanent', (protection) => {
    const protectedApps = useApps(release, {
      SESSION_PROTECTION: protection.mode,
      SESSION_PERMANENT: protection.permanent,
    });

    describe.each(DIRECTIONS)('from $here to $there', ({ here, there }) => {
      test('the same client is freshly logged in for both', async () => {
        const browser = new FormBrowser();
        browser.headers['x-forwarded-for'] = '198.51.100.7, 10.0.0.1';
        await protectedApps.logIn(browser, here, { remember: 'y' });
        const fresh = { user: USER, fresh: true };
        expect(await browser.json(protectedApps.url(there, '/who'))).toEqual(fresh);
        expect(await browser.json(protectedApps.url(here, '/who'))).toEqual(fresh);
      });

      test.each([
        { what: 'browser', header: { 'user-agent': 'curl/8' } },
        { what: 'address', header: { 'x-forwarded-for': '198.51.100.8' } },
      ])('after a change of the $what both see the same', async ({ header }) => {
        const browser = new FormBrowser();
        await protectedApps.logIn(browser, here, { remember: 'y' });
        const before = { ...browser.headers };
        Object.assign(browser.headers, header);
        expect(await browser.json(protectedApps.url(there, '/who'))).toEqual(
          protection.afterChange,
        );
        expect(browser.cookies.has('remember_token')).toBe(protection.afterChange.user !== null);
        expect(await browser.json(protectedApps.url(here, '/who'))).toEqual(protection.afterChange);
        Reflect.deleteProperty(browser.headers, 'x-forwarded-for');
        Object.assign(browser.headers, before);
        expect(await browser.json(protectedApps.url(here, '/who'))).toEqual(protection.afterChange);
        expect(await browser.json(protectedApps.url(there, '/who'))).toEqual(
          protection.afterChange,
        );
      });
    });
  });
});

interface Apps {
  url(side: Side, path: string): string;
  /** Fills in the login form of a side, as the user with the password. */
  logIn(browser: FormBrowser, side: Side, fields?: { remember?: 'y' }): Promise<void>;
}

/** Starts both apps before the tests of a describe block, with settings of their own. */
function useApps(release: LoginRelease, settings: FlaskConfig = {}): Apps {
  let flask: FlaskApp;
  let express: ExpressApp;

  beforeAll(async () => {
    const key = usersKey(release);
    await redis.hset(key, USER, await generatePasswordHash(PASSWORD, 'pbkdf2:sha256:1000'));
    const shared = {
      SECRET_KEY: 'shared by Flask and Express',
      SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
      ...settings,
    };
    flask = await startFlaskApp({
      release,
      script: 'login_app.py',
      redisUrl: server.url,
      config: { ...shared, USERS_KEY: key },
    });
    const config: FlaskConfig = {
      ...shared,
      SESSION_TYPE: 'redis',
      SESSION_REDIS: redis,
      SESSION_SERIALIZATION_FORMAT: release.format,
    };
    express = await startLoginExpressApp(config, { redis, key });
  });

  afterAll(async () => {
    await express.stop();
    await flask.stop();
  });

  const url = (side: Side, path: string) => (side === 'Flask' ? flask.url : express.url) + path;
  return {
    url,
    logIn: async (browser, side, fields) => {
      const response = await browser.post(url(side, '/login'), {
        csrf_token: await browser.csrfToken(url(side, '/login')),
        username: USER,
        password: PASSWORD,
        ...fields,
      });
      expect([response.status, pathOf(response)]).toEqual([302, '/account']);
    },
  };
}

function usersKey({ version }: LoginRelease): string {
  return `${server.keyPrefix}users of ${version}`;
}

/** Where a response redirects to, without the host: Werkzeug before 2.1 made it absolute. */
function pathOf(response: Response): string {
  const { pathname, search } = new URL(response.headers.get('location') ?? '', response.url);
  return pathname + search;
}
