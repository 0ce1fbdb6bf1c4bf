/**
 * Writing JSON without white space, as msgspec does.
 * Python: `msgspec.json.Encoder().encode`, 0.18.6 to 0.22.0. Differences: ./PORT.md
 *
 * @module
 */

import { PyDateTime } from '../pickle/values/py-date-time.js';
import { PyFloat } from '../pickle/values/py-float.js';
import { Encoder } from './encoder.js';
import { formatDateTime } from './iso.js';
import type { EncodeOptions } from './limits.js';
import { MAX_INT_DIGITS, formatFloat, looksLikeInt } from './numbers.js';
import { textOf } from './text-forms.js';
import { hasLoneSurrogate } from './utf8.js';

/**
 * Writes one value as JSON. Python: `msgspec.json.encode(value)`.
 *
 * @throws {@link EncodeError} for what has no form: half a surrogate pair, an `Ext`, keys that are
 *   neither text nor numbers nor dates, objects of classes that msgspec does not know; and for
 *   nesting that is too deep, or endless
 */
export function encode(value: unknown, options?: EncodeOptions): Buffer {
  return new JsonEncoder().encode(value, options);
}

class JsonEncoder extends Encoder {
  private text = '';

  protected start(): void {
    this.text = '';
  }

  protected finish(): Buffer {
    return Buffer.from(this.text, 'utf8');
  }

  protected written(): number {
    return this.text.length;
  }

  protected writeNone(): void {
    this.text += 'null';
  }

  protected writeBool(value: boolean): void {
    this.text += value ? 'true' : 'false';
  }

  protected writeInt(value: number | bigint): void {
    this.text += this.digitsOf(value);
  }

  protected writeFloat(value: number): void {
    this.text += Number.isFinite(value) ? formatFloat(value) : 'null';
  }

  protected writeStr(value: string): void {
    if (!NEEDS_CARE.test(value)) {
      this.text += `"${value}"`;
      return;
    }
    if (hasLoneSurrogate(value)) this.fail('a str holds half of a surrogate pair');
    this.text += JSON.stringify(value);
  }

  protected writeBytes(value: Uint8Array): void {
    const { buffer, byteOffset, byteLength } = value;
    this.writePlain(Buffer.from(buffer, byteOffset, byteLength).toString('base64'));
  }

  protected writeDateTime(value: PyDateTime): void {
    this.writePlain(formatDateTime(value) ?? this.fail('the offset of a datetime is not known'));
  }

  protected writeExt(): void {
    this.fail('an Ext has no form in JSON');
  }

  /** A key is always a string; numbers, dates and bytes become the text that stands for them. */
  protected writeKey(key: unknown, note: unknown): void {
    if (typeof key === 'string') this.writeStr(key);
    else if (key instanceof PyDateTime || key instanceof Date) this.writeValue(key, undefined);
    else if (key instanceof Uint8Array) this.writeBytes(key);
    else if (key instanceof PyFloat) this.writeFloatKey(key.value);
    else if (typeof key === 'number' && note === key) this.writeFloatKey(note);
    else if (typeof key === 'number' && !looksLikeInt(key)) this.writeFloatKey(key);
    else if (typeof key === 'number' || typeof key === 'bigint')
      this.writePlain(this.digitsOf(key));
    else this.writePlain(textOf(key) ?? this.fail('a key is no str, number, bytes, date or UUID'));
  }

  protected openList(): void {
    this.text += '[';
  }

  protected openDict(): void {
    this.text += '{';
  }

  protected separate(isFirst: boolean): void {
    if (!isFirst) this.text += ',';
  }

  protected afterKey(): void {
    this.text += ':';
  }

  protected closeList(): void {
    this.text += ']';
  }

  protected closeDict(): void {
    this.text += '}';
  }

  /** Only as a key may a float be none of the finite ones. */
  private writeFloatKey(value: number): void {
    this.writePlain(Number.isFinite(value) ? formatFloat(value) : formatNonFinite(value));
  }

  private digitsOf(int: number | bigint): string {
    if (typeof int === 'number' && Number.isSafeInteger(int)) return String(int);
    const digits = BigInt(int).toString();
    if (digits.length - (int < 0 ? 1 : 0) <= MAX_INT_DIGITS) return digits;
    return this.fail(`an int has more than ${MAX_INT_DIGITS} digits`);
  }

  /** Text that needs no escapes. */
  private writePlain(value: string): void {
    this.text += `"${value}"`;
  }
}

/** What a string cannot simply have in quotes: controls, `"`, `\`; surrogates may be lone ones. */
const NEEDS_CARE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

function formatNonFinite(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value < 0 ? '-inf' : 'inf';
}
