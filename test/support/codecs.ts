/** The codecs of the three formats under one name, as the session layer uses them. */

import { json, msgpack } from '../../src/python/msgspec/index.js';
import { dumps, loads } from '../../src/python/pickle/index.js';
import type { SerializationFormat } from '../../src/index.js';

export function decode(format: SerializationFormat, bytes: Uint8Array): unknown {
  if (format === 'pickle') return loads(bytes);
  return format === 'msgpack' ? msgpack.decode(bytes) : json.decode(bytes);
}

export function encode(
  format: SerializationFormat,
  value: unknown,
  protocol: 0 | 1 | 2 | 3 | 4 | 5 = 4,
): Uint8Array {
  if (format === 'pickle') return dumps(value, { protocol });
  return format === 'msgpack' ? msgpack.encode(value) : json.encode(value);
}
