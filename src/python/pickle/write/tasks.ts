/**
 * What is left to do for values that hold others. The tasks stand on a stack of their own, so that
 * no depth of a value overflows JavaScript's.
 *
 * @module
 */
import type { Note, Notes } from '../as-read.js';
import type { Output } from './output.js';
import type { Saver } from './saver.js';

/** CPython writes items in batches of this many. */
const BATCH_SIZE = 1000;
const MARK = 0x28;

/** One value at work. */
export interface Task {
  /** Goes on until it is done, and then leaves the stack, or until a value needs a task. */
  step(saver: Saver): void;
  /** Where in its value it is, such as `[3]` or `.cart`. */
  where(): string;
}

/** How CPython sets items in a container. */
export interface Batching {
  /** Opcode that sets one item. */
  readonly one: number;
  /** Opcode that sets all items since MARK. */
  readonly many: number;
  /**
   * When `one` is written: for the `only` item of a list or dict, for a `last` item of what an
   * iterator gives, for `each` item in protocol 0, for `none` of a set.
   */
  readonly single: 'only' | 'last' | 'each' | 'none';
  /** Whether an empty batch follows a last one that was full. */
  readonly trailing: boolean;
}

/** The opcodes around the items of one container. */
class Batches {
  readonly #batching: Batching;
  readonly #total: number;
  #done = 0;
  #inBatch = 0;
  #single = false;

  constructor(batching: Batching, total: number) {
    this.#batching = batching;
    this.#total = total;
  }

  /** Whether there is another item; writes what comes before it, or behind the last one. */
  next(out: Output): boolean {
    const { one, many, single, trailing } = this.#batching;
    const left = this.#total - this.#done;
    if (this.#inBatch > 0) {
      const full = this.#inBatch === BATCH_SIZE;
      if (this.#single || full || left === 0) {
        out.byte(this.#single ? one : many);
        this.#inBatch = 0;
        if (full && left === 0 && trailing) {
          out.byte(MARK);
          out.byte(many);
        }
      }
    }
    if (left === 0) return false;
    if (this.#inBatch === 0) {
      this.#single =
        single === 'each' ||
        (left === 1 && (single === 'last' || (single === 'only' && this.#total === 1)));
      if (!this.#single) out.byte(MARK);
    }
    this.#inBatch++;
    this.#done++;
    return true;
  }
}

/** Items of a list or set; a slot of the notes is an item's index, or the member itself. */
export class ItemsTask implements Task {
  readonly #items: readonly unknown[];
  readonly #slots: readonly unknown[] | undefined;
  readonly #notes: Notes | undefined;
  readonly #batches: Batches;
  #index = 0;

  constructor(
    batching: Batching,
    items: readonly unknown[],
    notes: Notes | undefined,
    slots?: readonly unknown[],
  ) {
    this.#items = items;
    this.#slots = slots;
    this.#notes = notes;
    this.#batches = new Batches(batching, items.length);
  }

  step(saver: Saver): void {
    const values = this.#notes?.values;
    while (this.#batches.next(saver.out)) {
      const index = this.#index++;
      const note = values?.get(this.#slots ? this.#slots[index] : index);
      if (saver.save(this.#items[index], note)) return;
    }
    saver.done();
  }

  where(): string {
    return this.#slots ? `{${this.#index - 1}}` : `[${this.#index - 1}]`;
  }
}

/** Keys and values of a dict. */
export class EntriesTask implements Task {
  readonly #keys: readonly unknown[];
  readonly #values: readonly unknown[];
  readonly #notes: Notes | undefined;
  readonly #batches: Batches;
  #index = -1;
  #keySaved = false;

  constructor(
    batching: Batching,
    keys: readonly unknown[],
    values: readonly unknown[],
    notes: Notes | undefined,
  ) {
    this.#keys = keys;
    this.#values = values;
    this.#notes = notes;
    this.#batches = new Batches(batching, keys.length);
  }

  step(saver: Saver): void {
    const notes = this.#notes;
    for (;;) {
      if (!this.#keySaved) {
        if (!this.#batches.next(saver.out)) break;
        const key = this.#keys[++this.#index];
        this.#keySaved = true;
        if (saver.save(key, notes?.keys?.get(key))) return;
      }
      this.#keySaved = false;
      const note = notes?.values?.get(this.#keys[this.#index]);
      if (saver.save(this.#values[this.#index], note)) return;
    }
    saver.done();
  }

  where(): string {
    return keyPath(this.#keys[this.#index]);
  }
}

/** Items of a tuple or frozenset, which comes into being only behind them. */
export class ImmutableTask implements Task {
  readonly #items: readonly unknown[];
  readonly #slots: readonly unknown[] | undefined;
  readonly #notes: Notes | undefined;
  readonly #finish: () => void;
  #index = 0;

  constructor(
    items: readonly unknown[],
    notes: Notes | undefined,
    finish: () => void,
    slots?: readonly unknown[],
  ) {
    this.#items = items;
    this.#slots = slots;
    this.#notes = notes;
    this.#finish = finish;
  }

  step(saver: Saver): void {
    const values = this.#notes?.values;
    while (this.#index < this.#items.length) {
      const index = this.#index++;
      const note = values?.get(this.#slots ? this.#slots[index] : index);
      if (saver.save(this.#items[index], note)) return;
    }
    this.#finish();
    saver.done();
  }

  where(): string {
    return this.#slots ? `{${this.#index - 1}}` : `[${this.#index - 1}]`;
  }
}

/** A value that is part of another, with the part's name for errors. */
export interface Part {
  readonly name: string;
  readonly value: unknown;
  readonly note?: Note | undefined;
}

/** Gives the parts of a value one by one; between them, writes what belongs there itself. */
export type Parts = Generator<Part | undefined, void>;

/** A value that is made by a call. */
export class PartsTask implements Task {
  readonly #parts: Parts;
  #name = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  step(saver: Saver): void {
    for (;;) {
      const { done, value: part } = this.#parts.next();
      if (done) break;
      this.#name = part?.name ?? '';
      // Without a part, a task was left instead.
      if (!part || saver.save(part.value, part.note)) return;
    }
    saver.done();
  }

  where(): string {
    return this.#name === '' ? '' : `.${this.#name}`;
  }
}

/** `.cart` or `["a b"]`; a key that is no string is shown by its kind. */
function keyPath(key: unknown): string {
  if (typeof key === 'number' || typeof key === 'boolean') return `[${String(key)}]`;
  if (typeof key !== 'string') return `[${key === null ? 'None' : typeof key}]`;
  const short = key.length > 64 ? `${key.slice(0, 64)}...` : key;
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(short)
    ? `.${short}`
    : `[${JSON.stringify(short)}]`;
}
