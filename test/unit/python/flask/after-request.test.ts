import { Readable } from 'node:stream';
import type { ServerResponse } from 'node:http';
import { describe, expect, test, vi } from 'vitest';

import {
  afterRequest,
  appendSetCookie,
  varyOnCookie,
} from '../../../../src/python/flask/after-request.js';
import { fakeResponse } from '../../../support/fake-response.js';
import { ask, serve } from '../../../support/http.js';

const WAYS: readonly (readonly [string, (res: ServerResponse) => void])[] = [
  ['end', (res) => res.end('body')],
  ['write', (res) => (res.write('bo'), res.end('dy'))],
  ['flushHeaders', (res) => (res.flushHeaders(), res.end('body'))],
  ['writeHead', (res) => res.writeHead(200).end('body')],
  ['writeHead with headers', (res) => res.writeHead(200, { 'set-cookie': 'a=1' }).end('body')],
  ['writeHead with a phrase', (res) => res.writeHead(200, 'Fine', { 'x-a': '1' }).end('body')],
  ['writeHead with a list', (res) => res.writeHead(200, ['Set-Cookie', 'a=1']).end('body')],
  ['pipe', (res) => Readable.from(['bo', 'dy']).pipe(res)],
];

describe('before the headers go', () => {
  test.each(WAYS)('runs once on %s', async (_, send) => {
    const run = vi.fn();
    const port = await serve((_req, res) => {
      const add = (): void => {
        run();
        appendSetCookie(res, 'ours=1');
      };
      afterRequest(res, add, vi.fn());
      send(res);
    });
    const { status, headers, body } = await ask(port);
    expect([status, body]).toEqual([200, 'body']);
    expect(headers['set-cookie']?.at(-1)).toBe('ours=1');
    expect(run).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['an object', { 'Set-Cookie': ['a=1', 'b=2'], 'X-A': '3' }],
    ['a flat list', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-A', '3']],
    [
      'pairs',
      [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-A', '3'],
      ],
    ],
  ])('keeps the headers of writeHead that come as %s', async (_, headers) => {
    const port = await serve((_req, res) => {
      afterRequest(
        res,
        () => {
          appendSetCookie(res, 'ours=1');
        },
        vi.fn(),
      );
      res.writeHead(201, headers as never).end();
    });
    const reply = await ask(port);
    expect(reply.status).toBe(201);
    expect(reply.headers['set-cookie']).toEqual(['a=1', 'b=2', 'ours=1']);
    expect(reply.headers['x-a']).toBe('3');
  });

  test('does not run when the headers have gone already', async () => {
    const run = vi.fn();
    const port = await serve((_req, res) => {
      res.flushHeaders();
      afterRequest(res, run, vi.fn());
      res.end('body');
    });
    expect((await ask(port)).body).toBe('body');
    expect(run).not.toHaveBeenCalled();
  });
});

describe('when it fails', () => {
  test.each(WAYS)('sends what the error handler answers instead: %s', async (_, send) => {
    const failure = new Error('no');
    const port = await serve((_req, res) => {
      const fail = (): never => {
        throw failure;
      };
      res.setHeader('ETag', 'x');
      res.setHeader('Content-Length', 4);
      afterRequest(res, fail, (error) => {
        expect(error).toBe(failure);
        res.end('the error');
      });
      send(res);
    });
    const { status, headers, body } = await ask(port);
    expect([status, body, headers.etag]).toEqual([500, 'the error', undefined]);
  });

  test('never sends a 200, even if the handler goes on before the error is answered', async () => {
    const port = await serve((_req, res) => {
      const fail = (): never => {
        throw new Error('no');
      };
      afterRequest(res, fail, () => {
        setTimeout(() => res.end(), 20);
      });
      res.write('leftover');
      res.write('leftover');
    });
    expect((await ask(port)).status).toBe(500);
  });
});

describe('Vary', () => {
  test.each([
    [undefined, 'Cookie'],
    ['', 'Cookie'],
    ['Accept', 'Accept, Cookie'],
    ['Accept, COOKIE', 'Accept, COOKIE'],
    ['*', '*'],
    [['Accept', 'Origin'], 'Accept, Origin, Cookie'],
  ])('of %j becomes %j', (present, expected) => {
    const { response, headers } = fakeResponse();
    if (present !== undefined) response.setHeader('Vary', present);
    varyOnCookie(response);
    expect(headers.get('vary')).toBe(expected);
  });
});
