/** The reference Flask app's routes (python-harness/reference_app.py), as far as tests need them, on Express. */

import express from 'express';

import { flaskSession, sessionOf } from '../../src/index.js';
import type { FlaskConfig, SessionOptions } from '../../src/index.js';
import { fromTyped } from './from-typed.js';
import { serveExpress, type ExpressApp } from './serve-express.js';
import { toTyped } from './typed-json.js';
import type { Typed } from './typed-json.js';

/** Starts the app on a free port. */
export async function startExpressApp(
  config: FlaskConfig,
  options: SessionOptions = {},
): Promise<ExpressApp> {
  const app = express();
  app.use(flaskSession(config, options));
  app.use(express.urlencoded());
  app.use(express.text({ type: () => true }));
  app.get('/untouched', (_req, res) => {
    res.send('');
  });
  app.post('/login', (req, res) => {
    req.session.username = (req.body as Record<string, unknown>).username;
    res.redirect('/me');
  });
  app.get('/me', (req, res) => {
    res.json({ username: req.session.username ?? null });
  });
  app.post('/logout', (req, res) => {
    req.session.clear();
    res.redirect('/me');
  });
  app.get('/session', (req, res) => {
    const { sid, permanent } = sessionOf(req);
    res.json({ sid, permanent, data: toTyped({ ...req.session }) });
  });
  app.put('/session/:key', (req, res) => {
    req.session[req.params.key] = fromTyped(typedBody(req.body));
    res.send('');
  });
  app.delete('/session/:key', (req, res) => {
    Reflect.deleteProperty(req.session, req.params.key);
    res.send('');
  });
  app.post('/append/:key', (req, res) => {
    (req.session[req.params.key] as unknown[]).push(fromTyped(typedBody(req.body)));
    res.send('');
  });
  app.put('/permanent', (req, res) => {
    sessionOf(req).permanent = fromTyped(typedBody(req.body)) as boolean;
    res.send('');
  });
  app.post('/regenerate', async (req, res) => {
    await req.session.rotate();
    res.send('');
  });
  return serveExpress(app);
}

function typedBody(body: unknown): Typed {
  return JSON.parse(body as string) as Typed;
}
