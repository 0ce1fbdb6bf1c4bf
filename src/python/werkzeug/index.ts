/**
 * The parts of Werkzeug that a shared login needs.
 * Python: `werkzeug`, 3.1.9. Differences: ./PORT.md
 *
 * @module
 */

export { deleteCookie, dumpCookie, parseCookie } from './cookie.js';
export type { DeleteCookieOptions, DumpCookieOptions } from './cookie.js';
export { httpDate } from './http-date.js';
export { checkPasswordHash, generatePasswordHash, needsRehash } from './password-hash.js';
