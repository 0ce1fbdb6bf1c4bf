/** What an application sees of its response while that is held back. */

import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { gated, inTurn, SAVED, saveSlowly } from '../../../support/gate.js';
import { ask, exchange, serve } from '../../../support/http.js';

/** What a handler finds out about its response, and what the client then gets. */
async function observe<T>(look: (res: ServerResponse) => T) {
  let seen: T | undefined;
  const port = await serve(
    gated((res) => {
      seen = look(res);
    }),
  );
  return { reply: await ask(port), seen };
}

describe('a response that is held', () => {
  test.each<[string, (res: ServerResponse) => unknown]>([
    ['writeHead', (res) => res.writeHead(200)],
    ['write', (res) => res.write('x')],
    ['end', (res) => res.end()],
    [
      'flushHeaders',
      (res) => {
        res.flushHeaders();
      },
    ],
  ])('says that its headers are sent after %s', async (_name, send) => {
    const { seen } = await observe((res) => {
      const before = res.headersSent;
      send(res);
      const after = res.headersSent;
      res.end();
      return [before, after];
    });
    expect(seen).toEqual([false, true]);
  });

  test.each<[string, (res: ServerResponse) => unknown]>([
    ['setHeader', (res) => res.setHeader('X-Late', '1')],
    ['appendHeader', (res) => res.appendHeader('X-Late', '1')],
    [
      'removeHeader',
      (res) => {
        res.removeHeader('X-Early');
      },
    ],
    ['setHeaders', (res) => res.setHeaders(new Map([['X-Late', '1']]))],
    ['a second writeHead', (res) => res.writeHead(500)],
    ['a second writeHead with headers', (res) => res.writeHead(200, { 'X-Late': '1' })],
  ])('refuses %s as Node does', async (_name, act) => {
    const { reply, seen } = await observe((res) => {
      res.setHeader('X-Early', '1');
      res.write('body');
      try {
        act(res);
        return undefined;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      } finally {
        res.end();
      }
    });
    expect(seen).toBe('ERR_HTTP_HEADERS_SENT');
    expect(reply).toMatchObject({ status: 200, body: 'body', headers: { 'x-early': '1' } });
    expect(reply.headers).not.toHaveProperty('x-late');
  });

  test('lets its head be asked for again, as compression 1.7 does', async () => {
    const { reply } = await observe((res) => {
      res.writeHead(201);
      res.writeHead(201);
      res.end('made');
    });
    expect(reply).toMatchObject({ status: 201, body: 'made' });
  });

  test('keeps the status that it had when its first byte was written', async () => {
    const { reply } = await observe((res) => {
      res.statusCode = 202;
      res.write('x');
      res.statusCode = 500;
      res.end();
    });
    expect(reply.status).toBe(202);
  });

  test('shows the status that writeHead gave it', async () => {
    const { reply, seen } = await observe((res) => {
      res.writeHead(203);
      res.end();
      return res.statusCode;
    });
    expect([seen, reply.status]).toEqual([203, 203]);
  });

  test('says that it has ended, and ends only once', async () => {
    const { reply, seen } = await observe((res) => {
      const before = res.writableEnded;
      res.end('once');
      res.end();
      return [before, res.writableEnded];
    });
    expect(seen).toEqual([false, true]);
    expect(reply.body).toBe('once');
  });

  test('chains as the methods of a response do', async () => {
    const { seen } = await observe((res) => [res.writeHead(200) === res, res.end() === res]);
    expect(seen).toEqual([true, true]);
  });

  test('calls back what was written and ended once that is done', async () => {
    const calls: string[] = [];
    const port = await serve(
      gated((res) => {
        res.write('a', () => calls.push('write'));
        res.end('b', 'utf8', () => calls.push('end'));
      }),
    );
    expect((await ask(port)).body).toBe('ab');
    await sleep(5);
    expect(calls).toEqual(['write', 'end']);
  });

  test('signals drain once when its bytes have gone', async () => {
    let drains = 0;
    const port = await serve(
      gated((res) => {
        res.on('drain', () => drains++);
        const more = res.write('first ');
        if (!more) res.once('drain', () => res.end('then'));
      }),
    );
    expect((await ask(port)).body).toBe('first then');
    expect(drains).toBe(1);
  });

  test('sends its headers when they are flushed, before there is a body', async () => {
    let answer: ServerResponse | undefined;
    const port = await serve(
      gated((res) => {
        answer = res;
        res.flushHeaders();
      }),
    );
    const reply = await ask(port, '/', { onFirstByte: () => answer?.end('body') });
    expect(reply).toMatchObject({ status: 200, body: 'body' });
  });

  test('leaves that signal to the connection where its bytes fill it', async () => {
    const unsent: unknown[] = [];
    const size = 2 ** 23;
    const port = await serve(
      gated((res) => {
        res.on('drain', () => {
          unsent.push(res.socket?.writableLength);
          res.end();
        });
        res.write(Buffer.alloc(size, 'x'));
      }),
    );
    expect((await ask(port)).body).toHaveLength(size);
    expect(unsent).toEqual([0]);
  });

  test('does not signal it when it has ended', async () => {
    let drains = 0;
    const port = await serve(
      gated((res) => {
        res.on('drain', () => drains++);
        res.write('x');
        res.end();
      }),
    );
    await ask(port);
    expect(drains).toBe(0);
  });

  test('speaks for itself again when it is given up', async () => {
    const seen: unknown[] = [];
    const commit = () => Promise.reject(new Error('not saved'));
    const port = await serve((req, res) => {
      const look = () => seen.push([res.headersSent, res.writableEnded]);
      const fail = () => {
        look();
        res.setHeader('X-Instead', '1');
        res.end('instead');
        look();
      };
      gated(
        () => {
          look();
          res.end('x');
          look();
        },
        { commit, fail },
      )(req, res);
    });
    const reply = await ask(port);
    expect(reply).toMatchObject({ body: 'instead', headers: { 'x-instead': '1' } });
    expect(seen).toEqual([
      [false, false],
      [true, true],
      [false, false],
      [true, true],
    ]);
  });

  test('has its own properties back once it goes out', async () => {
    const own = { value: 'a double knows this by itself', configurable: true };
    let seen: unknown[] = [];
    const port = await serve(
      gated((res) => {
        Object.defineProperty(res, 'headersSent', own);
        res.end('x');
        seen = [res.headersSent];
        res.on('finish', () => seen.push(res.headersSent));
      }),
    );
    await ask(port);
    expect(seen).toEqual([true, own.value]);
  });

  test('has the same functions on it as any other, so that V8 sees one shape', async () => {
    const properties: unknown[][] = [];
    const port = await serve(
      gated((res) => {
        res.end('x');
        const own = Object.getOwnPropertyDescriptors<object>(res);
        properties.push([own['headersSent'], own['setHeader']]);
      }),
    );
    await ask(port);
    await ask(port);
    expect(properties[0]).toMatchObject([
      { get: expect.any(Function) as unknown },
      { value: expect.any(Function) as unknown },
    ]);
    expect(properties[1]).toEqual(properties[0]);
  });

  test.each<[string, (res: ServerResponse) => unknown]>([
    ['writeHead', (res) => res.writeHead(200).end()],
    [
      'write',
      (res) => {
        res.write('x');
        res.end();
      },
    ],
    ['end', (res) => res.end('x')],
    [
      'flushHeaders',
      (res) => {
        res.flushHeaders();
        res.end();
      },
    ],
  ])('is seen once by middleware in front, as soon as %s is called', async (_name, send) => {
    let heads = 0;
    let seen = 0;
    const port = await serve(
      gated((res) => {
        const writeHead = res.writeHead.bind(res);
        res.writeHead = (status: number) => {
          heads++;
          res.setHeader('X-Seen', String(heads));
          return writeHead(status + 1, { 'X-Passed': '1' });
        };
        send(res);
        seen = heads;
      }),
    );
    const reply = await ask(port);
    expect([seen, heads]).toEqual([1, 1]);
    expect(reply).toMatchObject({ status: 201, headers: { 'x-seen': '1', 'x-passed': '1' } });
  });

  test('has Content-Length when it is ended in one call, as without a session', async () => {
    const port = await serve(gated((res) => res.end('four')));
    expect(await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /Content-Length: 4\r\n/,
    );
  });
});

test('a response whose session needs no store is not held', async () => {
  let sent: boolean | undefined;
  const port = await serve(
    gated(
      (res) => {
        res.write('x');
        sent = res.socket !== null && res.socket.bytesWritten + res.writableLength > 0;
        res.end();
      },
      { commit: () => SAVED },
    ),
  );
  expect((await ask(port)).headers).toHaveProperty('set-cookie');
  expect(sent).toBe(true);
});

test('the session is saved once for a response that is written in many parts', async () => {
  const commit = inTurn(saveSlowly, () => SAVED, saveSlowly);
  const port = await serve(
    gated(
      (res) => {
        for (const part of ['a', 'b', 'c']) res.write(part);
        res.end();
      },
      { commit },
    ),
  );
  expect((await ask(port)).body).toBe('abc');
  expect(commit.count()).toBe(2);
});
