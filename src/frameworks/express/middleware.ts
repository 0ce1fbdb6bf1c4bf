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
import type { SaveResult, Session } from '../../session/session.js';
import type { SessionHost } from '../../session/state.js';
import { SessionInterface } from '../../stores/session-interface.js';
import { ResponseGate } from './response-gate.js';
import type { GateKeeper } from './response-gate.js';

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
  sessionID?: string;
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
    const begin = (session: Session): void => {
      try {
        new RequestSession(sessions, session, req, res, next);
      } catch (error) {
        next(error);
        return;
      }
      next();
    };
    const session = sessions.open(req.headers.cookie);
    if (session instanceof Promise) session.then(begin, next);
    else begin(session);
  };
  return Object.assign(middleware, { interface: sessions });
}

/** The session of one request: carried by the request, saved before its response leaves. */
class RequestSession implements SessionHost, GateKeeper {
  readonly #sessions: SessionInterface;
  readonly #req: SessionRequest;
  readonly #next: (error?: unknown) => void;
  /** Missing where there is no response to hold: examples for WebSockets pass an empty object. */
  readonly #gate: ResponseGate | undefined;

  constructor(
    sessions: SessionInterface,
    session: Session,
    req: SessionRequest,
    res: ServerResponse,
    next: (error?: unknown) => void,
  ) {
    this.#sessions = sessions;
    this.#req = req;
    this.#next = next;
    this.#gate = 'on' in res ? new ResponseGate(res, this) : undefined;
    this.carry(session);
    sessions.attach(session, this);
  }

  carry(session: Session): void {
    this.#req.session = session;
    this.#req.sessionID = sessionOf(session).sid;
  }

  canSetCookie(): boolean {
    return this.#gate !== undefined && !this.#gate.headersAreDecided;
  }

  commit(): SaveResult | Promise<SaveResult> {
    const session = this.#session;
    return session ? this.#sessions.commit(session) : NOTHING_TO_SAY;
  }

  owesSave(): boolean {
    const session = this.#session;
    return session !== undefined && this.#sessions.owesSave(session);
  }

  fail(error: unknown): void {
    this.#next(error);
  }

  report(error: unknown): void {
    publishError(this.#req.sessionID ?? '', error as Error);
  }

  /** The application may have put something else in its place, or nothing. */
  get #session(): Session | undefined {
    return isSession(this.#req.session) ? this.#req.session : undefined;
  }
}

const NOTHING_TO_SAY = { outcome: 'untouched', varyCookie: false } as const;
