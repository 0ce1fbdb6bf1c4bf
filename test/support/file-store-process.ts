/**
 * A store on a directory, in a process that may do no more than others: a superuser's gives up its
 * rights. Told by lines of JSON, `[method, ...arguments]`, what to do; answers each with one line.
 */

import { createInterface } from 'node:readline';

import { BridgeError, FileSystemStore } from '../../src/index.js';

/** Nobody's, on most systems; any that owns nothing will do. */
const NOBODY = 65534;

/** An argument: text stands for its bytes where bytes are wanted, a number for so many of them. */
export type Argument = string | number | null;

async function main(directory: string): Promise<void> {
  if (process.getuid?.() === 0) {
    process.setgroups?.([]);
    process.setgid?.(NOBODY);
    process.setuid?.(NOBODY);
  }
  const store = new FileSystemStore(directory);
  console.log('ready');
  for await (const line of createInterface(process.stdin)) {
    const [method, key, bytes, expected] = JSON.parse(line) as [string, string, Argument, Argument];
    console.log(JSON.stringify(await attempt(() => run(store, method, key, bytes, expected))));
  }
}

async function run(
  store: FileSystemStore,
  method: string,
  key: string,
  bytes: Argument = null,
  expected: Argument = null,
): Promise<unknown> {
  switch (method) {
    case 'get':
      return (await store.get(key))?.toString() ?? null;
    case 'renew':
      return (await store.get(key, 1200))?.toString() ?? null;
    case 'set':
      return store.set(key, toBytes(bytes) ?? Buffer.alloc(0), 600, toBytes(expected));
    case 'delete':
      return store.delete(key);
    default:
      throw new Error('no such method');
  }
}

function toBytes(argument: Argument): Buffer | null {
  if (argument === null) return null;
  return typeof argument === 'number' ? Buffer.alloc(argument, 'x') : Buffer.from(argument);
}

async function attempt(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error instanceof BridgeError ? { code: error.code, message: error.message } : 'failed';
  }
}

await main(process.argv[2] ?? '');
