/**
 * JSON as Python writes and reads it.
 * Python: `json`, CPython 3.11. Differences: ./PORT.md
 *
 * @module
 */

export { dumps } from './dumps.js';
export type { JsonDumpsOptions } from './dumps.js';
export { loads } from './loads.js';
