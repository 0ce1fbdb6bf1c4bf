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
