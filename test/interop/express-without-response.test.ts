/** Sessions where there is no response: WebSocket upgrades, and jobs. */

import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { describe, expect, test } from 'vitest';

import { sessionOf } from '../../src/index.js';
import { listen } from '../support/http.js';
import { COOKIE, SID, useRedisSessions } from '../support/redis-sessions.js';
import { newApp } from '../support/responses.js';

const sessions = useRedisSessions();

/** Opens a connection of some other protocol and gives it once the server has agreed. */
function upgrade(port: number, headers: Record<string, string>): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const sent = request({
      port,
      host: '127.0.0.1',
      headers: { Connection: 'Upgrade', Upgrade: 'lines', ...headers },
    });
    sent.on('upgrade', (_response, socket, head) => {
      socket.unshift(head);
      resolve(socket);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A server of a protocol in which each side sends lines; a line of the client changes its session. */
async function serveLines(): Promise<number> {
  const { interface: bridge } = sessions().middleware();
  const server = createServer(newApp());
  server.on('upgrade', (req: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined);
    void (async () => {
      const { sid, data } = sessionOf(await bridge.openSession(req.headers.cookie));
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: lines\r\n\r\n',
      );
      socket.write(`${(data['user'] as string | undefined) ?? 'nobody'}\n`);
      for await (const chunk of socket) {
        const line = String(chunk);
        const { outcome } = await bridge.update(sid, (current) => {
          current['lines'] = [...((current['lines'] as string[] | undefined) ?? []), line];
        });
        socket.write(`${outcome}\n`);
      }
    })();
  });
  return listen(server);
}

async function nextLine(socket: Duplex): Promise<string> {
  const line = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  return String(line).trim();
}

describe('a WebSocket upgrade', () => {
  test('finds the session, and each message changes its newest state', async () => {
    const port = await serveLines();
    await sessions().put({ user: 'ada' });
    const socket = await upgrade(port, { Cookie: COOKIE });
    expect(await nextLine(socket)).toBe('ada');
    await sessions().put({ user: 'ada', meanwhile: 1 });
    socket.write('hello');
    expect(await nextLine(socket)).toBe('stored');
    expect(await sessions().stored()).toEqual({ user: 'ada', meanwhile: 1, lines: ['hello'] });
    socket.destroy();
  });

  test('learns that the user has logged out, and brings nothing back', async () => {
    const port = await serveLines();
    await sessions().put({ user: 'ada' });
    const socket = await upgrade(port, { Cookie: COOKIE });
    await nextLine(socket);
    await sessions().redis.del(sessions().keyPrefix + SID);
    socket.write('hello');
    expect(await nextLine(socket)).toBe('gone');
    expect(await sessions().stored()).toBeUndefined();
    socket.destroy();
  });

  test('of a visitor without a session stores none', async () => {
    const socket = await upgrade(await serveLines(), {});
    expect(await nextLine(socket)).toBe('nobody');
    expect(await sessions().redis.keys(`${sessions().keyPrefix}*`)).toEqual([]);
    socket.destroy();
  });
});

describe('a job', () => {
  test('counts in a session from many sides, and loses nothing', async () => {
    const { interface: bridge } = sessions().middleware();
    await sessions().put({ unread: 0 });
    const count = (): Promise<unknown> =>
      bridge.update(SID, (data) => {
        data['unread'] = Number(data['unread']) + 1;
      });
    await Promise.all(Array.from({ length: 20 }, count));
    expect(await sessions().stored()).toEqual({ unread: 20 });
  });

  test('ends a session', async () => {
    const { interface: bridge } = sessions().middleware();
    await sessions().put({ user: 'ada' });
    expect(await bridge.delete(SID)).toBe(true);
    expect(await bridge.delete(SID)).toBe(false);
    expect(await sessions().stored()).toBeUndefined();
  });

  test('saves a session and is told the cookie that some response must carry', async () => {
    const { interface: bridge } = sessions().middleware();
    const session = await bridge.openSession();
    session['user'] = 'ada';
    const { outcome, setCookie } = await bridge.saveSession(session);
    const { sid } = sessionOf(session);
    expect(outcome).toBe('stored');
    expect(setCookie).toContain(`session=${sid};`);
    expect(await sessions().stored(sid)).toEqual({ _permanent: true, user: 'ada' });
  });

  test('gives a session a new id', async () => {
    const { interface: bridge } = sessions().middleware();
    await sessions().put({ user: 'ada' });
    const session = await bridge.openSession(COOKIE);
    await bridge.regenerate(session);
    const { sid } = sessionOf(session);
    expect(await sessions().stored()).toBeUndefined();
    expect(await sessions().stored(sid)).toEqual({ user: 'ada' });
    expect((await bridge.saveSession(session)).setCookie).toContain(`session=${sid};`);
  });
});
