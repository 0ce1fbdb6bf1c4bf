/** WebSockets by the package ws: the upgrade has a request, but no response. */

import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

import type { SessionRequest } from '../../src/frameworks/express/index.js';
import { sessionOf } from '../../src/index.js';
import type { FlaskSessionMiddleware } from '../../src/index.js';
import { ask, listen } from '../support/http.js';
import { COOKIE, SID, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

/** What a handler of upgrades has to work with. */
interface Upgrade {
  readonly req: IncomingMessage;
  readonly socket: Duplex;
  readonly accept: (headers?: readonly string[]) => Promise<WebSocket>;
}

/** Serves upgrades beside an app whose `/logout` ends the session. */
async function serveUpgrades(
  session: FlaskSessionMiddleware,
  handle: (upgrade: Upgrade) => Promise<unknown>,
): Promise<number> {
  const app = newApp();
  app.use(session);
  app.post('/logout', (req, res) => {
    req.session.clear();
    res.sendStatus(204);
  });
  const server = createServer(app);
  takeUpgrades(server, handle);
  return listen(server);
}

function takeUpgrades(server: Server, handle: (upgrade: Upgrade) => Promise<unknown>): void {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const accept = (added: readonly string[] = []): Promise<WebSocket> =>
      new Promise((resolve) => {
        sockets.once('headers', (headers) => headers.push(...added));
        sockets.handleUpgrade(req, socket, head, resolve);
      });
    handle({ req, socket, accept }).catch(() => socket.destroy());
  });
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });
}

interface Client {
  readonly socket: WebSocket;
  /** The cookie that came with the upgrade's answer. */
  readonly setCookie: readonly string[] | undefined;
  /** Messages and close codes, in their order. */
  next(): Promise<string | number>;
}

/** Connects; rejects with the status when the server refuses. */
function connect(port: number, headers: Record<string, string> = {}): Promise<Client> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers });
    const arrived: (string | number)[] = [];
    let setCookie: readonly string[] | undefined;
    socket.on('upgrade', (res) => (setCookie = res.headers['set-cookie']));
    socket.on('message', (data: Buffer) => arrived.push(data.toString()));
    socket.on('close', (code) => arrived.push(code));
    socket.on('unexpected-response', (_req, res) => {
      reject(new Error(`refused with ${res.statusCode ?? 0}`));
    });
    socket.on('error', reject);
    socket.on('open', () => {
      resolve({
        socket,
        setCookie,
        next: async () => {
          await expect.poll(() => arrived.length).toBeGreaterThan(0);
          return arrived.shift() ?? '';
        },
      });
    });
  });
}

/** A chat for users who are logged in: each message is counted in the sender's session. */
function serveChat(): Promise<number> {
  const session = sessions().middleware();
  const bridge = session.interface;
  return serveUpgrades(session, async ({ req, socket, accept }) => {
    const opened = await bridge.openSession(req.headers.cookie);
    if (opened['user'] === undefined) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    const webSocket = await accept();
    const { sid } = sessionOf(opened);
    webSocket.on('message', () => {
      const count = bridge.update(sid, (data) => {
        data['messages'] = Number(data['messages'] ?? 0) + 1;
      });
      void count.then(({ outcome }) => {
        if (outcome === 'gone') webSocket.close(4001);
        else webSocket.send(outcome);
      });
    });
  });
}

describe('a chat that opens sessions by the interface', () => {
  test('knows the user, and counts every message in the session', async () => {
    await sessions().put({ user: 'ada' });
    const client = await connect(await serveChat(), { Cookie: COOKIE });
    for (let n = 0; n < 5; n++) client.socket.send('hello');
    for (let n = 0; n < 5; n++) expect(await client.next()).toMatch(/^(stored|merged)$/);
    expect(await sessions().stored()).toEqual({ user: 'ada', messages: 5 });
  });

  test('refuses a visitor, and stores nothing', async () => {
    const port = await serveChat();
    await expect(connect(port)).rejects.toThrow('refused with 401');
    await expect(connect(port, { Cookie: COOKIE })).rejects.toThrow('refused with 401');
    expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toEqual([]);
  });

  test('ends with the session that the user logs out of elsewhere', async () => {
    const port = await serveChat();
    await sessions().put({ user: 'ada' });
    const client = await connect(port, { Cookie: COOKIE });
    await ask(port, '/logout', { method: 'POST', headers: { Cookie: COOKIE } });
    client.socket.send('hello');
    expect(await client.next()).toBe(4001);
    expect(await sessions().stored()).toBeUndefined();
  });
});

test('an upgrade can make a session, whose cookie goes with its answer', async () => {
  const session = sessions().middleware();
  const port = await serveUpgrades(session, async ({ req, accept }) => {
    const opened = await session.interface.openSession(req.headers.cookie);
    opened['guest'] = true;
    const { setCookie = '' } = await session.interface.saveSession(opened);
    await accept([`Set-Cookie: ${setCookie}`]);
  });
  const { setCookie } = await connect(port);
  const sid = /^session=([^;]+)/.exec(setCookie?.[0] ?? '')?.[1] ?? '';
  expect(await sessions().stored(sid)).toEqual({ _permanent: true, guest: true });
});

describe('the middleware, given a response that is none, as in examples for express-session', () => {
  /** Has the middleware open the session of an upgrade, and `handle` work with it. */
  async function upgradeWith(
    handle: (req: SessionRequest) => unknown,
    headers: Record<string, string> = { Cookie: COOKIE },
  ): Promise<string | number> {
    const session = sessions().middleware();
    const port = await serveUpgrades(session, async ({ req, accept }) => {
      const request: SessionRequest = req;
      await new Promise<void>((resolve, reject) => {
        session(request, {} as never, (error) => {
          if (error instanceof Error) reject(error);
          else resolve();
        });
      });
      const webSocket = await accept();
      webSocket.send(JSON.stringify(await handle(request)));
    });
    return (await connect(port, headers)).next();
  }

  test('gives the session', async () => {
    await sessions().put({ user: 'ada' });
    expect(await upgradeWith((req) => [req.session?.['user'], req.sessionID])).toBe(
      JSON.stringify(['ada', SID]),
    );
  });

  test('saves what it is told to save', async () => {
    await sessions().put({ user: 'ada' });
    await upgradeWith(async (req) => {
      if (req.session) req.session['seen'] = true;
      await req.session?.save();
      return 'saved';
    });
    expect(await sessions().stored()).toEqual({ user: 'ada', seen: true });
  });

  test('refuses to store a new session, for no cookie could name it', async () => {
    const code = await upgradeWith(async (req) => {
      if (req.session) req.session['guest'] = true;
      return req.session?.save().catch((error: unknown) => (error as { code?: string }).code);
    }, {});
    expect(code).toBe('"ERR_SESSION_HEADERS_SENT"');
    expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toEqual([]);
  });
});
