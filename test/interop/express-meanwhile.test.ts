/** What a live Flask does to a session while Express handles a request, by the response to that. */

import express from 'express';
import type { Express, RequestHandler } from 'express';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { flaskSession } from '../../src/index.js';
import { recogniseFormat } from '../../src/session/serializers.js';
import { FLASK_SESSION_RELEASES, startFlaskApp } from '../../tools/flask-app.js';
import type { FlaskApp } from '../../tools/flask-app.js';
import { startRedis } from '../../tools/redis-server.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { Browser } from '../support/browser.js';
import { collect } from '../support/events.js';
import { serveExpress } from '../support/serve-express.js';
import type { ExpressApp } from '../support/serve-express.js';
import type { Typed } from '../support/typed-json.js';

const FORM = new URLSearchParams({ username: 'ada', password: 'secret' });

let server: RedisServer;
let redis: Redis;
let flask: FlaskApp;
let node: ExpressApp;
let browser: Browser;
/** What Flask is asked, and what the handler does then, in the middle of `/during`. */
let during: { flask: () => Promise<unknown>; handler: RequestHandler };

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  const [release] = FLASK_SESSION_RELEASES.slice(-1);
  if (!release) throw new Error('there is no release');
  const settings = {
    SECRET_KEY: 'shared by Flask and Express',
    SESSION_KEY_PREFIX: `${server.keyPrefix}session:`,
  };
  flask = await startFlaskApp({ release, redisUrl: server.url, config: settings });
  const app: Express = express();
  app.use(flaskSession({ ...settings, SESSION_TYPE: 'redis', SESSION_REDIS: redis }));
  app.get('/during', async (req, res, next) => {
    // Read before, so that the request has a state of its own.
    Reflect.get(req.session, 'username');
    await during.flask();
    await during.handler(req, res, next);
  });
  node = await serveExpress(app);
});

afterAll(async () => {
  await node.stop();
  await flask.stop();
  redis.disconnect();
  await server.stop();
});

beforeEach(async () => {
  browser = new Browser();
  await browser.send('POST', `${flask.url}/login`, FORM);
});

afterEach(async () => {
  const keys = await redis.keys(`${server.keyPrefix}*`);
  if (keys.length > 0) await redis.del(keys);
});

/** The same browser in another tab: what it is told there, this one does not hear. */
function otherTab(): Browser {
  const tab = new Browser();
  tab.cookie = browser.cookie;
  return tab;
}

async function get(handler: RequestHandler, flaskDoes: () => Promise<unknown>): Promise<Response> {
  during = { flask: flaskDoes, handler };
  return browser.send('GET', `${node.url}/during`);
}

async function seenByFlask(): Promise<Typed> {
  return ((await browser.json('GET', `${flask.url}/session`)) as { data: Typed }).data;
}

describe('a logout', () => {
  const logOut = () => otherTab().send('POST', `${flask.url}/logout`);
  const keys = () => redis.keys(`${server.keyPrefix}*`);

  test('stays one: the response goes out as it was made, without a cookie', async () => {
    const drops = collect('drop');
    const response = await get((req, res) => {
      req.session['cart'] = [1];
      res.status(201).json({ saved: true });
    }, logOut);
    expect([response.status, await response.json()]).toEqual([201, { saved: true }]);
    expect(browser.setCookie).toBeUndefined();
    expect(await keys()).toEqual([]);
    expect(drops).toEqual([]);
  });

  test('stays one, whatever else the request saves', async () => {
    const drops = collect('drop');
    await get(async (req, res) => {
      req.session['cart'] = [1];
      await req.session.save();
      req.session['more'] = [2];
      await req.session.save();
      req.session['last'] = [3];
      res.send('ok');
    }, logOut);
    expect(browser.setCookie).toBeUndefined();
    expect(await keys()).toEqual([]);
    expect(drops).toMatchObject([{ reason: 'gone' }, { reason: 'gone' }]);
  });

  test.each<[string, RequestHandler]>([
    [
      'a counter',
      async (req, res) => {
        res.json(await req.session.update((data) => void (data['count'] = 1)));
      },
    ],
    [
      'a new id',
      async (req, res) => {
        await req.session.rotate();
        res.json({ outcome: 'gone' });
      },
    ],
  ])('stays one when the request asks for %s', async (_what, handler) => {
    const response = await get(handler, logOut);
    expect(await response.json()).toMatchObject({ outcome: 'gone' });
    expect(browser.setCookie).toBeUndefined();
    expect(await keys()).toEqual([]);
  });

  test('does not keep the same request from a login of its own', async () => {
    const old = browser.cookie;
    await get(async (req, res) => {
      await req.session.regenerate();
      req.session['username'] = 'eve';
      res.send('ok');
    }, logOut);
    expect(browser.cookie).not.toBe(old);
    expect(await browser.json('GET', `${flask.url}/me`)).toEqual({ username: 'eve' });
    expect(await keys()).toHaveLength(1);
  });
});

describe('a change', () => {
  test('to another key is kept, and so is its format', async () => {
    await get(
      (req, res) => {
        req.session['node'] = 1.5;
        res.send('ok');
      },
      () => otherTab().send('PUT', `${flask.url}/session/flask`, { float: '2.0' }),
    );
    expect(browser.setCookie).toContain('session=');
    expect(await seenByFlask()).toEqual({
      dict: [
        [{ str: '_permanent' }, { bool: true }],
        [{ str: 'username' }, { str: 'ada' }],
        [{ str: 'flask' }, { float: '2.0' }],
        [{ str: 'node' }, { float: '1.5' }],
      ],
    });
    const [key = ''] = await redis.keys(`${server.keyPrefix}*`);
    expect(recogniseFormat((await redis.getBuffer(key)) ?? Buffer.of())).toBe('msgpack');
  });

  test('that the request does not know of is not undone by one that only reads', async () => {
    await get(
      (req, res) => res.send(req.session['username']),
      () => otherTab().send('PUT', `${flask.url}/session/flask`, { int: '1' }),
    );
    expect(await browser.json('GET', `${flask.url}/session/flask`)).toEqual({ int: '1' });
  });

  test('is seen by what the request reads after its save', async () => {
    const response = await get(
      async (req, res) => {
        req.session['node'] = 1;
        await req.session.save();
        res.json(req.session['flask']);
      },
      () => otherTab().send('PUT', `${flask.url}/session/flask`, { int: '7' }),
    );
    expect(await response.json()).toBe(7);
  });

  test('is seen by reload(), and by update()', async () => {
    const response = await get(
      async (req, res) => {
        await req.session.reload();
        const reloaded = req.session['flask'];
        await req.session.update((data) => void (data['flask'] = Number(data['flask']) + 1));
        res.json([reloaded, req.session['flask']]);
      },
      () => otherTab().send('PUT', `${flask.url}/session/flask`, { int: '7' }),
    );
    expect(await response.json()).toEqual([7, 8]);
    expect(await browser.json('GET', `${flask.url}/session/flask`)).toEqual({ int: '8' });
  });
});

test("a new id that Flask gave is not undone: the old id's request is over", async () => {
  const tab = otherTab();
  await get(
    (req, res) => {
      req.session['late'] = true;
      res.send('ok');
    },
    () => tab.send('POST', `${flask.url}/regenerate`),
  );
  expect(browser.setCookie).toBeUndefined();
  expect(await redis.keys(`${server.keyPrefix}*`)).toHaveLength(1);
  expect(await tab.json('GET', `${flask.url}/me`)).toEqual({ username: 'ada' });
});
