/**
 * What is being written, and the memo, by which a value that was written before is referred to.
 *
 * @module
 */
import { PicklingError } from '../../../errors.js';
import { nextTurn } from '../short-texts.js';
import { ObjectMemo } from './object-memo.js';
import { Output } from './output.js';

export abstract class MemoWriter {
  readonly out: Output = new Output();
  protocol = 0;
  /** Number of this dump among all loads and dumps. */
  protected turn = 0;
  /** How many values the memo has, which is the index of the next. */
  protected memoSize = 0;
  /** Indices of objects, and of strings that are copies by their note. */
  readonly #memo = new ObjectMemo();

  /** Begins a pickle. */
  protected open(protocol: number): void {
    this.protocol = protocol;
    this.turn = nextTurn();
    if (protocol >= 2) {
      this.out.code1(0x80, protocol); // PROTO
    }
    if (protocol >= 4) this.out.openFrame();
  }

  /** Forgets all values of the pickle. */
  protected clear(): void {
    this.#memo.clear();
    this.memoSize = 0;
  }

  /** Where in the value the machine is, such as `session.cart[3].when`. */
  protected abstract path(): string;

  error(reason: string): PicklingError {
    return new PicklingError(reason, this.path());
  }

  /** Refers to what was written before; `false` when it was not. */
  recall(key: unknown): boolean {
    const index = this.#memo.find(key);
    if (index >= 0) this.get(index);
    return index >= 0;
  }

  /** Refers to what was written before; else the key gets the next index, for `memoize()`. */
  recallOrClaim(key: unknown): boolean {
    const index = this.#memo.claim(key, this.memoSize);
    if (index >= 0) this.get(index);
    return index >= 0;
  }

  /** Whether a value was written before. */
  knows(key: unknown): boolean {
    return this.#memo.find(key) >= 0;
  }

  /** Puts what was written last into the memo, under a key if somebody may refer to it. */
  memoize(key?: unknown): void {
    const { out, protocol } = this;
    const index = this.memoSize++;
    if (key !== undefined) this.#memo.set(key, index);
    if (protocol >= 4) {
      out.code(0x94); // MEMOIZE
    } else if (protocol === 0) {
      out.latin1(`p${index}\n`); // PUT
    } else if (index < 256) {
      out.code1(0x71, index); // BINPUT
    } else {
      out.code4(0x72, index); // LONG_BINPUT
    }
  }

  /** Refers to a value by its index. */
  protected get(index: number): void {
    const { out } = this;
    if (this.protocol === 0) {
      out.latin1(`g${index}\n`); // GET
    } else if (index < 256) {
      out.code1(0x68, index); // BINGET
    } else {
      out.code4(0x6a, index); // LONG_BINGET
    }
  }
}
