/**
 * Ints of any size as little-endian two's complement: the argument of LONG1 and LONG4.
 *
 * @module
 */
import type { PickleLimits } from '../limits.js';

/** Reads `length` bytes from `start`: a number when it is a safe one, else a bigint. */
export function decodeLong(bytes: Uint8Array, start: number, length: number): number | bigint {
  if (length === 0) return 0;
  const negative = (bytes[start + length - 1] as number) >= 0x80;
  if (length <= 6) {
    let value = 0;
    for (let i = start + length - 1; i >= start; i--) value = value * 256 + (bytes[i] as number);
    return negative ? value - 2 ** (8 * length) : value;
  }
  const reversed = Buffer.from(bytes.subarray(start, start + length)).reverse();
  const magnitude = BigInt(`0x${reversed.toString('hex')}`);
  return narrow(negative ? magnitude - (1n << BigInt(8 * length)) : magnitude);
}

/** Writes an int in as few bytes as hold it and its sign, as CPython does; none for zero. */
export function encodeLong(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0);
  // A negative number needs the bits of its complement, and either one bit for the sign.
  const magnitude = value < 0n ? ~value : value;
  const length = (bitLength(magnitude) >> 3) + 1;
  const hex = BigInt.asUintN(8 * length, value)
    .toString(16)
    .padStart(2 * length, '0');
  return Buffer.from(hex, 'hex').reverse();
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

function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return 4 * hex.length - (Math.clz32(parseInt(hex.charAt(0), 16)) - 28);
}
