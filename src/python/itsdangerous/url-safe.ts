/**
 * Serializers whose texts fit into a URL or a cookie as they are.
 * Python: `itsdangerous.url_safe`, 2.2.0. Differences: ./PORT.md
 *
 * @module
 */

import { BadPayload } from '../../errors.js';
import * as json from '../json/index.js';
import { compress, decompress } from '../zlib/index.js';
import { base64Decode, base64Encode } from './encoding.js';
import { Serializer } from './serializer.js';
import type { DataSerializer, SerializerOptions } from './serializer.js';
import type { SecretKey } from './signer.js';
import { TimedSerializer } from './timed.js';

/** The options of a serializer, and a limit that Python does not have. */
export interface URLSafeSerializerOptions<
  Data extends string | Uint8Array = string,
> extends SerializerOptions<Data> {
  /** Bytes that a compressed payload may grow to. @defaultValue `16_777_216` (16 MiB) */
  maxPayloadBytes?: number | undefined;
}

/** A serializer for URLs. Python: `URLSafeSerializer`. */
export class URLSafeSerializer<Data extends string | Uint8Array = string> extends Serializer<Data> {
  readonly maxPayloadBytes: number;

  constructor(secretKey: SecretKey, options: URLSafeSerializerOptions<Data> = {}) {
    super(secretKey, options);
    this.maxPayloadBytes = options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES;
  }

  override dumpPayload(value: unknown): Buffer {
    return pack(super.dumpPayload(value));
  }

  override loadPayload(payload: Buffer): unknown {
    return super.loadPayload(unpack(payload, this.maxPayloadBytes));
  }

  protected override get defaultSerializer(): DataSerializer<string> {
    return compactJson;
  }
}

/** A serializer for URLs whose texts can expire. Python: `URLSafeTimedSerializer`. */
export class URLSafeTimedSerializer<
  Data extends string | Uint8Array = string,
> extends TimedSerializer<Data> {
  readonly maxPayloadBytes: number;

  constructor(secretKey: SecretKey, options: URLSafeSerializerOptions<Data> = {}) {
    super(secretKey, options);
    this.maxPayloadBytes = options.maxPayloadBytes ?? MAX_PAYLOAD_BYTES;
  }

  override dumpPayload(value: unknown): Buffer {
    return pack(super.dumpPayload(value));
  }

  override loadPayload(payload: Buffer): unknown {
    return super.loadPayload(unpack(payload, this.maxPayloadBytes));
  }

  protected override get defaultSerializer(): DataSerializer<string> {
    return compactJson;
  }
}

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** JSON without blanks, and with characters outside ASCII as they are. Python: `_CompactJSON`. */
const compactJson: DataSerializer<string> = {
  dumps: (value, options = {}) =>
    json.dumps(value, {
      ...options,
      ensureAscii: options.ensureAscii ?? false,
      separators: options.separators ?? [',', ':'],
    }),
  loads: json.loads,
};

/** Stands before base64 that holds compressed data. */
const COMPRESSED = 0x2e;

function pack(data: Buffer): Buffer {
  const compressed = compress(data);
  // One byte less would be used up by the mark.
  if (compressed.length < data.length - 1) return Buffer.from(`.${base64Encode(compressed)}`);
  return Buffer.from(base64Encode(data));
}

/** @throws BadPayload when it is no base64 or no zlib, or grows beyond `maxBytes`. */
function unpack(payload: Buffer, maxBytes: number): Buffer {
  const isCompressed = payload[0] === COMPRESSED;
  try {
    const data = base64Decode(isCompressed ? payload.subarray(1) : payload);
    return isCompressed ? decompress(data, maxBytes) : data;
  } catch (error) {
    throw new BadPayload('payload: cannot be unpacked', error);
  }
}
