/**
 * What is known of one session while a request has it: what was read, what was changed, and what is
 * still owed to the store and to the browser.
 *
 * @module
 */

import { SessionUseError } from '../errors.js';
import { keysAsRead } from '../python/pickle/as-read.js';
import { setOwn } from '../python/pickle/plain-objects.js';
import { openRoot } from './root.js';
import type { Root } from './root.js';
import type { Payload, SessionDict } from './serializers.js';
import { createSession, settle } from './session.js';
import type { DoneCallback, SaveResult, Session, SessionData, SessionHandle } from './session.js';

/** What the store was last seen to hold for a session. */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly format: Payload['format'];
}

/** What a session asks of the one who opened it. */
export interface SessionOwner {
  save(state: SessionState): Promise<SaveResult>;
  regenerate(state: SessionState): Promise<void>;
  rotate(state: SessionState): Promise<void>;
  destroy(state: SessionState): Promise<void>;
  reload(state: SessionState): Promise<void>;
  update(
    state: SessionState,
    change: (data: SessionData) => void | Promise<void>,
  ): Promise<SaveResult>;
  hasChanged(state: SessionState): boolean;
}

/** What a session asks of the request that carries it, when there is one. */
export interface SessionHost {
  /** Puts this session on the request, or says that the one there has another id now. */
  carry(session: Session): void;
  /** Whether the response can still carry a cookie. */
  canSetCookie(): boolean;
}

/** Why a session is never written. */
export type Unwritable = 'read-only' | 'anonymous';

export class SessionState {
  readonly owner: SessionOwner;
  readonly session: Session;
  readonly handle: SessionHandle;
  sid: string;
  /** What the store holds; `undefined` for a session that is not in it. */
  stored: Stored | undefined;
  root: Root;
  accessed = false;
  /**
   * The application holds a value with an inside, where something may be changed unseen. While this
   * and `written` are unset, the session is as it was stored, and need not be compared.
   */
  lent = false;
  /** Set by every write to a key of the session's own, also of an equal value, as in Flask. */
  written = false;
  /** The session ended: removed on request, or found to be removed by somebody else. */
  ended: 'destroyed' | 'gone' | undefined;
  /** An id whose session ends when this one is saved, because this one takes its place. */
  supersedes: string | undefined;
  /** The client's cookie is not the one that we would send: signed with an old key, or not at all. */
  staleCookie = false;
  /** What the browser is to be told, once decided; it stays due until the response is sent. */
  cookie: 'keep' | 'set' | 'clear' = 'keep';
  unwritable: Unwritable | undefined;
  /** What regenerate() put in this session's place. */
  successor: SessionState | undefined;
  host: SessionHost | undefined;
  /** The operation under way; the next one waits for it. */
  busy: Promise<unknown> | undefined;

  constructor(owner: SessionOwner, sid: string, dict: SessionDict, stored?: Stored) {
    this.owner = owner;
    this.sid = sid;
    this.root = openRoot(dict);
    this.stored = stored;
    this.session = createSession(this);
    this.handle = new StateHandle(this);
  }

  get data(): Record<string, unknown> {
    return this.root.data;
  }

  get isEmpty(): boolean {
    return isEmptyRoot(this.root);
  }

  /** Asked when something begins: what was begun in time is in the response that waits for it. */
  get canSetCookie(): boolean {
    return this.host?.canSetCookie() ?? true;
  }

  /** The session's keys in the order in which Python has them. */
  keys(): string[] {
    return [...keysAsRead(this.data)];
  }

  read(key: string): unknown {
    const value = this.data[key];
    this.accessed = true;
    if (hasInside(value)) this.lent = true;
    return value;
  }

  write(key: string, value: unknown): void {
    this.#assertCurrent();
    this.accessed = true;
    this.written = true;
    if (hasInside(value)) this.lent = true;
    setOwn(this.data, key, value);
  }

  remove(key: string): void {
    this.#assertCurrent();
    this.accessed = true;
    if (!Object.hasOwn(this.data, key)) return;
    this.written = true;
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a dict's keys are dynamic
    delete this.data[key];
  }

  /** Flask-Session 0.8's clear(): `_permanent` stays, and is there afterwards in any case. */
  clear(): void {
    this.#assertCurrent();
    const permanent = Object.hasOwn(this.data, '_permanent') ? this.data['_permanent'] : false;
    this.accessed = true;
    this.written = true;
    this.root = openRoot({ _permanent: permanent });
  }

  /** Writes to a session that regenerate() replaced would be lost without a word. */
  #assertCurrent(): void {
    if (!this.successor) return;
    throw new SessionUseError('regenerate() put another one in its place; use req.session');
  }
}

class StateHandle implements SessionHandle {
  readonly #state: SessionState;

  constructor(state: SessionState) {
    this.#state = state;
  }

  get data(): Session {
    return this.#state.session;
  }
  get sid(): string {
    return this.#state.sid;
  }
  get isNew(): boolean {
    return this.#state.stored === undefined;
  }
  get modified(): boolean {
    return this.#state.written || this.#state.owner.hasChanged(this.#state);
  }
  get accessed(): boolean {
    return this.#state.accessed;
  }
  get permanent(): boolean {
    return Boolean(this.#state.data['_permanent']);
  }
  set permanent(permanent: boolean) {
    this.#state.write('_permanent', permanent);
  }

  regenerate(done?: DoneCallback): Promise<void> {
    return settle(this.#state.owner.regenerate(this.#state), done);
  }
  rotate(done?: DoneCallback): Promise<void> {
    return settle(this.#state.owner.rotate(this.#state), done);
  }
  destroy(done?: DoneCallback): Promise<void> {
    return settle(this.#state.owner.destroy(this.#state), done);
  }
  save(done?: DoneCallback): Promise<void> {
    const saved = this.#state.owner.save(this.#state).then(() => undefined);
    return settle(saved, done);
  }
  reload(done?: DoneCallback): Promise<void> {
    return settle(this.#state.owner.reload(this.#state), done);
  }
  touch(): void {
    this.#state.accessed = true;
    this.#state.written = true;
  }
  clear(): void {
    this.#state.clear();
  }
  update(change: (data: SessionData) => void | Promise<void>): Promise<SaveResult> {
    return this.#state.owner.update(this.#state, change);
  }
}

/** A session that is in the store. */
export type StoredState = SessionState & { stored: Stored };

export function isStored(state: SessionState): state is StoredState {
  return state.stored !== undefined;
}

/** Whether a value can be changed without the session's noticing. */
function hasInside(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Flask's `not session`: no key, or `_permanent` alone. */
export function isEmptyRoot({ data, asRead }: Root): boolean {
  for (const key of asRead?.keys() ?? []) if (typeof key !== 'string') return false;
  return Object.keys(data).every((key) => key === '_permanent');
}
