/**
 * Keys of dicts as they were written last, by their place: sessions mostly have the keys of the
 * session before, and the dicts of a list have those of the dict before.
 *
 * @module
 */
import { hashText, SLACK } from '../text-table.js';

/** A key with its bytes in protocol 4, and where it was written last. */
export interface CachedKey {
  readonly text: string;
  /** SHORT_BINUNICODE, the size and the text in ASCII. */
  readonly bytes: Uint8Array;
  readonly hash: number;
  /** Number of the dump that wrote the key last, and the key's index in the memo then. */
  dump: number;
  index: number;
}

/** Bytes of SHORT_BINUNICODE and the size. */
export const KEY_HEAD = 2;

const DEPTHS = 8;
const PLACES = 64;
const LONGEST = 40;

const keys: (CachedKey | undefined)[] = new Array<undefined>(DEPTHS * PLACES).fill(undefined);

/** The key at a place in a dict at a depth; `undefined` for one that is not kept. */
export function cachedKey(text: string, place: number, depth: number): CachedKey | undefined {
  if (place >= PLACES || depth >= DEPTHS) return undefined;
  const at = depth * PLACES + place;
  const key = keys[at];
  if (key !== undefined && key.text === text) return key;
  return (keys[at] = encodeKey(text));
}

function encodeKey(text: string): CachedKey | undefined {
  if (text.length > LONGEST || /[^\0-\x7f]/.test(text)) return undefined;
  const size = KEY_HEAD + text.length;
  const view = new DataView(new ArrayBuffer(size + SLACK));
  const bytes = Buffer.from(view.buffer, 0, size);
  bytes.write(`\x8c${String.fromCharCode(text.length)}${text}`, 'latin1');
  return { text, bytes, hash: hashText(view, KEY_HEAD, text.length), dump: 0, index: 0 };
}
