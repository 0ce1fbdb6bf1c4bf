/**
 * The demo's new app: the tea shop, moved to Express. It has the old app's settings, and so its
 * sessions: who logs in on either of the two is logged in on both.
 *
 * @module
 */

import { createRequire } from 'node:module';

import express from 'express';
import type { ErrorRequestHandler, Express, Request } from 'express';
import { flaskSession, sessionOf } from 'flask-session-bridge';
import type { FlaskConfig } from 'flask-session-bridge';
import { flash, getFlashedMessages } from 'flask-session-bridge/flask';
import { PyFloat, PyTuple } from 'flask-session-bridge/pickle';

import { catalogue } from './catalogue.js';
import { loginPage, shopPage } from './new-pages.js';
import type { ShopSession } from './new-pages.js';

/** The new app for one set of the old app's settings. */
export function createNewApp(settings: FlaskConfig): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set('X-Answered-By', VERSIONS);
    next();
  });
  app.use(flaskSession(settings));
  app.use(express.text({ type: 'urlencoded' }));

  app.get('/next', (req, res) => {
    const flashes = getFlashedMessages(req.session, { withCategories: true });
    res.send(shopPage(sessionOf<ShopSession>(req).data, flashes, VERSIONS));
  });

  app.get('/next/login', (_req, res) => {
    res.send(loginPage(VERSIONS));
  });

  app.post('/next/login', async (req, res) => {
    const form = formOf(req);
    const username = form.get('username')?.trim() ?? '';
    if (username === '') {
      res.redirect(303, '/next/login');
      return;
    }
    await req.session.regenerate();
    const session = sessionOf<ShopSession>(req);
    session.permanent = form.has('keep');
    session.data.username = username;
    session.data.cart = {};
    // What Flask is to find as a float, a tuple and an aware datetime.
    session.data.credit = new PyFloat(20);
    session.data.delivery = PyTuple.of(9, 12);
    session.data.since = new Date();
    flash(session.data, `Welcome, ${username}!`, 'info');
    res.redirect(303, '/next');
  });

  app.post('/next/logout', async (req, res) => {
    await req.session.destroy();
    res.redirect(303, '/next');
  });

  app.post('/next/cart', async (req, res) => {
    const form = formOf(req);
    const item = form.get('item') ?? '';
    const change = Number(form.get('change') ?? 1);
    const session = sessionOf<ShopSession>(req);
    if (session.data.username === undefined || !catalogue.some(({ name }) => name === item)) {
      res.sendStatus(400);
      return;
    }
    // A counter: whoever else counts at this moment is counted, too.
    await session.update((data) => {
      const cart = new Map(Object.entries(data.cart ?? {}));
      const count = (cart.get(item) ?? 0) + change;
      if (count > 0) cart.set(item, count);
      else cart.delete(item);
      data.cart = Object.fromEntries(cart);
    });
    res.redirect(303, '/next');
  });

  app.post('/next/note', (req, res) => {
    flash(req.session, formOf(req).get('text') ?? '', 'note');
    res.redirect(303, '/');
  });

  app.use(sayWhatWentWrong);
  return app;
}

/** What a form sent. */
function formOf(req: Request): URLSearchParams {
  return new URLSearchParams(typeof req.body === 'string' ? req.body : '');
}

const VERSIONS = `Express ${versionOf('express')}, flask-session-bridge ${versionOf('flask-session-bridge')}`;

/** An error of the session's store or bytes has a status of its own, 503. */
const sayWhatWentWrong: ErrorRequestHandler = (
  error: Partial<Error & { status: number }>,
  _req,
  res,
  next,
) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  res
    .status(error.status ?? 500)
    .type('text')
    .send(`${error.message ?? 'failed'}\n`);
};

function versionOf(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return version;
}
