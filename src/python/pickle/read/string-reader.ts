/**
 * The strings of a pickle. Short ones in ASCII are mostly known from earlier pickles, and those
 * that equal an earlier one of the same pickle are told apart.
 *
 * @module
 */
import { decodeUtf8, type TextBuffer } from '../format/strings.js';
import type { Input } from './input.js';
import { isUsed, MAX_SHORT, nextTurn, remember, slotOf, stringAt, use } from '../short-texts.js';
import { hashText, isAscii } from '../text-hash.js';
import { TextTable } from '../text-table.js';

export class StringReader {
  /** Whether the string that was read last equals an earlier one, but is an object of its own. */
  isCopy = false;
  readonly #bytes: TextBuffer;
  readonly #view: DataView;
  readonly #turn: number = nextTurn();
  /** Strings of this load that are not among the short ones. */
  #others: TextTable | undefined;

  constructor({ bytes, view }: Input) {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Decodes UTF-8; `undefined` when it is none. */
  read(start: number, length: number): string | undefined {
    this.isCopy = false;
    if (length === 0) return '';
    const hash = hashText(this.#view, start, length);
    if (length > MAX_SHORT) return this.#readOther(start, length, hash);
    const slot = slotOf(this.#view, start, length, hash, this.#turn);
    if (slot < 0) return this.#readOther(start, length, hash);
    this.isCopy = length > 1 && isUsed(slot, this.#turn);
    use(slot, this.#turn);
    const known = stringAt(slot);
    if (known !== undefined) return known;
    const text = asciiText(this.#bytes, start, length);
    remember(slot, text);
    return text;
  }

  /** Gives back what the reader borrowed. */
  release(): void {
    if (this.#others) TextTable.release(this.#others);
  }

  #readOther(start: number, length: number, hash: number): string | undefined {
    const view = this.#view;
    const text = isAscii(view, start, length)
      ? this.#bytes.latin1Slice(start, start + length)
      : decodeUtf8(this.#bytes, start, start + length);
    if (text === undefined) return undefined;
    this.#others ??= TextTable.take();
    const isKnown = this.#others.find(view, start, length, hash, 0) >= 0;
    // Python has one object for each character up to U+00FF.
    this.isCopy = isKnown && (text.length > 1 || text.charCodeAt(0) > 0xff);
    return text;
  }
}

/** For few characters, Node's conversion takes longer to call than to do. */
function asciiText(b: TextBuffer, s: number, length: number): string {
  const char = String.fromCharCode as (...codes: (number | undefined)[]) => string;
  // prettier-ignore
  switch (length) {
    case 1: return char(b[s]);
    case 2: return char(b[s], b[s + 1]);
    case 3: return char(b[s], b[s + 1], b[s + 2]);
    case 4: return char(b[s], b[s + 1], b[s + 2], b[s + 3]);
    case 5: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4]);
    case 6: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5]);
    case 7: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6]);
    case 8: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6], b[s + 7]);
    case 9: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6], b[s + 7], b[s + 8]);
    case 10: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6], b[s + 7], b[s + 8], b[s + 9]);
    case 11: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6], b[s + 7], b[s + 8], b[s + 9], b[s + 10]);
    case 12: return char(b[s], b[s + 1], b[s + 2], b[s + 3], b[s + 4], b[s + 5], b[s + 6], b[s + 7], b[s + 8], b[s + 9], b[s + 10], b[s + 11]);
    default: return b.latin1Slice(s, s + length);
  }
}
