/**
 * Passport on a session that Flask has too: it checks passwords, and says on each request who is
 * logged in. Run it beside the Flask app, with that app's settings:
 *
 *     REDIS_URL=redis://127.0.0.1:6379/0 SECRET_KEY=... PORT=3000 npx tsx examples/passport.ts
 *
 * `passport.session()` would keep the login under a key of its own, of which Flask knows nothing. So a
 * strategy reads Flask's key instead, and a login writes it: on both sides there is one truth.
 *
 * @module
 */

import type { AddressInfo } from 'node:net';

import express from 'express';
import type { Request, RequestHandler } from 'express';
import { flaskSession } from 'flask-session-bridge';
import { checkPasswordHash } from 'flask-session-bridge/werkzeug';
import { Redis } from 'ioredis';
import passport from 'passport';

interface User {
  readonly username: string;
}

/** In place of the users' table, with hashes as Flask's apps have them, of Werkzeug. */
const PASSWORD_HASHES = new Map([
  [
    'ada',
    'pbkdf2:sha256:1000$Iy1aOB6fVWBAmlvs$ad1e9071cff58bd203f6099c04d72c82b985db8ec0131d74a0531d06fcd3e20e',
  ],
]);

/** Whoever Flask's key names is logged in, wherever that login was. */
class SessionStrategy extends passport.Strategy {
  override readonly name = 'flask-session';

  override authenticate({ session }: Request): void {
    const { username } = session;
    if (typeof username === 'string') this.success({ username } satisfies User);
    else this.pass();
  }
}

class PasswordStrategy extends passport.Strategy {
  override readonly name = 'password';

  override authenticate({ body }: Request): void {
    const { username = '', password = '' } = formOf(body);
    const hash = PASSWORD_HASHES.get(username);
    if (hash === undefined) {
      this.fail(401);
      return;
    }
    checkPasswordHash(hash, password).then(
      (isRight) => {
        if (isRight) this.success({ username } satisfies User);
        else this.fail(401);
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  }
}

/** A form's fields; a field that came twice is none. */
function formOf(body: unknown): Record<string, string> {
  const fields = Object.entries(body ?? {}) as [string, unknown][];
  return Object.fromEntries(
    fields.filter((field): field is [string, string] => typeof field[1] === 'string'),
  );
}

passport.use(new SessionStrategy());
passport.use(new PasswordStrategy());

/** Leaves the session alone: that is what the routes below do. */
function authenticate(strategy: string): RequestHandler {
  return passport.authenticate(strategy, { session: false }) as RequestHandler;
}

const app = express();
app.use(
  flaskSession({
    SESSION_TYPE: 'redis',
    SESSION_REDIS: new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379/0'),
    SECRET_KEY: process.env['SECRET_KEY'] ?? null,
    SESSION_USE_SIGNER: true,
  }),
);
app.use(authenticate('flask-session'));

app.get('/next/me', (req, res) => {
  res.json({ user: req.user ?? null, loggedIn: req.isAuthenticated() });
});

app.post('/next/login', express.urlencoded(), authenticate('password'), async (req, res) => {
  // A new id, so that nobody who knew the old one is logged in with the user.
  await req.session.regenerate();
  req.session['username'] = (req.user as User).username;
  res.redirect(303, '/next/me');
});

app.post('/next/logout', async (req, res) => {
  await req.session.destroy();
  res.redirect(303, '/next/me');
});

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
