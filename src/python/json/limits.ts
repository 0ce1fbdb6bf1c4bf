/**
 * How far CPython's `json` goes, and so do we.
 *
 * @module
 */

/** Nesting that every supported CPython reads and writes; at about 990 the first gives up. */
export const MAX_DEPTH = 900;
