/**
 * The middleware for Express, Connect and anything else that speaks `(req, res, next)`.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from 'node:http';

import type { FlaskConfig } from '../../python/flask/index.js';
import { publishError } from '../../session/events.js';
import { sessionOf } from '../../session/interface.js';
import type { SessionOptions } from '../../session/options.js';
import { isSession } from '../../session/session.js';
import type { Session } from '../../session/session.js';
import { SessionInterface } from '../../stores/session-interface.js';
import { ResponseGate } from './response-gate.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Express's types are extended
  namespace Express {
    interface Request {
      /** The session: its own properties are the session's keys. */
      session: Session;
      /** The session's id. */
      readonly sessionID: string;
    }
  }
}

/** A request as the middleware leaves it. */
export interface SessionRequest extends IncomingMessage {
  session?: Session;
}

/** What {@link flaskSession} gives. */
export interface FlaskSessionMiddleware {
  (req: SessionRequest, res: ServerResponse, next: (error?: unknown) => void): void;
  /** The same sessions without a request: for WebSocket upgrades and jobs. */
  readonly interface: SessionInterface;
}

/**
 * Middleware that gives every request the session that the Flask app has for it, as `req.session`,
 * and saves what the request changed before the response leaves.
 *
 * @param config - The Flask app's own settings, spelled as there
 * @param options - What only the Node side knows
 * @throws {@link ConfigError} for a setting or an option that cannot work
 */
export function flaskSession(
  config: FlaskConfig,
  options: SessionOptions = {},
): FlaskSessionMiddleware {
  const sessions = new SessionInterface(config, options);
  const middleware = (
    req: SessionRequest,
    res: ServerResponse,
    next: (error?: unknown) => void,
  ): void => {
    if (isSession(req.session)) {
      next();
      return;
    }
    sessions
      .openSession(req.headers.cookie)
      .then((session) => {
        carrySession(sessions, session, req, res, next);
      })
      .then(() => {
        next();
      }, next);
  };
  return Object.assign(middleware, { interface: sessions });
}

/** Puts a session on its request, and sees to it that it is saved before the response leaves. */
function carrySession(
  sessions: SessionInterface,
  session: Session,
  req: SessionRequest,
  res: ServerResponse,
  next: (error?: unknown) => void,
): void {
  req.session = session;
  Object.defineProperty(req, 'sessionID', {
    get: () => sessionOf(req.session ?? session).sid,
    enumerable: true,
    configurable: true,
  });
  // The application may have put another session on the request, or none.
  const current = (): Session | undefined => (isSession(req.session) ? req.session : undefined);
  const gate = new ResponseGate(res, {
    commit: () => {
      const session = current();
      return session ? sessions.commit(session) : NOTHING_TO_SAY;
    },
    owesSave: () => {
      const session = current();
      return session !== undefined && sessions.owesSave(session);
    },
    fail: next,
    report: (error) => {
      publishError(sessionOf(session).sid, error as Error);
    },
  });
  sessions.attach(session, {
    replace: (fresh) => {
      req.session = fresh;
    },
    canSetCookie: () => !gate.headersAreDecided,
  });
}

const NOTHING_TO_SAY = { outcome: 'untouched', varyCookie: false } as const;
