/** Real servers and raw exchanges for tests, closed when the test is over. */

import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

import { onTestFinished } from 'vitest';

/** Starts an HTTP server for one test and gives its port. */
export function serve(handler: RequestListener): Promise<number> {
  return listen(createServer(handler));
}

/** Has a server listen on a free port until the test is over. */
export async function listen(
  server: Pick<NetServer, 'listen' | 'address' | 'close'>,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    (server as Partial<Server>).closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Called as soon as the response has begun to arrive. */
  readonly onFirstByte?: () => unknown;
}

/**
 * One request on a connection of its own, its body decompressed; rejects when the connection breaks
 * before the response is whole.
 */
export function ask(
  port: number,
  path = '/',
  { onFirstByte, ...options }: AskOptions = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, path, host: '127.0.0.1', agent: false, ...options }, (res) => {
      onFirstByte?.();
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const isCompressed = res.headers['content-encoding'] === 'gzip' && bytes.length > 0;
        const body = (isCompressed ? gunzipSync(bytes) : bytes).toString();
        const { statusCode: status = 0, headers, rawHeaders } = res;
        resolve({ status, headers, rawHeaders, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Sends bytes as they are and gives all that comes back until the server closes the connection. */
export function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString('latin1'));
    });
  });
}

/** Sends a request and gives its connection, for clients that do not wait for the response. */
export function knock(port: number, headers: Record<string, string> = {}): Promise<Socket> {
  const lines = Object.entries({ Host: 'x', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      resolve(socket);
    });
    socket.on('error', reject);
  });
}
