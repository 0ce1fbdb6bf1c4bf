export { checkConfig, resolveConfig } from './config.js';
export type { FlaskConfig, ResolvedConfig, SessionCookie } from './config.js';
export type { TimeDelta } from './lifetime.js';
export type {
  FlaskSessionSettings,
  FlaskSettings,
  SameSite,
  Secret,
  SerializationFormat,
  SessionType,
} from './settings.js';
export { flaskCookieSession } from './cookie-session.js';
export { flash, getFlashedMessages } from './flash.js';
export type { FlashedMessage, FlashedMessagesOptions } from './flash.js';
export { htmlOf, markup } from './markup.js';
export type { Middleware, Next, ResponseLike } from './middleware.js';
export type { RequestLike, SessionRequest } from './request.js';
export { getSigningSerializer, SecureCookieSessionInterface } from './secure-cookie.js';
export type { SecureCookieResult, SecureCookieSession } from './secure-cookie.js';
export type { SessionLike } from './session-like.js';
export { TaggedJSONSerializer } from './tagged-json.js';
