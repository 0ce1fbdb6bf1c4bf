/**
 * Finds the texts of a pickle that are equal, by their bytes.
 *
 * A Map would do, but V8 would hash each string anew, and allocate for each pickle. Tables are
 * used again: what an earlier pickle left in one counts no more, by its generation.
 *
 * @module
 */

const FIRST_SLOTS = 256;
/** Tables beyond this are not kept. */
const MAX_SPARE_SLOTS = 16_384;
/** Numbers per entry: hash, offset, length and what the user wants to know of the text. */
const FIELDS = 4;

/** Keeps others from preparing texts that all have one hash. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

let spare: TextTable | undefined;

export class TextTable {
  #slots = new Int32Array(FIRST_SLOTS);
  #stamps = new Int32Array(FIRST_SLOTS);
  #entries = new Int32Array((FIRST_SLOTS / 2) * FIELDS);
  #generation = 0;
  #size = 0;

  private constructor() {
    // Tables come from `take`.
  }

  /** An empty table; give it back with `release`. */
  static take(): TextTable {
    const table = spare ?? new TextTable();
    spare = undefined;
    table.#generation++;
    table.#size = 0;
    return table;
  }

  static release(table: TextTable): void {
    if (table.#slots.length <= MAX_SPARE_SLOTS) spare = table;
  }

  /**
   * The number that was given with the equal text before; -1 when there was none, and this one
   * is put in.
   */
  find(view: DataView, start: number, length: number, hash: number, number: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (this.#stamps[slot] === this.#generation) {
      const entry = slots[slot] as number;
      const entries = this.#entries;
      if (
        entries[entry] === hash &&
        entries[entry + 2] === length &&
        sameBytes(view, entries[entry + 1] as number, start, length)
      ) {
        return entries[entry + 3] as number;
      }
      slot = (slot + 1) & mask;
    }
    const entry = this.#size++ * FIELDS;
    const entries = this.#entries;
    entries[entry] = hash;
    entries[entry + 1] = start;
    entries[entry + 2] = length;
    entries[entry + 3] = number;
    slots[slot] = entry;
    this.#stamps[slot] = this.#generation;
    if (this.#size * 2 === slots.length) this.#grow();
    return -1;
  }

  #grow(): void {
    const slots = this.#slots.length * 2;
    const entries = new Int32Array((slots / 2) * FIELDS);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(slots);
    this.#stamps = new Int32Array(slots);
    this.#generation = 1;
    for (let entry = 0; entry < this.#size * FIELDS; entry += FIELDS) {
      const hash = entries[entry] as number;
      let slot = hash & (slots - 1);
      while (this.#stamps[slot] === 1) slot = (slot + 1) & (slots - 1);
      this.#slots[slot] = entry;
      this.#stamps[slot] = 1;
    }
  }
}

/** Bytes behind a text that may be read with it, and count for nothing. */
export const SLACK = 3;

/**
 * Hash of a text's bytes. Who has them one by one calls `beginHash`, `mixHash` for each four of
 * them, the last ones moved up as `lastWord` does, or 0 where there are none, and `endHash`.
 */
export function hashText(view: DataView, start: number, length: number): number {
  let hash = beginHash(length);
  if (length === 0) return endHash(mixHash(hash, 0));
  const last = start + length - 4;
  let at = start;
  for (; at < last; at += 4) hash = mixHash(hash, view.getInt32(at, true));
  return endHash(mixHash(hash, lastWord(view, at, last)));
}

/** Whether a text has only characters below 0x80. */
export function isAscii(view: DataView, start: number, length: number): boolean {
  const last = start + length - 4;
  let all = 0;
  let at = start;
  for (; at < last; at += 4) all |= view.getInt32(at, true);
  return ((all | lastWord(view, at, last)) & 0x80808080) === 0;
}

/** The one to four bytes at the end of a text, whose last four begin at `last`. */
export function lastWord(view: DataView, at: number, last: number): number {
  return view.getInt32(at, true) << ((at - last) * 8);
}

export function beginHash(length: number): number {
  return SEED ^ length;
}

export function mixHash(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Lets every bit of the text matter for the low bits of the hash. */
export function endHash(hash: number): number {
  const mixed = Math.imul(hash, 0x85ebca6b);
  return mixed ^ (mixed >>> 16);
}

function sameBytes(view: DataView, left: number, right: number, length: number): boolean {
  if (length === 0) return true;
  const last = left + length - 4;
  const distance = right - left;
  let at = left;
  for (; at < last; at += 4) {
    if (view.getInt32(at, true) !== view.getInt32(at + distance, true)) return false;
  }
  return lastWord(view, at, last) === lastWord(view, at + distance, last + distance);
}
