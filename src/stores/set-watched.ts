/**
 * The conditional write by WATCH and MULTI, for servers without a conditional SET on which scripts
 * are forbidden: two trips, and one write at a time.
 *
 * @module
 */

import { SessionStoreError } from '../errors.js';
import type { SetOutcome } from '../session/store.js';
import type { ConditionalWrite } from './compare-and-set.js';
import type { OwnConnection, RedisConnection } from './redis-client.js';
import { toBytes } from './redis-replies.js';

export class WatchedSetter {
  readonly #connection: RedisConnection;
  #own: OwnConnection | undefined;
  /** The write under way. What a connection watches is the connection's, not a command's. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** @throws {@link SessionStoreError} on a Cluster, where a connection of one's own is many */
  set(write: ConditionalWrite): Promise<SetOutcome> {
    const turn = this.#last.then(() => this.#set(write));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #set(write: ConditionalWrite): Promise<SetOutcome> {
    const own = (this.#own ??= this.#openOwn());
    try {
      return await setWatched(own, write);
    } catch (error) {
      // Whatever it watches by now, or has queued, ends with it.
      this.#own = undefined;
      own.close();
      throw error;
    }
  }

  #openOwn(): OwnConnection {
    const own = this.#connection.openOwn?.();
    if (own) return own;
    throw new SessionStoreError(
      'set',
      'scripts are forbidden, and a Cluster has no WATCH for them',
    );
  }
}

async function setWatched(
  own: OwnConnection,
  { key, expected, bytes, ttlSeconds }: ConditionalWrite,
): Promise<SetOutcome> {
  const [, reply] = await Promise.all([own.send(['WATCH', key]), own.send(['GET', key])]);
  const current = toBytes(reply);
  if (current === null || Buffer.compare(current, expected) !== 0) {
    await own.send(['UNWATCH']);
    return { stored: false, current };
  }
  const replies = await Promise.all([
    own.send(['MULTI']),
    own.send(['SET', key, bytes, 'EX', String(ttlSeconds)]),
    own.send(['EXEC']),
  ]);
  if (replies[2] !== null) return { stored: true };
  return { stored: false, current: toBytes(await own.send(['GET', key])) };
}
