/** What people who come from express-session write: `req.sessionID`, and callbacks. */

import type { RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';

import { sessionOf } from '../../src/index.js';
import { ask, serve } from '../support/http.js';
import type { Reply } from '../support/http.js';
import { COOKIE, SID, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

async function askFor(handler: RequestHandler): Promise<Reply> {
  const app = newApp();
  app.use(sessions().middleware());
  app.get('/', handler);
  app.use(((error: Error, _req, res, next) => {
    if (res.headersSent) next(error);
    else res.status(500).send(error.name);
  }) as (...args: Parameters<import('express').ErrorRequestHandler>) => void);
  await sessions().put({ a: 0 });
  return ask(await serve(app), '/', { headers: { Cookie: COOKIE } });
}

describe('req.sessionID', () => {
  test('is the id of the session', async () => {
    const { body } = await askFor((req, res) => res.send(req.sessionID));
    expect(body).toBe(SID);
  });

  test.each(['rotate', 'regenerate'] as const)('is the new id after %s', async (method) => {
    const { body } = await askFor(async (req, res) => {
      await req.session[method]();
      req.session['b'] = 1;
      res.json([req.sessionID, sessionOf(req).sid]);
    });
    const [onRequest, onSession] = JSON.parse(body) as string[];
    expect(onRequest).toBe(onSession);
    expect(onRequest).not.toBe(SID);
    expect(await sessions().stored(onRequest)).toMatchObject({ b: 1 });
  });
});

describe('a callback', () => {
  test('of save comes when the session is stored', async () => {
    await askFor((req, res, next) => {
      req.session['a'] = 1;
      void req.session.save((error) => {
        if (error) next(error);
        else
          void sessions()
            .stored()
            .then((stored) => res.json(stored));
      });
    });
    expect(await sessions().stored()).toEqual({ a: 1 });
  });

  test('of regenerate finds a new and empty session on the request', async () => {
    const { body } = await askFor((req, res, next) => {
      const before = req.session;
      void req.session.regenerate((error) => {
        if (error) next(error);
        else res.json([req.session === before, Object.keys(req.session), 'a' in req.session]);
      });
    });
    expect(body).toBe('[false,["_permanent"],false]');
  });

  test('of destroy comes when the session is gone, and its cookie goes with the response', async () => {
    const { body, headers } = await askFor((req, res, next) => {
      void req.session.destroy((error) => {
        if (error) next(error);
        else
          void sessions()
            .stored()
            .then((stored) => res.send(String(stored)));
      });
    });
    expect(body).toBe('undefined');
    expect(headers['set-cookie']?.[0]).toMatch(/^session=; Expires=Thu, 01 Jan 1970/);
  });

  test('of reload finds what is stored', async () => {
    const { body } = await askFor((req, res, next) => {
      req.session['a'] = 'forgotten';
      void sessions()
        .put({ a: 'stored' })
        .then(() =>
          req.session.reload((error) => {
            if (error) next(error);
            else res.send(req.session['a']);
          }),
        );
    });
    expect(body).toBe('stored');
  });

  test('gets the error, which the app can answer', async () => {
    sessions().breakDown();
    const { body } = await askFor((req, _res, next) => {
      req.session['a'] = 1;
      void req.session.save(next);
    });
    expect(body).toBe('SessionStoreError');
  });
});

test('touch renews a session that nothing changed', async () => {
  await askFor((req, res) => {
    req.session.touch();
    res.send('ok');
  });
  expect(await sessions().redis.ttl(sessions().keyPrefix + SID)).toBeGreaterThan(600);
});

test('an explicit save is not repeated at the end of the response', async () => {
  let sets = 0;
  sessions().store.before.set = () => Promise.resolve(sets++);
  await askFor(async (req, res) => {
    req.session['a'] = 1;
    await req.session.save();
    res.send('ok');
  });
  expect(sets).toBe(1);
});

test('mounted twice, it is one session', async () => {
  const app = newApp();
  app.use(sessions().middleware(), sessions().middleware());
  app.get('/', (req, res) => {
    req.session['a'] = 1;
    res.send('ok');
  });
  const reply = await ask(await serve(app));
  expect(reply.headers['set-cookie']).toHaveLength(1);
  expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toHaveLength(1);
});

test('a request whose session was taken away is answered, and nothing is saved', async () => {
  const reply = await askFor((req, res) => {
    req.session['a'] = 1;
    Reflect.deleteProperty(req, 'session');
    res.send('ok');
  });
  expect(reply).toMatchObject({ status: 200, body: 'ok' });
  expect(reply.headers['set-cookie']).toBeUndefined();
  expect(await sessions().stored()).toEqual({ a: 0 });
});
