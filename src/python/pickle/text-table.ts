/**
 * Finds the texts of a pickle that are equal, by their bytes.
 *
 * A Map would do, but V8 would hash each string anew, and allocate for each pickle. Tables are
 * used again: what an earlier pickle left in one counts no more, by its generation.
 *
 * @module
 */
import { isSameText } from './text-hash.js';

const FIRST_SLOTS = 256;
/** Tables beyond this are not kept. */
const MAX_SPARE_SLOTS = 16_384;
/** Numbers per entry: hash, offset, length and what the user wants to know of the text. */
const FIELDS = 4;

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
   * is put in. The text has at least one byte.
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
        isSameText(view, entries[entry + 1] as number, start, length)
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
