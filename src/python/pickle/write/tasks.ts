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
export const BATCH_SIZE = 1000;
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

/** Where the machine is in a container that is written at once; used again for the next one. */
export class Place implements Task {
  isDict = false;
  key = '';
  index = 0;

  step(): void {
    // Nothing is left to do.
  }

  where(): string {
    return this.isDict ? keyPath(this.key) : itemPath(this.index, false);
  }
}

/** A container whose items are set in it in batches. */
abstract class BatchTask {
  readonly #batching: Batching;
  readonly #total: number;
  #done = 0;
  #inBatch = 0;
  #isSingle = false;

  constructor(batching: Batching, total: number) {
    this.#batching = batching;
    this.#total = total;
  }

  /** Index of the next item, or -1; writes what comes before the item, or behind the last one. */
  protected next(out: Output): number {
    const index = this.#done;
    const left = this.#total - index;
    if (this.#inBatch > 0 && (this.#isSingle || this.#inBatch === BATCH_SIZE || left === 0)) {
      this.#close(out, left);
    }
    if (left === 0) return -1;
    if (this.#inBatch === 0) this.#open(out, left);
    this.#inBatch++;
    this.#done++;
    return index;
  }

  /** Index of the item at work. */
  protected get index(): number {
    return this.#done - 1;
  }

  #open(out: Output, left: number): void {
    const { single } = this.#batching;
    this.#isSingle =
      single === 'each' ||
      (left === 1 && (single === 'last' || (single === 'only' && this.#total === 1)));
    if (!this.#isSingle) out.code(MARK);
  }

  #close(out: Output, left: number): void {
    const { one, many, trailing } = this.#batching;
    out.code(this.#isSingle ? one : many);
    if (trailing && left === 0 && this.#inBatch === BATCH_SIZE && !this.#isSingle) {
      out.code(MARK);
      out.code(many);
    }
    this.#inBatch = 0;
  }
}

/** Items of a list or set; a slot of the notes is an item's index, or the member itself. */
export class ItemsTask extends BatchTask implements Task {
  readonly #items: readonly unknown[];
  readonly #notes: Notes | undefined;
  readonly #areMembers: boolean;

  constructor(
    batching: Batching,
    items: readonly unknown[],
    notes: Notes | undefined,
    areMembers = false,
  ) {
    super(batching, items.length);
    this.#items = items;
    this.#notes = notes;
    this.#areMembers = areMembers;
  }

  step(saver: Saver): void {
    const { out } = saver;
    const items = this.#items;
    const values = this.#notes?.values;
    for (let index = this.next(out); index >= 0; index = this.next(out)) {
      const item = items[index];
      if (saver.save(item, values?.get(this.#areMembers ? item : index))) return;
    }
    saver.done();
  }

  where(): string {
    return itemPath(this.index, this.#areMembers);
  }
}

/** Keys and values of a dict. */
export class EntriesTask extends BatchTask implements Task {
  readonly #keys: readonly unknown[];
  readonly #values: readonly unknown[];
  readonly #notes: Notes | undefined;
  #isValueNext = false;

  constructor(
    batching: Batching,
    keys: readonly unknown[],
    values: readonly unknown[],
    notes: Notes | undefined,
  ) {
    super(batching, keys.length);
    this.#keys = keys;
    this.#values = values;
    this.#notes = notes;
  }

  step(saver: Saver): void {
    if (this.#isValueNext) {
      this.#isValueNext = false;
      if (this.#saveValue(saver, this.index)) return;
    }
    const { out } = saver;
    for (let index = this.next(out); index >= 0; index = this.next(out)) {
      const key = this.#keys[index];
      if (saver.save(key, this.#notes?.keys?.get(key))) {
        this.#isValueNext = true;
        return;
      }
      if (this.#saveValue(saver, index)) return;
    }
    saver.done();
  }

  where(): string {
    return keyPath(this.#keys[this.index]);
  }

  #saveValue(saver: Saver, index: number): boolean {
    return saver.save(this.#values[index], this.#notes?.values?.get(this.#keys[index]));
  }
}

/** Items of a tuple or frozenset, which comes into being only behind them. */
export class ImmutableTask implements Task {
  readonly #items: readonly unknown[];
  readonly #notes: Notes | undefined;
  readonly #finish: () => void;
  readonly #areMembers: boolean;
  #index = 0;

  constructor(
    items: readonly unknown[],
    notes: Notes | undefined,
    finish: () => void,
    areMembers = false,
  ) {
    this.#items = items;
    this.#notes = notes;
    this.#finish = finish;
    this.#areMembers = areMembers;
  }

  step(saver: Saver): void {
    const values = this.#notes?.values;
    while (this.#index < this.#items.length) {
      const index = this.#index++;
      const item = this.#items[index];
      if (saver.save(item, values?.get(this.#areMembers ? item : index))) return;
    }
    this.#finish();
    saver.done();
  }

  where(): string {
    return itemPath(this.#index - 1, this.#areMembers);
  }
}

/** A value that is part of another, or a task for several, with the part's name for errors. */
export interface Part {
  readonly name: string;
  readonly value?: unknown;
  readonly note?: Note | undefined;
  readonly task?: Task;
}

/** Gives the parts of a value one by one; between them, writes what belongs there itself. */
export type Parts = Generator<Part, void>;

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
      this.#name = part.name;
      if (part.task ? saver.begin(part.task) : saver.save(part.value, part.note)) return;
    }
    saver.done();
  }

  where(): string {
    return this.#name === '' ? '' : `.${this.#name}`;
  }
}

function itemPath(index: number, isMember: boolean): string {
  return isMember ? `{${index}}` : `[${index}]`;
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
