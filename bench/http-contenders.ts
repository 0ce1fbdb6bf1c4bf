/**
 * The same app with its session kept in four ways. Run as `http-contenders.ts NAME REDIS_PORT`, it
 * serves one of them, tells its parent the port, and answers each message with its CPU time.
 *
 * @module
 */

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';

import { RedisStore } from 'connect-redis';
import express from 'express';
import type { Express, Request, RequestHandler } from 'express';
import expressSession from 'express-session';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

import { flaskSession } from 'flask-session-bridge';

/** About what Flask-Login, Flask-WTF and a small shop leave in a session. */
const SESSION = {
  _user_id: '4711',
  _fresh: true,
  csrf_token: '6b1f0c9ad4e74b6b8e1f5b0f3a2c1d0e9f8a7b6c',
  username: 'ada',
  roles: ['editor', 'reviewer'],
  cart: [{ sku: 'B-17', quantity: 2, price: 9.5 }],
  visits: 0,
};
const LIFETIME_SECONDS = 2_678_400;

type Contender = (redisPort: number) => Promise<Express>;

/** This library. */
const bridge: Contender = (port) => {
  const session = flaskSession({ SESSION_TYPE: 'redis', SESSION_REDIS: new Redis(port) });
  return Promise.resolve(appOn(session));
};

/** What most Express apps have, in the configuration that its README asks for. */
const expressSessionInRedis: Contender = async (port) => {
  const client = createClient({ socket: { port } });
  await client.connect();
  const session = expressSession({
    store: new RedisStore({ client }),
    secret: 'a secret that is long enough for this',
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: LIFETIME_SECONDS * 1000 },
  });
  return appOn(session);
};

/** The least that a route can do by hand: no check, no merge, no format but JSON. */
const byHand: Contender = (port) => {
  const redis = new Redis(port);
  const app = express();
  app.get('/read', async (req, res) => {
    const text = await redis.getex(keyOf(req), 'EX', LIFETIME_SECONDS);
    const session = JSON.parse(text ?? '{}') as typeof SESSION;
    res.json({ user: session.username });
  });
  app.get('/write', async (req, res) => {
    const session = JSON.parse((await redis.get(keyOf(req))) ?? '{}') as typeof SESSION;
    session.visits++;
    await redis.set(keyOf(req), JSON.stringify(session), 'EX', LIFETIME_SECONDS);
    res.json({ visits: session.visits });
  });
  app.get(['/login', '/seed'], async (_req, res) => {
    const sid = randomUUID();
    await redis.set(`session:${sid}`, JSON.stringify(SESSION), 'EX', LIFETIME_SECONDS);
    res.setHeader('Set-Cookie', `session=${sid}; HttpOnly; Path=/`);
    res.json({ ok: true });
  });
  app.get('/anonymous', (_req, res) => {
    res.json({ ok: true });
  });
  return Promise.resolve(app);
};

/** Express alone, with an answer of the same size and no session at all. */
const bare: Contender = () => {
  const app = express();
  app.get('/read', (_req, res) => {
    res.json({ user: SESSION.username });
  });
  app.get('/write', (_req, res) => {
    res.json({ visits: 1 });
  });
  app.get(['/login', '/seed', '/anonymous'], (_req, res) => {
    res.json({ ok: true });
  });
  return Promise.resolve(app);
};

/** The routes for whatever keeps `req.session`. */
function appOn(session: RequestHandler): Express {
  const app = express();
  app.use(session);
  app.get('/read', (req, res) => {
    res.json({ user: req.session['username'] });
  });
  app.get('/write', (req, res) => {
    const visits = Number(req.session['visits']) + 1;
    req.session['visits'] = visits;
    res.json({ visits });
  });
  app.get(['/login', '/seed'], (req, res) => {
    Object.assign(req.session, SESSION);
    res.json({ ok: true });
  });
  app.get('/anonymous', (_req, res) => {
    res.json({ ok: true });
  });
  return app;
}

function keyOf(req: Request): string {
  const sid = /(?:^|; )session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  return `session:${sid ?? ''}`;
}

const CONTENDERS = new Map([
  ['bridge', bridge],
  ['express-session', expressSessionInRedis],
  ['by hand', byHand],
  ['bare', bare],
]);

const [, , name = '', redisPort] = process.argv;
const contender = CONTENDERS.get(name);
if (!contender) throw new Error(`no contender of the name ${name}`);
const app = await contender(Number(redisPort));
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on('message', () => process.send?.(process.cpuUsage()));
