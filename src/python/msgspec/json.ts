/**
 * JSON. Python: `msgspec.json`.
 *
 * @module
 */

export { decode } from './json-decode.js';
export { encode } from './json-encode.js';
