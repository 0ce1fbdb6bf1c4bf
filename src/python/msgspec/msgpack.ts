/**
 * MessagePack. Python: `msgspec.msgpack`.
 *
 * @module
 */

export { decode } from './msgpack-decode.js';
export { encode } from './msgpack-encode.js';
export { Ext } from './ext.js';
