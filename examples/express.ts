/**
 * Routes of a Flask app, moved to Express. Run it beside the Flask app, with that app's settings:
 *
 *     REDIS_URL=redis://127.0.0.1:6379/0 SECRET_KEY=... PORT=3000 npx tsx examples/express.ts
 *
 * @module
 */

import type { AddressInfo } from 'node:net';

import express from 'express';
import type { RequestHandler } from 'express';
import { flaskSession } from 'flask-session-bridge';
import { Redis } from 'ioredis';

const app = express();
app.use(
  flaskSession({
    SESSION_TYPE: 'redis',
    SESSION_REDIS: new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379/0'),
    SECRET_KEY: process.env['SECRET_KEY'] ?? null,
    SESSION_USE_SIGNER: true,
  }),
);

/** What Flask's login_required decorators do: who is not logged in goes to the Flask app's form. */
const loginRequired: RequestHandler = (req, res, next) => {
  if (req.session['username'] === undefined) res.redirect('/login');
  else next();
};

app.get('/next/profile', loginRequired, (req, res) => {
  res.json({ username: req.session['username'] });
});

app.post('/next/visits', loginRequired, async (req, res) => {
  // With update() no visit is lost, whoever else writes at the same time.
  await req.session.update((data) => {
    data['visits'] = Number(data['visits'] ?? 0) + 1;
  });
  res.json({ visits: req.session['visits'] });
});

app.post('/next/logout', async (req, res) => {
  await req.session.destroy();
  res.redirect(303, '/');
});

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
