export { flaskSession } from './frameworks/express/index.js';
export type { FlaskSessionMiddleware } from './frameworks/express/index.js';

export { SessionInterface } from './stores/session-interface.js';
export { RedisStore } from './stores/redis.js';
export type { RedisStoreOptions } from './stores/redis.js';
export { FileSystemStore } from './stores/filesystem.js';
export type { FileSystemStoreOptions } from './stores/filesystem.js';

export { sessionOf } from './session/interface.js';
export type { SessionOptions } from './session/options.js';
export type {
  DoneCallback,
  SaveResult,
  Session,
  SessionActions,
  SessionData,
  SessionHandle,
} from './session/session.js';
export type { SessionStore, SetOutcome } from './session/store.js';
export type { SerializationFormat, SessionSerializer } from './session/serializers.js';
export type { Conflict, ConflictRule } from './session/merge.js';
export type { DropEvent, ErrorEvent, OpenEvent, SaveEvent } from './session/events.js';

export type { FlaskConfig } from './python/flask/index.js';
export { FileSystemCache } from './python/cachelib/index.js';
export type { FileSystemCacheOptions, HashMethod } from './python/cachelib/index.js';

export {
  ArgumentError,
  BridgeError,
  ConfigError,
  SessionConflictError,
  SessionDecodeError,
  SessionEncodeError,
  SessionHeadersSentError,
  SessionStoreError,
  SessionUseError,
} from './errors.js';
