/** The session is in Redis before the first byte of its response is with the client. */

import { createServer as createHttp2Server, connect } from 'node:http2';

import compression from 'compression';
import type { Express, RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';

import type { SessionRequest } from '../../src/frameworks/express/index.js';
import { ask, exchange, listen, serve } from '../support/http.js';
import { COOKIE, useRedisSessions } from '../support/redis-sessions.js';
import { EXPRESS_RESPONSES, newApp, NODE_RESPONSES } from '../support/responses.js';

const sessions = useRedisSessions();

/** Where compression stands, which takes the response's methods as the session does. */
const MOUNTS: [string, (app: Express, session: RequestHandler) => unknown][] = [
  ['alone', (app, session) => app.use(session)],
  ['after compression', (app, session) => app.use(compression(), session)],
  ['before compression', (app, session) => app.use(session, compression())],
];

describe.each(MOUNTS)('in Express, %s', (_where, mount) => {
  test.each([...EXPRESS_RESPONSES, ...NODE_RESPONSES])('$name', async (response) => {
    const app = newApp();
    mount(app, sessions().middleware());
    app.use((req, res) => {
      req.session['a'] = 1;
      return response.respond(res);
    });
    const port = await serve(app);
    await sessions().put({ a: 0 });
    sessions().slowDown();
    let atFirstByte: Promise<unknown> | undefined;
    const reply = await ask(port, '/', {
      ...(response.method && { method: response.method }),
      headers: { Cookie: COOKIE, 'Accept-Encoding': 'gzip', ...response.headers },
      onFirstByte: () => (atFirstByte = sessions().stored()),
    });
    expect(await atFirstByte).toEqual({ a: 1 });
    expect(reply.status).toBe(response.status ?? 200);
    if (response.body !== undefined) expect(reply.body).toBe(response.body);
    expect(reply.headers['set-cookie']).toHaveLength(1);
    expect(reply.headers['vary']).toMatch(/\bCookie\b/);
  });
});

describe('in plain node:http', () => {
  test.each(NODE_RESPONSES)('$name', async (response) => {
    const middleware = sessions().middleware();
    const port = await serve((req: SessionRequest, res) => {
      middleware(req, res, () => {
        if (req.session) req.session['a'] = 1;
        void response.respond(res);
      });
    });
    sessions().slowDown();
    let keys: Promise<string[]> | undefined;
    const reply = await ask(port, '/', {
      ...(response.method && { method: response.method }),
      onFirstByte: () => (keys = sessions().redis.keys(`${sessions().keyPrefix}*`)),
    });
    expect(await keys).toHaveLength(1);
    expect(reply.status).toBe(response.status ?? 200);
    expect(reply.body).toBe(response.body);
    expect(reply.headers['set-cookie']).toHaveLength(1);
  });
});

describe('over HTTP/2', () => {
  test.each(NODE_RESPONSES)('$name', async (response) => {
    const middleware = sessions().middleware();
    const server = createHttp2Server((req, res) => {
      const request = req as unknown as SessionRequest;
      middleware(request, res as never, () => {
        if (request.session) request.session['a'] = 1;
        void response.respond(res as never);
      });
    });
    const client = connect(`http://127.0.0.1:${await listen(server)}`);
    await sessions().put({ a: 0 });
    sessions().slowDown();
    const stream = client.request({ ':method': response.method ?? 'GET', cookie: COOKIE });
    let status: unknown;
    let atFirstByte: Promise<unknown> | undefined;
    stream.on('response', (headers) => {
      status = headers[':status'];
      atFirstByte = sessions().stored();
    });
    const chunks: string[] = [];
    for await (const chunk of stream.setEncoding('utf8')) chunks.push(chunk as string);
    client.close();
    expect(await atFirstByte).toEqual({ a: 1 });
    expect(status).toBe(response.status ?? 200);
    expect(chunks.join('')).toBe(response.body);
  });
});

test('pipelined requests each get their response, in order', async () => {
  const app = newApp();
  app.use(sessions().middleware());
  app.get('/:n', (req, res) => {
    req.session[`n${req.params.n}`] = 1;
    res.send(`response ${req.params.n}`);
  });
  const port = await serve(app);
  await sessions().put({ n: 0 });
  sessions().slowDown();
  const replies = await exchange(
    port,
    `GET /1 HTTP/1.1\r\nHost: x\r\nCookie: ${COOKIE}\r\n\r\n` +
      `GET /2 HTTP/1.1\r\nHost: x\r\nCookie: ${COOKIE}\r\n\r\n` +
      `GET /3 HTTP/1.1\r\nHost: x\r\nCookie: ${COOKIE}\r\nConnection: close\r\n\r\n`,
  );
  expect(replies.match(/response \d/g)).toEqual(['response 1', 'response 2', 'response 3']);
  expect(replies.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
  expect(await sessions().stored()).toEqual({ n: 0, n1: 1, n2: 1, n3: 1 });
});
