/** Live Flask and live Express with the same logins (python-harness/login_app.py, login-express-app.ts). */

import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';

import type { FlaskConfig } from '../../src/index.js';
import { generatePasswordHash } from '../../src/python/werkzeug/index.js';
import { startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp, Format } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import type { FormBrowser } from './form-browser.js';
import { startLoginExpressApp } from './login-express-app.js';
import type { ExpressApp } from './serve-express.js';

export interface LoginRelease {
  /** Of Flask-Login. The harness's environment is called after it. */
  version: string;
  /** How the Flask-Session beside it stores sessions. */
  format: Format;
}

export type Side = 'Flask' | 'Express';

export const DIRECTIONS: readonly { here: Side; there: Side }[] = [
  { here: 'Flask', there: 'Express' },
  { here: 'Express', there: 'Flask' },
];

/** The name, which is the id too, asks for quoting in the remember-me cookie. */
export const USER = 'zoë "z"|1';
export const PASSWORD = 'geheim: ß';
/** What `/who` says when nobody is logged in. */
export const NOBODY = { user: null, fresh: false } as const;

export interface LoginApps {
  url(side: Side, path: string): string;
  /** Sends the login form of a side, filled in as USER. */
  logIn(browser: FormBrowser, side: Side, fields?: { remember?: 'y' }): Promise<Response>;
  /** Sends the form of a side, with its token and these fields, to a path of the same side. */
  submit(
    browser: FormBrowser,
    side: Side,
    path: string,
    fields?: Record<string, string>,
  ): Promise<Response>;
  /** The id of who is logged in on a side, and whether freshly. */
  who(browser: FormBrowser, side: Side): Promise<unknown>;
  /** The flashed messages that a side shows, as pairs of category and text. */
  messages(browser: FormBrowser, side: Side): Promise<unknown>;
  /** The hash that the users' table has for a name. */
  passwordHash(name: string): Promise<string | null>;
}

/** Starts both apps, and Redis, for the tests of a describe block, with settings of its own. */
export function useLoginApps(release: LoginRelease, settings: FlaskConfig = {}): LoginApps {
  let server: RedisServer;
  let redis: Redis;
  let flask: FlaskApp;
  let express: ExpressApp;
  let usersKey: string;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    usersKey = `${server.keyPrefix}users`;
    await redis.hset(usersKey, USER, await generatePasswordHash(PASSWORD, 'pbkdf2:sha256:1000'));
    const shared = {
      SECRET_KEY: 'shared by Flask and Express',
      SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
      ...settings,
    };
    flask = await startFlaskApp({
      release: { version: release.version, environment: `login-${release.version}` },
      script: 'login_app.py',
      redisUrl: server.url,
      config: { ...shared, USERS_KEY: usersKey },
    });
    express = await startLoginExpressApp(
      {
        ...shared,
        SESSION_TYPE: 'redis',
        SESSION_REDIS: redis,
        SESSION_SERIALIZATION_FORMAT: release.format,
      },
      { redis, key: usersKey },
    );
  });

  afterAll(async () => {
    await express.stop();
    await flask.stop();
    redis.disconnect();
    await server.stop();
  });

  const url = (side: Side, path: string) => (side === 'Flask' ? flask.url : express.url) + path;
  return {
    url,
    logIn: async (browser, side, fields = {}) => {
      const token = await browser.csrfToken(url(side, '/login'));
      const login = { csrf_token: token, username: USER, password: PASSWORD, ...fields };
      return browser.post(url(side, '/login'), login);
    },
    submit: async (browser, side, path, fields = {}) => {
      const token = await browser.csrfToken(url(side, '/notes'));
      return browser.post(url(side, path), { csrf_token: token, ...fields });
    },
    who: (browser, side) => browser.json(url(side, '/who')),
    messages: (browser, side) => browser.json(url(side, '/messages')),
    passwordHash: (name) => redis.hget(usersKey, name),
  };
}

/** Where a response redirects to, without the host: Werkzeug before 2.1 made it absolute. */
export function redirectPath(response: Response): string {
  const { pathname, search } = new URL(response.headers.get('location') ?? '', response.url);
  return pathname + search;
}
