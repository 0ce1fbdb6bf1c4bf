/**
 * What sessions take in a Redis server's memory, by their format. `npx tsx bench/memory.ts`; with
 * `--count 10000` a quicker and coarser run.
 *
 * Each format fills a server of its own with sessions under keys as Flask-Session names them, with
 * a time to live. What counts is how much the server's `used_memory` grows by it, which has the keys,
 * the index of keys and that of times to live in it, but no replica's buffer and no fragmentation.
 *
 * @module
 */

import { createHash, randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

import { Redis } from 'ioredis';

import { RedisStore } from '../src/index.js';
import { writePayload } from '../src/session/serializers.js';
import type { SessionDict } from '../src/session/serializers.js';
import { startRedis } from '../tools/redis-server.js';

const FORMATS = ['pickle', 'msgpack', 'json'] as const;
const TTL_SECONDS = 2_678_400;
/** Writes under way at once. */
const BATCH = 500;

/** What apps keep, by how much of it. */
const SESSIONS: Readonly<Record<string, (index: number) => SessionDict>> = {
  'a login (Flask-Login, Flask-WTF)': login,
  'a login and a cart of 20 lines': (index) => ({ ...login(index), cart: cart(index) }),
};

function login(index: number): Record<string, unknown> {
  const digest = (name: string): string =>
    createHash(name)
      .update(`user ${String(index)}`)
      .digest('hex');
  return {
    _permanent: true,
    _user_id: String(index),
    _fresh: true,
    _id: digest('sha512'),
    csrf_token: digest('sha1'),
  };
}

function cart(index: number): Record<string, unknown>[] {
  return Array.from({ length: 20 }, (_, line) => ({
    sku: `SKU-${String(index)}-${String(line)}`,
    quantity: (line % 3) + 1,
    price: 9.99 + line,
  }));
}

async function main(count: number): Promise<void> {
  console.log(`${String(count)} sessions each, per session, and what a million of them take:`);
  for (const [name, session] of Object.entries(SESSIONS)) {
    console.log(name);
    for (const format of FORMATS) {
      const { payloadBytes, usedBytes } = await measure(count, (index) =>
        writePayload(session(index), format),
      );
      const perMillion = Math.round((usedBytes * 1e6) / count / 2 ** 20);
      console.log(
        `  ${format.padEnd(8)} ${String(Math.round(payloadBytes / count)).padStart(5)} bytes, ` +
          `${String(Math.round(usedBytes / count)).padStart(5)} in the server, ${String(perMillion)} MiB`,
      );
    }
  }
}

/** Fills an empty server. */
async function measure(count: number, bytesOf: (index: number) => Uint8Array) {
  const server = await startRedis({ dedicated: true });
  const redis = new Redis(server.url);
  try {
    const store = new RedisStore(redis);
    const before = await usedMemory(redis);
    let payloadBytes = 0;
    for (let start = 0; start < count; start += BATCH) {
      const writes = Array.from({ length: Math.min(BATCH, count - start) }, (_, offset) => {
        const bytes = bytesOf(start + offset);
        payloadBytes += bytes.length;
        return store.set(`session:${randomUUID()}`, bytes, TTL_SECONDS, null);
      });
      await Promise.all(writes);
    }
    return { payloadBytes, usedBytes: (await usedMemory(redis)) - before };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

const { values } = parseArgs({ options: { count: { type: 'string', default: '100000' } } });
await main(Number(values.count));
