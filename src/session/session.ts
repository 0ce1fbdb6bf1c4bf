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
  return typeof value === 'object' && value !== null && stateBySession.has(value);
}

/** The state behind a session, or behind whatever replaced it. */
export function stateOf(session: object): SessionState {
  const state = stateBySession.get(session);
  if (!state) throw new SessionUseError('expected a session of this library, got something else');
  return state;
}

/** The object that stands for `state` in the application. */
export function createSession(state: SessionState): Session {
  const session = new Proxy(Object.create(SessionPrototype.prototype) as object, trapsFor(state));
  stateBySession.set(session, state);
  return session as Session;
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

const stateBySession = new WeakMap<object, SessionState>();

/** The prototype of every session; nothing of it is enumerable, and keys of the session hide it. */
class SessionPrototype implements SessionActions {
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
}

/** Names that promises and JSON look up on any object: no reading of the session. */
const PROBED = new Set<PropertyKey>(['then', 'toJSON']);

/**
 * Keys are read from and written to the state's data, whatever object that is by now: reload and
 * merges exchange it. The proxy's own target stays empty and only lends its prototype.
 */
function trapsFor(state: SessionState): ProxyHandler<object> {
  return {
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(state.data, key)) {
        state.accessed = true;
        return state.data[key];
      }
      if (typeof key === 'string' && !(key in target) && !PROBED.has(key)) state.accessed = true;
      return Reflect.get(target, key) as unknown;
    },
    has(target, key) {
      state.accessed = true;
      return Object.hasOwn(state.data, key) || Reflect.has(target, key);
    },
    set(_target, key, value) {
      return write(state, key, value);
    },
    defineProperty(_target, key, descriptor) {
      if (!('value' in descriptor)) return false;
      return write(state, key, descriptor.value);
    },
    deleteProperty(_target, key) {
      if (typeof key === 'symbol') return true;
      state.remove(key);
      return true;
    },
    ownKeys() {
      state.accessed = true;
      return state.keys();
    },
    getOwnPropertyDescriptor(_target, key) {
      if (typeof key === 'symbol') return undefined;
      state.accessed = true;
      return Object.getOwnPropertyDescriptor(state.data, key);
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
