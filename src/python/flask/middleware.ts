/**
 * Middleware as Express and Connect take it, by what is needed of it: nothing here knows either.
 *
 * @module
 */
import type { RequestLike } from './request.js';

export type Middleware<Request extends RequestLike> = (
  request: Request,
  response: ResponseLike,
  next: Next,
) => void;

/** Express's and Connect's `next`. */
export type Next = (error?: unknown) => void;

/** What is needed of a Node response, HTTP/1 or HTTP/2. */
export interface ResponseLike {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  getHeader(name: string): number | string | readonly string[] | undefined;
  setHeader(name: string, value: string | readonly string[]): unknown;
  removeHeader(name: string): void;
  end(body?: string): unknown;
}
