/**
 * The strings of a pickle. Short ones in ASCII, such as the keys of sessions, are mostly known
 * from earlier pickles, and those that equal an earlier one of the same pickle are told apart.
 *
 * @module
 */
import { decodeUtf8, type TextBuffer } from '../format/strings.js';
import { hashText, isAscii, lastWord, TextTable } from '../text-table.js';
import type { Input } from './input.js';

/** Longest string that is kept for later pickles, in bytes. */
const MAX_SHORT = 24;
const SLOTS = 4096;
const RECORD = 8;

const texts = new Array<string>(SLOTS).fill('');
/** A record for each of those texts. */
const records = new Int32Array(SLOTS * RECORD);
/** In a record: the load that used the text last, its length, and its bytes in fours. */
const USED = 0;
const LENGTH = 1;
const WORDS = 2;
let lastLoad = 0;

export class StringReader {
  /** Whether the string that was read last equals an earlier one, but is an object of its own. */
  isCopy = false;
  readonly #bytes: TextBuffer;
  readonly #view: DataView;
  readonly #load: number;
  /** Strings of this load that are not among the short ones. */
  #others: TextTable | undefined;

  constructor({ bytes, view }: Input) {
    this.#bytes = bytes;
    this.#view = view;
    lastLoad = (lastLoad + 1) | 0;
    this.#load = lastLoad;
  }

  /** Decodes UTF-8; `undefined` when it is none. */
  read(start: number, length: number): string | undefined {
    this.isCopy = false;
    if (length === 0) return '';
    const view = this.#view;
    const hash = hashText(view, start, length);
    if (length > MAX_SHORT) return this.#readOther(start, length, hash);
    const slot = hash & (SLOTS - 1);
    const record = slot * RECORD;
    const isUsed = records[record + USED] === this.#load;
    if (records[record + LENGTH] === length && isText(record, view, start, length)) {
      this.isCopy = isUsed && length > 1;
      records[record + USED] = this.#load;
      return texts[slot];
    }
    // A text stays for the whole load, or its next occurrence would pass for the first.
    if (isUsed || !isAscii(view, start, length)) return this.#readOther(start, length, hash);
    keepText(record, view, start, length);
    records[record + USED] = this.#load;
    return (texts[slot] = asciiText(this.#bytes, start, length));
  }

  /** Gives back what the reader borrowed. */
  release(): void {
    if (this.#others) TextTable.release(this.#others);
  }

  #readOther(start: number, length: number, hash: number): string | undefined {
    const bytes = this.#bytes;
    const text = isAscii(this.#view, start, length)
      ? bytes.latin1Slice(start, start + length)
      : decodeUtf8(bytes, start, start + length);
    if (text === undefined) return undefined;
    this.#others ??= TextTable.take();
    const isKnown = this.#others.find(this.#view, start, length, hash, 0) >= 0;
    // Python has one object for each character up to U+00FF.
    this.isCopy = isKnown && (text.length > 1 || text.charCodeAt(0) > 0xff);
    return text;
  }
}

function isText(record: number, view: DataView, start: number, length: number): boolean {
  const last = start + length - 4;
  let at = start;
  let word = record + WORDS;
  for (; at < last; at += 4) if (records[word++] !== view.getInt32(at, true)) return false;
  return records[word] === lastWord(view, at, last);
}

function keepText(record: number, view: DataView, start: number, length: number): void {
  const last = start + length - 4;
  let at = start;
  let word = record + WORDS;
  for (; at < last; at += 4) records[word++] = view.getInt32(at, true);
  records[word] = lastWord(view, at, last);
  records[record + LENGTH] = length;
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
