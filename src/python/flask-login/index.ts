export { resolveLoginConfig } from './config.js';
export type { LoginConfig, RememberCookie } from './config.js';
export type { FlaskLoginSettings } from './settings.js';
export { createIdentifier } from './identifier.js';
export type { IdentifierOptions } from './identifier.js';
export { confirmLogin, currentUserId, isFresh, loginUser, logoutUser } from './login.js';
export type { LoginUserOptions } from './login.js';
export { freshLoginRequired, loginRequired } from './login-required.js';
export type { LoginRequiredOptions } from './login-required.js';
export { loginUrl, makeNextParam } from './login-url.js';
export { flaskLogin } from './middleware.js';
export { sessionProtectionFailed } from './protection.js';
export {
  decodeCookie,
  encodeCookie,
  loginFromRememberCookie,
  loginRemembered,
  updateRememberCookie,
} from './remember.js';
export type { Middleware, Next, ResponseLike } from '../flask/middleware.js';
export type { RequestLike, SessionRequest } from '../flask/request.js';
export { LoginRequiredError } from '../../errors.js';
