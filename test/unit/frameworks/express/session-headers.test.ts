/** The session's headers beside those that the application gives, in whichever form. */

import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';

import type { SaveResult } from '../../../../src/index.js';
import { COOKIE, gated, SAVED } from '../../../support/gate.js';
import { exchange, serve } from '../../../support/http.js';

const SAVES: [string, () => SaveResult | Promise<SaveResult>][] = [
  ['at once', () => SAVED],
  ['after a wait', () => Promise.resolve(SAVED)],
];

/** Names and values of one response's headers as they went over the wire, without Node's own. */
async function headersOf(
  respond: (res: ServerResponse) => unknown,
  commit: () => SaveResult | Promise<SaveResult>,
): Promise<string[]> {
  const port = await serve(
    gated(
      (res) => {
        res.sendDate = false;
        respond(res);
      },
      { commit },
    ),
  );
  const text = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const [head = ''] = text.split('\r\n\r\n');
  return head
    .split('\r\n')
    .slice(1)
    .filter((line) => !/^(Connection|Content-Length|Transfer-Encoding):/.test(line))
    .sort();
}

/** What is sent for each way of giving headers, beside the session's own. */
const CASES: [string, (res: ServerResponse) => unknown, string[]][] = [
  ['no headers', (res) => res.end(), ['Vary: Cookie']],
  ['writeHead without headers', (res) => res.writeHead(200).end(), ['Vary: Cookie']],
  ['a reason', (res) => res.writeHead(200, 'Fine').end(), ['Vary: Cookie']],
  [
    'an object',
    (res) => res.writeHead(200, { 'X-A': 1, 'set-cookie': 'a=1' }).end(),
    ['Vary: Cookie', 'X-A: 1', 'set-cookie: a=1'],
  ],
  [
    'an object after a reason',
    (res) => res.writeHead(200, 'Fine', { 'Set-Cookie': ['a=1', 'b=2'] }).end(),
    ['Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: Cookie'],
  ],
  [
    'a flat list in which a name stands twice',
    (res) => res.writeHead(200, ['Set-Cookie', 'a=1', 'X-A', '1', 'Set-Cookie', 'b=2']).end(),
    ['Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: Cookie', 'X-A: 1'],
  ],
  [
    'a list of pairs',
    (res) =>
      res
        .writeHead(200, [
          ['Set-Cookie', 'a=1'],
          ['Set-Cookie', 'b=2'],
        ] as unknown as string[])
        .end(),
    ['Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: Cookie'],
  ],
  [
    'setHeader, which writeHead overrides',
    (res) => {
      res.setHeader('Set-Cookie', 'a=1');
      res.setHeader('X-A', '1');
      res.writeHead(200, { 'Set-Cookie': 'b=2' }).end();
    },
    ['Set-Cookie: b=2', 'Vary: Cookie', 'X-A: 1'],
  ],
  [
    'setHeader with a list',
    (res) => {
      res.setHeader('Set-Cookie', ['a=1', 'b=2']);
      res.end();
    },
    ['Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: Cookie'],
  ],
  [
    'Vary',
    (res) => res.writeHead(200, { vary: 'Accept, Origin' }).end(),
    ['Vary: Accept, Origin, Cookie'],
  ],
  [
    'Vary in two lines',
    (res) => res.setHeader('Vary', ['Accept', 'Origin']).end(),
    ['Vary: Accept, Origin, Cookie'],
  ],
  ['Vary with Cookie', (res) => res.setHeader('Vary', 'cookie').end(), ['Vary: cookie']],
  ['Vary with everything', (res) => res.setHeader('Vary', '*').end(), ['Vary: *']],
];

describe.each(SAVES)('saved %s', (_when, commit) => {
  test.each(CASES)('the cookie goes out once beside %s', async (_name, respond, others) => {
    const sessionCookie = others.some((line) => line.startsWith('set-cookie'))
      ? `set-cookie: ${COOKIE}`
      : `Set-Cookie: ${COOKIE}`;
    expect(await headersOf(respond, commit)).toEqual([...others, sessionCookie].sort());
  });
});

test('headers stay as they are where the session has nothing to say', async () => {
  const headers = await headersOf(
    (res) => res.writeHead(200, { Vary: 'Accept' }).end(),
    () => ({ outcome: 'untouched', varyCookie: false }),
  );
  expect(headers).toEqual(['Vary: Accept']);
});
