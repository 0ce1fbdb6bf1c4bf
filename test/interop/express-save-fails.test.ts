/** A session that cannot be saved: the app's error handler answers, whatever the response was. */

import { createServer as createHttp2Server, connect } from 'node:http2';

import compression from 'compression';
import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';

import type { SessionRequest } from '../../src/frameworks/express/index.js';
import { SessionStoreError } from '../../src/index.js';
import { ask, listen, serve } from '../support/http.js';
import type { AskOptions } from '../support/http.js';
import { COOKIE, useRedisSessions } from '../support/redis-sessions.js';
import { EXPRESS_RESPONSES, newApp, NODE_RESPONSES } from '../support/responses.js';

const sessions = useRedisSessions();

const MOUNTS: [string, (app: Express, session: RequestHandler) => unknown][] = [
  ['alone', (app, session) => app.use(session)],
  ['after compression', (app, session) => app.use(compression(), session)],
  ['before compression', (app, session) => app.use(session, compression())],
];

/** What apps have: the status of the error, and a page of their own. */
const answerError: ErrorRequestHandler = (error: Error & { status?: number }, _req, res, next) => {
  if (res.headersSent) next(error);
  else res.status(error.status ?? 500).json({ sorry: error.name });
};

describe.each(MOUNTS)('in Express, %s', (_where, mount) => {
  test.each([...EXPRESS_RESPONSES, ...NODE_RESPONSES])('$name', async (response) => {
    const app = newApp();
    mount(app, sessions().middleware());
    app.use((req, res) => {
      req.session['a'] = 1;
      return response.respond(res);
    });
    app.use(answerError);
    const port = await serve(app);
    await sessions().put({ a: 0 });
    sessions().breakDown();
    const options: AskOptions = {
      ...(response.method && { method: response.method }),
      headers: { Cookie: COOKIE, 'Accept-Encoding': 'gzip', ...response.headers },
    };
    const reply = await ask(port, '/', options);
    expect(reply.status).toBe(503);
    if (response.method !== 'HEAD') expect(reply.body).toBe('{"sorry":"SessionStoreError"}');
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(reply.headers).not.toHaveProperty('location');
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(await sessions().stored()).toEqual({ a: 0 });
  });
});

describe('over HTTP/2', () => {
  test.each(NODE_RESPONSES)('$name', async (response) => {
    const middleware = sessions().middleware();
    const server = createHttp2Server((req, res) => {
      const request = req as unknown as SessionRequest;
      middleware(request, res as never, (error) => {
        if (error) {
          res.writeHead(503).end(error instanceof SessionStoreError ? 'sorry' : 'what?');
          return;
        }
        if (request.session) request.session['a'] = 1;
        void response.respond(res as never);
      });
    });
    const client = connect(`http://127.0.0.1:${await listen(server)}`);
    sessions().breakDown();
    const stream = client.request({ ':method': response.method ?? 'GET' });
    let status: unknown;
    stream.on('response', (headers) => (status = headers[':status']));
    const chunks: string[] = [];
    for await (const chunk of stream.setEncoding('utf8')) chunks.push(chunk as string);
    client.close();
    expect(status).toBe(503);
    expect(chunks.join('')).toBe(response.method === 'HEAD' ? '' : 'sorry');
  });
});

test('the connection is kept, and its next request is served', async () => {
  const app = newApp();
  app.use(sessions().middleware());
  app.get('/', (req, res) => {
    req.session['a'] = 1;
    res.json({ ok: true });
  });
  app.use(answerError);
  const port = await serve(app);
  sessions().breakDown();
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(503);
  await sessions().reset();
  const reply = await fetch(`http://127.0.0.1:${port}/`);
  expect([reply.status, await reply.json()]).toEqual([200, { ok: true }]);
  expect(reply.headers.getSetCookie()).toHaveLength(1);
});

test("Express's own error handler answers where the app has none", async () => {
  const app = newApp();
  app.set('env', 'test');
  app.use(sessions().middleware());
  app.get('/', (req, res) => {
    req.session['a'] = 1;
    res.redirect('/in');
  });
  const port = await serve(app);
  sessions().breakDown();
  const reply = await ask(port);
  expect(reply.status).toBe(503);
  expect(reply.headers).not.toHaveProperty('location');
});

test('a handler in a router of its own has its error answered by the app', async () => {
  const app = newApp();
  const shop = newApp();
  app.use(sessions().middleware());
  app.use('/shop', shop);
  shop.get('/cart', (req, res) => {
    req.session['a'] = 1;
    res.json({ ok: true });
  });
  app.use(answerError);
  const port = await serve(app);
  sessions().breakDown();
  expect((await ask(port, '/shop/cart')).status).toBe(503);
});

test('a value that no session can hold is an error before anything is written', async () => {
  const app = newApp();
  app.use(sessions().middleware());
  app.get('/', (req, res) => {
    req.session['a'] = () => undefined;
    res.json({ ok: true });
  });
  app.use(answerError);
  const port = await serve(app);
  await sessions().put({ a: 0 });
  const reply = await ask(port, '/', { headers: { Cookie: COOKIE } });
  expect(reply).toMatchObject({ status: 500, body: '{"sorry":"SessionEncodeError"}' });
  expect(await sessions().stored()).toEqual({ a: 0 });
});
