/**
 * The forms that a stored session has: pickle (every Flask-Session release), MessagePack and JSON
 * (0.7 and later). Which one wrote given bytes, reading any of them, writing one.
 * Python: `flask_session.base.MsgSpecSerializer`, 0.8.0, which tries its decoders in the order
 * MessagePack, JSON, pickle; here the first byte decides, and for every session the same way.
 *
 * @module
 */

import { BridgeError, SessionDecodeError, SessionEncodeError } from '../errors.js';
import { json, msgpack } from '../python/msgspec/index.js';
import { dumps, loads } from '../python/pickle/index.js';
import type { ClassRegistry, PickleLimits, PickleProtocol } from '../python/pickle/index.js';

/** What a stored session is written in. */
export type SerializationFormat = 'pickle' | 'msgpack' | 'json';

/** A codec of the application's own, in place of all three formats. */
export interface SessionSerializer {
  /** Gives the dict that the bytes hold; throws when they hold none. */
  loads(bytes: Uint8Array): unknown;
  dumps(value: unknown): Uint8Array;
}

/** What a codec gives for a dict: an object when every key is a str, else a Map. */
export type SessionDict = Record<string, unknown> | Map<unknown, unknown>;

/** How sessions are read and written. */
export interface PayloadOptions {
  /** @defaultValue `4` */
  readonly pickleProtocol?: PickleProtocol;
  /** Bounds on what is decoded; `maxDepth` also on what is encoded. */
  readonly limits?: Partial<PickleLimits>;
  /** Python classes that pickled sessions hold. */
  readonly classes?: ClassRegistry;
  /** Reads and writes every session, when given. */
  readonly serializer?: SessionSerializer;
}

/** A stored session, decoded. */
export interface Payload {
  /** `custom` where the application's own serializer read it. */
  readonly format: SerializationFormat | 'custom';
  readonly data: SessionDict;
}

/**
 * Says which format wrote these bytes, or `undefined` when none did. Mostly the first byte settles
 * it, and then the rest may still be damaged; otherwise it is the first format that reads all of it
 * as a dict.
 */
export function recogniseFormat(bytes: Uint8Array): SerializationFormat | undefined {
  const candidates = candidatesFor(bytes);
  if (candidates.length === 1) return candidates[0];
  return candidates.find((format) => {
    try {
      return isDict(decode(bytes, format, {}));
    } catch {
      return false;
    }
  });
}

/**
 * Decodes a stored session, whichever format it is in.
 *
 * @throws {@link SessionDecodeError} when the bytes are in no format, damaged, above the limits, or
 *   hold something other than a dict; `cause` is the codec's error
 */
export function readPayload(bytes: Uint8Array, options: PayloadOptions = {}): Payload {
  if (options.serializer) return { format: 'custom', data: readCustom(bytes, options.serializer) };
  const reasons: string[] = [];
  let cause: unknown;
  for (const format of candidatesFor(bytes)) {
    try {
      const data = decode(bytes, format, options);
      if (isDict(data)) return { format, data };
      reasons.push(`${format} of something other than a dict`);
    } catch (error) {
      reasons.push(describe(error));
      cause ??= error;
    }
  }
  throw new SessionDecodeError(reasons.join('; ') || 'there are none', causeOf(cause));
}

/**
 * Encodes a session's dict.
 *
 * @throws {@link SessionEncodeError} for a value that the format cannot hold: the message says where
 *   it is, `cause` is the codec's error
 */
export function writePayload(
  data: SessionDict,
  format: SerializationFormat | 'custom',
  options: PayloadOptions = {},
): Uint8Array {
  if (format === 'custom' && !options.serializer) {
    throw new SessionEncodeError('it was read by a serializer that is no longer set');
  }
  try {
    return encode(data, format, options);
  } catch (error) {
    throw new SessionEncodeError(describe(error), causeOf(error));
  }
}

const PICKLE = ['pickle'] as const;
const MSGPACK = ['msgpack'] as const;
const JSON_TEXT = ['json'] as const;
/** In Flask-Session's order. */
const MSGPACK_OR_PICKLE = ['msgpack', 'pickle'] as const;

/**
 * The formats that may have written the bytes, by the first of them.
 *
 * 0x80 opens a pickle of protocol 2 and later, and alone is MessagePack's empty map. MessagePack's
 * maps of 1 to 15 entries open with 0x81 to 0x8f, which as pickle opcodes (NEWTRUE, LONG1 ...) only
 * a pickle made by hand opens with. In pickles of protocols 0 and 1 a dict opens with `(` or `}`, an
 * object with `c`. All of those below 0x80, and JSON's `{`, are whole integers in MessagePack, so
 * the bytes after them would be left over.
 */
function candidatesFor(bytes: Uint8Array): readonly SerializationFormat[] {
  switch (bytes[0]) {
    case undefined:
      return [];
    case 0x80:
      return bytes.length === 1 ? MSGPACK : PICKLE;
    case 0x28: // (
    case 0x7d: // }
    case 0x63: // c
      return PICKLE;
    case 0x7b: // {
    case 0x20: // and the white space that JSON allows before it
    case 0x09:
    case 0x0a:
    case 0x0d:
      return JSON_TEXT;
    case 0xde: // map 16
    case 0xdf: // map 32
      return MSGPACK;
    default:
      return MSGPACK_OR_PICKLE;
  }
}

function decode(bytes: Uint8Array, format: SerializationFormat, options: PayloadOptions): unknown {
  switch (format) {
    case 'pickle':
      return loads(bytes, options);
    case 'msgpack':
      return msgpack.decode(bytes, options);
    case 'json':
      return json.decode(bytes, options);
  }
}

/** Whether a decoded value was a dict: every other Python value has a class of its own, or none. */
function isDict(value: unknown): value is SessionDict {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;
}

function readCustom(bytes: Uint8Array, serializer: SessionSerializer): SessionDict {
  let value: unknown;
  try {
    value = serializer.loads(bytes);
  } catch (error) {
    throw new SessionDecodeError(describe(error), causeOf(error));
  }
  if (isDict(value)) return value;
  throw new SessionDecodeError('the serializer gave no dict');
}

function encode(
  data: SessionDict,
  format: SerializationFormat | 'custom',
  options: PayloadOptions,
): Uint8Array {
  if (options.serializer) return options.serializer.dumps(data);
  const { limits, classes, pickleProtocol: protocol = 4 } = options;
  if (format === 'pickle') return dumps(data, { protocol, limits, classes, root: 'session' });
  return (format === 'msgpack' ? msgpack : json).encode(data, { limits, root: 'session' });
}

/** A codec's error in words. Of an error that is not ours only the name: it may quote the data. */
function describe(error: unknown): string {
  if (error instanceof BridgeError) return error.message;
  return `the serializer failed: ${error instanceof Error ? error.name : typeof error}`;
}

/** Our own error, for `cause`. Others are dropped: they may quote the data (as JSON.parse's do). */
function causeOf(error: unknown): ErrorOptions | undefined {
  return error instanceof BridgeError ? { cause: error } : undefined;
}
