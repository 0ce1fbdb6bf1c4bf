/**
 * Bounds on what is decoded and encoded, so that no value takes more memory or time than granted.
 *
 * @module
 */

import { DEFAULT_LIMITS, type PickleLimits } from '../pickle/limits.js';

/** Bounds, with the meanings that they have for pickles. */
export type MsgspecLimits = Pick<PickleLimits, 'maxBytes' | 'maxDepth' | 'maxElements'>;

/** Options of `decode`. */
export interface DecodeOptions {
  /** Bounds on the input, over those that pickle's `loads` has. */
  readonly limits?: Partial<MsgspecLimits> | undefined;
}

/** Options of `encode`. */
export interface EncodeOptions {
  /**
   * What the value is called in the path of an error, as in `session.cart[3]`.
   * @defaultValue `'value'`
   */
  readonly root?: string | undefined;
  /** Bounds on the output, over those of `decode` with a `maxDepth` of 800. */
  readonly limits?: Partial<MsgspecLimits> | undefined;
}

/**
 * Python reads as deep as its recursion limit lets it: up to 3.11 that is 1000, with the calls of the
 * Flask app counted.
 */
const ENCODE_LIMITS: MsgspecLimits = { ...DEFAULT_LIMITS, maxDepth: 800 };

/** What one decoding or encoding may still take. Each method gives the reason when it is too much. */
export class Budget {
  private readonly limits: MsgspecLimits;
  private elements = 0;

  private constructor(limits: MsgspecLimits) {
    this.limits = limits;
  }

  static forDecoding(limits: Partial<MsgspecLimits> | undefined): Budget {
    return new Budget(limits ? { ...DEFAULT_LIMITS, ...limits } : DEFAULT_LIMITS);
  }

  static forEncoding(limits: Partial<MsgspecLimits> | undefined): Budget {
    return new Budget(limits ? { ...ENCODE_LIMITS, ...limits } : ENCODE_LIMITS);
  }

  /** The encoded bytes, so many in all. */
  refuseBytes(count: number): string | undefined {
    const { maxBytes } = this.limits;
    return count > maxBytes ? `more than ${maxBytes} bytes` : undefined;
  }

  /** A container at this depth; the outermost one has depth 1. */
  refuseDepth(depth: number): string | undefined {
    const { maxDepth } = this.limits;
    return depth > maxDepth ? `nested more than ${maxDepth} deep` : undefined;
  }

  /** So many more items, keys and values of keys. */
  refuseElements(count: number): string | undefined {
    const { maxElements } = this.limits;
    this.elements += count;
    return this.elements > maxElements ? `more than ${maxElements} elements` : undefined;
  }
}
