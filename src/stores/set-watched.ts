/**
 * The conditional write by WATCH and MULTI, for servers without a conditional SET on which scripts
 * are forbidden: two trips, and one write at a time. On a Cluster, each node is asked in turn until
 * one has the key.
 *
 * @module
 */

import { SessionStoreError } from '../errors.js';
import type { SetOutcome } from '../session/store.js';
import type { ConditionalWrite } from './compare-and-set.js';
import type { OwnConnection, RedisConnection, RedisNode } from './redis-client.js';
import { messageOf, toBytes } from './redis-replies.js';

export class WatchedSetter {
  readonly #connection: RedisConnection;
  /** By the node's address. */
  readonly #own = new Map<string, OwnConnection>();
  /** The write under way. What a connection watches is the connection's, not a command's. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** @throws {@link SessionStoreError} when the client opens no connection for it */
  set(write: ConditionalWrite): Promise<SetOutcome> {
    const turn = this.#last.then(() => this.#set(write));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #set(write: ConditionalWrite): Promise<SetOutcome> {
    let failure: Error | undefined;
    for (const node of this.#connection.nodes()) {
      try {
        const outcome = await this.#setOn(node, write);
        if (outcome !== 'elsewhere') return outcome;
      } catch (error) {
        // The key may be on another node; if not, the others say so.
        failure ??= error as Error;
      }
    }
    throw failure ?? new SessionStoreError('set', 'no node of the Cluster has the key');
  }

  async #setOn(node: RedisNode, write: ConditionalWrite): Promise<SetOutcome | 'elsewhere'> {
    const own = this.#own.get(node.address) ?? (await openOwn(node));
    this.#own.set(node.address, own);
    try {
      return await setWatched(own, write);
    } catch (error) {
      if (messageOf(error).startsWith('MOVED')) return 'elsewhere';
      // Whatever it watches by now, or has queued, ends with it.
      this.#own.delete(node.address);
      own.close();
      throw error;
    }
  }
}

async function openOwn(node: RedisNode): Promise<OwnConnection> {
  const own = await node.openOwn();
  if (own) return own;
  throw new SessionStoreError('set', 'scripts are forbidden, and the client cannot WATCH');
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
