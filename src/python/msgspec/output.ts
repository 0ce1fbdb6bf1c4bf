/**
 * Bytes that are being written: one buffer that grows, and is kept for the next value.
 *
 * @module
 */

const START_CAPACITY = 8 * 1024;
/** A larger buffer is not kept: one huge session would hold its memory for good. */
const MAX_KEPT_CAPACITY = 1024 * 1024;

/** Big-endian, as MessagePack writes. A `code` is the byte before what it announces. */
export class Output {
  length = 0;
  private buffer = Buffer.allocUnsafeSlow(START_CAPACITY);

  /** What was written, in memory of its own. */
  copy(): Buffer {
    const bytes = Buffer.allocUnsafe(this.length);
    this.buffer.copy(bytes, 0, 0, this.length);
    if (this.buffer.length > MAX_KEPT_CAPACITY) {
      this.buffer = Buffer.allocUnsafeSlow(START_CAPACITY);
    }
    return bytes;
  }

  uint8(value: number): void {
    const start = this.reserve(1);
    this.buffer[start] = value;
  }

  coded8(code: number, value: number): void {
    const start = this.reserve(2);
    this.buffer[start] = code;
    this.buffer[start + 1] = value;
  }

  coded16(code: number, value: number): void {
    const start = this.reserve(3);
    this.buffer[start] = code;
    this.buffer[start + 1] = value >>> 8;
    this.buffer[start + 2] = value;
  }

  coded32(code: number, value: number): void {
    const start = this.reserve(5);
    this.buffer[start] = code;
    this.buffer.writeUInt32BE(value, start + 1);
  }

  coded64(code: number, value: bigint): void {
    this.uint8(code);
    this.int64(value);
  }

  /** 64 bits, signed or not: above the sign bit both are the same bytes. */
  int64(value: bigint): void {
    const start = this.reserve(8);
    this.buffer.writeBigUInt64BE(BigInt.asUintN(64, value), start);
  }

  double(code: number, value: number): void {
    const start = this.reserve(9);
    this.buffer[start] = code;
    this.buffer.writeDoubleBE(value, start + 1);
  }

  bytes(value: Uint8Array): void {
    const start = this.reserve(value.length);
    this.buffer.set(value, start);
  }

  /** Writes text, whose UTF-8 is known to have so many bytes. */
  text(value: string, size: number): void {
    const start = this.reserve(size);
    this.buffer.write(value, start, size === value.length ? 'latin1' : 'utf8');
  }

  /** Writes text unit by unit; writes nothing and gives `false` when it is not all ASCII. */
  shortAscii(code: number, value: string): boolean {
    const size = value.length;
    const start = this.length;
    this.reserve(size + 1);
    for (let i = 0; i < size; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x80) {
        this.length = start;
        return false;
      }
      this.buffer[start + 1 + i] = unit;
    }
    this.buffer[start] = code;
    return true;
  }

  /** Makes room, maybe in another buffer; gives where it starts. */
  private reserve(size: number): number {
    const start = this.length;
    this.length = start + size;
    if (this.length > this.buffer.length) this.grow();
    return start;
  }

  private grow(): void {
    const larger = Buffer.allocUnsafeSlow(2 * this.length);
    this.buffer.copy(larger);
    this.buffer = larger;
  }
}
