/**
 * Signed texts and cookies, to and from Python.
 * Python: `itsdangerous`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

export {
  BadData,
  BadHeader,
  BadPayload,
  BadSignature,
  BadTimeSignature,
  SignatureExpired,
} from '../../errors.js';
export { HMACAlgorithm, NoneAlgorithm } from './algorithm.js';
export type { DigestMethod, SigningAlgorithm } from './algorithm.js';
export { base64Decode, base64Encode, wantBytes } from './encoding.js';
export { Serializer } from './serializer.js';
export type {
  DataSerializer,
  FallbackSigner,
  LoadsOptions,
  SaltlessSignerOptions,
  SerializerOptions,
  Signed,
  SignerClass,
} from './serializer.js';
export { Signer } from './signer.js';
export type { KeyDerivation, SecretKey, SignerOptions } from './signer.js';
export { TimedSerializer, TimestampSigner } from './timed.js';
export type { TimedLoadsOptions, UnsignOptions } from './timed.js';
export { URLSafeSerializer, URLSafeTimedSerializer } from './url-safe.js';
export type { URLSafeSerializerOptions } from './url-safe.js';
