/** When the middleware goes on, and with what. */

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';

import { flaskSession } from '../../../../src/frameworks/express/index.js';
import type { SessionRequest } from '../../../../src/frameworks/express/index.js';
import { MemoryStore } from '../../../support/memory-store.js';

const SID = 'c0ffee00-0000-4000-8000-000000000000';

function newRequest(cookie?: string): { req: SessionRequest; res: ServerResponse } {
  const req = new IncomingMessage(new Socket());
  if (cookie !== undefined) req.headers.cookie = cookie;
  return { req, res: new ServerResponse(req) };
}

test('a request without a session cookie goes on in the same turn', () => {
  const store = new MemoryStore();
  const { req, res } = newRequest('theme=dark');
  let session: unknown;
  flaskSession({}, { store })(req, res, () => (session = req.session));
  expect(session).toBeDefined();
  expect(store.log).toEqual([]);
});

test('a request with one goes on when the store has answered', async () => {
  const store = new MemoryStore();
  const { req, res } = newRequest(`session=${SID}`);
  const middleware = flaskSession({}, { store });
  await new Promise((next) => {
    middleware(req, res, next);
    expect(req.session).toBeUndefined();
  });
  expect(req.session).toBeDefined();
  expect(store.log).toEqual(['get']);
});

test.each([['theme=dark'], [`session=${SID}`]])(
  'a request that cannot carry a session is handed on with the error (%s)',
  async (cookie) => {
    const { req, res } = newRequest(cookie);
    Object.freeze(req);
    const middleware = flaskSession({}, { store: new MemoryStore() });
    const error = await new Promise((next) => {
      middleware(req, res, next);
    });
    expect(error).toBeInstanceOf(TypeError);
  },
);
