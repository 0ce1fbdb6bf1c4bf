/** A save that fails: nothing of the response is sent, and the application answers the error. */

import { Readable, pipeline } from 'node:stream';
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { COOKIE, failSlowly, gated, inTurn } from '../../../support/gate.js';
import { ask, serve } from '../../../support/http.js';

const failsAtOnce = (): never => {
  throw Object.assign(new Error('not saved'), { status: 503 });
};

const RESPONSES: [string, (res: ServerResponse) => unknown][] = [
  ['end', (res) => res.end('secret')],
  ['writeHead', (res) => res.writeHead(200, { 'Content-Length': 6 }).end('secret')],
  [
    'write',
    (res) => {
      res.write('sec');
      res.end('ret');
    },
  ],
  [
    'flushHeaders',
    (res) => {
      res.flushHeaders();
      res.end('secret');
    },
  ],
  ['a redirect', (res) => res.writeHead(302, { Location: '/in' }).end()],
  ['a file', (res) => createReadStream(import.meta.filename).pipe(res)],
  [
    'a pipeline',
    (res) => {
      pipeline(createReadStream(import.meta.filename), res, () => undefined);
    },
  ],
  [
    'an iterator',
    (res) => {
      pipeline(Readable.from(['sec', 'ret']), res, () => undefined);
    },
  ],
  ['no body', (res) => res.writeHead(304).end()],
];

describe.each([
  ['after a wait', failSlowly],
  ['at once', failsAtOnce],
])('a save that fails %s', (_when, commit) => {
  test.each(RESPONSES)('has the error answered in place of %s', async (_name, respond) => {
    const port = await serve(gated(respond, { commit: inTurn(commit) }));
    const reply = await ask(port);
    expect(reply).toMatchObject({ status: 503, body: 'not saved' });
    expect(reply.headers).not.toHaveProperty('location');
    expect(reply.headers).not.toHaveProperty('set-cookie');
  });
});

test('an answer that says of an error already is sent, and the save is reported', async () => {
  const reports: unknown[] = [];
  const port = await serve(
    gated((res) => res.writeHead(500, { 'X-Page': '1' }).end('our page'), {
      commit: inTurn(failSlowly, failSlowly),
      report: (error) => reports.push(error),
    }),
  );
  const reply = await ask(port);
  expect(reply).toMatchObject({ status: 500, body: 'our page', headers: { 'x-page': '1' } });
  expect(reports).toMatchObject([{ message: 'not saved' }]);
});

test('headers that describe the body are taken back, others stay', async () => {
  const port = await serve(
    gated(
      (res) => {
        res.setHeader('ETag', '"1"');
        res.setHeader('Content-Encoding', 'gzip');
        res.setHeader('Last-Modified', 'Thu, 01 Jan 1970 00:00:00 GMT');
        res.setHeader('X-Powered-By', 'Express');
        res.end('body');
      },
      { commit: inTurn(failSlowly) },
    ),
  );
  const { headers } = await ask(port);
  expect(Object.keys(headers).sort()).toEqual(
    ['connection', 'content-length', 'date', 'x-powered-by'].sort(),
  );
});

test('an error without a status is answered with 500, not with what the response had', async () => {
  const port = await serve(
    gated((res) => res.writeHead(200).end(), { commit: () => Promise.reject(new Error('other')) }),
  );
  expect(await ask(port)).toMatchObject({ status: 500, body: 'other' });
});

test('the answer may be written in parts and have headers of its own', async () => {
  const port = await serve((req, res) => {
    const respond = gated(() => res.end('body'), {
      commit: inTurn(failSlowly),
      fail: () => {
        res.writeHead(502, { 'X-Error': '1' });
        res.write('sorry, ');
        setTimeout(() => res.end('later'), 5);
      },
    });
    respond(req, res);
  });
  expect(await ask(port)).toMatchObject({
    status: 502,
    body: 'sorry, later',
    headers: { 'x-error': '1' },
  });
});

test('what the handler goes on writing does not reach the answer', async () => {
  const port = await serve(
    gated(
      (res) => {
        const timer = setInterval(() => res.write('tick'), 1);
        res.on('close', () => {
          clearInterval(timer);
        });
        setTimeout(() => res.end('the end'), 15);
      },
      { commit: inTurn(failSlowly) },
    ),
  );
  expect(await ask(port)).toMatchObject({ status: 503, body: 'not saved' });
});

test('nor does it break the answer that is complete', async () => {
  const errors: unknown[] = [];
  const port = await serve((req, res) => {
    res.on('error', (error) => errors.push(error));
    const respond = gated(() => res.end('body'), {
      commit: inTurn(failSlowly),
      fail: () => {
        res.end('sorry');
        res.write('tick');
        res.end('the end');
      },
    });
    respond(req, res);
  });
  expect(await ask(port)).toMatchObject({ status: 503, body: 'sorry' });
  await setImmediate();
  expect(errors).toEqual([]);
});

test('a source that was piped in has no part in the answer, which drains', async () => {
  const page = 'sorry '.repeat(2 ** 20);
  const port = await serve((req, res) => {
    const respond = gated(() => createReadStream(import.meta.filename).pipe(res), {
      commit: inTurn(failSlowly),
      fail: () => {
        res.once('drain', () => setTimeout(() => res.end('the end'), 5));
        res.write(page);
      },
    });
    respond(req, res);
  });
  const { body } = await ask(port);
  expect(body === `${page}the end`).toBe(true);
});

test('a source that was piped in is closed', async () => {
  const source = createReadStream(import.meta.filename);
  const port = await serve(gated((res) => source.pipe(res), { commit: inTurn(failSlowly) }));
  await ask(port);
  await expect.poll(() => source.closed).toBe(true);
});

test('middleware that wrapped the response meanwhile has no part in the answer', async () => {
  const port = await serve(
    gated(
      (res) => {
        const end = res.end.bind(res) as (chunk: string) => ServerResponse;
        res.end = ((chunk: string) => end(chunk.toUpperCase())) as typeof res.end;
        res.end('body');
      },
      { commit: inTurn(failSlowly) },
    ),
  );
  expect((await ask(port)).body).toBe('not saved');
});

test('what Node refuses to send is an error to answer, with the session that was saved', async () => {
  const port = await serve(gated((res) => res.writeHead(200, { 'X-Bad': 'a\nb' }).end('body')));
  const reply = await ask(port);
  expect(reply.status).toBe(500);
  expect(reply.body).toContain('X-Bad');
  expect(reply.headers['set-cookie']).toEqual([COOKIE]);
});
