/** One login on live Flask and live Express, for every release, signer setting and format. */

import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { COMBINATIONS, startFlaskApp } from '../../tools/flask-app.js';
import type { Combination, FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { recogniseFormat } from '../../src/session/serializers.js';
import { Browser } from '../support/browser.js';
import { startExpressApp } from '../support/reference-express-app.js';
import type { ExpressApp } from '../support/serve-express.js';
import type { Typed } from '../support/typed-json.js';

const LIFETIME = 3600;

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

// By %s, for $title puts quotes around it and cuts it.
const titled = COMBINATIONS.map((combination) => [combination.title, combination] as const);
describe.each(titled)('%s', (_title, combination) => {
  let flask: FlaskApp;
  let express: ExpressApp;
  let browser: Browser;

  beforeAll(async () => {
    const settings = {
      ...combination.config,
      SECRET_KEY: 'shared by Flask and Express',
      SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
      PERMANENT_SESSION_LIFETIME: LIFETIME,
    };
    flask = await startFlaskApp({
      release: combination.release,
      redisUrl: server.url,
      config: settings,
    });
    express = await startExpressApp({
      ...settings,
      SESSION_TYPE: 'redis',
      SESSION_REDIS: redis,
      SESSION_SERIALIZATION_FORMAT: combination.format,
      ...(combination.release.sid === 'token_urlsafe' && { SESSION_ID_LENGTH: 32 }),
    });
  });

  afterAll(async () => {
    await express.stop();
    await flask.stop();
  });

  beforeEach(() => {
    browser = new Browser();
  });

  type Side = 'Flask' | 'Express';
  const urlOf = (side: Side): string => (side === 'Flask' ? flask.url : express.url);
  const directions = [
    { here: 'Flask', there: 'Express' },
    { here: 'Express', there: 'Flask' },
  ] as const;

  async function logIn(side: Side, username = 'ada'): Promise<void> {
    const form = new URLSearchParams({ username, password: 'secret' });
    const response = await browser.send('POST', `${urlOf(side)}/login`, form);
    // Werkzeug before 2.1 made the location absolute.
    const { pathname } = new URL(response.headers.get('location') ?? '', response.url);
    expect([response.status, pathname]).toEqual([302, '/me']);
  }
  const me = (side: Side) => browser.json('GET', `${urlOf(side)}/me`);
  const session = async (side: Side) =>
    (await browser.json('GET', `${urlOf(side)}/session`)) as {
      sid: string;
      permanent: boolean;
      data: Typed;
    };
  const keyOf = (sid: string): string => `${server.keyPrefix}session:${sid}`;

  describe.each(directions)('logged in on $here', ({ here, there }) => {
    test('is logged in on the other side, under the same id', async () => {
      await logIn(here);
      expect(await me(there)).toEqual({ username: 'ada' });
      expect((await session(there)).sid).toBe((await session(here)).sid);
    });

    test('is stored in the format that the release writes', async () => {
      await logIn(here);
      const { sid } = await session(here);
      const bytes = await redis.getBuffer(keyOf(sid));
      expect(bytes && recogniseFormat(bytes)).toBe(combination.format);
    });

    test('is changed there, and seen here', async () => {
      await logIn(here);
      await browser.json('PUT', `${urlOf(there)}/session/color`, { str: 'grün' });
      await browser.json('DELETE', `${urlOf(there)}/session/username`);
      expect((await session(here)).data).toEqual({
        dict: [
          [{ str: '_permanent' }, { bool: true }],
          [{ str: 'color' }, { str: 'grün' }],
        ],
      });
    });

    test('is out on both sides once it logs out on the other', async () => {
      await logIn(here);
      const { sid } = await session(here);
      const old = browser.cookie;
      await browser.send('POST', `${urlOf(there)}/logout`);
      expect(await redis.exists(keyOf(sid))).toBe(0);
      browser.cookie = old;
      expect(await me(here)).toEqual({ username: null });
      browser.cookie = old;
      expect(await me(there)).toEqual({ username: null });
    });

    test('lives as long on both sides, and longer with each request', async () => {
      await logIn(here);
      const { sid } = await session(here);
      await redis.expire(keyOf(sid), 100);
      await me(there);
      expect(await redis.ttl(keyOf(sid))).toBeGreaterThan(LIFETIME - 30);
    });

    test('is permanent or not for both', async () => {
      await logIn(here);
      expect((await session(there)).permanent).toBe(true);
      expect(browser.setCookie).toContain('Expires=');
      await browser.send('PUT', `${urlOf(here)}/permanent`, { bool: false });
      expect(browser.setCookie).not.toContain('Expires=');
      expect((await session(there)).permanent).toBe(false);
    });
  });

  test('values keep their types on the way through Express', async () => {
    await logIn('Flask');
    const values = valuesFor(combination);
    for (const [key, value] of Object.entries(values)) {
      await browser.json('PUT', `${flask.url}/session/${key}`, value);
    }
    const before = (await session('Flask')).data;
    await browser.json('PUT', `${express.url}/session/touched`, { int: '1' });
    const after = (await session('Flask')).data;
    const touched = [{ str: 'touched' }, { int: '1' }];
    expect(after).toEqual({ dict: [...(before.dict as unknown[]), touched] });
  });

  test('a change inside a value made by Express is seen by Flask', async () => {
    await logIn('Flask');
    await browser.json('PUT', `${flask.url}/session/cart`, { list: [{ int: '1' }] });
    await browser.json('POST', `${express.url}/append/cart`, { int: '2' });
    const cart = await browser.json('GET', `${flask.url}/session/cart`);
    expect(cart).toEqual({ list: [{ int: '1' }, { int: '2' }] });
  });

  test('a new id from Express keeps the login on Flask, and ends the old id', async () => {
    await logIn('Flask');
    const { sid } = await session('Flask');
    await browser.json('POST', `${express.url}/regenerate`);
    expect(await me('Flask')).toEqual({ username: 'ada' });
    expect((await session('Flask')).sid).not.toBe(sid);
    expect(await redis.exists(keyOf(sid))).toBe(0);
  });

  test('an id that Redis does not know is not adopted by Express', async () => {
    await logIn('Flask');
    const { sid } = await session('Flask');
    await redis.del(keyOf(sid));
    await logIn('Express', 'eve');
    expect((await session('Express')).sid).not.toBe(sid);
    expect(await me('Flask')).toEqual({ username: 'eve' });
  });
});

/** Values that the format can hold, with what other codecs confuse. */
function valuesFor({ format }: Combination): Record<string, Typed> {
  const everywhere: Record<string, Typed> = {
    whole_float: { float: '1.0' },
    big: { int: '9007199254740993' },
    nested: {
      dict: [
        [{ str: '10' }, { list: [{ none: null }] }],
        [{ str: '9' }, { bool: false }],
      ],
    },
  };
  if (format === 'json') return everywhere;
  if (format === 'msgpack') return { ...everywhere, bytes: { bytes: '00ff80' } };
  return {
    ...everywhere,
    bytes: { bytes: '00ff80' },
    pair: { tuple: [{ str: 'info' }, { tuple: [] }] },
    huge: { int: '-1208925819614629174706176' },
    members: { set: [{ int: '3' }] },
  };
}
