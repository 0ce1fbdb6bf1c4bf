/**
 * Bits into bytes, lowest bit first, as deflate packs them.
 *
 * @module
 */

/** Collects bits and whole bytes. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #pending = 0;
  #pendingBits = 0;

  /** @param count - At most 16. */
  bits(value: number, count: number): void {
    this.#pending |= value << this.#pendingBits;
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#bytes.push(this.#pending & 0xff);
      this.#pending >>>= 8;
      this.#pendingBits -= 8;
    }
  }

  /** Fills the last byte up with zeros. */
  align(): void {
    if (this.#pendingBits > 0) this.bits(0, 8 - this.#pendingBits);
  }

  /** Whole bytes, after `align`. */
  append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** All bytes so far. */
  finish(): Buffer {
    this.align();
    return Buffer.from(this.#bytes);
  }
}
