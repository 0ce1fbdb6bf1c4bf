/**
 * The one address in front of both apps: `/next` is Express, everything else Flask, as a reverse
 * proxy would have it during a migration. The panel has `/panel`, and all pages their `/assets`.
 *
 * @module
 */

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { parseCookie } from 'flask-session-bridge/werkzeug';
import { createProxyServer } from 'httpxy';

import type { AppPairs } from './app-pair.js';
import { addressOf, closeServer } from './servers.js';
import type { PanelStates } from './panel-state.js';
import type { RedisWatch } from './redis-watch.js';
import type { SessionMover } from './session-mover.js';
import { nameOf, VARIANTS } from './variants.js';
import type { Variant } from './variants.js';

export interface FrontOptions {
  /** Where to listen; 0 for any free port. */
  readonly port: number;
  readonly pairs: AppPairs;
  readonly states: PanelStates;
  readonly mover: SessionMover;
  readonly watch: RedisWatch;
  /** For browsers that have not chosen. */
  readonly variant: Variant;
}

export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the front. Rejects with EADDRINUSE when the port is taken. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { pairs, states, mover, watch } = options;
  const variantFor = (req: Request): Variant => chosenVariant(req) ?? options.variant;
  const app = express();
  app.disable('x-powered-by');
  app.use('/assets', express.static(fileURLToPath(new URL('assets', import.meta.url))));

  app.get('/panel/state.json', async (req, res) => {
    res.set('Cache-Control', 'no-store');
    res.json(await states.read(variantFor(req), req.headers.cookie));
  });
  app.get('/panel/events', sendActivities(watch));
  app.post('/panel/variant', express.urlencoded(), async (req, res) => {
    const { format, signer } = req.body as { format?: string; signer?: string };
    const variant = VARIANTS.find((v) => v.format === format && v.signer === (signer === 'on'));
    if (!variant) {
      res.sendStatus(400);
      return;
    }
    await pairs.get(variant);
    const key = await states.keyFor(variantFor(req), req.headers.cookie);
    const moved = key === undefined ? undefined : await mover.move(key, variant);
    if (moved === undefined) res.clearCookie('session');
    else res.append('Set-Cookie', moved);
    res.cookie(VARIANT_COOKIE, nameOf(variant), { httpOnly: true, sameSite: 'lax' });
    res.sendStatus(204);
  });

  const proxy = createProxyServer();
  app.use(async (req, res) => {
    const { oldApp, newApp } = await pairs.get(variantFor(req));
    const target = /^\/next(\/|$)/.test(req.path) ? newApp : oldApp;
    try {
      await proxy.web(req, res, { target });
    } catch {
      refuse(res, target === newApp ? 'the new app' : 'the old app');
    }
  });

  const server = app.listen(options.port, '127.0.0.1');
  return { url: await addressOf(server), close: () => closeServer(server) };
}

const VARIANT_COOKIE = 'demo-variant';

function chosenVariant(req: Request): Variant | undefined {
  const chosen = parseCookie(req.headers.cookie).find(([name]) => name === VARIANT_COOKIE)?.[1];
  return VARIANTS.find((variant) => nameOf(variant) === chosen);
}

/** Tells a page that something happened to a session, as server-sent events; it asks what by itself. */
function sendActivities(watch: RedisWatch): RequestHandler {
  return async (_req, res) => {
    const tell = (): void => {
      res.write('data: activity\n\n');
    };
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    res.flushHeaders();
    watch.on('activity', tell);
    await once(res, 'close');
    watch.off('activity', tell);
  };
}

function refuse(res: Response, who: string): void {
  if (res.headersSent) res.destroy();
  else res.status(502).type('text').send(`${who} does not answer\n`);
}
