/**
 * The strings of a pickle. Short ones in ASCII, such as the keys of sessions, are mostly known
 * from earlier pickles, and those that equal an earlier one of the same pickle are told apart.
 *
 * @module
 */
import { decodeUtf8, type TextBuffer } from '../format/strings.js';
import { hashBytes, TextTable } from '../text-table.js';

/** Longest string that is kept for later pickles, in bytes. */
const MAX_SHORT = 24;
const SLOTS = 4096;

const texts = new Array<string>(SLOTS).fill('');
/** The bytes of those texts, which are compared faster than their characters. */
const textBytes = new Uint8Array(SLOTS * MAX_SHORT);
/** The load that used a text last. */
const usedBy = new Int32Array(SLOTS);
let lastLoad = 0;

export class StringReader {
  /** Whether the string that was read last equals an earlier one, but is an object of its own. */
  isCopy = false;
  readonly #bytes: Uint8Array;
  readonly #buffer: TextBuffer;
  readonly #load: number;
  /** Strings of this load that are not among the short ones. */
  #others: TextTable | undefined;

  constructor(bytes: Uint8Array, buffer: TextBuffer) {
    this.#bytes = bytes;
    this.#buffer = buffer;
    lastLoad = (lastLoad + 1) | 0;
    this.#load = lastLoad;
  }

  /** Decodes UTF-8; `undefined` when it is none. */
  read(start: number, length: number): string | undefined {
    const bytes = this.#bytes;
    const hash = hashBytes(bytes, start, length);
    if (length > MAX_SHORT) return this.#readOther(start, length, hash);
    const slot = hash & (SLOTS - 1);
    const known = texts[slot] as string;
    const isUsed = usedBy[slot] === this.#load;
    if (known.length === length && isText(slot, bytes, start, length)) {
      this.isCopy = isUsed && length > 1;
      usedBy[slot] = this.#load;
      return known;
    }
    // A text stays for the whole load, or its next occurrence would pass for the first.
    if (isUsed || !isAscii(bytes, start, length)) return this.#readOther(start, length, hash);
    const text = asciiText(bytes, this.#buffer, start, length);
    texts[slot] = text;
    for (let i = 0; i < length; i++) textBytes[slot * MAX_SHORT + i] = bytes[start + i] as number;
    usedBy[slot] = this.#load;
    this.isCopy = false;
    return text;
  }

  /** Gives back what the reader borrowed. */
  release(): void {
    if (this.#others) TextTable.release(this.#others);
  }

  #readOther(start: number, length: number, hash: number): string | undefined {
    const text = decodeUtf8(this.#buffer, start, start + length);
    if (text === undefined) return undefined;
    this.#others ??= TextTable.take();
    const isKnown = this.#others.find(this.#bytes, start, length, hash, 0) >= 0;
    // Python has one object for each character up to U+00FF.
    this.isCopy = isKnown && (text.length > 1 || text.charCodeAt(0) > 0xff);
    return text;
  }
}

function isAscii(bytes: Uint8Array, start: number, length: number): boolean {
  let all = 0;
  for (let i = start; i < start + length; i++) all |= bytes[i] as number;
  return all < 0x80;
}

function isText(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
  const known = slot * MAX_SHORT;
  for (let i = 0; i < length; i++) if (textBytes[known + i] !== bytes[start + i]) return false;
  return true;
}

/** For few characters, Node's conversion takes longer to call than to do. */
function asciiText(b: Uint8Array, buffer: TextBuffer, s: number, length: number): string {
  const char = String.fromCharCode as (...codes: (number | undefined)[]) => string;
  // prettier-ignore
  switch (length) {
    case 0: return '';
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
    default: return buffer.latin1Slice(s, s + length);
  }
}
