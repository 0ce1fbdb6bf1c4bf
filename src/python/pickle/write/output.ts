/**
 * The bytes of a pickle as they are written, in the frames that protocol 4 brought.
 * Python: `_pickle.c`, `_Pickler_Write` and `_Pickler_OpcodeBoundary`.
 *
 * @module
 */
import { type TextBuffer, textBuffer } from '../format/strings.js';

/** CPython ends a frame at the first value behind this many bytes. */
const FRAME_SIZE_TARGET = 64 * 1024;
/** CPython leaves the header of a frame away that is shorter. */
const FRAME_SIZE_MIN = 4;
/** FRAME, and the length in eight bytes. */
const FRAME_HEADER_SIZE = 9;
/** More than any opcode takes with an argument of fixed length. */
const RESERVE = 64;
const FIRST_CAPACITY = 8 * 1024;
const MAX_SPARE_CAPACITY = 1024 * 1024;

/** Memory of the last pickle, for the next. */
let spare: TextBuffer | undefined;

export class Output {
  #buffer: TextBuffer = spare ?? allocate(FIRST_CAPACITY);
  #length = 0;
  /** Where the header of the open frame is; -1 when there are no frames. */
  #frameStart = -1;
  /** Length at which the open frame has its size. */
  #frameEnd = Infinity;

  constructor() {
    spare = undefined;
  }

  /** What was written. The output is of no use after. */
  finish(): Buffer {
    this.#closeFrame();
    const result = Buffer.allocUnsafe(this.#length);
    this.#buffer.copy(result, 0, 0, this.#length);
    this.release();
    return result;
  }

  /** Gives the memory back. */
  release(): void {
    if (this.#buffer.length <= MAX_SPARE_CAPACITY) spare = this.#buffer;
  }

  /** Begins a value: the only place where a frame ends. Its opcode and argument fit unchecked. */
  boundary(): void {
    if (this.#length + RESERVE > this.#buffer.length) this.#grow(RESERVE);
    if (this.#length >= this.#frameEnd) {
      this.#closeFrame();
      this.openFrame();
    }
  }

  openFrame(): void {
    this.#frameStart = this.#length;
    this.#length += FRAME_HEADER_SIZE;
    this.#frameEnd = this.#length + FRAME_SIZE_TARGET;
  }

  byte(value: number): void {
    this.#buffer[this.#length++] = value;
  }

  uint16(value: number): void {
    this.#length = this.#buffer.writeUInt16LE(value, this.#length);
  }

  int32(value: number): void {
    this.#length = this.#buffer.writeInt32LE(value | 0, this.#length);
  }

  /** A length in eight bytes. */
  length8(value: number): void {
    this.int32(value);
    this.int32(Math.floor(value / 2 ** 32));
  }

  float64(value: number): void {
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  /** Bytes of any number, in the open frame. */
  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Characters up to U+00FF, one byte each, in the open frame. */
  latin1(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#buffer.latin1Write(text, this.#length, text.length);
  }

  /** An opcode's head and its bytes, outside of frames when they are many, as CPython has them. */
  counted(value: Uint8Array, writeHead: (length: number) => void): void {
    const outside = this.#frameStart >= 0 && value.length >= FRAME_SIZE_TARGET;
    if (outside) this.#closeFrame();
    this.#reserve(value.length);
    writeHead(value.length);
    this.bytes(value);
    if (outside) this.openFrame();
  }

  #reserve(length: number): void {
    if (this.#length + length + RESERVE > this.#buffer.length) this.#grow(length + RESERVE);
  }

  #grow(length: number): void {
    const grown = allocate(Math.max(this.#length + length, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  #closeFrame(): void {
    const start = this.#frameStart;
    if (start < 0) return;
    const size = this.#length - start - FRAME_HEADER_SIZE;
    if (size < FRAME_SIZE_MIN) {
      this.#buffer.copyWithin(start, start + FRAME_HEADER_SIZE, this.#length);
      this.#length -= FRAME_HEADER_SIZE;
    } else {
      this.#buffer[start] = 0x95; // FRAME
      this.#buffer.writeUInt32LE(size >>> 0, start + 1);
      this.#buffer.writeUInt32LE(Math.floor(size / 2 ** 32), start + 5);
    }
  }
}

function allocate(capacity: number): TextBuffer {
  return textBuffer(Buffer.allocUnsafeSlow(capacity));
}
