/**
 * A WebSocket server for users who are logged in, be it on Flask: the upgrade's cookie says who comes,
 * and each message changes the session that Flask has too. Run it beside the Flask app, with that
 * app's settings:
 *
 *     REDIS_URL=redis://127.0.0.1:6379/0 SECRET_KEY=... PORT=3000 npx tsx examples/websocket.ts
 *
 * @module
 */

import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { flaskSession, sessionOf } from 'flask-session-bridge';
import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const sessions = flaskSession({
  SESSION_TYPE: 'redis',
  SESSION_REDIS: new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379/0'),
  SECRET_KEY: process.env['SECRET_KEY'] ?? null,
  SESSION_USE_SIGNER: true,
}).interface;

interface User {
  readonly sid: string;
  readonly username: string;
}

const sockets = new WebSocketServer({ noServer: true });
const server = createServer((_req, res) => {
  res.writeHead(426).end();
});

server.on('upgrade', (req, socket, head) => {
  const refuse = (status: number): void => {
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
  };
  socket.on('error', () => socket.destroy());
  if (isFromElsewhere(req)) {
    refuse(403);
    return;
  }
  userOf(req).then(
    (user) => {
      if (!user) refuse(401);
      else {
        sockets.handleUpgrade(req, socket, head, (webSocket) => {
          serve(webSocket, user);
        });
      }
    },
    // Redis does not answer, or what it has is no session.
    () => {
      refuse(503);
    },
  );
});

/** A page of another site may open a WebSocket, too, and the browser sends the cookie with it. */
function isFromElsewhere({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined) return false; // no browser
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

async function userOf(req: IncomingMessage): Promise<User | undefined> {
  const session = await sessions.openSession(req.headers.cookie);
  const { username } = session;
  return typeof username === 'string' ? { sid: sessionOf(session).sid, username } : undefined;
}

function serve(socket: WebSocket, user: User): void {
  socket.on('message', () => {
    countMessage(user).then(
      (messages) => {
        // The connection may outlive the login.
        if (messages === undefined) socket.close(4401, 'logged out');
        else socket.send(JSON.stringify({ username: user.username, messages }));
      },
      () => {
        socket.close(1011);
      },
    );
  });
}

/** Counts in the newest state of the session; `undefined` when the user has logged out meanwhile. */
async function countMessage({ sid, username }: User): Promise<number | undefined> {
  let messages: number | undefined;
  await sessions.update(sid, (data) => {
    messages = undefined;
    if (data['username'] !== username) return;
    messages = Number(data['messages'] ?? 0) + 1;
    data['messages'] = messages;
  });
  return messages;
}

server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
