/**
 * Bounds on what is decoded, so that no input takes more memory or time than its reader grants.
 *
 * @module
 */

import { DecodeError } from '../../errors.js';
import { DEFAULT_LIMITS, type PickleLimits } from '../pickle/limits.js';

/** Bounds on what is decoded, with the meanings and defaults that they have for pickles. */
export type DecodeLimits = Partial<Pick<PickleLimits, 'maxBytes' | 'maxDepth' | 'maxElements'>>;

/** Options of `decode`. */
export interface DecodeOptions {
  readonly limits?: DecodeLimits | undefined;
}

/** Counts what one input asks for, and refuses it before it is given. */
export class Budget {
  private readonly maxDepth: number;
  private readonly maxElements: number;
  private elements = 0;

  /** @throws {@link DecodeError} when the input is too long */
  constructor(input: Uint8Array, limits: DecodeLimits = DEFAULT_LIMITS) {
    const { maxBytes = DEFAULT_LIMITS.maxBytes } = limits;
    if (input.length > maxBytes) throw new DecodeError(`more than ${maxBytes} bytes`, maxBytes);
    this.maxDepth = limits.maxDepth ?? DEFAULT_LIMITS.maxDepth;
    this.maxElements = limits.maxElements ?? DEFAULT_LIMITS.maxElements;
  }

  /** Allows a container at this depth; the outermost one has depth 1. */
  allowDepth(depth: number, offset: number): void {
    if (depth > this.maxDepth) {
      throw new DecodeError(`nested more than ${this.maxDepth} deep`, offset);
    }
  }

  /** Allows so many values more: items, keys, values of keys. */
  allowElements(count: number, offset: number): void {
    this.elements += count;
    if (this.elements > this.maxElements) {
      throw new DecodeError(`more than ${this.maxElements} elements`, offset);
    }
  }
}
