/**
 * The symbols of deflate (RFC 1951, section 3.2): literals and lengths, distances, and the lengths of
 * codes.
 *
 * @module
 */

/** Of the literal and length symbols: ends a block. */
export const END_OF_BLOCK = 256;

/** Of the code length symbols: repeats the last length, few zeros, many zeros. */
export const REPEAT_LENGTH = 16;
export const REPEAT_ZERO = 17;
export const REPEAT_ZERO_LONG = 18;

/** The order in which the code lengths of code lengths are sent. */
export const LENGTH_ORDER: readonly number[] = [
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/** A set of symbols, and how long their codes may be. */
export interface Alphabet {
  readonly size: number;
  readonly maxBits: number;
  /** For each symbol, how many bits follow its code. */
  readonly extraBits: Uint8Array;
}

const LENGTH_EXTRA_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_EXTRA_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** The symbols after the last one that a block may use have codes too, which shapes the others. */
export const FIXED_LITERAL_LENGTHS: Uint8Array = Uint8Array.from({ length: 288 }, (_, symbol) => {
  if (symbol < 144) return 8;
  if (symbol < 256) return 9;
  return symbol < 280 ? 7 : 8;
});

export const FIXED_DISTANCE_LENGTHS: Uint8Array = new Uint8Array(30).fill(5);

export const LITERALS: Alphabet = {
  size: 286,
  maxBits: 15,
  extraBits: Uint8Array.from([...Array<number>(257).fill(0), ...LENGTH_EXTRA_BITS]),
};

export const DISTANCES: Alphabet = {
  size: 30,
  maxBits: 15,
  extraBits: Uint8Array.from(DISTANCE_EXTRA_BITS),
};

export const CODE_LENGTHS: Alphabet = {
  size: 19,
  maxBits: 7,
  extraBits: Uint8Array.from([...Array<number>(16).fill(0), 2, 3, 7]),
};

/** For each length from 3 to 258, less 3: its symbol, less 257. */
const LENGTH_SYMBOLS = symbolsByValue(LENGTH_EXTRA_BITS.slice(0, 28), 256);
// The longest length has a symbol of its own.
LENGTH_SYMBOLS[255] = 28;
const DISTANCE_SYMBOLS = symbolsByValue(DISTANCE_EXTRA_BITS, 32768);
const LENGTH_BASES = bases(LENGTH_EXTRA_BITS);
const DISTANCE_BASES = bases(DISTANCE_EXTRA_BITS);
LENGTH_BASES[28] = 255;

/** The literal symbol for a length, and what its extra bits hold. */
export function lengthSymbol(length: number): [symbol: number, extra: number] {
  const symbol = LENGTH_SYMBOLS[length - 3] ?? 0;
  return [symbol + 257, length - 3 - (LENGTH_BASES[symbol] ?? 0)];
}

/** The distance symbol for a distance, and what its extra bits hold. */
export function distanceSymbol(distance: number): [symbol: number, extra: number] {
  const symbol = DISTANCE_SYMBOLS[distance - 1] ?? 0;
  return [symbol, distance - 1 - (DISTANCE_BASES[symbol] ?? 0)];
}

function symbolsByValue(extraBits: readonly number[], size: number): Uint8Array {
  const symbols = new Uint8Array(size);
  let value = 0;
  extraBits.forEach((bits, symbol) => {
    symbols.fill(symbol, value, value + 2 ** bits);
    value += 2 ** bits;
  });
  return symbols;
}

function bases(extraBits: readonly number[]): number[] {
  let base = 0;
  return extraBits.map((bits) => {
    base += 2 ** bits;
    return base - 2 ** bits;
  });
}
