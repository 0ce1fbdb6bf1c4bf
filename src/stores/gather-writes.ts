/**
 * Commands that are sent in one turn of the event loop leave in one packet. ioredis writes each by
 * itself, which for small commands costs more than all the rest of sending them; node-redis gathers
 * them on its own.
 *
 * @module
 */

import type { Writable } from 'node:stream';

/** A client as far as its connection goes; there is none before it has connected, nor on a Cluster. */
interface Connected {
  readonly stream?: Pick<Writable, 'cork' | 'uncork' | 'writableCorked'> | undefined;
}

/** Holds back what is written to the client's connection until the turn ends. */
export function gatherWrites({ stream }: Connected): void {
  if (!stream || stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => {
    stream.uncork();
  });
}
