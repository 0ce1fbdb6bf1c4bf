/**
 * Keys of dicts as they were written last, by their place: sessions mostly have the keys of the
 * session before, and the dicts of a list have those of the dict before.
 *
 * @module
 */
import { idOf } from '../short-texts.js';

/** A key with its bytes in protocol 4. */
export interface CachedKey {
  readonly text: string;
  /** Its slot among the short texts, and the number that says whether it still has it. */
  readonly slot: number;
  readonly id: number;
  /** SHORT_BINUNICODE, size, text and MEMOIZE; all in fours. */
  readonly words: Int32Array;
  /** Length of that, in bytes. */
  readonly size: number;
}

const DEPTHS = 8;
const PLACES = 64;

const keys = new Array<CachedKey | undefined>(DEPTHS * PLACES).fill(undefined);

/** The key at a place in a dict at a depth, where it is the same as the last time. */
export function cachedKey(text: string, place: number, depth: number): CachedKey | undefined {
  if (place >= PLACES || depth >= DEPTHS) return undefined;
  const key = keys[depth * PLACES + place];
  return key !== undefined && key.text === text && key.id === idOf(key.slot) ? key : undefined;
}

/** Keeps the key that has a slot among the short texts. */
export function cacheKey(text: string, place: number, depth: number, slot: number): void {
  if (place >= PLACES || depth >= DEPTHS) return;
  const pickled = `\x8c${String.fromCharCode(text.length)}${text}\x94`;
  const words = new Int32Array(Math.ceil(pickled.length / 4));
  Buffer.from(words.buffer).write(pickled, 'latin1');
  keys[depth * PLACES + place] = { text, slot, id: idOf(slot), words, size: pickled.length };
}
