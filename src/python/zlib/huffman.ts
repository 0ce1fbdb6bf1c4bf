/**
 * Huffman codes as zlib builds them. Many trees are equally short; which one zlib takes follows from
 * its heap and from how it breaks ties, and both are kept here.
 *
 * @module
 */

import type { Alphabet } from './alphabets.js';
import { at } from './at.js';

/** Codes for the symbols of an alphabet. */
export interface Codes {
  /** Bits of each symbol's code; 0 for one that does not occur. */
  readonly lengths: Uint8Array;
  /** The codes, first bit lowest. */
  readonly codes: Uint16Array;
  /** The last symbol that has a code. */
  readonly maxCode: number;
}

/**
 * The shortest codes for symbols that occur so often. At least two symbols get a code.
 *
 * @param frequencies - One for each symbol of the alphabet.
 */
export function buildCodes(frequencies: Uint16Array, alphabet: Alphabet): Codes {
  const lengths = new TreeBuilder(frequencies, alphabet.maxBits).codeLengths();
  const maxCode = lengths.findLastIndex((length) => length > 0);
  return { lengths, codes: codesOf(lengths), maxCode };
}

/** The codes that deflate (RFC 1951, section 3.2.2) gives to symbols with these lengths. */
export function codesOf(lengths: Uint8Array): Uint16Array {
  const counts = countOf(lengths, 15);
  const next = new Uint16Array(16);
  for (let bits = 2; bits < 16; bits++) {
    next[bits] = (at(next, bits - 1) + at(counts, bits - 1)) << 1;
  }
  return Uint16Array.from(lengths, (length) => {
    if (length === 0) return 0;
    const code = at(next, length);
    next[length] = code + 1;
    return reversed(code, length);
  });
}

class TreeBuilder {
  readonly #symbols: number;
  readonly #maxBits: number;
  /** Of symbols, and after them of the nodes above. */
  readonly #frequencies: Uint16Array;
  readonly #depths: Uint8Array;
  readonly #parents: Uint16Array;
  /** Nodes without a parent so far, the rarest first: each stands before those at 2i and 2i + 1. */
  readonly #heap: number[] = [NaN];
  /** Nodes that got a parent, in that order; the root last. */
  readonly #merged: number[] = [];

  constructor(frequencies: Uint16Array, maxBits: number) {
    this.#symbols = frequencies.length;
    this.#maxBits = maxBits;
    this.#frequencies = new Uint16Array(2 * this.#symbols + 1);
    this.#frequencies.set(frequencies);
    this.#depths = new Uint8Array(this.#frequencies.length);
    this.#parents = new Uint16Array(this.#frequencies.length);
    frequencies.forEach((frequency, symbol) => {
      if (frequency > 0) this.#heap.push(symbol);
    });
  }

  codeLengths(): Uint8Array {
    this.#addMissingSymbols();
    this.#merge();
    return this.#limitedLengths();
  }

  /** A tree needs two leaves: zlib takes the symbols 0 and 1 in, unless they are there. */
  #addMissingSymbols(): void {
    while (this.#heap.length < 3) {
      const last = this.#heap.length === 1 ? -1 : at(this.#heap, this.#heap.length - 1);
      const symbol = last < 2 ? last + 1 : 0;
      this.#heap.push(symbol);
      this.#frequencies[symbol] = 1;
    }
  }

  #merge(): void {
    for (let index = (this.#heap.length - 1) >> 1; index >= 1; index--) this.#siftDown(index);
    for (let node = this.#symbols; this.#heap.length > 2; node++) {
      const rarest = at(this.#heap, 1);
      this.#heap[1] = this.#heap.pop() ?? NaN;
      this.#siftDown(1);
      const second = at(this.#heap, 1);
      this.#merged.push(rarest, second);
      this.#frequencies[node] = at(this.#frequencies, rarest) + at(this.#frequencies, second);
      this.#depths[node] = Math.max(at(this.#depths, rarest), at(this.#depths, second)) + 1;
      this.#parents[rarest] = this.#parents[second] = node;
      this.#heap[1] = node;
      this.#siftDown(1);
    }
    this.#merged.push(at(this.#heap, 1));
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    const node = at(heap, start);
    let index = start;
    for (let child = index * 2; child < heap.length; child = index * 2) {
      if (child + 1 < heap.length && this.#isBefore(at(heap, child + 1), at(heap, child))) child++;
      if (this.#isBefore(node, at(heap, child))) break;
      heap[index] = at(heap, child);
      index = child;
    }
    heap[index] = node;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = at(this.#frequencies, a) - at(this.#frequencies, b);
    return difference < 0 || (difference === 0 && at(this.#depths, a) <= at(this.#depths, b));
  }

  /** Lengths by the depth of the leaves; where that is too deep, zlib moves leaves up and down. */
  #limitedLengths(): Uint8Array {
    const lengths = new Uint8Array(this.#frequencies.length);
    let overflow = 0;
    const downwards = this.#merged.toReversed();
    for (const node of downwards.slice(1)) {
      const bits = at(lengths, at(this.#parents, node)) + 1;
      lengths[node] = Math.min(bits, this.#maxBits);
      if (bits > this.#maxBits) overflow++;
    }
    const leaves = lengths.subarray(0, this.#symbols);
    if (overflow > 0) this.#shorten(leaves, overflow);
    return leaves;
  }

  #shorten(lengths: Uint8Array, overflow: number): void {
    const counts = countOf(lengths, this.#maxBits);
    for (let open = overflow; open > 0; open -= 2) {
      let bits = this.#maxBits - 1;
      while (counts[bits] === 0) bits--;
      counts[bits] = at(counts, bits) - 1;
      counts[bits + 1] = at(counts, bits + 1) + 2;
      counts[this.#maxBits] = at(counts, this.#maxBits) - 1;
    }
    // The rarest symbols take the longest codes.
    const leaves = this.#merged.filter((node) => node < this.#symbols)[Symbol.iterator]();
    for (let bits = this.#maxBits; bits > 0; bits--) {
      for (let count = at(counts, bits); count > 0; count--) {
        lengths[leaves.next().value ?? 0] = bits;
      }
    }
  }
}

/** How many symbols have a code of each length. */
function countOf(lengths: Uint8Array, maxBits: number): Uint16Array {
  const counts = new Uint16Array(maxBits + 1);
  for (const length of lengths) {
    if (length > 0) counts[length] = at(counts, length) + 1;
  }
  return counts;
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
