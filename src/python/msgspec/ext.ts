/**
 * MessagePack's extension type. Python: `msgspec.msgpack.Ext`.
 *
 * @module
 */

import { ArgumentError } from '../../errors.js';

/** Bytes with a type code that only the application understands. Python: `msgspec.msgpack.Ext`. */
export class Ext {
  /** From -128 to 127; -1 is MessagePack's timestamp, which is read as a datetime. */
  readonly code: number;
  readonly data: Uint8Array;

  /** @throws ArgumentError when `code` is no integer from -128 to 127 */
  constructor(code: number, data: Uint8Array) {
    if (!Number.isInteger(code) || code < -128 || code > 127) {
      throw new ArgumentError('code', 'must be an integer from -128 to 127');
    }
    this.code = code;
    this.data = data;
  }
}
