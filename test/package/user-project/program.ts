/**
 * A user's program, compiled under several module settings in a project that has the packed package.
 * @module
 */

import express from 'express';
import { flaskSession, RedisStore, SessionInterface, sessionOf } from 'flask-session-bridge';
import type { SaveResult, SessionStore } from 'flask-session-bridge';
import { flash, getFlashedMessages } from 'flask-session-bridge/flask';
import { currentUserId, flaskLogin, loginRequired } from 'flask-session-bridge/flask-login';
import { csrfProtect } from 'flask-session-bridge/flask-wtf';
import { URLSafeTimedSerializer } from 'flask-session-bridge/itsdangerous';
import { msgpack } from 'flask-session-bridge/msgspec';
import { dumps, loads, PyTuple } from 'flask-session-bridge/pickle';
import { checkPasswordHash } from 'flask-session-bridge/werkzeug';
import { Redis } from 'ioredis';

declare module 'flask-session-bridge' {
  interface SessionData {
    homeTown?: string;
  }
}

const settings = { SECRET_KEY: 'shared with Flask', SESSION_TYPE: 'redis' } as const;
const app = express();
app.use(flaskSession({ ...settings, SESSION_REDIS: new Redis() }));
app.use(flaskLogin(settings), csrfProtect(settings));

app.get('/', loginRequired(settings), (req, res) => {
  const homeTown: string | undefined = req.session.homeTown;
  flash(req, 'welcome back');
  res.json({ homeTown, id: currentUserId(req), messages: getFlashedMessages(req) });
});

export const store: SessionStore = new RedisStore(new Redis(), { keyPrefix: 'session:' });
export const tokens = new URLSafeTimedSerializer(settings.SECRET_KEY, { salt: 'mail' });

export async function countVisit(cookieHeader: string): Promise<SaveResult> {
  const sessions = new SessionInterface(settings, { store });
  const session = await sessions.openSession(cookieHeader);
  sessionOf<{ seat?: PyTuple<number> }>(session).data.seat = PyTuple.of(7, 12);
  return sessions.saveSession(session);
}

export async function areEqual(password: string, hash: string): Promise<boolean> {
  const copy: unknown = loads(dumps(msgpack.decode(msgpack.encode(password))));
  return typeof copy === 'string' && (await checkPasswordHash(hash, copy));
}
