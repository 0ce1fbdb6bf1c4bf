/** Handlers that fail, before and after they answered. */

import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { expect, test } from 'vitest';

import { ask, serve } from '../support/http.js';
import type { Reply } from '../support/http.js';
import { COOKIE, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

const answerError: ErrorRequestHandler = (error: Error, _req, res, next) => {
  if (res.headersSent) next(error);
  else res.status(500).send(error.message);
};

/** Has one handler answer a request with a session, and Express's own handler its errors. */
async function askFor(handler: RequestHandler, finish?: (app: Express) => void): Promise<Reply> {
  const app = newApp();
  app.set('env', 'test');
  app.use(sessions().middleware());
  app.get('/', handler);
  finish?.(app);
  const port = await serve(app);
  await sessions().put({ a: 0 });
  sessions().slowDown();
  return ask(port, '/', { headers: { Cookie: COOKIE } });
}

test('what a handler changed before it failed is saved with the answer to the error', async () => {
  const reply = await askFor(
    (req) => {
      req.session['a'] = 1;
      throw new Error('broken');
    },
    (app) => app.use(answerError),
  );
  expect(reply).toMatchObject({ status: 500, body: 'broken' });
  expect(await sessions().stored()).toEqual({ a: 1 });
});

test.each<[string, RequestHandler]>([
  [
    'at once',
    (req, res) => {
      req.session['a'] = 1;
      res.json({ ok: true });
      throw new Error('broken');
    },
  ],
  [
    'while its session is saved',
    async (req, res) => {
      req.session['a'] = 1;
      res.json({ ok: true });
      await Promise.resolve();
      throw new Error('broken');
    },
  ],
  [
    'by next()',
    (req, res, next) => {
      req.session['a'] = 1;
      res.redirect('/in');
      next(new Error('broken'));
    },
  ],
])('a response that is complete goes out although its handler fails %s', async (_when, handler) => {
  const reply = await askFor(handler);
  expect([200, 302]).toContain(reply.status);
  expect(reply.headers['set-cookie']).toHaveLength(1);
  expect(await sessions().stored()).toEqual({ a: 1 });
});

test('a second answer fails as in plain Express, and the first one goes out', async () => {
  const codes: unknown[] = [];
  const reply = await askFor(
    (req, res) => {
      req.session['a'] = 1;
      res.json({ first: true });
      res.json({ second: true });
    },
    (app) => {
      app.use(((error: NodeJS.ErrnoException, _req, res, next) => {
        codes.push(error.code, res.headersSent);
        next(error);
      }) satisfies ErrorRequestHandler);
    },
  );
  expect(codes).toEqual(['ERR_HTTP_HEADERS_SENT', true]);
  expect(reply).toMatchObject({ status: 200, body: '{"first":true}' });
});

test('a response that is cut off in the middle has its session saved all the same', async () => {
  const reply = askFor((req, res) => {
    req.session['a'] = 1;
    res.write('part');
    throw new Error('broken');
  });
  await expect(reply).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => sessions().stored()).toEqual({ a: 1 });
});

test('what Node refuses to send is answered by the app, and the session is saved', async () => {
  const reply = await askFor(
    (req, res) => {
      req.session['a'] = 1;
      res.writeHead(200, { 'X-Bad': 'line\nbreak' }).end();
    },
    (app) => app.use(answerError),
  );
  expect(reply.status).toBe(500);
  expect(reply.headers['set-cookie']).toHaveLength(1);
  expect(await sessions().stored()).toEqual({ a: 1 });
});

test('a session that cannot be opened is an error for the app, and no session is there', async () => {
  sessions().store.before.get = () => Promise.reject(new Error('LOADING'));
  const app = newApp();
  app.use(sessions().middleware());
  app.get('/', (_req, res) => res.send('unreached'));
  app.use(((error: Error, req, res, next) => {
    if (res.headersSent) next(error);
    else res.status(503).json({ name: error.name, session: 'session' in req });
  }) satisfies ErrorRequestHandler);
  const reply = await ask(await serve(app), '/', { headers: { Cookie: COOKIE } });
  expect(reply.body).toBe('{"name":"SessionStoreError","session":false}');
});
