/** Which of several session cookies counts, and the change from unsigned to signed ones and back. */

import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { sessionOf } from '../../src/index.js';
import type { FlaskConfig, SessionOptions } from '../../src/index.js';
import { Signer } from '../../src/python/itsdangerous/index.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { ask, serve } from '../support/http.js';
import type { Reply } from '../support/http.js';
import { SID, useRedisSessions } from '../support/redis-sessions.js';
import { startExpressApp } from '../support/reference-express-app.js';
import { newApp } from '../support/responses.js';

const SECRET_KEY = 'shared by Flask and Express';
const sign = (sid: string, key = SECRET_KEY): string =>
  new Signer(key, { salt: 'flask-session', keyDerivation: 'hmac' }).sign(sid);

describe('several cookies of the name', () => {
  const sessions = useRedisSessions();
  const OTHER_SID = '6f1c9a52-70de-4a4b-8e57-1c6a5d2f3b90';

  /** Sends cookies of these values to an app that changes the session and shows whose it is. */
  async function visit(
    values: readonly string[],
    config: FlaskConfig = {},
    options: SessionOptions = {},
  ): Promise<Reply> {
    const app = newApp();
    app.use(sessions().middleware({ SECRET_KEY, ...config }, options));
    app.get('/', (req, res) => {
      req.session['visits'] = Number(req.session['visits'] ?? 0) + 1;
      res.send(`${String(req.session['user'])} ${sessionOf(req).sid}`);
    });
    await sessions().put({ user: 'ada' });
    await sessions().put({ user: 'eve' }, OTHER_SID);
    const cookies = values.map((value) => `session=${value}`);
    const Cookie = ['a=1', ...cookies, 'b=2'].join('; ');
    return ask(await serve(app), '/', { headers: { Cookie } });
  }

  test('the first one counts, and the other session is left alone', async () => {
    expect((await visit([SID, OTHER_SID])).body).toBe(`ada ${SID}`);
    expect(await sessions().stored()).toEqual({ user: 'ada', visits: 1 });
    expect(await sessions().stored(OTHER_SID)).toEqual({ user: 'eve' });
    expect((await visit([OTHER_SID, SID])).body).toBe(`eve ${OTHER_SID}`);
  });

  test.each<[string, string, FlaskConfig]>([
    ['an id that Redis does not know', randomUUID(), {}],
    ['an id of the wrong shape', '../../etc/passwd', {}],
    ['an empty value', '', {}],
    ['a value that is much too long', 'x'.repeat(2000), {}],
    ['a wrong signature', sign(OTHER_SID, 'another key'), { SESSION_USE_SIGNER: true }],
    ['no signature', OTHER_SID, { SESSION_USE_SIGNER: true }],
    ['a signed id that Redis does not know', sign(randomUUID()), { SESSION_USE_SIGNER: true }],
  ])('after %s, the second one counts', async (_what, first, config) => {
    const second = config.SESSION_USE_SIGNER ? sign(SID) : SID;
    const reply = await visit([first, second], config);
    expect(reply.body).toBe(`ada ${SID}`);
    expect(reply.headers['set-cookie']?.[0]).toContain(`session=${second};`);
    expect(await sessions().stored()).toEqual({ user: 'ada', visits: 1 });
  });

  test('one that names no session after another is no session', async () => {
    const { body } = await visit([randomUUID(), randomUUID()]);
    expect(body).toMatch(/^undefined /);
    expect(body).not.toContain(SID);
  });

  test('no more than three are looked up, so that a client cannot ask for many', async () => {
    const unknown = Array.from({ length: 3 }, () => randomUUID());
    expect((await visit([...unknown.slice(1), SID])).body).toBe(`ada ${SID}`);
    let lookups = 0;
    sessions().store.before.get = () => Promise.resolve(lookups++);
    expect((await visit([...unknown, SID])).body).toMatch(/^undefined /);
    expect(lookups).toBe(3);
  });

  test('the same value twice is looked up once', async () => {
    let lookups = 0;
    sessions().store.before.get = () => Promise.resolve(lookups++);
    const unknown = randomUUID();
    await visit([unknown, unknown, unknown]);
    expect(lookups).toBe(1);
  });

  test('one whose session cannot be read is an error, and not passed over', async () => {
    const damaged = randomUUID();
    await sessions().redis.set(sessions().keyPrefix + damaged, 'nonsense');
    expect((await visit([damaged, SID])).status).toBe(503);
    expect(await sessions().stored()).toEqual({ user: 'ada' });
  });
});

describe("acceptCookies: 'both', while a live Flask changes SESSION_USE_SIGNER", () => {
  let server: RedisServer;
  let redis: Redis;
  let unsigned: FlaskApp;
  let signed: FlaskApp;

  const config = (useSigner: boolean) => ({
    SECRET_KEY,
    SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
    SESSION_USE_SIGNER: useSigner,
    // So that no cookie is sent but where the session says so.
    SESSION_PERMANENT: false,
  });

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    const [release] = FLASK_SESSION_RELEASES.slice(-1);
    if (!release) throw new Error('there is no release');
    [unsigned, signed] = (await Promise.all(
      [false, true].map((useSigner) =>
        startFlaskApp({ release, redisUrl: server.url, config: config(useSigner) }),
      ),
    )) as [FlaskApp, FlaskApp];
  });

  afterAll(async () => {
    await unsigned.stop();
    await signed.stop();
    redis.disconnect();
    await server.stop();
  });

  test.each([
    ['turned on', true],
    ['turned off', false],
  ])(
    '%s: a login from before goes on, with a cookie that the new Flask takes',
    async (_how, on) => {
      const [before, after] = on ? [unsigned, signed] : [signed, unsigned];
      const express = await startExpressApp(
        { ...config(on), SESSION_TYPE: 'redis', SESSION_REDIS: redis },
        { acceptCookies: 'both' },
      );
      const strict = await startExpressApp({
        ...config(on),
        SESSION_TYPE: 'redis',
        SESSION_REDIS: redis,
      });
      const browser = new Browser();
      const form = new URLSearchParams({ username: 'ada', password: 'secret' });
      await browser.send('POST', `${before.url}/login`, form);
      const cookie = browser.cookie;

      expect(await browser.json('GET', `${after.url}/me`)).toEqual({ username: null });
      expect(await browser.json('GET', `${strict.url}/me`)).toEqual({ username: null });
      browser.cookie = cookie;
      expect(await browser.json('GET', `${express.url}/me`)).toEqual({ username: 'ada' });
      expect(browser.cookie).not.toBe(cookie);
      expect(await browser.json('GET', `${after.url}/me`)).toEqual({ username: 'ada' });
      expect(await browser.json('GET', `${strict.url}/me`)).toEqual({ username: 'ada' });

      browser.cookie = `session=${sign(randomUUID(), 'another key')}`;
      expect(await browser.json('GET', `${express.url}/me`)).toEqual({ username: null });
      await express.stop();
      await strict.stop();
    },
  );
});
