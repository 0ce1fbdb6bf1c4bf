/**
 * What becomes of a session from the request that opens it to the response that saves it: nothing
 * lost, nothing resurrected, nothing written that nobody changed.
 * Python: `flask_session.base.ServerSideSessionInterface`, 0.8.0. Differences: ./PORT.md
 *
 * @module
 */

import {
  SessionDecodeError,
  SessionHeadersSentError,
  SessionStoreError,
  SessionUseError,
} from '../errors.js';
import type { ResolvedConfig } from '../python/flask/index.js';
import { isEqual, PayloadCodec } from './codec.js';
import { SessionCookies } from './cookies.js';
import type { SidCandidate } from './cookies.js';
import { publishDrop, publishOpen, publishSave } from './events.js';
import type { OpenEvent } from './events.js';
import type { ResolvedOptions } from './options.js';
import { openRoot } from './root.js';
import type { SaveResult, Session, SessionData } from './session.js';
import { SidStore } from './sid-store.js';
import { generateSid } from './sid.js';
import { isStored, SessionState } from './state.js';
import type { SessionOwner, Stored, StoredState, Unwritable } from './state.js';
import type { SessionStore } from './store.js';
import { SessionWriter } from './writer.js';
import type { WriteOutcome } from './writer.js';

/** Changes a session's data in place. */
export type Change = (data: SessionData) => void | Promise<void>;

export class Lifecycle implements SessionOwner {
  readonly #config: ResolvedConfig;
  readonly #options: ResolvedOptions;
  readonly #store: SidStore;
  readonly #cookies: SessionCookies;
  readonly #codec: PayloadCodec;
  readonly #writer: SessionWriter;

  constructor(config: ResolvedConfig, options: ResolvedOptions, store: SessionStore) {
    const { SESSION_KEY_PREFIX, lifetimeSeconds } = config;
    this.#config = config;
    this.#options = options;
    this.#store = new SidStore(store, SESSION_KEY_PREFIX, lifetimeSeconds, options.storeTimeoutMs);
    this.#cookies = new SessionCookies(config, options.acceptCookies, options.validateSid);
    this.#codec = new PayloadCodec(options);
    this.#writer = new SessionWriter(this.#store, this.#codec, options.onConflict);
  }

  /**
   * The session that a Cookie header names, or a new one; the client's id is never adopted. Gives a
   * promise only where the store has to be asked.
   *
   * @throws {@link SessionStoreError}, {@link SessionDecodeError} unless the options say otherwise
   */
  open(cookieHeader: string | undefined): Session | Promise<Session> {
    const candidates = this.#cookies.candidates(cookieHeader);
    return candidates.length > 0 ? this.#find(candidates) : this.#openNew('new');
  }

  /**
   * Saves what the request changed, if it changed anything, and says what the response must carry.
   * Gives a promise only where the store has to be asked.
   */
  commit(state: SessionState): SaveResult | Promise<SaveResult> {
    if (state.busy) return this.save(state);
    const saved = this.#commit(state, state.canSetCookie);
    return saved instanceof Promise ? this.#occupy(state, saved) : saved;
  }

  save(state: SessionState): Promise<SaveResult> {
    const inTime = state.canSetCookie;
    return this.#inTurn(state, () => this.#commit(state, inTime));
  }

  async rotate(state: SessionState): Promise<void> {
    assertInTime(state.canSetCookie, 'rotate()');
    await this.#inTurn(state, async () => {
      this.#assertWritable(state, 'rotate()');
      if (!isStored(state)) {
        state.sid = this.#newSid();
        state.host?.carry(state.session);
        return;
      }
      const oldSid = state.sid;
      const current = await this.#store.get(oldSid, false);
      if (!current?.length) {
        this.#end(state, 'gone');
        return;
      }
      const { format } = this.#codec.read(current);
      state.root = this.#writer.merge(state.stored, state.root, { bytes: current, format });
      await this.#storeNew(state, this.#newSid(), format);
      state.host?.carry(state.session);
      await this.#store.delete(oldSid);
    });
  }

  async regenerate(state: SessionState): Promise<void> {
    assertInTime(state.canSetCookie, 'regenerate()');
    await this.#inTurn(state, () => {
      this.#assertWritable(state, 'regenerate()');
      const supersedes = state.stored ? state.sid : state.supersedes;
      if (!state.host) {
        this.#empty(state);
        state.supersedes = supersedes;
        return;
      }
      const fresh = this.#create();
      fresh.host = state.host;
      fresh.accessed = true;
      fresh.written = true;
      fresh.supersedes = supersedes;
      state.successor = fresh;
      state.host.carry(fresh.session);
    });
  }

  async destroy(state: SessionState): Promise<void> {
    await this.#inTurn(state, async () => {
      this.#assertWritable(state, 'destroy()');
      await this.#deleteStored(state);
      this.#empty(state);
      state.written = false;
      state.ended = 'destroyed';
      state.cookie = 'clear';
    });
  }

  async reload(state: SessionState): Promise<void> {
    await this.#inTurn(state, async () => {
      const bytes = isStored(state) ? await this.#store.get(state.sid, false) : null;
      if (!bytes?.length) throw new SessionUseError('cannot be reloaded: it is not in the store');
      const { data, format } = this.#codec.read(bytes);
      state.root = openRoot(data);
      state.stored = { bytes, format };
      state.written = false;
    });
  }

  update(state: SessionState, change: Change): Promise<SaveResult> {
    const inTime = state.canSetCookie;
    return this.#inTurn(state, async () => {
      this.#assertWritable(state, 'update()');
      if (!isStored(state)) {
        await change(state.session);
        return this.#commit(state, inTime);
      }
      const { stored: read } = state;
      const written = await this.#writer.apply(state.sid, read, change);
      if ('stored' in written) {
        // What this request changed by itself, and has not saved, stays to be saved.
        const root = this.#writer.merge(read, state.root, written.stored);
        Object.assign(state, { root, stored: written.stored, accessed: true, cookie: 'set' });
      }
      return this.#conclude(state, written);
    });
  }

  /** The same for a session that no request carries, by its id. */
  async updateBySid(sid: string, change: Change): Promise<SaveResult> {
    if (this.#options.readOnly) throw new SessionUseError('update() with the option readOnly');
    const written = this.#options.validateSid(sid)
      ? await this.#writer.apply(sid, undefined, change)
      : ({ outcome: 'gone' } as const);
    publishSave(sid, written.outcome);
    return { outcome: written.outcome, varyCookie: false };
  }

  /** Ends a session by its id; `false` when there was none. */
  async deleteBySid(sid: string): Promise<boolean> {
    if (this.#options.readOnly) throw new SessionUseError('delete() with the option readOnly');
    return this.#options.validateSid(sid) && (await this.#store.delete(sid));
  }

  hasChanged(state: SessionState): boolean {
    return isStored(state) && this.#codec.changedBytes(state) !== undefined;
  }

  async #find(candidates: readonly (SidCandidate | undefined)[]): Promise<Session> {
    let result: OpenEvent['result'] = 'refused';
    for (const candidate of candidates) {
      if (!candidate) continue;
      try {
        const bytes = await this.#store.get(candidate.sid, this.#renewsOnRead);
        if (bytes?.length) return this.#openStored(candidate, bytes);
      } catch (error) {
        return this.#openDespite(error, candidate.sid);
      }
      result = 'unknown';
    }
    return this.#openNew(result);
  }

  #openStored({ sid, stale }: SidCandidate, bytes: Uint8Array): Session {
    const { data, format } = this.#codec.read(bytes);
    const state = new SessionState(this, sid, data, { bytes, format });
    state.staleCookie = stale;
    if (this.#options.readOnly) state.unwritable = 'read-only';
    publishOpen(sid, 'found');
    return state.session;
  }

  #openNew(result: OpenEvent['result']): Session {
    const state = this.#create();
    publishOpen(state.sid, result);
    return state.session;
  }

  /** A new session where the options ask for one; else it throws the error. */
  #openDespite(error: unknown, sid: string): Session {
    const { onStoreError, onUndecodable } = this.#options;
    if (error instanceof SessionDecodeError) {
      publishOpen(sid, 'undecodable');
      if (onUndecodable === 'anonymous') return this.#create().session;
    } else if (error instanceof SessionStoreError) {
      publishOpen(sid, 'store-error');
      if (onStoreError === 'anonymous') return this.#create('anonymous').session;
    }
    throw error;
  }

  #create(unwritable: Unwritable | undefined = this.#options.readOnly ? 'read-only' : undefined) {
    const state = new SessionState(this, this.#newSid(), this.#newDict());
    state.unwritable = unwritable;
    return state;
  }

  #commit(state: SessionState, inTime: boolean): SaveResult | Promise<SaveResult> {
    if (state.successor) return this.#commit(state.successor, inTime);
    if (state.unwritable) return this.#withhold(state, state.unwritable);
    if (state.ended === 'gone') return this.#withhold(state, 'gone');
    if (state.isEmpty) return state.written ? this.#remove(state) : this.#finish(state);
    if (!isStored(state)) return this.#insert(state, inTime);
    const bytes = this.#codec.changedBytes(state);
    if (bytes) return this.#replace(state, bytes);
    if (state.written) state.cookie = 'set';
    if (state.written && !this.#renewsOnRead) return this.#renew(state);
    return this.#finish(state);
  }

  /** Writes nothing; what the request changed is lost, and said to be. */
  #withhold(state: SessionState, reason: 'read-only' | 'anonymous' | 'gone'): SaveResult {
    if (state.written || this.hasChanged(state)) publishDrop(state.sid, reason);
    state.written = false;
    state.cookie = 'keep';
    return this.#result(state, reason === 'gone' ? 'gone' : 'untouched');
  }

  /** A session that was emptied ends. */
  async #remove(state: SessionState): Promise<SaveResult> {
    await this.#saving(state, () => this.#deleteStored(state));
    state.stored = undefined;
    state.ended = 'destroyed';
    state.cookie = 'clear';
    return this.#finish(state);
  }

  async #insert(state: SessionState, inTime: boolean): Promise<SaveResult> {
    assertInTime(inTime, 'a new session got its first key');
    await this.#storeNew(state, state.sid, this.#config.SESSION_SERIALIZATION_FORMAT);
    if (state.supersedes !== undefined) await this.#store.delete(state.supersedes);
    state.supersedes = undefined;
    return this.#result(state, 'stored');
  }

  async #replace(state: StoredState, bytes: Uint8Array): Promise<SaveResult> {
    const { sid, stored: read } = state;
    const written = await this.#saving(state, () => this.#writer.save(sid, read, bytes));
    if ('stored' in written) {
      const { stored, outcome } = written;
      if (outcome === 'merged') {
        // What changed in the meantime stays, on top of what is stored by now.
        state.root = this.#writer.merge({ ...read, bytes }, state.root, stored);
      }
      state.stored = stored;
      state.cookie = 'set';
    }
    return this.#conclude(state, written);
  }

  async #renew(state: StoredState): Promise<SaveResult> {
    const found = await this.#saving(state, () => this.#store.touch(state.sid));
    return this.#conclude(state, { outcome: found ? 'refreshed' : 'gone' });
  }

  #conclude(state: SessionState, written: WriteOutcome | { outcome: 'refreshed' | 'gone' }) {
    if (written.outcome === 'gone') this.#end(state, 'gone');
    if (written.outcome === 'deleted') {
      this.#end(state, 'destroyed');
      state.cookie = 'clear';
    }
    return this.#result(state, written.outcome);
  }

  /** The result for a session that needed no write. */
  #finish(state: SessionState): SaveResult {
    if (state.ended === 'destroyed') return this.#result(state, 'deleted');
    if (!isStored(state) || state.isEmpty) return this.#result(state, 'untouched');
    const refreshes = this.#config.SESSION_REFRESH_EACH_REQUEST;
    if (state.staleCookie || (refreshes && state.handle.permanent)) state.cookie = 'set';
    return this.#result(state, refreshes ? 'refreshed' : 'untouched');
  }

  #result(state: SessionState, outcome: SaveResult['outcome']): SaveResult {
    publishSave(state.sid, outcome);
    if (state.cookie === 'keep') return { outcome, varyCookie: state.accessed };
    const setCookie =
      state.cookie === 'set'
        ? this.#cookies.setCookie(state.sid, state.handle.permanent)
        : this.#cookies.clearCookie();
    return { outcome, setCookie, varyCookie: true };
  }

  /** Stores a session under an id of which nobody knows yet. */
  async #storeNew(state: SessionState, sid: string, format: Stored['format']): Promise<void> {
    const bytes = this.#codec.write(state.root, format);
    const set = await this.#saving(state, () => this.#store.set(sid, bytes, null));
    // A client that lost its connection sends a command again, though the first one may have arrived.
    const isThere = set.stored || (set.current !== null && isEqual(set.current, bytes));
    if (!isThere) throw new SessionStoreError('set', 'a new session id is already taken');
    state.sid = sid;
    state.stored = { bytes, format };
    state.cookie = 'set';
    state.ended = undefined;
  }

  async #deleteStored(state: SessionState): Promise<void> {
    if (state.stored) await this.#store.delete(state.sid);
    if (state.supersedes !== undefined) await this.#store.delete(state.supersedes);
    state.supersedes = undefined;
  }

  /** Makes the state that of a new session, which takes the old one's place in the request. */
  #empty(state: SessionState): void {
    const fresh = { root: openRoot(this.#newDict()), stored: undefined, sid: this.#newSid() };
    Object.assign(state, fresh, { accessed: true, written: true, ended: undefined });
    state.host?.carry(state.session);
  }

  #end(state: SessionState, ended: 'destroyed' | 'gone'): void {
    state.ended = ended;
    state.stored = undefined;
    state.written = false;
    state.cookie = 'keep';
  }

  #assertWritable(state: SessionState, what: string): void {
    if (state.unwritable)
      throw new SessionUseError(`${what} on a session that is ${state.unwritable}`);
    if (state.successor) throw new SessionUseError(`${what} on one that regenerate() replaced`);
  }

  get #renewsOnRead(): boolean {
    return this.#config.SESSION_REFRESH_EACH_REQUEST && !this.#options.readOnly;
  }

  #newDict(): Record<string, unknown> {
    return this.#config.SESSION_PERMANENT ? { _permanent: true } : {};
  }

  #newSid(): string {
    return generateSid(this.#config.SESSION_ID_LENGTH);
  }

  /** One operation on a session at a time: a second save must see what the first one stored. */
  #inTurn<T>(state: SessionState, work: () => T | Promise<T>): Promise<T> {
    return this.#occupy(state, (state.busy ?? Promise.resolve()).then(work, work));
  }

  #occupy<T>(state: SessionState, turn: Promise<T>): Promise<T> {
    const leave = (): void => {
      if (state.busy === turn) state.busy = undefined;
    };
    state.busy = turn;
    turn.then(leave, leave);
    return turn;
  }

  /** What is written to the session from here on is owed to the store anew; all of it if this fails. */
  #saving<T>(state: SessionState, work: () => Promise<T>): Promise<T> {
    state.written = false;
    return work().catch((error: unknown) => {
      state.written = true;
      throw error;
    });
  }
}

function assertInTime(inTime: boolean, what: string): void {
  if (!inTime) throw new SessionHeadersSentError(what);
}
