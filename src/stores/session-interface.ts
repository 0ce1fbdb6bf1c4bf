/**
 * The session interface for a Flask app's configuration: SESSION_TYPE says where sessions are kept.
 * Python: `flask_session.Session._get_interface`, 0.8.0.
 *
 * @module
 */

import { ConfigError } from '../errors.js';
import { FileSystemCache } from '../python/cachelib/index.js';
import { resolveConfig } from '../python/flask/index.js';
import type { FlaskConfig, ResolvedConfig } from '../python/flask/index.js';
import { ServerSideSessionInterface } from '../session/interface.js';
import type { SessionOptions } from '../session/options.js';
import type { SessionStore } from '../session/store.js';
import { FileSystemStore } from './filesystem.js';
import { RedisStore } from './redis.js';

export class SessionInterface extends ServerSideSessionInterface {
  /** @throws {@link ConfigError} for a setting or an option that cannot work */
  constructor(config: FlaskConfig, options: SessionOptions = {}) {
    const resolved = resolveConfig(config);
    super(withStoresFormat(resolved), options.store ?? openStore(resolved, options), options);
  }
}

function openStore(config: ResolvedConfig, options: SessionOptions): SessionStore {
  switch (config.SESSION_TYPE ?? (config.SESSION_REDIS && 'redis')) {
    case 'redis':
      if (config.SESSION_REDIS === undefined) {
        throw new ConfigError('SESSION_REDIS', 'must be a Redis client when SESSION_TYPE is redis');
      }
      return new RedisStore(config.SESSION_REDIS, { keyPrefix: config.SESSION_KEY_PREFIX });
    case 'filesystem':
      return new FileSystemStore(
        new FileSystemCache(config.SESSION_FILE_DIR, {
          threshold: config.SESSION_FILE_THRESHOLD,
          mode: config.SESSION_FILE_MODE,
        }),
        options.limits,
      );
    case 'cachelib':
      return new FileSystemStore(cachelibOf(config), options.limits);
    case undefined:
      throw new ConfigError('SESSION_TYPE', "must be set, such as 'redis'");
  }
}

/** As Flask-Session 0.8, a directory in the current one when nothing is given. */
function cachelibOf({ SESSION_CACHELIB: cache }: ResolvedConfig): FileSystemCache {
  if (cache === undefined) return new FileSystemCache('flask_session');
  if (cache instanceof FileSystemCache) return cache;
  throw new ConfigError('SESSION_CACHELIB', 'must be a FileSystemCache; no other cache is shared');
}

/** cachelib pickles what it is given: Flask-Session's setting has no effect there. */
function withStoresFormat(config: ResolvedConfig): ResolvedConfig {
  if (config.SESSION_TYPE !== 'filesystem' && config.SESSION_TYPE !== 'cachelib') return config;
  return { ...config, SESSION_SERIALIZATION_FORMAT: 'pickle' };
}
