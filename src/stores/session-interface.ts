/**
 * The session interface for a Flask app's configuration: SESSION_TYPE says where sessions are kept.
 * Python: `flask_session.Session._get_interface`, 0.8.0.
 *
 * @module
 */

import { ConfigError } from '../errors.js';
import { resolveConfig } from '../python/flask/index.js';
import type { FlaskConfig, ResolvedConfig } from '../python/flask/index.js';
import { ServerSideSessionInterface } from '../session/interface.js';
import type { SessionOptions } from '../session/options.js';
import type { SessionStore } from '../session/store.js';
import { RedisStore } from './redis.js';

export class SessionInterface extends ServerSideSessionInterface {
  /** @throws {@link ConfigError} for a setting or an option that cannot work */
  constructor(config: FlaskConfig, options: SessionOptions = {}) {
    const resolved = resolveConfig(config);
    super(resolved, options.store ?? openStore(resolved), options);
  }
}

function openStore(config: ResolvedConfig): SessionStore {
  switch (config.SESSION_TYPE ?? (config.SESSION_REDIS && 'redis')) {
    case 'redis':
      if (config.SESSION_REDIS === undefined) {
        throw new ConfigError('SESSION_REDIS', 'must be a Redis client when SESSION_TYPE is redis');
      }
      return new RedisStore(config.SESSION_REDIS, { keyPrefix: config.SESSION_KEY_PREFIX });
    case undefined:
      throw new ConfigError('SESSION_TYPE', "must be set, such as 'redis'");
    default:
      throw new ConfigError('SESSION_TYPE', `has no store here; give one by the option store`);
  }
}
