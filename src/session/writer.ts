/**
 * Writing to a session that others write to as well: compare-and-set against what was read, and once
 * more on top of what is there instead.
 *
 * @module
 */

import { setTimeout as sleep } from 'node:timers/promises';

import { SessionConflictError } from '../errors.js';
import type { PayloadCodec } from './codec.js';
import { isEqual } from './codec.js';
import { mergeInto } from './merge.js';
import type { ConflictRule } from './merge.js';
import { openRoot } from './root.js';
import type { Root } from './root.js';
import type { SidStore } from './sid-store.js';
import { isEmptyRoot } from './state.js';
import type { Stored } from './state.js';

/** What became of a write; `stored` is what the store has now. */
export type WriteOutcome =
  | { readonly outcome: 'stored' | 'merged'; readonly stored: Stored }
  | { readonly outcome: 'deleted' | 'gone' };

/** Gives the session that is to be stored, from the one that is there. */
type Revise = (current: Stored) => Root | Promise<Root>;

export class SessionWriter {
  readonly #store: SidStore;
  readonly #codec: PayloadCodec;
  readonly #onConflict: ConflictRule;

  constructor(store: SidStore, codec: PayloadCodec, onConflict: ConflictRule) {
    this.#store = store;
    this.#codec = codec;
    this.#onConflict = onConflict;
  }

  /**
   * Stores a changed session: `bytes` if the store still holds what was read, else a merge of what
   * this request changed with what is there.
   */
  async save(sid: string, read: Stored, bytes: Uint8Array): Promise<WriteOutcome> {
    const first = await this.#store.set(sid, bytes, read.bytes);
    if (first.stored) return { outcome: 'stored', stored: { bytes, format: read.format } };
    const mine = openRoot(this.#codec.read(bytes).data);
    const revise: Revise = (current) => this.merge(read, mine, current);
    return this.#revise(sid, first.current, 'merged', revise);
  }

  /** Applies a change to the newest stored state, again whenever that changed meanwhile. */
  async apply(
    sid: string,
    known: Stored | undefined,
    change: (data: Record<string, unknown>) => void | Promise<void>,
  ): Promise<WriteOutcome> {
    const current = known?.bytes ?? (await this.#store.get(sid, false));
    return this.#revise(sid, current, 'stored', async ({ bytes }) => {
      const root = openRoot(this.#codec.read(bytes).data);
      await change(root.data);
      return root;
    });
  }

  /** What the store holds now, with what this request changed since it read the session. */
  merge(read: Stored, mine: Root, current: Stored): Root {
    if (isEqual(read.bytes, current.bytes)) return mine;
    const theirs = openRoot(this.#codec.read(current.bytes).data);
    const base = openRoot(this.#codec.read(read.bytes).data);
    const same = this.#codec.sameValue(current.format);
    mergeInto(theirs.data, base.data, mine.data, this.#onConflict, same);
    return theirs;
  }

  /** @param atOnce - What it is called when the first attempt succeeds */
  async #revise(
    sid: string,
    found: Uint8Array | null,
    atOnce: 'stored' | 'merged',
    revise: Revise,
  ): Promise<WriteOutcome> {
    let current = found;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (!current?.length) return { outcome: 'gone' };
      const { format } = this.#codec.read(current);
      const root = await revise({ bytes: current, format });
      if (isEmptyRoot(root)) {
        await this.#store.delete(sid);
        return { outcome: 'deleted' };
      }
      const bytes = this.#codec.write(root, format);
      const stored = { bytes, format };
      const set = await this.#store.set(sid, bytes, current);
      if (set.stored) return { outcome: attempt === 0 ? atOnce : 'merged', stored };
      current = attempt === 0 ? set.current : await this.#currentLater(sid, attempt);
    }
    throw new SessionConflictError(MAX_ATTEMPTS);
  }

  /** What the store holds after a pause: under contention, what was there before it is long gone. */
  async #currentLater(sid: string, attempt: number): Promise<Uint8Array | null> {
    // Others that lost the same race come back at other times than we do.
    await sleep(Math.random() * Math.min(2 ** attempt, 50));
    return this.#store.get(sid, false);
  }
}

const MAX_ATTEMPTS = 100;
