/** What becomes of changes to a session whose response has begun, or whose client has left. */

import type { Express, Request, Response } from 'express';
import { describe, expect, test } from 'vitest';

import { collect } from '../support/events.js';
import { ask, knock, serve } from '../support/http.js';
import { COOKIE, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

function appWith(handler: (req: Request, res: Response) => unknown): Express {
  const app = newApp();
  app.use(sessions().middleware());
  app.get('/', handler);
  return app;
}

/** Server-sent events: the headers go first, and some turns later `after` may do what it likes. */
function stream(after: (req: Request) => unknown): Express {
  return appWith(async (req, res) => {
    res.type('text/event-stream').flushHeaders();
    res.write('data: 1\n\n');
    await sessions().redis.ping();
    await after(req);
    res.end('data: 2\n\n');
  });
}

describe('after the headers went', () => {
  test.each<[string, (req: Request) => unknown]>([
    ['a key', (req) => (req.session['seen'] = 1)],
    ['a value inside', (req) => (req.session['list'] as number[]).push(2)],
  ])('%s that changed is saved before the response ends', async (_what, change) => {
    const port = await serve(stream(change));
    await sessions().put({ a: 0, list: [1] });
    sessions().slowDown();
    const reply = await ask(port, '/', { headers: { Cookie: COOKIE } });
    const stored = await sessions().stored();
    expect(reply.body).toBe('data: 1\n\ndata: 2\n\n');
    expect(stored).not.toEqual({ a: 0, list: [1] });
  });

  test('a save that fails is reported, and the response ends as usual', async () => {
    const errors = collect('error');
    const port = await serve(stream((req) => (req.session['seen'] = 1)));
    await sessions().put({ a: 0 });
    sessions().breakDown();
    const reply = await ask(port, '/', { headers: { Cookie: COOKIE } });
    expect(reply.body).toBe('data: 1\n\ndata: 2\n\n');
    expect(errors).toMatchObject([{ error: { code: 'ERR_SESSION_STORE' } }]);
  });

  test('a new session is reported, not stored, since no cookie can name it', async () => {
    const errors = collect('error');
    const port = await serve(stream((req) => (req.session['user'] = 1)));
    const reply = await ask(port);
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(errors).toMatchObject([{ error: { code: 'ERR_SESSION_HEADERS_SENT' } }]);
    expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toEqual([]);
  });

  test('it is a process warning where nobody listens', async () => {
    const warning = new Promise<Error>((resolve) => process.once('warning', resolve));
    const port = await serve(stream((req) => (req.session['user'] = 1)));
    await ask(port);
    expect(await warning).toMatchObject({ code: 'ERR_SESSION_HEADERS_SENT' });
  });

  test.each(['rotate', 'regenerate'] as const)('%s is refused', async (method) => {
    const port = await serve(
      stream((req) =>
        req.session[method]().catch((error: unknown) => {
          req.session['refused'] = (error as NodeJS.ErrnoException).code;
        }),
      ),
    );
    await sessions().put({ a: 0 });
    await ask(port, '/', { headers: { Cookie: COOKIE } });
    expect(await sessions().stored()).toEqual({ a: 0, refused: 'ERR_SESSION_HEADERS_SENT' });
  });

  test('a logout still ends the session', async () => {
    const port = await serve(stream((req) => req.session.destroy()));
    await sessions().put({ a: 0 });
    await ask(port, '/', { headers: { Cookie: COOKIE } });
    expect(await sessions().stored()).toBeUndefined();
  });
});

describe('after the response ended', () => {
  test.each<[string, unknown]>([
    ['that needed no save', undefined],
    ['whose session was saved', 1],
  ])('a key set in the same turn is saved: a response %s', async (_which, before) => {
    const port = await serve(
      appWith((req, res) => {
        if (before) req.session['before'] = before;
        res.json({ ok: true });
        req.session['late'] = 1;
      }),
    );
    await sessions().put({ a: 0 });
    await ask(port, '/', { headers: { Cookie: COOKIE } });
    await expect.poll(() => sessions().stored()).toMatchObject({ a: 0, late: 1 });
  });
});

describe('when the client left', () => {
  /** Hangs up as soon as the handler has the request. */
  async function hangUpOn(handler: (req: Request, res: Response) => unknown): Promise<void> {
    let arrived = 0;
    const port = await serve(
      appWith((req, res) => {
        arrived++;
        return handler(req, res);
      }),
    );
    await sessions().put({ a: 0 });
    const socket = await knock(port, { Cookie: COOKIE });
    await expect.poll(() => arrived).toBe(1);
    socket.destroy();
  }

  test('before the response, what was changed so far is saved', async () => {
    await hangUpOn((req) => (req.session['a'] = 1));
    await expect.poll(() => sessions().stored()).toEqual({ a: 1 });
  });

  test('during a stream, what its end changes is saved', async () => {
    await hangUpOn((req, res) => {
      res.type('text/event-stream').flushHeaders();
      res.on('close', () => (req.session['a'] = 1));
    });
    await expect.poll(() => sessions().stored()).toEqual({ a: 1 });
  });

  test('while the save is under way, it is completed', async () => {
    sessions().slowDown(50);
    await hangUpOn((req, res) => {
      req.session['a'] = 1;
      res.json({ ok: true });
    });
    await expect.poll(() => sessions().stored()).toEqual({ a: 1 });
  });

  test('what the handler does after that is saved when it answers', async () => {
    await hangUpOn((req, res) => {
      res.on('close', () => {
        setTimeout(() => {
          req.session['a'] = 1;
          res.json({ ok: true });
        }, 20);
      });
    });
    await expect.poll(() => sessions().stored()).toEqual({ a: 1 });
  });

  test('a new session is not stored, and reported', async () => {
    const errors = collect('error');
    await sessions().redis.ping();
    const port = await serve(
      appWith((req, res) => {
        res.on('close', () => (req.session['user'] = 1));
        res.write('part');
      }),
    );
    const socket = await knock(port);
    socket.once('data', () => socket.destroy());
    await expect
      .poll(() => errors)
      .toMatchObject([{ error: { code: 'ERR_SESSION_HEADERS_SENT' } }]);
    expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toEqual([]);
  });
});
