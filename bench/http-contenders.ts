/**
 * The same app with its session kept in four ways. Run as `http-contenders.ts NAME FRAMEWORK
 * REDIS_PORT`, it serves one of them, tells its parent the port, and answers each message with its
 * CPU time.
 *
 * @module
 */

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { RedisStore } from 'connect-redis';
import express from 'express';
import type { RequestHandler } from 'express';
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

interface App {
  readonly session?: RequestHandler;
  /** By path. */
  readonly routes: Readonly<Record<string, Route>>;
}

type Route = (req: IncomingMessage, res: ServerResponse) => unknown;
type Contender = (redisPort: number) => App | Promise<App>;

/** This library. */
const bridge: Contender = (port) => ({
  session: flaskSession({ SESSION_TYPE: 'redis', SESSION_REDIS: new Redis(port) }),
  routes: ROUTES,
});

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
  return { session, routes: ROUTES };
};

/** The least that a route can do by hand: no check, no merge, no format but JSON. */
const byHand: Contender = (port) => {
  const redis = new Redis(port);
  const logIn: Route = async (_req, res) => {
    const sid = randomUUID();
    await redis.set(`session:${sid}`, JSON.stringify(SESSION), 'EX', LIFETIME_SECONDS);
    res.setHeader('Set-Cookie', `session=${sid}; HttpOnly; Path=/`);
    reply(res, { ok: true });
  };
  return {
    routes: {
      '/read': async (req, res) => {
        const text = await redis.getex(keyOf(req), 'EX', LIFETIME_SECONDS);
        const session = JSON.parse(text ?? '{}') as typeof SESSION;
        reply(res, { user: session.username });
      },
      '/write': async (req, res) => {
        const session = JSON.parse((await redis.get(keyOf(req))) ?? '{}') as typeof SESSION;
        session.visits++;
        await redis.set(keyOf(req), JSON.stringify(session), 'EX', LIFETIME_SECONDS);
        reply(res, { visits: session.visits });
      },
      '/login': logIn,
      '/seed': logIn,
      '/anonymous': ok,
    },
  };
};

/** No session at all, with answers of the same size. */
const bare: Contender = () => ({
  routes: {
    '/read': (_req, res) => {
      reply(res, { user: SESSION.username });
    },
    '/write': (_req, res) => {
      reply(res, { visits: 1 });
    },
    '/login': ok,
    '/seed': ok,
    '/anonymous': ok,
  },
});

const logInBySession: Route = (req, res) => {
  Object.assign(sessionOf(req), SESSION);
  reply(res, { ok: true });
};

/** The routes for whatever keeps `req.session`. */
const ROUTES: App['routes'] = {
  '/read': (req, res) => {
    reply(res, { user: sessionOf(req)['username'] });
  },
  '/write': (req, res) => {
    const session = sessionOf(req);
    const visits = Number(session['visits']) + 1;
    session['visits'] = visits;
    reply(res, { visits });
  },
  '/login': logInBySession,
  '/seed': logInBySession,
  '/anonymous': ok,
};

function sessionOf(req: IncomingMessage): Record<string, unknown> {
  return (req as unknown as { session: Record<string, unknown> }).session;
}

function keyOf(req: IncomingMessage): string {
  const sid = /(?:^|; )session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  return `session:${sid ?? ''}`;
}

function ok(_req: IncomingMessage, res: ServerResponse): void {
  reply(res, { ok: true });
}

function reply(res: ServerResponse, body: object): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify(body));
}

function serveWithoutFramework({ session, routes }: App): Server {
  return createServer((req, res) => {
    const route = routes[req.url ?? ''];
    const next = (error?: unknown): void => {
      if (error === undefined) route?.(req, res);
      else res.writeHead(500).end();
    };
    if (session) session(req as never, res as never, next);
    else next();
  });
}

function serveWithExpress({ session, routes }: App): Server {
  const app = express();
  if (session) app.use(session);
  for (const [path, route] of Object.entries(routes)) app.get(path, route);
  return createServer(app);
}

const CONTENDERS = new Map([
  ['bridge', bridge],
  ['express-session', expressSessionInRedis],
  ['by hand', byHand],
  ['bare', bare],
]);

const [, , name = '', framework, redisPort] = process.argv;
const contender = CONTENDERS.get(name);
if (!contender) throw new Error(`no contender of the name ${name}`);
const app = await contender(Number(redisPort));
const server = (framework === 'Express' ? serveWithExpress : serveWithoutFramework)(app);
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on('message', () => process.send?.(process.cpuUsage()));
