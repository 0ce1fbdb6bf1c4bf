/**
 * Texts as bytes, compared and hashed four at a time.
 *
 * @module
 */

/** Bytes behind a text that may be read with it, and count for nothing. */
export const SLACK = 3;

/** Keeps others from preparing texts that all have one hash. */
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

/**
 * Hash of a text's bytes, of which there is at least one. Who has them one by one calls
 * `beginHash`, `mixHash` for each four of them, the last ones moved up as `lastWord` does, and
 * `endHash`.
 */
export function hashText(view: DataView, start: number, length: number): number {
  let hash = beginHash(length);
  const last = start + length - 4;
  let at = start;
  for (; at < last; at += 4) hash = mixHash(hash, view.getInt32(at, true));
  return endHash(mixHash(hash, lastWord(view, at, last)));
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

/** Whether a text has only characters below 0x80. */
export function isAscii(view: DataView, start: number, length: number): boolean {
  const last = start + length - 4;
  let all = 0;
  let at = start;
  for (; at < last; at += 4) all |= view.getInt32(at, true);
  return ((all | lastWord(view, at, last)) & 0x80808080) === 0;
}

/** Whether two texts of one length have the same bytes. */
export function isSameText(view: DataView, left: number, right: number, length: number): boolean {
  const last = left + length - 4;
  const distance = right - left;
  let at = left;
  for (; at < last; at += 4) {
    if (view.getInt32(at, true) !== view.getInt32(at + distance, true)) return false;
  }
  return lastWord(view, at, last) === lastWord(view, at + distance, last + distance);
}

/** The one to four bytes at the end of a text, whose last four begin at `last`. */
export function lastWord(view: DataView, at: number, last: number): number {
  return view.getInt32(at, true) << ((at - last) * 8);
}
