/**
 * Strings. Equal ones are one object in Python, unless it is noted that they were not.
 *
 * @module
 */
import type { Note } from '../as-read.js';
import { encodeUtf8 } from '../format/strings.js';
import { escapeUnicode } from '../format/text-arguments.js';
import { cachedKey, cacheKey } from './key-cache.js';
import { MemoWriter } from './memo-writer.js';
import { SHORT_STRING_HEAD } from './output.js';
import { indexOf, isUsed, MAX_SHORT, slotOf, use } from '../short-texts.js';
import { beginHash, endHash, hashText, mixHash } from '../text-hash.js';
import { TextTable } from '../text-table.js';

/** Texts that may be too large for a frame: UTF-8 has up to three bytes for a UTF-16 code. */
const LONG_TEXT = 16 * 1024;
const NEWLINE = 0x0a;

export abstract class StringWriter extends MemoWriter {
  /** Indices in the memo of texts that are not among the short ones. */
  #texts: TextTable | undefined;
  #longTexts: Map<string, number> | undefined;
  /** Slot of the short text that was written last. */
  #slot = -1;

  protected override clear(): void {
    super.clear();
    if (this.#texts) TextTable.release(this.#texts);
    this.#texts = undefined;
    this.#longTexts = undefined;
  }

  /** A str: the one of equal text that was written before, unless its note tells them apart. */
  string(text: string, note?: Note): void {
    if (typeof note === 'object' && note.text === text) {
      if (!this.recall(note)) this.newString(text, note);
    } else if (text.length > MAX_SHORT || this.protocol < 4 || !this.#shortString(text)) {
      this.#anyString(text);
    }
  }

  /** A key of a dict, at a place of it. */
  key(text: string, place: number, depth: number): void {
    const key = this.protocol >= 4 ? cachedKey(text, place, depth) : undefined;
    if (!key) {
      this.#slot = -1;
      this.string(text);
      if (this.#slot >= 0) cacheKey(text, place, depth, this.#slot);
    } else if (isUsed(key.slot, this.turn)) this.get(indexOf(key.slot));
    else {
      use(key.slot, this.turn, this.memoSize++);
      this.out.words(key.words, key.size);
    }
  }

  /** A str that is in nobody's hands but ours. */
  newString(text: string, key?: unknown): void {
    if (text.length >= LONG_TEXT && this.protocol > 0) this.#longText(text);
    else this.#text(text);
    this.memoize(key);
  }

  /** Writes few characters in ASCII, and hashes them in one go; `false` when they are others. */
  #shortString(text: string): boolean {
    const { out } = this;
    const { view, length: start } = out;
    const { length } = text;
    if (length === 0) return false;
    const content = start + SHORT_STRING_HEAD;
    let all = 0;
    let hash = beginHash(length);
    let i = 0;
    for (; i < length - 4; i += 4) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      const d = text.charCodeAt(i + 3);
      all |= a | b | c | d;
      const word = a | (b << 8) | (c << 16) | (d << 24);
      view.setInt32(content + i, word, true);
      hash = mixHash(hash, word);
    }
    let last = 0;
    for (let k = length - 1; k >= i; k--) {
      const code = text.charCodeAt(k);
      all |= code;
      last = (last << 8) | code;
    }
    if (all > 0x7f) return false;
    view.setInt32(content + i, last, true);
    hash = endHash(mixHash(hash, last << ((4 - length + i) * 8)));
    const slot = slotOf(view, content, length, hash, this.turn);
    this.#slot = slot;
    if (slot < 0) {
      const index = this.#find(content, length, hash);
      if (index >= 0) {
        this.get(index);
        return true;
      }
    } else if (isUsed(slot, this.turn)) {
      this.get(indexOf(slot));
      return true;
    } else use(slot, this.turn, this.memoSize);
    view.setUint16(start, 0x8c | (length << 8), true); // SHORT_BINUNICODE
    view.setUint8(content + length, 0x94); // MEMOIZE
    out.length = content + length + 1;
    this.memoSize++;
    return true;
  }

  #anyString(text: string): void {
    if (text.length >= LONG_TEXT) {
      this.#longString(text);
      return;
    }
    if (text === '') {
      if (!this.recall(text)) this.newString(text, text);
      return;
    }
    const { out } = this;
    const { length: start } = out;
    const content = this.#text(text);
    const size = out.length - content;
    const index = this.#find(content, size, hashText(out.view, content, size));
    if (index >= 0) {
      out.length = start;
      this.get(index);
    } else this.memoize();
  }

  /** Index of a text that was written before; -1 when it was not, and the next one is its. */
  #find(content: number, size: number, hash: number): number {
    this.#texts ??= TextTable.take();
    return this.#texts.find(this.out.view, content, size, hash, this.memoSize);
  }

  #longString(text: string): void {
    const index = this.#longTexts?.get(text);
    if (index !== undefined) {
      this.get(index);
      return;
    }
    (this.#longTexts ??= new Map<string, number>()).set(text, this.memoSize);
    this.newString(text);
  }

  #longText(text: string): void {
    const { out } = this;
    const bytes = encodeUtf8(text);
    const leaves = out.leaveFrame(bytes.length);
    out.code4(0x58, bytes.length); // BINUNICODE
    out.bytes(bytes);
    if (leaves) out.openFrame();
  }

  /** Writes a text in the open frame, in protocol 0 with the end of its line; gives its place. */
  #text(text: string): number {
    const { out } = this;
    if (this.protocol > 0) return out.string(text, this.protocol >= 4);
    out.code(0x56); // UNICODE
    const { length } = out;
    out.latin1(escapeUnicode(text));
    out.code(NEWLINE);
    return length;
  }
}
