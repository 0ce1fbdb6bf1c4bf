/**
 * Writing MessagePack, each value in its shortest form as msgspec does.
 * Python: `msgspec.msgpack.Encoder().encode`, 0.18.6 to 0.22.0. Differences: ./PORT.md
 *
 * @module
 */

import type { PyDateTime } from '../pickle/values/py-date-time.js';
import { isHashable } from '../pickle/read/hashable.js';
import { Encoder } from './encoder.js';
import { Ext } from './ext.js';
import { formatDateTime } from './iso.js';
import type { EncodeOptions } from './limits.js';
import { Output } from './output.js';
import { isInRange, momentOf, type Moment, TIMESTAMP_CODE } from './timestamp.js';
import { hasLoneSurrogate } from './utf8.js';

/**
 * Writes one value as MessagePack. Python: `msgspec.msgpack.encode(value)`.
 *
 * @throws {@link EncodeError} for what has no form: ints beyond 64 bits, half a surrogate pair,
 *   objects of classes that msgspec does not know; and for nesting that is too deep, or endless
 */
export function encode(value: unknown, options?: EncodeOptions): Buffer {
  // Taken away while in use: a getter in the value may call encode again.
  const encoder = idle.pop() ?? new MsgpackEncoder();
  try {
    return encoder.encode(value, options);
  } finally {
    idle.push(encoder);
  }
}

const idle: Encoder[] = [];

/** Longest string that is copied unit by unit: a call into C++ costs as much as that. */
const SHORT = 31;

class MsgpackEncoder extends Encoder {
  private readonly out = new Output();

  protected start(): void {
    this.out.length = 0;
  }

  protected finish(): Buffer {
    return this.out.copy();
  }

  protected written(): number {
    return this.out.length;
  }

  protected writeNone(): void {
    this.out.uint8(0xc0);
  }

  protected writeBool(value: boolean): void {
    this.out.uint8(value ? 0xc3 : 0xc2);
  }

  protected writeInt(value: number | bigint): void {
    if (typeof value === 'bigint' || !Number.isSafeInteger(value)) this.writeLong(BigInt(value));
    else if (value < 0) this.writeNegative(value);
    else if (value < 0x80) this.out.uint8(value);
    else if (value < 0x100) this.out.coded8(0xcc, value);
    else if (value < 0x1_0000) this.out.coded16(0xcd, value);
    else if (value < 0x1_0000_0000) this.out.coded32(0xce, value);
    else this.out.coded64(0xcf, BigInt(value));
  }

  protected writeFloat(value: number): void {
    this.out.double(0xcb, value);
  }

  protected writeStr(value: string): void {
    const { length } = value;
    if (length <= SHORT && this.out.shortAscii(0xa0 | length, value)) return;
    const size = Buffer.byteLength(value);
    if (size > length && hasLoneSurrogate(value)) this.fail('a str holds half of a surrogate pair');
    if (size < 32) this.out.uint8(0xa0 | size);
    else this.writeSize(size, 0xd9, 0xda, 0xdb);
    this.out.text(value, size);
  }

  protected writeBytes(value: Uint8Array): void {
    this.writeSize(value.length, 0xc4, 0xc5, 0xc6);
    this.out.bytes(value);
  }

  protected writeExt({ code, data }: Ext): void {
    const size = data.length;
    if (size <= 16 && FIXEXT_SIZES.includes(size)) this.out.uint8(0xd4 + Math.log2(size));
    else this.writeSize(size, 0xc7, 0xc8, 0xc9);
    this.out.uint8(code & 0xff);
    this.out.bytes(data);
  }

  protected writeDateTime(value: PyDateTime): void {
    if (!value.tzinfo) {
      this.writeStr(formatDateTime(value) ?? '');
      return;
    }
    const moment = momentOf(value) ?? this.fail('the offset of a datetime is not known');
    if (!isInRange(moment.seconds)) this.fail('a datetime is outside the years 1 to 9999 in UTC');
    this.writeMoment(moment);
  }

  protected writeKey(key: unknown, note: unknown): void {
    // MessagePack could hold it, but no Python could read the dict.
    if (key instanceof Ext || !isHashable(key)) this.fail('a key is not hashable in Python');
    this.writeValue(key, note);
  }

  protected openList(size: number): void {
    if (size < 16) this.out.uint8(0x90 | size);
    else if (size < 0x1_0000) this.out.coded16(0xdc, size);
    else this.out.coded32(0xdd, size);
  }

  protected openDict(size: number): void {
    if (size < 16) this.out.uint8(0x80 | size);
    else if (size < 0x1_0000) this.out.coded16(0xde, size);
    else this.out.coded32(0xdf, size);
  }

  // Sizes come first in MessagePack: nothing stands between or after what a container holds.
  protected separate(): void {}
  protected afterKey(): void {}
  protected closeList(): void {}
  protected closeDict(): void {}

  private writeNegative(value: number): void {
    if (value >= -0x20) this.out.uint8(value & 0xff);
    else if (value >= -0x80) this.out.coded8(0xd0, value & 0xff);
    else if (value >= -0x8000) this.out.coded16(0xd1, value & 0xffff);
    else if (value >= -0x8000_0000) this.out.coded32(0xd2, value >>> 0);
    else this.out.coded64(0xd3, BigInt(value));
  }

  private writeLong(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.writeInt(number);
    else if (value > 0n && value < 2n ** 64n) this.out.coded64(0xcf, value);
    else if (value < 0n && value >= -(2n ** 63n)) this.out.coded64(0xd3, value);
    else this.fail('an int is below -2**63 or above 2**64 - 1');
  }

  private writeMoment({ seconds, microseconds }: Moment): void {
    const code = TIMESTAMP_CODE & 0xff;
    if (seconds < 0 || seconds >= 2 ** 34) {
      this.out.coded8(0xc7, 12);
      this.out.coded32(code, microseconds * 1000);
      this.out.int64(BigInt(seconds));
    } else if (microseconds > 0 || seconds >= 2 ** 32) {
      this.out.uint8(0xd7);
      this.out.coded64(code, (BigInt(microseconds * 1000) << 34n) | BigInt(seconds));
    } else {
      this.out.uint8(0xd6);
      this.out.coded32(code, seconds);
    }
  }

  private writeSize(size: number, code8: number, code16: number, code32: number): void {
    if (size < 0x100) this.out.coded8(code8, size);
    else if (size < 0x1_0000) this.out.coded16(code16, size);
    else this.out.coded32(code32, size);
  }
}

/** Sizes whose ext has a header of its own. */
const FIXEXT_SIZES = [1, 2, 4, 8, 16];
