/** A TCP proxy on the loopback interface that takes its time, for a Redis that is far away. */

import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface DelayingProxy {
  readonly port: number;
  /** How long what arrives is kept before it is passed on to the server; changeable at any time. */
  delayMs: number;
  stop(): Promise<void>;
}

/** Starts a proxy to a port of this machine. Replies are passed on at once. */
export async function startDelayingProxy(target: number, delayMs: number): Promise<DelayingProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.on('data', (chunk) => {
      setTimeout(() => upstream.write(chunk), proxy.delayMs);
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: DelayingProxy = {
    port: (server.address() as AddressInfo).port,
    delayMs,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
  return proxy;
}
