/**
 * A session's stored bytes, line by line, in whichever format they are.
 *
 * @module
 */

import type { SerializationFormat } from 'flask-session-bridge';

import { dumpJson } from './dump-json.js';
import type { DumpLine } from './dump-line.js';
import { dumpMsgpack } from './dump-msgpack.js';
import { dumpPickle } from './dump-pickle.js';

const DUMPS: Readonly<Record<SerializationFormat, (bytes: Uint8Array) => DumpLine[]>> = {
  pickle: dumpPickle,
  msgpack: dumpMsgpack,
  json: dumpJson,
};

/** Every byte is in one line. The bytes must be valid. */
export function dumpSession(bytes: Uint8Array, format: SerializationFormat): DumpLine[] {
  return DUMPS[format](bytes);
}
