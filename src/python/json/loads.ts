/**
 * Reads JSON as CPython's `json` module does: integers of any size, NaN and the infinities, and
 * floats that stay floats.
 * Python: `json.loads`, CPython 3.11. Differences: ./PORT.md
 *
 * @module
 */

import { ArgumentError } from '../../errors.js';
import { DictBuilder } from '../msgspec/dict-builder.js';
import { looksLikeInt, MAX_INT_DIGITS } from '../msgspec/numbers.js';
import { noteFloat } from '../pickle/as-read.js';
import { MAX_DEPTH } from './limits.js';

/**
 * The value that `text` stands for. Python: `json.loads`.
 *
 * @returns null, boolean, string, number (bigint beyond the safe integers), Array or plain object.
 * @throws ArgumentError where Python raises `JSONDecodeError`, `ValueError` (an integer of more than
 * 4300 digits) or `RecursionError` (nested more than 900 deep).
 */
export function loads(text: string): unknown {
  const reader = new JsonReader(text);
  return reader.readDocument();
}

/** An integral float, told apart from an integer until its container has taken note of it. */
class IntegralFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// eslint-disable-next-line no-control-regex
const PLAIN_CHARACTERS = /[^"\\\x00-\x1f]*/y;
const UNICODE_ESCAPE = /[0-9A-Fa-f]{4}/y;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const CONSTANTS: readonly (readonly [name: string, value: unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
];

class JsonReader {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): unknown {
    this.#skipBlanks();
    const value = this.#readValue();
    this.#skipBlanks();
    if (this.#position < this.#text.length) throw this.#error('extra data');
    return value instanceof IntegralFloat ? value.value : value;
  }

  #readValue(): unknown {
    switch (this.#text[this.#position]) {
      case '{':
        return this.#nested(() => this.#readObject());
      case '[':
        return this.#nested(() => this.#readArray());
      case '"':
        return this.#readString();
      default:
        return this.#readScalar();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.#error(`nested more than ${MAX_DEPTH} deep`);
    this.#position++;
    const value = read();
    this.#depth--;
    return value;
  }

  #readArray(): unknown[] {
    const array: unknown[] = [];
    this.#skipBlanks();
    if (this.#take(']')) return array;
    do {
      this.#skipBlanks();
      const value = this.#readValue();
      if (value instanceof IntegralFloat) noteFloat(array, array.length, value.value);
      array.push(value instanceof IntegralFloat ? value.value : value);
      this.#skipBlanks();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#error("expected ',' or ']'");
    return array;
  }

  #readObject(): object {
    const dict = new DictBuilder();
    this.#skipBlanks();
    if (this.#take('}')) return dict.finish();
    do {
      this.#skipBlanks();
      if (this.#text[this.#position] !== '"') throw this.#error('expected a name in quotes');
      const name = this.#readString();
      this.#skipBlanks();
      if (!this.#take(':')) throw this.#error("expected ':'");
      this.#skipBlanks();
      const value = this.#readValue();
      if (value instanceof IntegralFloat) dict.set(name, value.value, true);
      else dict.set(name, value, false);
      this.#skipBlanks();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#error("expected ',' or '}'");
    return dict.finish();
  }

  #readString(): string {
    let string = '';
    this.#position++;
    for (;;) {
      string += this.#match(PLAIN_CHARACTERS)?.[0] ?? '';
      if (this.#take('"')) return string;
      if (!this.#take('\\')) throw this.#error('string not closed, or with a control character');
      string += this.#readEscape();
    }
  }

  #readEscape(): string {
    const escape = this.#text[this.#position++] ?? '';
    if (escape !== 'u') {
      const character = SHORT_ESCAPES.get(escape);
      if (character === undefined) throw this.#error('unknown escape');
      return character;
    }
    const digits = this.#match(UNICODE_ESCAPE)?.[0];
    if (digits === undefined) throw this.#error('expected four hexadecimal digits');
    return String.fromCharCode(parseInt(digits, 16));
  }

  #readScalar(): unknown {
    const number = this.#match(NUMBER);
    if (number) {
      const [digits, fraction, exponent] = number;
      return fraction === undefined && exponent === undefined
        ? this.#integer(digits)
        : floatOf(Number(digits));
    }
    for (const [name, value] of CONSTANTS) {
      if (this.#text.startsWith(name, this.#position)) {
        this.#position += name.length;
        return value;
      }
    }
    throw this.#error('expected a value');
  }

  #integer(digits: string): number | bigint {
    if (digits.length - Number(digits.startsWith('-')) > MAX_INT_DIGITS) {
      throw this.#error(`integer of more than ${MAX_INT_DIGITS} digits`);
    }
    const number = Number(digits);
    if (!Number.isSafeInteger(number)) return BigInt(digits);
    return number === 0 ? 0 : number; // -0 is the integer 0 in Python
  }

  #skipBlanks(): void {
    this.#match(BLANKS);
  }

  #match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#position;
    const match = sticky.exec(this.#text);
    if (match) this.#position = sticky.lastIndex;
    return match;
  }

  #take(character: string): boolean {
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #error(reason: string): ArgumentError {
    return new ArgumentError('json', `${reason} at character ${this.#position}`);
  }
}

function floatOf(number: number): number | IntegralFloat {
  return looksLikeInt(number) ? new IntegralFloat(number) : number;
}
