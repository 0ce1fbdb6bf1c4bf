/**
 * Reading MessagePack. Open containers lie on a stack of our own, so that depth costs no calls.
 * Python: `msgspec.msgpack.Decoder().decode`, 0.18.6 to 0.22.0. Differences: ./PORT.md
 *
 * @module
 */

import { DecodeError } from '../../errors.js';
import { noteFloat } from '../pickle/as-read.js';
import { PyTuple } from '../pickle/values/py-tuple.js';
import { textBuffer, type TextBuffer } from '../pickle/format/strings.js';
import { DictBuilder } from './dict-builder.js';
import { Ext } from './ext.js';
import { Budget, type DecodeOptions } from './limits.js';
import { intOf, looksLikeInt } from './numbers.js';
import { TIMESTAMP_CODE, readTimestamp } from './timestamp.js';
import { readKey, readUtf8 } from './utf8.js';

/**
 * Reads one MessagePack value. Python: `msgspec.msgpack.decode(bytes)`.
 *
 * @throws {@link DecodeError} for bytes that are no MessagePack, for bytes left over, and above the
 *   limits
 */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): unknown {
  return new MsgpackReader(bytes, Budget.forDecoding(options.limits)).readAll();
}

/** In place of a value: a container was opened, and its content comes next. */
const OPENED = Symbol('opened');

/**
 * What arrays become at some place. A map's key must be hashable, so there they are tuples; but in
 * a key's array of more than 16 items msgspec reads the items as if they stood anywhere else.
 */
type Place = 'value' | 'key' | 'long key';

/** A container whose content is being read. */
interface Level {
  /** Values still to come. */
  left: number;
  /** Where the next value stands. */
  readonly place: Place;
  add(value: unknown, isFloat: boolean): void;
  finish(): unknown;
}

class ListLevel implements Level {
  left: number;
  readonly place: Place;
  private readonly items: unknown[];

  constructor(size: number, place: Place) {
    this.left = size;
    this.place = place === 'key' && size > 16 ? 'long key' : place;
    this.items = place === 'key' ? new PyTuple() : [];
  }

  add(item: unknown, isFloat: boolean): void {
    if (isFloat) noteFloat(this.items, this.items.length, item as number);
    this.items.push(item);
    this.left--;
  }

  finish(): unknown {
    return this.items;
  }
}

class MapLevel implements Level {
  left: number;
  place: Place = 'key';
  private readonly dict = new DictBuilder();
  private key: unknown;
  private isFloatKey = false;

  constructor(size: number) {
    this.left = 2 * size;
  }

  add(value: unknown, isFloat: boolean): void {
    this.left--;
    if (this.place === 'key') {
      this.key = value;
      this.isFloatKey = isFloat || Object.is(value, -0);
      this.place = 'value';
    } else {
      if (this.isFloatKey) this.dict.setByFloat(this.key as number, value, isFloat);
      else this.dict.set(this.key, value, isFloat);
      this.place = 'key';
    }
  }

  finish(): unknown {
    return this.dict.finish();
  }
}

class MsgpackReader {
  private readonly bytes: TextBuffer;
  private readonly budget: Budget;
  private readonly levels: Level[] = [];
  private offset = 0;
  /** Whether the value read last is a float that looks like an int. */
  private isFloat = false;

  constructor(bytes: Uint8Array, budget: Budget) {
    this.bytes = textBuffer(bytes);
    this.budget = budget;
  }

  readAll(): unknown {
    this.require(this.budget.refuseBytes(this.bytes.length));
    let value = this.readNext();
    for (let level = this.levels.at(-1); level; level = this.levels.at(-1)) {
      if (value !== OPENED) level.add(value, this.isFloat);
      if (level.left > 0) {
        value = this.readNext();
      } else {
        value = level.finish();
        this.isFloat = false;
        this.levels.pop();
      }
    }
    if (this.offset < this.bytes.length) this.fail('trailing characters');
    return value;
  }

  private readNext(): unknown {
    const code = this.bytes[this.take(1)] as number;
    this.isFloat = false;
    if (code < 0x80) return code;
    if (code < 0x90) return this.openMap(code & 0x0f);
    if (code < 0xa0) return this.openArray(code & 0x0f);
    if (code < 0xc0) return this.readStr(code & 0x1f);
    if (code >= 0xe0) return code - 0x100;
    return this.readCoded(code);
  }

  /** A value of the codes 0xc0 to 0xdf, in the order of MessagePack's specification. */
  private readCoded(code: number): unknown {
    switch (code) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.readBin(this.readSize(code - 0xc4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.readExt(this.readSize(code - 0xc7));
      case 0xca:
        return this.floatOf(this.bytes.readFloatBE(this.take(4)));
      case 0xcb:
        return this.floatOf(this.bytes.readDoubleBE(this.take(8)));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.readSize(code - 0xcc);
      case 0xcf:
        return intOf(this.bytes.readBigUInt64BE(this.take(8)));
      case 0xd0:
        return this.bytes.readInt8(this.take(1));
      case 0xd1:
        return this.bytes.readInt16BE(this.take(2));
      case 0xd2:
        return this.bytes.readInt32BE(this.take(4));
      case 0xd3:
        return intOf(this.bytes.readBigInt64BE(this.take(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.readExt(1 << (code - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.readStr(this.readSize(code - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.openArray(this.readSize(code - 0xdb));
      case 0xde:
      case 0xdf:
        return this.openMap(this.readSize(code - 0xdd));
      default:
        this.offset--;
        return this.fail('invalid opcode');
    }
  }

  /** An unsigned number of 1, 2 or 4 bytes. */
  private readSize(log2: number): number {
    const start = this.take(1 << log2);
    if (log2 === 0) return this.bytes[start] as number;
    return log2 === 1 ? this.bytes.readUInt16BE(start) : this.bytes.readUInt32BE(start);
  }

  private floatOf(value: number): number {
    this.isFloat = looksLikeInt(value);
    return value;
  }

  private readStr(size: number): string {
    const start = this.take(size);
    return (this.place === 'key' ? readKey : readUtf8)(this.bytes, start, start + size);
  }

  private readBin(size: number): Uint8Array {
    const start = this.take(size);
    return new Uint8Array(this.bytes.subarray(start, start + size));
  }

  private readExt(size: number): unknown {
    const code = this.bytes.readInt8(this.take(1));
    const start = this.take(size);
    if (code === TIMESTAMP_CODE) return readTimestamp(this.bytes, start, size);
    if (this.place !== 'value') this.failUnhashable();
    return new Ext(code, new Uint8Array(this.bytes.subarray(start, start + size)));
  }

  private openArray(size: number): unknown {
    const { place } = this;
    if (place === 'long key') this.failUnhashable();
    if (size > 0) return this.openLevel(new ListLevel(size, place));
    return place === 'key' ? new PyTuple() : [];
  }

  private openMap(size: number): unknown {
    if (this.place !== 'value') this.failUnhashable();
    return size > 0 ? this.openLevel(new MapLevel(size)) : {};
  }

  private openLevel(level: Level): typeof OPENED {
    // Each value takes a byte at least: a size that the input cannot hold is refused at once.
    if (level.left > this.bytes.length - this.offset) this.failTruncated();
    this.require(this.budget.refuseElements(level.left));
    this.levels.push(level);
    this.require(this.budget.refuseDepth(this.levels.length));
    return OPENED;
  }

  private get place(): Place {
    return this.levels.at(-1)?.place ?? 'value';
  }

  /** Where the next `count` bytes start; they are there, and count as read. */
  private take(count: number): number {
    const start = this.offset;
    if (count > this.bytes.length - start) this.failTruncated();
    this.offset = start + count;
    return start;
  }

  private require(refusal: string | undefined): void {
    if (refusal !== undefined) this.fail(refusal);
  }

  private failTruncated(): never {
    throw new DecodeError('input ends too early', this.bytes.length);
  }

  private failUnhashable(): never {
    return this.fail('map keys must be hashable');
  }

  private fail(reason: string): never {
    throw new DecodeError(reason, this.offset);
  }
}
