/**
 * What the two apps do to sessions in Redis, as Redis itself reports it (MONITOR).
 *
 * @module
 */

import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';

import { Redis } from 'ioredis';

/** Names that the apps give their connections. */
export type AppName = 'flask' | 'express';

/** One command that an app sent for one key. */
export interface Activity {
  readonly app: AppName;
  readonly command: string;
  readonly effect: 'read' | 'written' | 'renewed' | 'deleted';
  /** Milliseconds since 1970, by Redis' clock. */
  readonly at: number;
}

export class RedisWatch extends EventEmitter<{ activity: [key: string] }> {
  readonly #client: Redis;
  #monitor: Redis | undefined;
  readonly #marks = new EventEmitter();
  readonly #names = new Map<string, string>();
  /** By key, newest first. */
  readonly #log = new Map<string, Activity[]>();
  /** Scripts have no connection of their own: theirs is the last that sent anything. */
  #lastSource = '';

  /** Begins to watch; connections that are older have no name here. */
  static async start(redisUrl: string): Promise<RedisWatch> {
    const watch = new RedisWatch(redisUrl);
    watch.#monitor = await watch.#client.monitor();
    watch.#monitor.on('monitor', (time: string, args: string[], source: string) => {
      watch.#note(Number(time) * 1000, args, source);
    });
    return watch;
  }

  private constructor(redisUrl: string) {
    super();
    // Every open page listens.
    this.setMaxListeners(0);
    this.#client = new Redis(redisUrl);
  }

  /** Resolves when everything that Redis was asked before this call has been noted. */
  async settled(): Promise<void> {
    const mark = randomUUID();
    const seen = once(this.#marks, mark);
    await this.#client.echo(mark);
    await seen;
  }

  /** The latest commands for a key, newest first. */
  activities(key: string): readonly Activity[] {
    return this.#log.get(key) ?? [];
  }

  close(): void {
    this.#monitor?.disconnect();
    this.#client.disconnect();
  }

  #note(at: number, args: string[], source: string): void {
    const command = (args[0] ?? '').toUpperCase();
    if (command === 'ECHO') this.#marks.emit(args[1] ?? '');
    if (command === 'CLIENT' && args[1]?.toUpperCase() === 'SETNAME') {
      this.#names.set(source, args[2] ?? '');
    }
    const scripted = source === 'lua';
    if (!scripted) this.#lastSource = source;
    const app = this.#names.get(this.#lastSource);
    const effect = EFFECTS.get(command);
    const key = args[1];
    if ((app !== 'flask' && app !== 'express') || !effect || key === undefined) return;
    if (scripted && effect === 'read') return;
    this.#record(key, { app, command: scripted ? `${command} in a script` : command, effect, at });
  }

  #record(key: string, activity: Activity): void {
    const activities = [activity, ...this.activities(key)].slice(0, KEPT_PER_KEY);
    // Set anew, the key becomes the newest of the Map.
    this.#log.delete(key);
    this.#log.set(key, activities);
    if (this.#log.size > KEPT_KEYS) this.#log.delete(this.#log.keys().next().value ?? '');
    this.emit('activity', key);
  }
}

const EFFECTS: ReadonlyMap<string, Activity['effect']> = new Map([
  ['GET', 'read'],
  ['GETEX', 'renewed'],
  ['EXPIRE', 'renewed'],
  ['SET', 'written'],
  ['SETEX', 'written'],
  ['DEL', 'deleted'],
] as const);

const KEPT_PER_KEY = 50;
const KEPT_KEYS = 100;
