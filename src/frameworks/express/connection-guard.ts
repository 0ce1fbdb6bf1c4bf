/**
 * Puts off the end of a connection. Express destroys it when a handler fails after its response has
 * ended. Node has sent the response by then; a response that is held back would be lost.
 *
 * @module
 */

import type { ServerResponse } from 'node:http';

/** What a response is sent on: a socket, or a stream of HTTP/2. */
interface Connection {
  destroy(error?: Error): unknown;
}

interface Guard {
  /** Responses that wait: with pipelining there may be several on one connection. */
  waiting: number;
  destroyRequested: boolean;
}

const guards = new WeakMap<Connection, Guard>();

/**
 * From now on the response's connection is not destroyed without an error, but only once this and
 * all other responses on it are let go.
 *
 * @returns A function that lets this response go; with `forget`, nothing is made up for
 */
export function guardConnection(res: ServerResponse): (forget?: boolean) => void {
  const connection = connectionOf(res);
  if (!connection) return () => undefined;
  const guard = guards.get(connection) ?? stand(connection);
  guard.waiting++;
  return (forget = false) => {
    guard.waiting--;
    if (forget) guard.destroyRequested = false;
    if (guard.waiting > 0) return;
    if (guard.destroyRequested) connection.destroy();
  };
}

/** Stays for all responses on the connection; while none of them waits, it is not noticed. */
function stand(connection: Connection): Guard {
  const guard = { waiting: 0, destroyRequested: false };
  const destroy = connection.destroy.bind(connection);
  connection.destroy = (error?: Error) => {
    // With an error it is the connection itself that failed: nothing can be sent any more.
    if (error || guard.waiting === 0) return destroy(error);
    guard.destroyRequested = true;
    return connection;
  };
  guards.set(connection, guard);
  return guard;
}

function connectionOf(res: ServerResponse): Connection | undefined {
  const { stream } = res as { stream?: Connection };
  return stream ?? res.socket ?? (res.req as ServerResponse['req'] | undefined)?.socket;
}
