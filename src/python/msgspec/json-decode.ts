/**
 * Reading JSON. Open containers lie on a stack of our own, so that depth costs no calls.
 * Python: `msgspec.json.Decoder().decode`, 0.18.6 to 0.22.0. Differences: ./PORT.md
 *
 * @module
 */

import { DecodeError } from '../../errors.js';
import { noteFloat } from '../pickle/as-read.js';
import { textBuffer, type TextBuffer } from '../pickle/format/strings.js';
import { DictBuilder } from './dict-builder.js';
import { Budget, type DecodeOptions } from './limits.js';
import { intOf, looksLikeInt } from './numbers.js';
import { hasLoneSurrogate, readKey, readUtf8 } from './utf8.js';

/**
 * Reads one JSON value. Python: `msgspec.json.decode(bytes)`.
 *
 * @throws {@link DecodeError} for bytes that are no JSON, for more than one value, and above the
 *   limits
 */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): unknown {
  return new JsonReader(bytes, Budget.forDecoding(options.limits)).readAll();
}

/** In place of a value: a container was opened, and its content comes next. */
const OPENED = Symbol('opened');

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** A container whose content is being read. */
interface Level {
  /** The byte that ends it. */
  readonly end: number;
  /** The object that is built, or `undefined` in an array. */
  readonly dict: DictBuilder | undefined;
  readonly items: unknown[];
  /** The object's key whose value comes next. */
  key: string;
}

class JsonReader {
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
    let value = this.readValue();
    for (let level = this.levels.at(-1); level; level = this.levels.at(-1)) {
      const isFirst = value === OPENED;
      if (!isFirst) this.add(level, value);
      if (this.findNext(level, isFirst)) {
        value = this.readValue();
      } else {
        value = level.dict ? level.dict.finish() : level.items;
        this.isFloat = false;
        this.levels.pop();
      }
    }
    this.skipSpace();
    if (this.offset < this.bytes.length) this.fail('trailing characters');
    return value;
  }

  private add(level: Level, value: unknown): void {
    this.require(this.budget.refuseElements(level.dict ? 2 : 1));
    if (level.dict) {
      level.dict.set(level.key, value, this.isFloat);
    } else {
      if (this.isFloat) noteFloat(level.items, level.items.length, value as number);
      level.items.push(value);
    }
  }

  /** Goes to the container's next value, past an object's key; says whether there is one. */
  private findNext(level: Level, isFirst: boolean): boolean {
    let byte = this.peek();
    if (byte === level.end) {
      this.offset++;
      return false;
    }
    if (!isFirst) {
      if (byte !== COMMA) this.fail(`expected ',' or '${String.fromCharCode(level.end)}'`);
      this.offset++;
      byte = this.peek();
      if (byte === level.end) this.fail('trailing comma');
    }
    if (level.dict) {
      if (byte !== QUOTE) this.fail('object keys must be strings');
      level.key = this.readString(readKey);
      if (this.peek() !== COLON) this.fail("expected ':'");
      this.offset++;
    }
    return true;
  }

  private readValue(): unknown {
    this.isFloat = false;
    switch (this.peek()) {
      case QUOTE:
        return this.readString(readUtf8);
      case 0x7b: // {
        return this.openLevel({ end: 0x7d, dict: new DictBuilder(), items: [], key: '' });
      case 0x5b: // [
        return this.openLevel({ end: 0x5d, dict: undefined, items: [], key: '' });
      case 0x6e: // n
        return this.readWord('null', null);
      case 0x74: // t
        return this.readWord('true', true);
      case 0x66: // f
        return this.readWord('false', false);
      default:
        return this.readNumber();
    }
  }

  private openLevel(level: Level): typeof OPENED {
    this.offset++;
    this.levels.push(level);
    this.require(this.budget.refuseDepth(this.levels.length));
    return OPENED;
  }

  private readWord<T>(word: string, value: T): T {
    const end = this.offset + word.length;
    if (end > this.bytes.length) this.failTruncated();
    if (this.bytes.latin1Slice(this.offset, end) !== word) this.fail('invalid character');
    this.offset = end;
    return value;
  }

  private readString(read: typeof readUtf8): string {
    const start = this.offset;
    const { bytes } = this;
    let hasEscapes = false;
    let end = start + 1;
    for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[++end]) {
      if (byte === undefined) this.failTruncated();
      if (byte < 0x20) this.failAt('control character in a string', end);
      if (byte === BACKSLASH) {
        hasEscapes = true;
        end++;
      }
    }
    this.offset = end + 1;
    if (!hasEscapes) return read(bytes, start + 1, end);
    return this.unescape(readUtf8(bytes, start, end + 1), start);
  }

  /** JSON.parse knows the same escapes, but lets half of a surrogate pair pass. */
  private unescape(literal: string, start: number): string {
    let text: string;
    try {
      text = JSON.parse(literal) as string;
    } catch {
      return this.failAt('invalid escape in a string', start);
    }
    if (hasLoneSurrogate(text)) this.failAt('half of a surrogate pair in a string', start);
    return text;
  }

  private readNumber(): number | bigint {
    const start = this.offset;
    const isInt = this.skipNumber();
    const text = this.bytes.latin1Slice(start, this.offset);
    if (isInt) {
      if (text.length <= 15) return Number(text) + 0; // no -0
      if (text.length > MAX_INT_LENGTH) this.failAt('integer out of range', start);
      return intOf(BigInt(text));
    }
    const value = Number(text);
    if (!Number.isFinite(value)) this.failAt('number out of range', start);
    this.isFloat = looksLikeInt(value);
    return value;
  }

  /** Goes past a number; says whether it is an int. */
  private skipNumber(): boolean {
    const { bytes } = this;
    if (bytes[this.offset] === 0x2d) this.offset++; // -
    if (bytes[this.offset] === 0x30) {
      this.offset++;
      if (isDigit(bytes[this.offset])) this.fail('invalid number');
    } else {
      this.skipDigits('invalid character');
    }
    let isInt = true;
    if (bytes[this.offset] === 0x2e) {
      isInt = false;
      this.offset++;
      this.skipDigits('invalid number');
    }
    const exponent = bytes[this.offset];
    if (exponent === 0x65 || exponent === 0x45) {
      isInt = false;
      this.offset++;
      const sign = bytes[this.offset];
      if (sign === 0x2b || sign === 0x2d) this.offset++;
      this.skipDigits('invalid number');
    }
    return isInt;
  }

  /** Goes past one or more digits. */
  private skipDigits(reasonIfNone: string): void {
    if (!isDigit(this.bytes[this.offset])) this.fail(reasonIfNone);
    while (isDigit(this.bytes[this.offset])) this.offset++;
  }

  /** The next byte that is no white space; the offset is then its own. */
  private peek(): number {
    this.skipSpace();
    return this.bytes[this.offset] ?? this.failTruncated();
  }

  private skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.offset];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.offset++;
    }
  }

  private require(refusal: string | undefined): void {
    if (refusal !== undefined) this.fail(refusal);
  }

  private failTruncated(): never {
    return this.failAt('input ends too early', this.bytes.length);
  }

  private fail(reason: string): never {
    return this.failAt(reason, this.offset);
  }

  private failAt(reason: string, offset: number): never {
    throw new DecodeError(reason, offset);
  }
}

/** What Python converts to an int, the sign counted. */
const MAX_INT_LENGTH = 4300;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
