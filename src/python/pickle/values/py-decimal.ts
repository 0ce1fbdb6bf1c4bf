import { inspectAs } from './inspect.js';

/** Numbers that are written as they are: no needless zeros, and too few decimals for an exponent. */
const CANONICAL = /^-?(?:0|[1-9]\d*)(?:\.\d{1,6})?$/;
const FINITE = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d+))?$/i;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|(s?)nan(\d*))$/i;
/** Bounds of an exponent in CPython: `decimal.MAX_EMAX`, `decimal.MIN_ETINY`. */
const MAX_EXPONENT = 999_999_999_999_999_999n;
const MIN_EXPONENT = -1_999_999_999_999_999_997n;

/** A Python `decimal.Decimal`, kept as its text: `1.10` and `1.1` stay different. */
export class PyDecimal {
  readonly #text: string;

  /**
   * @param value A decimal as Python takes it: digits, an exponent, `Infinity`, `NaN`, `sNaN`.
   * @throws RangeError for any other text.
   */
  constructor(value: string | number | bigint) {
    const text = canonical(String(value));
    if (text === undefined) throw new RangeError('decimal: not a number');
    this.#text = text;
  }

  /** The nearest number, as in Python's `float(decimal)`. */
  toNumber(): number {
    return /nan/i.test(this.#text) ? NaN : Number(this.#text);
  }

  /** Python: `str(decimal)`, such as `1.10` or `1E+3`. */
  toString(): string {
    return this.#text;
  }

  toJSON(): string {
    return this.#text;
  }
}

inspectAs(PyDecimal, (value) => `PyDecimal ${value.toString()}`);

/** Text of the number as Python writes it; `undefined` when it is none. */
function canonical(value: string): string | undefined {
  if (CANONICAL.test(value)) return value;
  const text = value.trim().replaceAll('_', '');
  const finite = FINITE.exec(text);
  if (finite) {
    const [, sign = '', whole = '', fraction = '', bare = '', exponent = '0'] = finite;
    const decimals = fraction + bare;
    return scientific(sign, whole + decimals, BigInt(exponent) - BigInt(decimals.length));
  }
  const special = SPECIAL.exec(text);
  if (!special) return undefined;
  const sign = special[1] === '-' ? '-' : '';
  if (special[2] !== undefined) return `${sign}Infinity`;
  const payload = (special[4] ?? '').replace(/^0+/, '');
  return `${sign}${special[3] ? 's' : ''}NaN${payload}`;
}

/** The specification's to-scientific-string, as Python's `Decimal.__str__` follows it. */
function scientific(sign: string, allDigits: string, exponent: bigint): string | undefined {
  const digits = allDigits.replace(/^0+(?=\d)/, '');
  const adjusted = exponent + BigInt(digits.length - 1);
  if (adjusted > MAX_EXPONENT || exponent < MIN_EXPONENT) return undefined;
  const minus = sign === '-' ? '-' : '';
  if (exponent > 0n || adjusted < -6n) {
    const mantissa = digits.length > 1 ? `${digits.slice(0, 1)}.${digits.slice(1)}` : digits;
    return `${minus}${mantissa}E${adjusted < 0n ? '' : '+'}${adjusted.toString()}`;
  }
  if (exponent === 0n) return minus + digits;
  const point = digits.length + Number(exponent);
  return point > 0
    ? `${minus}${digits.slice(0, point)}.${digits.slice(point)}`
    : `${minus}0.${'0'.repeat(-point)}${digits}`;
}
