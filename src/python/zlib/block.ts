/**
 * Blocks of deflate (RFC 1951, section 3.2.3): literals and matches under the codes that zlib would
 * choose for them.
 *
 * @module
 */

import {
  CODE_LENGTHS,
  DISTANCES,
  distanceSymbol,
  END_OF_BLOCK,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LENGTH_ORDER,
  lengthSymbol,
  LITERALS,
  REPEAT_LENGTH,
  REPEAT_ZERO,
  REPEAT_ZERO_LONG,
} from './alphabets.js';
import type { Alphabet } from './alphabets.js';
import { at } from './at.js';
import type { BitWriter } from './bit-writer.js';
import { buildCodes, codesOf } from './huffman.js';
import type { Codes } from './huffman.js';

const STORED = 0;
const FIXED = 1;
const DYNAMIC = 2;

/** zlib's number of literals and matches after which a block ends. */
const MAX_SYMBOLS = 16383;

/** The literals and matches of one block, until they are written. */
export class Block {
  /** For each literal 0, for each match its distance. */
  readonly #distances: number[] = [];
  /** For each literal its byte, for each match its length. */
  readonly #lengths: number[] = [];
  readonly #literalCounts = new Uint16Array(LITERALS.size);
  readonly #distanceCounts = new Uint16Array(DISTANCES.size);

  constructor() {
    this.#literalCounts[END_OF_BLOCK] = 1;
  }

  get isFull(): boolean {
    return this.#distances.length === MAX_SYMBOLS;
  }

  addLiteral(byte: number): void {
    this.#distances.push(0);
    this.#lengths.push(byte);
    count(this.#literalCounts, byte);
  }

  addMatch(length: number, distance: number): void {
    this.#distances.push(distance);
    this.#lengths.push(length);
    count(this.#literalCounts, lengthSymbol(length)[0]);
    count(this.#distanceCounts, distanceSymbol(distance)[0]);
  }

  /**
   * Writes the block in the shortest of its three forms.
   *
   * @param plain - What the block stands for, or `undefined` where zlib no longer has it.
   */
  write(writer: BitWriter, plain: Uint8Array | undefined, isLast: boolean): void {
    const literals = buildCodes(this.#literalCounts, LITERALS);
    const distances = buildCodes(this.#distanceCounts, DISTANCES);
    const header = new CodeHeader(literals, distances);
    const dynamicBytes = this.#byteCount(literals.lengths, distances.lengths, header.bitCount);
    const fixedBytes = this.#byteCount(FIXED_LITERAL_LENGTHS, FIXED_DISTANCE_LENGTHS, 0);

    if (plain && plain.length + 4 <= Math.min(dynamicBytes, fixedBytes)) {
      writer.bits(STORED * 2 + Number(isLast), 3);
      writeStored(writer, plain);
    } else if (fixedBytes <= dynamicBytes) {
      writer.bits(FIXED * 2 + Number(isLast), 3);
      this.#writeSymbols(writer, FIXED_LITERAL_CODES, FIXED_DISTANCE_CODES);
    } else {
      writer.bits(DYNAMIC * 2 + Number(isLast), 3);
      header.write(writer);
      this.#writeSymbols(writer, literals, distances);
    }
  }

  /** Bytes of the block with these code lengths, its type counted in. */
  #byteCount(literalLengths: Uint8Array, distanceLengths: Uint8Array, headerBits: number): number {
    const bits =
      bitCount(this.#literalCounts, literalLengths, LITERALS) +
      bitCount(this.#distanceCounts, distanceLengths, DISTANCES);
    return (headerBits + bits + 3 + 7) >> 3;
  }

  #writeSymbols(writer: BitWriter, literals: CodeTable, distances: CodeTable): void {
    this.#distances.forEach((distance, index) => {
      const length = at(this.#lengths, index);
      if (distance === 0) {
        writeSymbol(writer, literals, length);
      } else {
        writeWithExtra(writer, literals, LITERALS, lengthSymbol(length));
        writeWithExtra(writer, distances, DISTANCES, distanceSymbol(distance));
      }
    });
    writeSymbol(writer, literals, END_OF_BLOCK);
  }
}

type CodeTable = Pick<Codes, 'codes' | 'lengths'>;

const FIXED_LITERAL_CODES: CodeTable = {
  codes: codesOf(FIXED_LITERAL_LENGTHS),
  lengths: FIXED_LITERAL_LENGTHS,
};
const FIXED_DISTANCE_CODES: CodeTable = {
  codes: codesOf(FIXED_DISTANCE_LENGTHS),
  lengths: FIXED_DISTANCE_LENGTHS,
};

/** The codes of a dynamic block: how their lengths are sent before it. */
class CodeHeader {
  readonly #literalCount: number;
  readonly #distanceCount: number;
  readonly #runs: readonly [symbol: number, extra: number][];
  readonly #codes: Codes;
  /** How many of the lengths of the code length codes are sent. */
  readonly #orderCount: number;
  readonly bitCount: number;

  constructor(literals: Codes, distances: Codes) {
    this.#literalCount = literals.maxCode + 1;
    this.#distanceCount = distances.maxCode + 1;
    this.#runs = [
      ...runsOf(literals.lengths.subarray(0, this.#literalCount)),
      ...runsOf(distances.lengths.subarray(0, this.#distanceCount)),
    ];
    const counts = new Uint16Array(CODE_LENGTHS.size);
    for (const [symbol] of this.#runs) count(counts, symbol);
    this.#codes = buildCodes(counts, CODE_LENGTHS);
    const { lengths } = this.#codes;
    const last = LENGTH_ORDER.findLastIndex((symbol) => at(lengths, symbol) > 0);
    this.#orderCount = Math.max(last + 1, 4);
    this.bitCount = 5 + 5 + 4 + 3 * this.#orderCount + bitCount(counts, lengths, CODE_LENGTHS);
  }

  write(writer: BitWriter): void {
    writer.bits(this.#literalCount - 257, 5);
    writer.bits(this.#distanceCount - 1, 5);
    writer.bits(this.#orderCount - 4, 4);
    for (const symbol of LENGTH_ORDER.slice(0, this.#orderCount)) {
      writer.bits(at(this.#codes.lengths, symbol), 3);
    }
    for (const run of this.#runs) writeWithExtra(writer, this.#codes, CODE_LENGTHS, run);
  }
}

/** Code lengths as symbols: the lengths themselves, and repetitions of them. */
function* runsOf(lengths: Uint8Array): Generator<[symbol: number, extra: number]> {
  let index = 0;
  let previous = -1;
  while (index < lengths.length) {
    const length = at(lengths, index);
    // zlib ends a run of a new length one earlier, for the length itself is sent first.
    const longest = length === 0 ? 138 : length === previous ? 6 : 7;
    let run = 1;
    while (run < longest && lengths[index + run] === length) run++;
    index += run;
    yield* runSymbols(length, run, length === previous);
    previous = length;
  }
}

function* runSymbols(
  length: number,
  run: number,
  isRepeated: boolean,
): Generator<[symbol: number, extra: number]> {
  const shortest = length === 0 || isRepeated ? 3 : 4;
  if (run < shortest) {
    for (let index = 0; index < run; index++) yield [length, 0];
  } else if (length !== 0) {
    if (!isRepeated) yield [length, 0];
    yield [REPEAT_LENGTH, run - shortest];
  } else {
    yield run <= 10 ? [REPEAT_ZERO, run - 3] : [REPEAT_ZERO_LONG, run - 11];
  }
}

function writeStored(writer: BitWriter, plain: Uint8Array): void {
  writer.align();
  writer.bits(plain.length, 16);
  writer.bits(~plain.length & 0xffff, 16);
  writer.append(plain);
}

function writeSymbol(writer: BitWriter, { codes, lengths }: CodeTable, symbol: number): void {
  writer.bits(at(codes, symbol), at(lengths, symbol));
}

function writeWithExtra(
  writer: BitWriter,
  table: CodeTable,
  alphabet: Alphabet,
  [symbol, extra]: readonly [number, number],
): void {
  writeSymbol(writer, table, symbol);
  writer.bits(extra, at(alphabet.extraBits, symbol));
}

function bitCount(counts: Uint16Array, lengths: Uint8Array, alphabet: Alphabet): number {
  let bits = 0;
  counts.forEach((times, symbol) => {
    bits += times * (at(lengths, symbol) + at(alphabet.extraBits, symbol));
  });
  return bits;
}

function count(counts: Uint16Array, symbol: number): void {
  counts[symbol] = at(counts, symbol) + 1;
}
