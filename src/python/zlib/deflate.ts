/**
 * Finds what repeats, as zlib does at its default level 6, so that the bytes are the same. Node's own
 * zlib hashes differently, finds other matches, and mostly compresses short texts worse.
 *
 * @module
 */

import { at } from './at.js';
import { BitWriter } from './bit-writer.js';
import { Block } from './block.js';

const MIN_MATCH = 3;
const MAX_MATCH = 258;
const WINDOW = 32768;
/** Bytes ahead that zlib wants to see before it looks for a match. */
const LOOKAHEAD = MAX_MATCH + MIN_MATCH + 1;
const MAX_DISTANCE = WINDOW - LOOKAHEAD;
/** Beyond this distance a match of three bytes costs more than three literals. */
const MAX_DISTANCE_OF_SHORTEST = 4096;

/** zlib's level 6. */
const GOOD_LENGTH = 8;
const LAZY_LENGTH = 16;
const NICE_LENGTH = 128;
const MAX_CHAIN = 128;

/** The deflate stream (RFC 1951) of `data`, without zlib's header and checksum. */
export function deflate(data: Uint8Array): Buffer {
  return new Deflater(data).run();
}

interface Match {
  readonly start: number;
  readonly length: number;
}

const NO_MATCH: Match = { start: 0, length: MIN_MATCH - 1 };

class Deflater {
  readonly #data: Uint8Array;
  readonly #writer = new BitWriter();
  #block = new Block();
  #blockStart = 0;
  /** Where zlib's buffer of two windows starts in the data. */
  #base = 0;
  #position = 0;
  /** The last position with a hash, and before each position the one before it with the same. */
  readonly #heads = new Int32Array(WINDOW).fill(-1);
  readonly #previous = new Int32Array(WINDOW);

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  run(): Buffer {
    let pending = NO_MATCH;
    let isLiteralPending = false;
    while (this.#position < this.#data.length) {
      this.#slide();
      const found = this.#findMatch(pending);
      if (pending.length >= MIN_MATCH && found.length <= pending.length) {
        this.#takeMatch(pending);
        pending = NO_MATCH;
        isLiteralPending = false;
      } else {
        if (isLiteralPending) this.#takeLiteral();
        this.#position++;
        pending = found;
        isLiteralPending = true;
      }
    }
    if (isLiteralPending) this.#block.addLiteral(at(this.#data, this.#position - 1));
    this.#endBlock(true);
    return this.#writer.finish();
  }

  get #ahead(): number {
    return this.#data.length - this.#position;
  }

  /** Moves zlib's buffer on by one window when too little of it is left. */
  #slide(): void {
    const isAtEnd = this.#position - this.#base > 2 * WINDOW - LOOKAHEAD;
    const isNearEnd = this.#position - this.#base === 2 * WINDOW - LOOKAHEAD;
    if (isAtEnd || (isNearEnd && this.#ahead < LOOKAHEAD)) this.#base += WINDOW;
  }

  /** The match at the position, if it may be better than the one a byte before. */
  #findMatch(before: Match): Match {
    const head = this.#ahead >= MIN_MATCH ? this.#insert(this.#position) : -1;
    // The first place of the buffer is never matched: zlib's 0 stands for none.
    const isNear = head > this.#base && this.#position - head <= MAX_DISTANCE;
    if (!isNear || before.length >= LAZY_LENGTH) return NO_MATCH;
    const match = this.#longestMatch(head, before.length);
    const isTooFar = this.#position - match.start > MAX_DISTANCE_OF_SHORTEST;
    return match.length === MIN_MATCH && isTooFar ? NO_MATCH : match;
  }

  #longestMatch(head: number, lengthBefore: number): Match {
    const data = this.#data;
    const longest = Math.min(MAX_MATCH, this.#ahead);
    const nice = Math.min(NICE_LENGTH, this.#ahead);
    const limit = Math.max(this.#base, this.#position - MAX_DISTANCE);
    let best: Match = { start: 0, length: lengthBefore };
    let candidate = head;
    let chain = lengthBefore >= GOOD_LENGTH ? MAX_CHAIN >> 2 : MAX_CHAIN;
    do {
      // Most candidates fall out by the one byte that would make them longer than the best so far.
      if (data[candidate + best.length] === data[this.#position + best.length]) {
        const length = this.#commonLength(candidate, longest);
        if (length > best.length) best = { start: candidate, length };
        if (length >= nice) break;
      }
      candidate = at(this.#previous, candidate % WINDOW);
    } while (candidate > limit && --chain > 0);
    return { start: best.start, length: Math.min(best.length, this.#ahead) };
  }

  #commonLength(candidate: number, longest: number): number {
    const data = this.#data;
    let length = 0;
    while (length < longest && data[candidate + length] === data[this.#position + length]) length++;
    return length;
  }

  /** Enters a position under the hash of its three bytes, and gives the one that was there. */
  #insert(position: number): number {
    const data = this.#data;
    const bytes =
      (at(data, position) << 10) ^ (at(data, position + 1) << 5) ^ at(data, position + 2);
    const hash = bytes & (WINDOW - 1);
    const head = at(this.#heads, hash);
    this.#previous[position % WINDOW] = head;
    this.#heads[hash] = position;
    return head;
  }

  /** Takes the match that begins one byte before the position. */
  #takeMatch(match: Match): void {
    this.#block.addMatch(match.length, this.#position - 1 - match.start);
    const end = this.#position - 1 + match.length;
    const lastInsert = this.#data.length - MIN_MATCH;
    while (++this.#position < end) if (this.#position <= lastInsert) this.#insert(this.#position);
    if (this.#block.isFull) this.#endBlock(false);
  }

  /** Takes the byte before the position. */
  #takeLiteral(): void {
    this.#block.addLiteral(at(this.#data, this.#position - 1));
    if (this.#block.isFull) this.#endBlock(false);
  }

  #endBlock(isLast: boolean): void {
    const isKept = this.#blockStart >= this.#base;
    const plain = isKept ? this.#data.subarray(this.#blockStart, this.#position) : undefined;
    this.#block.write(this.#writer, plain, isLast);
    this.#block = new Block();
    this.#blockStart = this.#position;
  }
}
