/** Every way in which an app answers: for tests of what has to hold for all of them. */

import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import express from 'express';
import type { Express, Response } from 'express';

/** More than any buffer on the way holds, and nothing that compresses to less than one. */
export const BIG_TEXT: string = Array.from(
  { length: 60_000 },
  (_, n) => `${(n * 7919) % 65_537}\n`,
).join('');

export interface ResponseCase<R extends ServerResponse> {
  readonly name: string;
  readonly respond: (res: R) => unknown;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly status?: number;
  readonly body?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'flask-session-bridge-responses-'));
const bigFile = join(folder, 'big.txt');
writeFileSync(bigFile, BIG_TEXT);
writeFileSync(join(folder, 'page.txt'), 'a page');
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

/** With the methods that every response of Node has. */
export const NODE_RESPONSES: readonly ResponseCase<ServerResponse>[] = [
  { name: 'end with a body', respond: (res) => res.end('body'), body: 'body' },
  { name: 'end without a body', respond: (res) => res.end(), body: '' },
  {
    name: 'writeHead and end',
    respond: (res) => res.writeHead(201, { 'X-Made': '1' }).end('made'),
    status: 201,
    body: 'made',
  },
  {
    name: 'several writes',
    respond: (res) => {
      res.write('one, ');
      res.write('two, ');
      res.end('three');
    },
    body: 'one, two, three',
  },
  {
    name: 'writes over time',
    respond: async (res) => {
      for (const part of ['one, ', 'two, ']) {
        res.write(part);
        await sleep(10);
      }
      res.end('three');
    },
    body: 'one, two, three',
  },
  {
    name: 'server-sent events with flushHeaders',
    respond: async (res) => {
      res.setHeader('Content-Type', 'text/event-stream');
      res.flushHeaders();
      await sleep(10);
      res.write('data: 1\n\n');
      await sleep(40);
      res.end('data: 2\n\n');
    },
    body: 'data: 1\n\ndata: 2\n\n',
  },
  {
    name: 'a pipe with back-pressure',
    respond: (res) => {
      res.setHeader('Content-Type', 'text/plain');
      createReadStream(bigFile).pipe(res);
    },
    body: BIG_TEXT,
  },
  {
    name: 'a pipeline of streams',
    respond: (res) => {
      res.setHeader('Content-Type', 'text/plain');
      pipeline(createReadStream(bigFile), res, () => undefined);
    },
    body: BIG_TEXT,
  },
  {
    name: 'an async iterator',
    respond: (res) => {
      pipeline(Readable.from(['one, ', 'two']), res, () => undefined);
    },
    body: 'one, two',
  },
  { name: '304', respond: (res) => res.writeHead(304).end(), status: 304, body: '' },
  { name: '204', respond: (res) => res.writeHead(204).end(), status: 204, body: '' },
  { name: 'HEAD', method: 'HEAD', respond: (res) => res.end('unsent'), body: '' },
];

/** With the methods that Express adds; needs the settings of `prepare`. */
export const EXPRESS_RESPONSES: readonly ResponseCase<Response>[] = [
  { name: 'json', respond: (res) => res.json({ a: 1 }), body: '{"a":1}' },
  { name: 'json, long', respond: (res) => res.json(BIG_TEXT), body: JSON.stringify(BIG_TEXT) },
  { name: 'send', respond: (res) => res.send('text'), body: 'text' },
  {
    name: 'send with a status',
    respond: (res) => res.status(418).send('tea'),
    status: 418,
    body: 'tea',
  },
  { name: 'sendStatus', respond: (res) => res.sendStatus(202), status: 202, body: 'Accepted' },
  {
    name: 'redirect',
    respond: (res) => {
      res.redirect('/in');
    },
    status: 302,
  },
  {
    name: 'render',
    respond: (res) => {
      res.render('page');
    },
    body: 'a page',
  },
  {
    name: 'sendFile',
    respond: (res) => {
      res.sendFile(bigFile);
    },
    body: BIG_TEXT,
  },
  {
    name: 'download',
    respond: (res) => {
      res.download(bigFile);
    },
    body: BIG_TEXT,
  },
  { name: 'send, HEAD', method: 'HEAD', respond: (res) => res.send('unsent'), body: '' },
  {
    name: 'sendFile, HEAD',
    method: 'HEAD',
    respond: (res) => {
      res.sendFile(bigFile);
    },
    body: '',
  },
  {
    name: 'a fresh response',
    headers: { 'If-None-Match': '"1"' },
    respond: (res) => res.set('ETag', '"1"').send('unsent'),
    status: 304,
    body: '',
  },
  {
    name: 'part of a file',
    headers: { Range: 'bytes=0-9' },
    respond: (res) => {
      res.sendFile(bigFile);
    },
    status: 206,
    body: BIG_TEXT.slice(0, 10),
  },
];

/** Gives an Express app what its responses need. */
export function prepare(app: Express): void {
  app.set('views', folder);
  app.set('view engine', 'txt');
  app.engine('txt', (_path, _options, done) => {
    done(null, 'a page');
  });
}

/** An Express app that needs nothing else. */
export function newApp(): Express {
  const app = express();
  prepare(app);
  return app;
}
