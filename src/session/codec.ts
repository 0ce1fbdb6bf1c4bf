/**
 * A session's payload under one set of options: read, written, and compared.
 *
 * @module
 */

import { SessionEncodeError } from '../errors.js';
import { carryFloat } from '../python/pickle/as-read.js';
import { setOwn } from '../python/pickle/plain-objects.js';
import { dictOf, openRoot } from './root.js';
import type { Root } from './root.js';
import { readPayload, writePayload } from './serializers.js';
import type { Payload, PayloadOptions } from './serializers.js';
import type { StoredState } from './state.js';

export class PayloadCodec {
  readonly #options: PayloadOptions;

  constructor(options: PayloadOptions) {
    this.#options = options;
  }

  /** @throws {@link SessionDecodeError} */
  read(bytes: Uint8Array): Payload {
    return readPayload(bytes, this.#options);
  }

  /** @throws {@link SessionEncodeError} */
  write(root: Root, format: Payload['format']): Uint8Array {
    return writePayload(dictOf(root), format, this.#options);
  }

  /**
   * The bytes to store for a session that is in the store, or `undefined` when nothing in it changed
   * at any depth. What Python wrote is not always what we would write for the same session; where
   * the application did not set a key, it is read once more and written by us, for comparison.
   *
   * @throws {@link SessionEncodeError} when the application put in what the format cannot hold
   */
  changedBytes(state: StoredState): Uint8Array | undefined {
    if (!state.written && !state.lent) return undefined;
    const { bytes: before, format } = state.stored;
    const after = attempt(() => this.write(state.root, format));
    if (after instanceof Uint8Array) {
      if (isEqual(after, before)) return undefined;
      if (state.written) return after;
    }
    const unchanged = attempt(() => this.write(openRoot(this.read(before).data), format));
    if (after instanceof Uint8Array) {
      return unchanged instanceof Uint8Array && isEqual(after, unchanged) ? undefined : after;
    }
    // A session that cannot be written as it was read may still be read by everyone.
    if (!(unchanged instanceof Uint8Array) && !state.written) return undefined;
    throw after;
  }

  /** Compares what two sessions hold under a key: value and type, or nothing at all. */
  sameValue(format: Payload['format']) {
    const bytesOf = (data: Record<string, unknown>, key: string): Uint8Array | undefined => {
      if (!Object.hasOwn(data, key)) return undefined;
      const alone: Record<string, unknown> = {};
      setOwn(alone, key, data[key]);
      carryFloat(data, alone, key);
      const bytes = attempt(() => this.write({ data: alone, asRead: undefined }, format));
      return bytes instanceof Uint8Array ? bytes : undefined;
    };
    return (a: Record<string, unknown>, b: Record<string, unknown>, key: string): boolean => {
      if (Object.hasOwn(a, key) !== Object.hasOwn(b, key)) return false;
      if (a[key] === b[key] && typeof a[key] !== 'number') return true;
      const [left, right] = [bytesOf(a, key), bytesOf(b, key)];
      return left !== undefined && right !== undefined && isEqual(left, right);
    };
  }
}

/** Whether two byte strings are the same. */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function attempt(write: () => Uint8Array): Uint8Array | SessionEncodeError {
  try {
    return write();
  } catch (error) {
    if (error instanceof SessionEncodeError) return error;
    throw error;
  }
}
