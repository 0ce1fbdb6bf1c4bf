/**
 * How far CPython's `json` goes, and so do we.
 *
 * @module
 */

/** Nesting that every supported CPython reads and writes; at about 990 it raises RecursionError. */
export const MAX_DEPTH = 900;

/** CPython's default for `sys.set_int_max_str_digits`. */
export const MAX_INT_DIGITS = 4300;
