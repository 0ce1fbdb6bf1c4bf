/**
 * Signatures that carry the time at which they were made.
 * Python: `itsdangerous.timed`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

import {
  ArgumentError,
  BadData,
  BadSignature,
  BadTimeSignature,
  ConfigError,
  SignatureExpired,
} from '../../errors.js';
import { base64Decode, base64Encode } from './encoding.js';
import { firstAccepted, Serializer } from './serializer.js';
import type { LoadsOptions, SignerClass } from './serializer.js';
import { signedBytes, Signer, splitLast } from './signer.js';

/** What `unsign` checks besides the signature, and what it gives. */
export interface UnsignOptions {
  /** Age in seconds up to which a signature counts. Unset: any age. */
  maxAge?: number | null | undefined;
  /** Whether to give the time of the signature too. @defaultValue `false` */
  returnTimestamp?: boolean | undefined;
}

/** A signer whose signatures carry their time and can expire. Python: `TimestampSigner`. */
export class TimestampSigner extends Signer {
  /** Unix time now, in whole seconds. Python: `TimestampSigner.get_timestamp`. */
  getTimestamp(): number {
    return Math.floor(Date.now() / 1000);
  }

  /**
   * The value without timestamp and signature; with `returnTimestamp` also the time of signing.
   * Python: `TimestampSigner.unsign`.
   *
   * @throws SignatureExpired when it is older than `maxAge`, or from the future and `maxAge` is set;
   * BadTimeSignature when the timestamp is missing or malformed, or the signature wrong;
   * BadSignature when there is neither; ArgumentError when `maxAge` is no number.
   */
  override unsign(
    signedValue: string,
    options: UnsignOptions & { returnTimestamp: true },
  ): [value: string, dateSigned: Date];
  override unsign(
    signedValue: Uint8Array,
    options: UnsignOptions & { returnTimestamp: true },
  ): [value: Buffer, dateSigned: Date];
  override unsign(
    signedValue: string,
    options?: UnsignOptions & { returnTimestamp?: false | undefined },
  ): string;
  override unsign(
    signedValue: Uint8Array,
    options?: UnsignOptions & { returnTimestamp?: false | undefined },
  ): Buffer;
  override unsign(
    signedValue: string | Uint8Array,
    options: UnsignOptions = {},
  ): string | Buffer | [string | Buffer, Date] {
    const [bytes, dateSigned] = this.unsignTimed(signedBytes(signedValue), options.maxAge);
    const value = typeof signedValue === 'string' ? bytes.toString('utf8') : bytes;
    if (!options.returnTimestamp) return value;
    if (!dateSigned) throw malformedTimestamp(bytes);
    return [value, dateSigned];
  }

  /**
   * Whether `unsign` would return. Python: `TimestampSigner.validate`.
   *
   * @throws ArgumentError when `maxAge` is no number.
   */
  override validate(
    signedValue: string | Uint8Array,
    options: Pick<UnsignOptions, 'maxAge'> = {},
  ): boolean {
    try {
      this.unsignTimed(signedBytes(signedValue), options.maxAge);
      return true;
    } catch (error) {
      if (error instanceof BadSignature) return false;
      throw error;
    }
  }

  protected override signBytes(value: Buffer): Buffer {
    const timestamp = Buffer.from(base64Encode(timestampBytes(this.getTimestamp())));
    return super.signBytes(Buffer.concat([value, this.sep, timestamp]));
  }

  /** Value and time of signing; the time is undefined when it is later than any date of Python's. */
  private unsignTimed(
    signedValue: Buffer,
    maxAge: number | null | undefined,
  ): [value: Buffer, dateSigned: Date | undefined] {
    checkMaxAge(maxAge);
    let timed: Buffer;
    let wrong: BadSignature | undefined;
    try {
      timed = this.unsignBytes(signedValue);
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
      wrong = error;
      timed = error.payload ?? Buffer.alloc(0);
    }

    const [value, timestamp] = splitLast(timed, this.sep);
    if (timestamp === undefined) {
      throw wrong ?? new BadTimeSignature('signed value: timestamp missing', value);
    }
    const seconds = readTimestamp(timestamp);
    const dateSigned = dateOf(seconds);
    if (wrong) throw new BadTimeSignature(wrong.message, value, dateSigned);
    if (seconds === undefined) throw malformedTimestamp(value);
    const tooOld = ageError(this.getTimestamp() - seconds, maxAge);
    if (tooOld && !dateSigned) throw malformedTimestamp(value);
    if (tooOld) throw new SignatureExpired(tooOld, value, dateSigned);
    return [value, dateSigned];
  }
}

/** What the `loads` of a timed serializer checks, and what it gives. */
export interface TimedLoadsOptions extends LoadsOptions, UnsignOptions {}

/** A serializer whose texts carry their time and can expire. Python: `TimedSerializer`. */
export class TimedSerializer<Data extends string | Uint8Array = string> extends Serializer<Data> {
  /** @throws ConfigError when one of the signers is no TimestampSigner. */
  override *iterUnsigners(salt?: string | Uint8Array | null): Generator<TimestampSigner> {
    for (const signer of super.iterUnsigners(salt)) {
      if (!(signer instanceof TimestampSigner)) {
        throw new ConfigError('signer', 'expected a TimestampSigner');
      }
      yield signer;
    }
  }

  /**
   * The value in a signed text; with `returnTimestamp` also the time of signing.
   * Python: `TimedSerializer.loads`.
   *
   * @throws SignatureExpired, BadTimeSignature and BadSignature as `TimestampSigner.unsign` does;
   * BadPayload when the signature is right, but what was signed cannot be read.
   */
  override loads(
    signedValue: string | Uint8Array,
    options: TimedLoadsOptions & { returnTimestamp: true },
  ): [value: unknown, dateSigned: Date];
  override loads(signedValue: string | Uint8Array, options?: TimedLoadsOptions): unknown;
  override loads(signedValue: string | Uint8Array, options: TimedLoadsOptions = {}): unknown {
    const { maxAge, salt, returnTimestamp } = options;
    const bytes = signedBytes(signedValue);
    return firstAccepted(
      this.iterUnsigners(salt),
      (signer) => {
        const [payload, dateSigned] = signer.unsign(bytes, { maxAge, returnTimestamp: true });
        const value = this.loadPayload(payload);
        return returnTimestamp ? [value, dateSigned] : value;
      },
      // Expired means that the signature was right: no other signer will do better.
      (error) => error instanceof SignatureExpired,
    );
  }

  /** As `Serializer.loadsUnsafe`; an expired text counts as wrongly signed. */
  override loadsUnsafe(
    signedValue: string | Uint8Array,
    { maxAge, salt }: Omit<TimedLoadsOptions, 'returnTimestamp'> = {},
  ): [signatureValid: boolean, payload: unknown] {
    const options: TimedLoadsOptions = { maxAge, salt };
    return super.loadsUnsafe(signedValue, options);
  }

  protected override get defaultSigner(): SignerClass {
    return TimestampSigner;
  }
}

/** Python's `datetime` ends with the year 9999. */
const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000;

/** Eight bytes, big-endian, without leading zeros. Python: `int_to_bytes`. */
function timestampBytes(seconds: number): Buffer {
  const hex = seconds === 0 ? '' : seconds.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length & 1), '0'), 'hex');
}

/** Seconds since 1970, or `undefined` where they are no base64 or do not fit into eight bytes. */
function readTimestamp(timestamp: Buffer): number | undefined {
  try {
    const bytes = base64Decode(timestamp);
    return bytes.length > 8 ? undefined : Number(`0x0${bytes.toString('hex')}`);
  } catch (error) {
    if (error instanceof BadData) return undefined;
    throw error;
  }
}

function dateOf(seconds: number | undefined): Date | undefined {
  return seconds === undefined || seconds > LAST_SECOND ? undefined : new Date(seconds * 1000);
}

function malformedTimestamp(value: Buffer): BadTimeSignature {
  return new BadTimeSignature('signed value: malformed timestamp', value);
}

function checkMaxAge(maxAge: unknown): void {
  if (maxAge === undefined || maxAge === null) return;
  // NaN and texts would compare as never too old.
  if (typeof maxAge === 'number' && !Number.isNaN(maxAge)) return;
  throw new ArgumentError('maxAge', 'expected a number of seconds');
}

/** Why a signature of this age is refused, if it is. */
function ageError(age: number, maxAge: number | null | undefined): string | undefined {
  if (maxAge === undefined || maxAge === null) return undefined;
  if (age > maxAge) return `signed value: age ${age} > ${maxAge} seconds`;
  return age < 0 ? `signed value: age ${age} < 0 seconds` : undefined;
}
