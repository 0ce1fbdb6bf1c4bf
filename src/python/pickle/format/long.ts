/**
 * Ints of any size as little-endian two's complement: the argument of LONG1 and LONG4.
 *
 * @module
 */
import type { PickleLimits } from '../limits.js';

/** Three words, which hold nearly every long that there is: a UUID needs a bit of the third. */
const words = new BigInt64Array(3);
const wordBytes = new Uint8Array(words.buffer);

/** Reads `length` bytes from `start`: a number when it is a safe one, else a bigint. */
export function decodeLong(bytes: Uint8Array, start: number, length: number): number | bigint {
  if (length === 0) return 0;
  const negative = (bytes[start + length - 1] as number) >= 0x80;
  if (length <= 6) {
    let value = 0;
    for (let i = start + length - 1; i >= start; i--) value = value * 256 + (bytes[i] as number);
    return negative ? value - 2 ** (8 * length) : value;
  }
  if (length > 24) return decodeHex(bytes, start, length, negative);
  words[0] = words[1] = words[2] = negative ? -1n : 0n;
  for (let i = 0; i < length; i++) wordBytes[i] = bytes[start + i] as number;
  if (length <= 8) return narrow(words[0]);
  const lower = (words[1] << 64n) | BigInt.asUintN(64, words[0]);
  if (length <= 16) return narrow(lower);
  return narrow((words[2] << 128n) | BigInt.asUintN(128, lower));
}

/** Writes an int in as few bytes as hold it and its sign, as CPython does; none for zero. */
export function encodeLong(value: number | bigint): Uint8Array {
  const int = BigInt(value);
  const high = int >> 128n;
  if (high !== 0n && high !== -1n) return encodeHex(int);
  words[0] = BigInt.asIntN(64, int);
  words[1] = BigInt.asIntN(64, int >> 64n);
  words[2] = high;
  const sign = int < 0n ? 0xff : 0;
  let length = 24;
  while (length > 0 && wordBytes[length - 1] === sign) length--;
  // The highest bit says the sign; zero, alone, has no byte for it.
  if (int !== 0n && (((wordBytes[length - 1] ?? sign) ^ sign) & 0x80) !== 0) length++;
  if (int === -1n) length = 1;
  return wordBytes.slice(0, length);
}

/** Bytes that hold a long of the most digits that the limits allow. */
export function maxLongBytes(limits: PickleLimits): number {
  return Math.ceil((limits.maxLongDigits * Math.log2(10) + 1) / 8);
}

/** The same int as a number where that is exact, else as a bigint. */
export function narrow(value: bigint): number | bigint {
  return value >= MIN_SAFE && value <= MAX_SAFE ? Number(value) : value;
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER);
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function decodeHex(bytes: Uint8Array, start: number, length: number, negative: boolean): bigint {
  const reversed = Buffer.from(bytes.subarray(start, start + length)).reverse();
  const unsigned = BigInt(`0x${reversed.toString('hex')}`);
  return negative ? unsigned - (1n << BigInt(8 * length)) : unsigned;
}

function encodeHex(value: bigint): Uint8Array {
  // A negative number needs the bits of its complement, and either one bit for the sign.
  const length = (bitLength(value < 0n ? ~value : value) >> 3) + 1;
  const hex = BigInt.asUintN(8 * length, value).toString(16);
  return Buffer.from(hex.padStart(2 * length, '0'), 'hex').reverse();
}

function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return 4 * hex.length - (Math.clz32(parseInt(hex.charAt(0), 16)) - 28);
}
