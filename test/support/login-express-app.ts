/** The routes of the Flask app with logins (python-harness/login_app.py), on Express. */

import express from 'express';
import type { ErrorRequestHandler, Request } from 'express';
import type { Redis } from 'ioredis';

import { flaskSession } from '../../src/index.js';
import type { FlaskConfig } from '../../src/index.js';
import { flash, getFlashedMessages } from '../../src/python/flask/index.js';
import {
  confirmLogin,
  currentUserId,
  flaskLogin,
  freshLoginRequired,
  isFresh,
  loginRequired,
  loginUser,
  logoutUser,
} from '../../src/python/flask-login/index.js';
import {
  CSRFError,
  csrfProtect,
  generateCsrf,
  resolveCsrfConfig,
} from '../../src/python/flask-wtf/index.js';
import { checkPasswordHash, generatePasswordHash } from '../../src/python/werkzeug/index.js';
import { serveExpress, type ExpressApp } from './serve-express.js';

/** Where the users' password hashes are: in a Redis hash, by the users' names. */
export interface UsersTable {
  redis: Redis;
  key: string;
}

/** Starts the app on a free port. */
export async function startLoginExpressApp(
  config: FlaskConfig,
  users: UsersTable,
): Promise<ExpressApp> {
  const csrf = resolveCsrfConfig(config);
  const isPasswordOf = async (name: string, password: string): Promise<boolean> => {
    const hash = await users.redis.hget(users.key, name);
    return hash !== null && checkPasswordHash(hash, password);
  };

  const app = express();
  app.use(flaskSession(config));
  app.use(express.urlencoded());
  app.use(csrfProtect(config));
  app.use(flaskLogin(config));

  app.get('/login', (req, res) => {
    res.send(`<form method="post">
      ${hiddenInput(generateCsrf(req.session, csrf))}
      <input name="username"> <input name="password" type="password">
      <input name="remember" type="checkbox" value="y"> <button>Log in</button>
    </form>`);
  });
  app.post('/login', async (req, res) => {
    const username = field(req, 'username');
    if (!(await isPasswordOf(username, field(req, 'password')))) {
      res.status(403).send('wrong password');
      return;
    }
    await req.session.regenerate();
    loginUser(req.session, username, req, { remember: field(req, 'remember') === 'y' });
    flash(req.session, 'Welcome.', 'success');
    res.redirect('/account');
  });
  app.post('/confirm', loginRequired(config, { loginView: '/login' }), async (req, res) => {
    if (!(await isPasswordOf(currentUserId(req.session) ?? '', field(req, 'password')))) {
      res.status(403).send('wrong password');
      return;
    }
    confirmLogin(req.session, req);
    res.send('');
  });
  app.post('/logout', (req, res) => {
    logoutUser(req.session);
    res.send('');
  });
  app.get('/who', (req, res) => {
    res.json({ user: currentUserId(req.session) ?? null, fresh: isFresh(req.session) });
  });
  app.get('/account', loginRequired(config, { loginView: '/login' }), (_req, res) => {
    res.send('account');
  });
  app.get(
    '/settings',
    loginRequired(config, { loginView: '/login' }),
    freshLoginRequired(config, { loginView: '/login' }),
    (_req, res) => {
      res.send('settings');
    },
  );
  app.get('/notes', (req, res) => {
    res.send(`<form method="post">
      ${hiddenInput(generateCsrf(req.session, csrf))}
      <input name="text"> <input name="category"> <button>Keep</button>
    </form>`);
  });
  app.post('/notes', (req, res) => {
    flash(req.session, field(req, 'text'), field(req, 'category'));
    res.send('');
  });
  app.get('/messages', (req, res) => {
    res.json(getFlashedMessages(req.session, { withCategories: true }));
  });
  app.post('/password', async (req, res) => {
    const hash = await generatePasswordHash(field(req, 'password'), field(req, 'method'));
    await users.redis.hset(users.key, field(req, 'username'), hash);
    res.send('');
  });
  app.use(sayWhy);
  return serveExpress(app);
}

function hiddenInput(token: string): string {
  return `<input type="hidden" name="csrf_token" value="${token}">`;
}

/** A field of the form, '' when it was not sent. */
function field(req: Request, name: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

const sayWhy: ErrorRequestHandler = (error, _req, res, next) => {
  if (error instanceof CSRFError) res.status(400).send(error.reason);
  else next(error);
};
