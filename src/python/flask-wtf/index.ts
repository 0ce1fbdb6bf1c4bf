export { resolveCsrfConfig } from './config.js';
export type { CsrfConfig } from './config.js';
export { csrfMetaTag, generateCsrf, validateCsrf } from './csrf.js';
export { csrfProtect } from './csrf-protect.js';
export type { CsrfProtect, CsrfProtectOptions, FormRequest } from './csrf-protect.js';
export { sameOrigin } from './same-origin.js';
export type { FlaskWtfSettings } from './settings.js';
export { CSRFError } from '../../errors.js';
