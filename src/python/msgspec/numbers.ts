/**
 * Python's two kinds of number in JavaScript's one, and as text.
 *
 * @module
 */

/** Most decimal digits that Python converts between int and text. */
export const MAX_INT_DIGITS = 4300;

/** A Python int: a number where that is exact, else a bigint. */
export function intOf(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Whether a number looks like an int, so that a note must say where it was a float. -0 does not. */
export function looksLikeInt(number: number): boolean {
  return Number.isInteger(number) && !Object.is(number, -0);
}

/** A finite float in msgspec's form, with the fewest digits that give it back: `1.0`, `1e16`. */
export function formatFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const magnitude = Math.abs(value);
  if (value !== 0 && (magnitude < 1e-5 || magnitude >= 1e16)) {
    return value.toExponential().replace('+', '');
  }
  const text = String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}
