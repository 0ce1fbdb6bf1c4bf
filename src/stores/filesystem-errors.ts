/**
 * Errors of the file system in the store's terms: by code and meaning alone, for Node's own messages
 * quote paths.
 *
 * @module
 */

import { getSystemErrorMap } from 'node:util';

import { BridgeError, SessionStoreError } from '../errors.js';

/** Whether an error is the operating system's, with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Gives what `work` gives, and one of our own errors for one of the operating system's. */
export async function translatingErrors<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(operation, error);
  }
}

/** One of our own errors as it is, one of the operating system's as SessionStoreError. */
export function toStoreError(operation: string, error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  return new SessionStoreError(operation, describe(error));
}

function describe(error: unknown): string {
  const { code, errno, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || errno === undefined) return 'the file system failed';
  const [, meaning] = getSystemErrorMap().get(errno) ?? [];
  return `${meaning ?? 'the file system failed'} (${code}${syscall ? ` in ${syscall}` : ''})`;
}
