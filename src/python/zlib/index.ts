/**
 * zlib's format (RFC 1950), in the very bytes that Python writes.
 * Python: `zlib`, CPython 3.11 with zlib 1.2.13. Differences: ./PORT.md
 *
 * @module
 */

export { compress, decompress } from './zlib.js';
