/**
 * Signed texts that hold a value, in JSON unless told otherwise.
 * Python: `itsdangerous.serializer`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

import { BadPayload, BadSignature } from '../../errors.js';
import * as json from '../json/index.js';
import type { JsonDumpsOptions } from '../json/index.js';
import { decodeUtf8, encodeUtf8 } from '../utf8.js';
import { wantBytes } from './encoding.js';
import { makeKeysList, newest, signedBytes, Signer } from './signer.js';
import type { SecretKey, SignerOptions } from './signer.js';

/** Turns values into text or bytes and back, as Python's `json` or `pickle` modules do. */
export interface DataSerializer<Data extends string | Uint8Array> {
  dumps(value: unknown, options?: JsonDumpsOptions): Data;
  loads(data: Data): unknown;
}

/** A `Signer` class, or one derived from it. */
export type SignerClass = new (secretKey: SecretKey, options?: SignerOptions) => Signer;

/** What makes signers for all keys and salts: their options but for the salt. */
export type SaltlessSignerOptions = Omit<SignerOptions, 'salt'>;

/** Another way in which a text may be signed: other options, another class, or both. */
export type FallbackSigner =
  | SaltlessSignerOptions
  | SignerClass
  | readonly [signer: SignerClass, options: SaltlessSignerOptions];

/** The keyword arguments of Python's `Serializer`, with its defaults. */
export interface SerializerOptions<Data extends string | Uint8Array = string> {
  /** `null` leaves it to the signer. @defaultValue `'itsdangerous'` */
  salt?: string | Uint8Array | null | undefined;
  /** @defaultValue Python's `json`; for the URL-safe classes JSON without blanks */
  serializer?: DataSerializer<Data> | undefined;
  /** Given to `serializer.dumps`. */
  serializerOptions?: JsonDumpsOptions | undefined;
  /** @defaultValue `Signer`; for the timed classes `TimestampSigner` */
  signer?: SignerClass | undefined;
  signerOptions?: SaltlessSignerOptions | undefined;
  /** Tried in turn, with every key, where the signer does not take a text. @defaultValue none */
  fallbackSigners?: readonly FallbackSigner[] | undefined;
}

/** Options of `loads`. */
export interface LoadsOptions {
  /** Instead of the serializer's own. */
  salt?: string | Uint8Array | null | undefined;
}

/** A text for a serializer that writes text, and bytes for one that writes bytes. */
export type Signed<Data extends string | Uint8Array> = Data extends string ? string : Buffer;

/** Signs values and reads signed values. Python: `Serializer`. */
export class Serializer<Data extends string | Uint8Array = string> {
  /** From oldest to newest. */
  readonly secretKeys: readonly Buffer[];
  readonly salt: Buffer | null;
  readonly serializer: DataSerializer<Data>;
  readonly serializerOptions: JsonDumpsOptions;
  /** Whether the serializer writes text rather than bytes. */
  readonly isTextSerializer: boolean;
  readonly signer: SignerClass;
  readonly signerOptions: SaltlessSignerOptions;
  readonly fallbackSigners: readonly FallbackSigner[];

  /** @throws ConfigError for keys or options that no signer takes. */
  constructor(secretKey: SecretKey, options: SerializerOptions<Data> = {}) {
    const { salt = 'itsdangerous', serializer, signer } = options;
    this.secretKeys = makeKeysList(secretKey);
    this.salt = salt === null ? null : wantBytes(salt);
    this.serializer = serializer ?? (this.defaultSerializer as DataSerializer<Data>);
    this.serializerOptions = options.serializerOptions ?? {};
    this.isTextSerializer = typeof this.serializer.dumps({}) === 'string';
    this.signer = signer ?? this.defaultSigner;
    this.signerOptions = options.signerOptions ?? {};
    this.fallbackSigners = options.fallbackSigners ?? [];
    // Options that no signer takes are an error now, not with the first text.
    Array.from(this.iterUnsigners());
  }

  /** The newest key, which signs. Python: `Serializer.secret_key`. */
  get secretKey(): Buffer {
    return newest(this.secretKeys);
  }

  /** The signer for a salt. Python: `Serializer.make_signer`. */
  makeSigner(salt?: string | Uint8Array | null): Signer {
    return new this.signer(this.secretKeys, { ...this.signerOptions, salt: salt ?? this.salt });
  }

  /** The signer, then the fallback signers with each key. Python: `Serializer.iter_unsigners`. */
  *iterUnsigners(salt?: string | Uint8Array | null): Generator<Signer> {
    yield this.makeSigner(salt);
    for (const fallback of this.fallbackSigners) {
      const [signer, options] = this.#classAndOptions(fallback);
      for (const secretKey of this.secretKeys) {
        yield new signer(secretKey, { ...options, salt: salt ?? this.salt });
      }
    }
  }

  /**
   * A signed text that holds the value. Python: `Serializer.dumps`.
   *
   * @throws ArgumentError when the value has no JSON form; else what `serializer.dumps` throws.
   */
  dumps(value: unknown, salt?: string | Uint8Array | null): Signed<Data> {
    const signed = this.makeSigner(salt).sign(this.dumpPayload(value));
    return (this.isTextSerializer ? signed.toString('utf8') : signed) as Signed<Data>;
  }

  /**
   * The value in a signed text. Python: `Serializer.loads`.
   *
   * @throws BadSignature when the signature is missing, malformed or wrong; BadPayload when it is
   * right, but what was signed cannot be read.
   */
  loads(signedValue: string | Uint8Array, options: LoadsOptions = {}): unknown {
    const bytes = signedBytes(signedValue);
    return firstAccepted(this.iterUnsigners(options.salt), (signer) =>
      this.loadPayload(signer.unsign(bytes)),
    );
  }

  /**
   * Whether the signature is right, and the value in any case, or null where it cannot be read.
   * Nobody vouches for it: for debugging. Python: `Serializer.loads_unsafe`.
   *
   * @throws BadPayload when the signature is right, but what was signed cannot be read.
   */
  loadsUnsafe(
    signedValue: string | Uint8Array,
    options: LoadsOptions = {},
  ): [signatureValid: boolean, payload: unknown] {
    try {
      return [true, this.loads(signedValue, options)];
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
      return [false, this.#loadUnverified(error.payload)];
    }
  }

  /** The bytes to sign for a value. Python: `Serializer.dump_payload`. */
  dumpPayload(value: unknown): Buffer {
    const data = this.serializer.dumps(value, this.serializerOptions);
    return typeof data === 'string' ? encodeUtf8(data, 'value') : wantBytes(data);
  }

  /**
   * The value for the bytes that were signed. Python: `Serializer.load_payload`.
   *
   * @throws BadPayload, with what `serializer.loads` threw as its `originalError`.
   */
  loadPayload(payload: Buffer): unknown {
    const data = this.isTextSerializer ? decodeUtf8(payload) : payload;
    if (data === undefined) throw new BadPayload('payload: is no UTF-8');
    try {
      return this.serializer.loads(data as Data);
    } catch (error) {
      throw new BadPayload('payload: cannot be read', error);
    }
  }

  protected get defaultSerializer(): DataSerializer<string> {
    return json;
  }

  protected get defaultSigner(): SignerClass {
    return Signer;
  }

  #classAndOptions(fallback: FallbackSigner): readonly [SignerClass, SaltlessSignerOptions] {
    if (typeof fallback === 'function') return [fallback, this.signerOptions];
    return isPair(fallback) ? fallback : [this.signer, fallback];
  }

  #loadUnverified(payload: Buffer | undefined): unknown {
    if (payload === undefined) return null;
    try {
      return this.loadPayload(payload);
    } catch (error) {
      if (error instanceof BadPayload) return null;
      throw error;
    }
  }
}

/**
 * What `read` returns for the first signer that takes the text.
 *
 * @throws What it threw for the last signer when none takes it; at once what `isFinal` marks, and
 * everything but BadSignature.
 */
export function firstAccepted<AnySigner extends Signer, Value>(
  signers: Iterable<AnySigner>,
  read: (signer: AnySigner) => Value,
  isFinal: (error: BadSignature) => boolean = () => false,
): Value {
  let last: BadSignature | undefined;
  for (const signer of signers) {
    try {
      return read(signer);
    } catch (error) {
      if (!(error instanceof BadSignature) || isFinal(error)) throw error;
      last = error;
    }
  }
  throw last ?? new BadSignature('signed value: no signer to try');
}

// Array.isArray does not tell a readonly pair from an object.
function isPair(
  fallback: SaltlessSignerOptions | readonly [SignerClass, SaltlessSignerOptions],
): fallback is readonly [SignerClass, SaltlessSignerOptions] {
  return Array.isArray(fallback);
}
