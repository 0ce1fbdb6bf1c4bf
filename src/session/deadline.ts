/**
 * A deadline of our own for each operation of a store, whatever its client does with its queue.
 *
 * @module
 */

import { SessionDecodeError, SessionStoreError } from '../errors.js';

/**
 * Gives what `work` gives; rejects when that takes longer than `timeoutMs`. A result that comes
 * later is dropped, so a write whose deadline passed may or may not have happened.
 *
 * @throws {@link SessionStoreError} when the store failed or the deadline passed;
 *   {@link SessionDecodeError} when the store itself saw that what it holds is no session
 */
export function withDeadline<T>(
  operation: string,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SessionStoreError(operation, `no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(
        error instanceof SessionStoreError || error instanceof SessionDecodeError
          ? error
          : new SessionStoreError(operation, describe(error)),
      );
    };
    try {
      work().then((result) => {
        clearTimeout(timer);
        resolve(result);
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}

/**
 * A client's error by its name and code alone: clients hang the command's arguments on it, and Redis
 * quotes them in its messages, which would bring session ids and payloads into logs. For the same
 * reason the error itself is not kept as `cause`.
 */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'the store failed';
  const systemCode = (error as NodeJS.ErrnoException).code;
  const redisCode = /^[A-Z]{2,}(?=\s)/.exec(error.message)?.[0];
  return [error.name, systemCode ?? redisCode].filter(Boolean).join(' ');
}
