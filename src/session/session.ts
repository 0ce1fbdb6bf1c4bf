/**
 * The session as the application sees it: an object whose own properties are the session's keys, with
 * methods on its prototype, and a handle with names that no key can hide.
 * Python: `flask_session.base.ServerSideSession`, 0.8.0. Differences: ./PORT.md
 *
 * @module
 */

import { inspect } from 'node:util';

import { SessionUseError } from '../errors.js';
import type { SessionState } from './state.js';

/**
 * The keys of a session. Declare yours by augmenting this interface:
 * `declare module 'flask-session-bridge' { interface SessionData { username?: number } }`.
 */
export interface SessionData {
  [key: string]: unknown;
}

/** Called when an operation is done, as callbacks of express-session are. */
export type DoneCallback = (error?: unknown) => void;

/** What {@link SessionInterface.saveSession} and `update` did, and what the response must carry. */
export interface SaveResult {
  readonly outcome: 'untouched' | 'refreshed' | 'stored' | 'merged' | 'deleted' | 'gone';
  /** A whole value for a Set-Cookie header. */
  readonly setCookie?: string;
  /** Whether the response depends on the cookie, so that `Vary: Cookie` must be sent. */
  readonly varyCookie: boolean;
}

/** What can be done with a session, on the session itself and on its handle. */
export interface SessionActions<Data extends object = SessionData> {
  /**
   * Replaces the session by an empty one with a new id, as express-session does. The old one ends
   * in the store once the new one is saved.
   */
  regenerate(done?: DoneCallback): Promise<void>;
  /**
   * Gives the session a new id and keeps its data: stored under the new id, then removed under the
   * old. Python: `ServerSideSessionInterface.regenerate`.
   */
  rotate(done?: DoneCallback): Promise<void>;
  /** Removes the session from the store, and its cookie from the browser with the response. */
  destroy(done?: DoneCallback): Promise<void>;
  /** Saves now what would be saved when the response begins. */
  save(done?: DoneCallback): Promise<void>;
  /** Reads the session again and forgets what this request changed. */
  reload(done?: DoneCallback): Promise<void>;
  /** Counts the session as changed, so that its time to live and its cookie are renewed. */
  touch(): void;
  /** Removes every key but `_permanent`. Python: `ServerSideSession.clear`. */
  clear(): void;
  /**
   * Applies `change` to the newest stored state and stores the result; again when somebody else
   * changed the session meanwhile. For counters and lists, where the last writer must not win.
   */
  update(change: (data: Data) => void | Promise<void>): Promise<SaveResult>;
}

/** What `req.session` and `openSession` give. */
export type Session<Data extends object = SessionData> = Data & SessionActions<Data>;

/** A session's actions and properties, under names that no key of the session can hide. */
export interface SessionHandle<Data extends object = SessionData> extends SessionActions<Data> {
  /** The session itself. */
  readonly data: Session<Data>;
  /** The session's id. */
  readonly sid: string;
  /** Whether the session is not in the store yet. Python: `session.new`. */
  readonly isNew: boolean;
  /** Whether anything in the session was set or changed, at any depth. */
  readonly modified: boolean;
  /** Whether any key was read or written, so that the response depends on the cookie. */
  readonly accessed: boolean;
  /** Whether the cookie outlives the browser. Python: `session.permanent`, the key `_permanent`. */
  permanent: boolean;
}

/** Whether a value is a session of this library. */
export function isSession(value: unknown): value is Session {
  return typeof value === 'object' && value !== null && STATE in value;
}

/** The state behind a session, or behind whatever replaced it. */
export function stateOf(session: object): SessionState {
  const { [STATE]: state } = session as Partial<Stateful>;
  if (state) return state;
  throw new SessionUseError('expected a session of this library, got something else');
}

/** The object that stands for `state` in the application. */
export function createSession(state: SessionState): Session {
  return SessionObject.for(state) as unknown as Session;
}

/**
 * Lets a promise also answer to a callback. The callback runs outside of the promise, so that what
 * it throws is an uncaught exception and not a rejection that belongs to nobody.
 */
export function settle<T>(promise: Promise<T>, done: DoneCallback | undefined): Promise<T> {
  if (done) {
    promise.then(
      () => {
        queueMicrotask(done);
      },
      (error: unknown) => {
        queueMicrotask(() => {
          done(error);
        });
      },
    );
  }
  return promise;
}

/** What only this module asks a session for; to everyone else it has no such property. */
const STATE = Symbol('state');

interface Stateful {
  readonly [STATE]: SessionState;
}

/** Names that promises and JSON look up on any object: no reading of the session. */
const PROBED = new Set<PropertyKey>(['then', 'toJSON']);

/**
 * The target of every session's proxy. It has no properties of its own and lends its prototype,
 * nothing of which is enumerable and which keys of the session hide. Keys are read from and written
 * to the state's data, whatever object that is by now: reload and merges exchange it.
 */
class SessionObject implements SessionActions {
  readonly #state: SessionState;

  private constructor(state: SessionState) {
    this.#state = state;
  }

  static for(state: SessionState): object {
    return new Proxy(new SessionObject(state), SessionObject.#traps);
  }

  regenerate(done?: DoneCallback): Promise<void> {
    return stateOf(this).handle.regenerate(done);
  }
  rotate(done?: DoneCallback): Promise<void> {
    return stateOf(this).handle.rotate(done);
  }
  destroy(done?: DoneCallback): Promise<void> {
    return stateOf(this).handle.destroy(done);
  }
  save(done?: DoneCallback): Promise<void> {
    return stateOf(this).handle.save(done);
  }
  reload(done?: DoneCallback): Promise<void> {
    return stateOf(this).handle.reload(done);
  }
  touch(): void {
    stateOf(this).handle.touch();
  }
  clear(): void {
    stateOf(this).handle.clear();
  }
  update(change: (data: SessionData) => void | Promise<void>): Promise<SaveResult> {
    return stateOf(this).handle.update(change);
  }
  /** Node asks the prototype how a session prints, because a proxy would print as its target. */
  [inspect.custom](_depth: number, options: object): string {
    return `Session ${inspect(stateOf(this).data, options)}`;
  }

  /** One set for all sessions: a proxy per request is cheap, closures per request are not. */
  static readonly #traps: ProxyHandler<SessionObject> = {
    get(target, key, session) {
      const state = target.#state;
      if (key === STATE) return state;
      if (typeof key === 'string') {
        if (Object.hasOwn(state.data, key)) return state.read(key);
        if (!(key in target) && !PROBED.has(key)) state.accessed = true;
      }
      return Reflect.get(target, key, session) as unknown;
    },
    has(target, key) {
      if (key === STATE) return true;
      target.#state.accessed = true;
      return Object.hasOwn(target.#state.data, key) || Reflect.has(target, key);
    },
    set(target, key, value) {
      return write(target.#state, key, value);
    },
    defineProperty(target, key, descriptor) {
      if (!('value' in descriptor)) return false;
      return write(target.#state, key, descriptor.value);
    },
    deleteProperty(target, key) {
      if (typeof key === 'symbol') return true;
      target.#state.remove(key);
      return true;
    },
    ownKeys(target) {
      target.#state.accessed = true;
      return target.#state.keys();
    },
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === 'symbol') return undefined;
      target.#state.read(key);
      return Object.getOwnPropertyDescriptor(target.#state.data, key);
    },
    preventExtensions() {
      return false;
    },
    setPrototypeOf() {
      return false;
    },
  };
}

function write(state: SessionState, key: string | symbol, value: unknown): boolean {
  if (typeof key === 'symbol') return false;
  state.write(key, isSession(value) ? stateOf(value).data : value);
  return true;
}
