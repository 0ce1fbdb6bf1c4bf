/**
 * MessagePack and JSON as Flask-Session 0.7 and later write and read them. Python: `msgspec`.
 *
 * @module
 */

export * as msgpack from './msgpack.js';
export * as json from './json.js';
export { Ext } from './ext.js';
export type { DecodeOptions, EncodeOptions, MsgspecLimits } from './limits.js';
export { DecodeError, EncodeError } from '../../errors.js';
