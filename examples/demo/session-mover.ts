/**
 * Takes a browser's session along when the browser changes to other settings: the same data in the
 * other format, under a new id, as in a migration from pickle to MessagePack.
 *
 * @module
 */

import { SessionInterface } from 'flask-session-bridge';
import type { Redis } from 'ioredis';

// The data goes from one format to the other as it was read, without becoming a session of its own.
import { readPayload, writePayload } from '../../src/session/serializers.js';
import type { RedisServer } from '../../tools/redis-server.js';
import { connectToRedis } from './redis.js';
import { settingsFor } from './variants.js';
import type { Variant } from './variants.js';

export class SessionMover {
  readonly #server: RedisServer;
  readonly #redis: Redis;

  constructor(server: RedisServer) {
    this.#server = server;
    this.#redis = connectToRedis(server.url, 'switch');
  }

  /**
   * Moves the session under a key to another variant's settings. Gives the Set-Cookie line for it,
   * or `undefined` when there is nothing to move.
   */
  async move(key: string, to: Variant): Promise<string | undefined> {
    const bytes = await this.#redis.getBuffer(key);
    if (!bytes) return undefined;
    const { data } = readPayload(bytes);
    const sessions = new SessionInterface(
      { ...settingsFor(to, this.#server), SESSION_REDIS: this.#redis },
      {
        serializer: {
          loads: (stored) => readPayload(stored).data,
          // Whatever stands in the new session: only data as it was read still knows its floats.
          dumps: () => writePayload(data, to.format),
        },
      },
    );
    const session = await sessions.openSession();
    Object.assign(session, data);
    const { setCookie } = await sessions.saveSession(session);
    await this.#redis.del(key);
    return setCookie;
  }

  close(): void {
    this.#redis.disconnect();
  }
}
