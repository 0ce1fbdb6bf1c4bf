/**
 * What the two apps do to sessions in Redis, as Redis itself reports it (MONITOR).
 *
 * @module
 */

import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

import type { Redis } from 'ioredis';

import { SetupError } from '../../tools/setup.mjs';
import { connectToRedis } from './redis.js';

/** Names of connections: one for each app, and one for a session that is taken along. */
const APP_NAMES = ['flask', 'express', 'switch'] as const;

export type AppName = (typeof APP_NAMES)[number];

/** One command that an app sent for one key. */
export interface Activity {
  readonly app: AppName;
  readonly command: string;
  /** `rewritten`: with the same bytes as before. */
  readonly effect: 'read' | 'changed' | 'rewritten' | 'renewed' | 'deleted';
  /** Milliseconds since 1970, by Redis' clock. */
  readonly at: number;
}

export class RedisWatch extends EventEmitter<{ activity: [key: string] }> {
  readonly #client: Redis;
  #monitor: Redis | undefined;
  /** What Redis reported is noted in its order, one after the other. */
  #noting: Promise<void> = Promise.resolve();
  readonly #marks = new EventEmitter();
  /** Names of connections by their address. */
  readonly #names = new Map<string, string>();
  readonly #log = new Map<string, Entry>();
  /** Scripts have no connection of their own: theirs is the last that sent anything. */
  #lastSource = '';

  /**
   * Begins to watch.
   *
   * @throws SetupError when the server does not answer
   */
  static async start(redisUrl: string): Promise<RedisWatch> {
    const watch = new RedisWatch(redisUrl);
    try {
      // Asked for before there is a connection, MONITOR would be asked for again and again.
      await once(watch.#client, 'ready');
    } catch (error) {
      watch.close();
      throw new SetupError('Redis does not answer; is REDIS_URL right?', { cause: error });
    }
    const monitor = await watch.#client.monitor();
    monitor.on('error', () => undefined);
    monitor.on('monitor', (time: string, args: string[], source: string) => {
      watch.#noting = watch.#noting.then(() => watch.#note(Number(time) * 1000, args, source));
    });
    watch.#monitor = monitor;
    return watch;
  }

  private constructor(redisUrl: string) {
    super();
    // Every open page listens.
    this.setMaxListeners(0);
    this.#client = connectToRedis(redisUrl);
  }

  /**
   * Resolves when everything that Redis was asked before this call has been noted, or after a second
   * in which the connection was lost.
   */
  async settled(): Promise<void> {
    const mark = randomUUID();
    const seen = once(this.#marks, mark, { signal: AbortSignal.timeout(1000) });
    await Promise.all([seen, this.#client.echo(mark)]).catch(() => undefined);
  }

  /** The latest commands for a key, newest first. */
  activities(key: string): readonly Activity[] {
    return this.#log.get(key)?.activities ?? [];
  }

  close(): void {
    this.#monitor?.disconnect();
    this.#client.disconnect();
  }

  async #note(at: number, args: string[], source: string): Promise<void> {
    const [name = '', key = ''] = args;
    const command = name.toUpperCase();
    if (command === 'ECHO') this.#marks.emit(key);
    const scripted = source === 'lua';
    if (!scripted) this.#lastSource = source;
    const effect = EFFECTS.get(command);
    if (!effect || (scripted && effect === 'read')) return;
    const app = await this.#nameOf(this.#lastSource);
    if (!isAppName(app)) return;
    const { activities = [], payload: before } = this.#log.get(key) ?? {};
    const payload = payloadAfter(effect, args, before);
    const activity = {
      app,
      command: scripted ? `${command} in a script` : command,
      effect: effect === 'changed' && payload === before ? 'rewritten' : effect,
      at,
    };
    this.#record(key, {
      activities: [activity, ...activities].slice(0, KEPT_PER_KEY),
      payload,
    });
  }

  /** What a connection calls itself. */
  async #nameOf(source: string): Promise<string | undefined> {
    if (!this.#names.has(source)) {
      const clients = String(await this.#client.client('LIST').catch(() => ''));
      for (const [, address = '', name = ''] of clients.matchAll(/ addr=(\S+) .*? name=(\S*)/g)) {
        this.#names.set(address, name);
      }
    }
    return this.#names.get(source);
  }

  #record(key: string, entry: Entry): void {
    // Set anew, the key becomes the newest of the Map.
    this.#log.delete(key);
    this.#log.set(key, entry);
    if (this.#log.size > KEPT_KEYS) this.#log.delete(this.#log.keys().next().value ?? '');
    this.emit('activity', key);
  }
}

/** What is known of a key. */
interface Entry {
  /** Newest first. */
  readonly activities: readonly Activity[];
  /** What stands there, in MONITOR's own notation: enough to see whether it is the same. */
  readonly payload: string | undefined;
}

/** What a command leaves under its key. */
function payloadAfter(
  effect: Activity['effect'],
  args: readonly string[],
  before: string | undefined,
): string | undefined {
  if (effect === 'deleted') return undefined;
  if (effect !== 'changed') return before;
  // SETEX has the TTL before the value.
  return args[0]?.toUpperCase() === 'SETEX' ? args[3] : args[2];
}

function isAppName(name: string | undefined): name is AppName {
  return APP_NAMES.some((known) => known === name);
}

const EFFECTS: ReadonlyMap<string, Activity['effect']> = new Map([
  ['GET', 'read'],
  ['GETEX', 'renewed'],
  ['EXPIRE', 'renewed'],
  ['SET', 'changed'],
  ['SETEX', 'changed'],
  ['DEL', 'deleted'],
] as const);

const KEPT_PER_KEY = 50;
const KEPT_KEYS = 100;
