/**
 * Sessions without HTTP and without Redis: for WebSocket upgrades, jobs and servers of any kind.
 * Python: `flask_session.base.ServerSideSessionInterface`, 0.8.0. Differences: ./PORT.md
 *
 * @module
 */

import type { ResolvedConfig } from '../python/flask/index.js';
import { Lifecycle } from './lifecycle.js';
import type { Change } from './lifecycle.js';
import { resolveOptions } from './options.js';
import type { SessionOptions } from './options.js';
import { isSession, stateOf } from './session.js';
import type { SaveResult, Session, SessionData, SessionHandle } from './session.js';
import type { SessionHost } from './state.js';
import type { SessionStore } from './store.js';

export class ServerSideSessionInterface {
  readonly #lifecycle: Lifecycle;

  /** @throws {@link ConfigError} for options that are unknown or have a wrong value */
  constructor(config: ResolvedConfig, store: SessionStore, options: SessionOptions = {}) {
    this.#lifecycle = new Lifecycle(config, resolveOptions(options), store);
  }

  /**
   * The session that a Cookie header names, or a new and empty one.
   *
   * @param cookieHeader - The header as Node gives it, one character per byte
   * @throws {@link SessionStoreError} when the store does not answer, {@link SessionDecodeError} for
   *   bytes that are no session, each unless the options ask for an anonymous session
   */
  async openSession<Data extends object = SessionData>(
    cookieHeader?: string,
  ): Promise<Session<Data>> {
    return (await this.open(cookieHeader)) as unknown as Session<Data>;
  }

  /**
   * Saves a session and says what the response must carry.
   *
   * @throws {@link SessionStoreError}, {@link SessionEncodeError}, {@link SessionConflictError};
   *   {@link SessionDecodeError} when the store holds something else by now
   */
  async saveSession(session: object): Promise<SaveResult> {
    return this.#lifecycle.commit(stateOf(session));
  }

  /** Gives a session a new id and keeps its data, as {@link SessionActions.rotate} does. */
  regenerate(session: object): Promise<void> {
    return this.#lifecycle.rotate(stateOf(session));
  }

  /**
   * Applies a change to the newest stored state of a session, again whenever somebody else changed
   * it meanwhile. A session that does not exist is not made: outcome `gone`.
   */
  update(sid: string, change: Change): Promise<SaveResult> {
    return this.#lifecycle.updateBySid(sid, change);
  }

  /** Ends a session by its id; `false` when there was none. */
  delete(sid: string): Promise<boolean> {
    return this.#lifecycle.deleteBySid(sid);
  }

  /**
   * Like `openSession`, but gives a promise only where the store must be asked. For frameworks.
   *
   * @internal
   */
  open(cookieHeader: string | undefined): Session | Promise<Session> {
    return this.#lifecycle.open(cookieHeader);
  }

  /**
   * Like `saveSession`, but gives a promise only where the store must be asked, so that a response
   * that needs no write is not held up. For frameworks.
   *
   * @internal
   */
  commit(session: object): SaveResult | Promise<SaveResult> {
    return this.#lifecycle.commit(stateOf(session));
  }

  /**
   * Whether a session was written to since it was last saved. For frameworks.
   *
   * @internal
   */
  owesSave(session: object): boolean {
    return stateOf(session).written;
  }

  /**
   * Binds a session to the request that carries it. For frameworks.
   *
   * @internal
   */
  attach(session: object, host: SessionHost): void {
    stateOf(session).host = host;
  }
}

/**
 * The handle of a session: its id, its state and its methods, under names that no key can hide.
 *
 * @param source - A session, or a request that carries one as `session`
 * @throws {@link SessionUseError} when there is none
 */
export function sessionOf<Data extends object = SessionData>(source: object): SessionHandle<Data> {
  const session = isSession(source) ? source : (source as { session?: object }).session;
  return stateOf(session ?? source).handle as unknown as SessionHandle<Data>;
}
