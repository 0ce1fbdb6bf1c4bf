/** A handler that fails after its response has ended: Express then destroys the connection. */

import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createServer as createHttp2Server, connect } from 'node:http2';
import { expect, test } from 'vitest';

import { failSlowly, gated, inTurn, saveSlowly } from '../../../support/gate.js';
import { ask, exchange, listen, serve } from '../../../support/http.js';

/** What Express's last error handler does when it finds that the headers are sent. */
function failAfterEnd(res: ServerResponse): void {
  res.end('whole');
  res.req.socket.destroy();
}

test('the client still gets the response that had ended', async () => {
  const port = await serve(gated(failAfterEnd));
  expect(await ask(port)).toMatchObject({ status: 200, body: 'whole' });
});

test('the connection is then destroyed', async () => {
  const port = await serve(gated(failAfterEnd));
  const replies = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(replies).toMatch(/^HTTP\/1.1 200 OK\r\n/);
});

test('the connection is kept for a second save, of what changed during the first one', async () => {
  const commit = inTurn(saveSlowly, saveSlowly);
  const port = await serve(
    gated(
      (res) => {
        res.write('who');
        res.end('le');
        res.req.socket.destroy();
      },
      { commit },
    ),
  );
  expect(await ask(port)).toMatchObject({ status: 200, body: 'whole' });
  expect(commit.count()).toBe(2);
});

test('once nothing waits on it, the connection can be destroyed at once', async () => {
  let destroyed: boolean | undefined;
  const port = await serve(
    gated((res) => {
      const { socket } = res.req;
      res.once('close', () => {
        socket.destroy();
        destroyed = socket.destroyed;
      });
      res.end('x');
    }),
  );
  await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(destroyed).toBe(true);
});

test('a failed save is answered, although the handler failed as well', async () => {
  const port = await serve(gated(failAfterEnd, { commit: inTurn(failSlowly) }));
  expect(await ask(port)).toMatchObject({ status: 503, body: 'not saved' });
});

test('a response that had not ended is cut off, as without a session', async () => {
  const port = await serve(
    gated((res) => {
      res.write('part');
      res.req.socket.destroy();
    }),
  );
  await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a connection that failed is not kept', async () => {
  let closed = 0;
  const port = await serve((req, res) => {
    req.socket.once('close', () => closed++);
    gated((held) => {
      held.end('whole');
      req.socket.destroy(new Error('broken'));
    })(req, res);
    req.socket.on('error', () => undefined);
  });
  await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(closed).toBe(1);
});

test('pipelined responses all go out before it', async () => {
  const server = createServer(
    gated((res, req) => {
      res.end(`whole ${req.url ?? ''}`);
      if (req.url !== '/2') req.socket.destroy();
    }),
  );
  const port = await listen(server);
  const requests = ['/1', '/2'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(await exchange(port, requests.join(''))).toMatch(/whole \/1[^]*whole \/2/);
});

test('a stream of HTTP/2 is kept in the same way', async () => {
  const server = createHttp2Server(gated(failAfterEnd as never) as never);
  const session = connect(`http://127.0.0.1:${await listen(server)}`);
  const stream = session.request({ ':path': '/' }).setEncoding('utf8');
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(chunk as string);
  session.close();
  expect(chunks.join('')).toBe('whole');
});
