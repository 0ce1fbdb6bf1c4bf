/**
 * The bytes of a pickle as they are written, in the frames that protocol 4 brought.
 * Python: `_pickle.c`, `_Pickler_Write` and `_Pickler_OpcodeBoundary`.
 *
 * @module
 */
import { encodeUtf8, type TextBuffer, textBuffer } from '../format/strings.js';

/** CPython ends a frame at the first value behind this many bytes. */
const FRAME_SIZE_TARGET = 64 * 1024;
/** CPython leaves the header of a frame away that is shorter. */
const FRAME_SIZE_MIN = 4;
/** FRAME, and the length in eight bytes. */
const FRAME_HEADER_SIZE = 9;
/** More than what is written between two checks of the room. */
const RESERVE = 256;
/** Pickles are cut from memory of this size one by one, so that none is copied. */
const SLAB_SIZE = 32 * 1024;
/** With less than this left, a new slab is taken. */
const LEAST_ROOM = 4 * 1024;
/** Memory of a larger pickle, which is copied out of it, is kept for the next up to this size. */
const MOST_SPARE = 1024 * 1024;
/** For fewer bytes, a copy takes longer to call for than to make. */
const FEW = 24;

export class Output {
  /** Memory with what was written, from `#start` up to `length`: the slab, or what it grew to. */
  buffer: TextBuffer = allocate(SLAB_SIZE);
  /** The same memory, for numbers. */
  view: DataView = viewOf(this.buffer);
  length = 0;
  #slab: TextBuffer = this.buffer;
  #slabView: DataView = this.view;
  #start = 0;
  #spare: TextBuffer | undefined;
  /** Where the header of the open frame is; -1 when there are no frames. */
  #frameStart = -1;
  /** Length beyond which there is too little room. */
  #room = SLAB_SIZE - RESERVE;
  /** Length beyond which a value needs more room, or a new frame. */
  #limit: number = this.#room;

  /** What was written. The next pickle begins behind it. */
  finish(): Buffer {
    this.#closeFrame();
    const { buffer, length } = this;
    if (buffer === this.#slab) {
      const pickle = buffer.subarray(this.#start, length);
      this.#begin(length);
      return pickle;
    }
    const pickle = Buffer.from(buffer.subarray(this.#start, length));
    this.abandon();
    return pickle;
  }

  /** Forgets what was written. */
  abandon(): void {
    if (this.buffer !== this.#slab && this.buffer.length <= MOST_SPARE) this.#spare = this.buffer;
    this.#begin(this.#start);
  }

  /** Begins a value: the only place where a frame ends. Its opcode and argument fit unchecked. */
  boundary(): void {
    if (this.length > this.#limit) this.#renew();
  }

  openFrame(): void {
    this.#frameStart = this.length;
    this.length += FRAME_HEADER_SIZE;
    this.#setLimit();
  }

  /** An opcode. One ends each container, so that many end in a row without a boundary. */
  code(opcode: number): void {
    if (this.length > this.#room) this.#grow(RESERVE);
    this.buffer[this.length++] = opcode;
  }

  /** An opcode with an argument of one byte. */
  code1(opcode: number, argument: number): void {
    const { buffer, length } = this;
    buffer[length] = opcode;
    buffer[length + 1] = argument;
    this.length = length + 2;
  }

  /** An opcode with an argument of two bytes. */
  code2(opcode: number, argument: number): void {
    const { buffer, length } = this;
    buffer[length] = opcode;
    buffer[length + 1] = argument;
    buffer[length + 2] = argument >>> 8;
    this.length = length + 3;
  }

  /** An opcode with an argument of four bytes. */
  code4(opcode: number, argument: number): void {
    const { buffer, view, length } = this;
    buffer[length] = opcode;
    view.setInt32(length + 1, argument, true);
    this.length = length + 5;
  }

  /** An opcode with a length of eight bytes. */
  code8(opcode: number, length: number): void {
    this.code4(opcode, length);
    this.view.setUint32(this.length, Math.floor(length / 2 ** 32), true);
    this.length += 4;
  }

  /** An opcode with a double. */
  codeFloat(opcode: number, value: number): void {
    const { buffer, view, length } = this;
    buffer[length] = opcode;
    view.setFloat64(length + 1, value);
    this.length = length + 9;
  }

  /** Few bytes, given in fours, the last ones of which count for nothing. */
  words(words: Int32Array, size: number): void {
    const { view, length } = this;
    for (let i = 0; i < words.length; i++) {
      view.setInt32(length + i * 4, words[i] as number, true);
    }
    this.length = length + size;
  }

  /** Bytes of any number, in the open frame. */
  bytes(value: Uint8Array): void {
    const { length } = value;
    this.#reserve(length);
    if (length <= FEW) {
      const { buffer, length: start } = this;
      for (let i = 0; i < length; i++) buffer[start + i] = value[i] as number;
    } else this.buffer.set(value, this.length);
    this.length += length;
  }

  /** Characters up to U+00FF, one byte each, in the open frame. */
  latin1(text: string): void {
    this.#reserve(text.length);
    this.length += this.buffer.latin1Write(text, this.length, text.length);
  }

  /**
   * The opcode of a str with its text, in the open frame.
   *
   * @param short Whether there is an opcode for texts below 256 bytes.
   * @returns Where the text begins.
   */
  string(text: string, short: boolean): number {
    const { length } = text;
    this.#reserve(length * 3);
    const start = this.length;
    let content = start + (short && length < 256 ? SHORT_STRING_HEAD : STRING_HEAD);
    const size = this.#utf8(text, content);
    const isShort = short && size < 256;
    if (!isShort && content !== start + STRING_HEAD) {
      content = start + STRING_HEAD;
      this.buffer.copyWithin(content, start + SHORT_STRING_HEAD, start + SHORT_STRING_HEAD + size);
    }
    this.#stringHead(size, isShort);
    this.length = content + size;
    return content;
  }

  /**
   * Makes room for many bytes, which CPython writes outside of frames.
   *
   * @returns Whether a frame is to be opened behind them.
   */
  leaveFrame(size: number): boolean {
    const leaves = this.#frameStart >= 0 && size >= FRAME_SIZE_TARGET;
    if (leaves) this.#closeFrame();
    this.#reserve(size);
    return leaves;
  }

  #stringHead(size: number, short: boolean): void {
    if (short) {
      this.code1(0x8c, size); // SHORT_BINUNICODE
    } else {
      this.code4(0x58, size); // BINUNICODE
    }
  }

  /** Writes UTF-8 at an offset, lone surrogates too, and gives its size. */
  #utf8(text: string, offset: number): number {
    const size = this.buffer.utf8Write(text, offset, text.length * 3);
    if (size === text.length || !/[\ud800-\udfff]/.test(text)) return size;
    const bytes = encodeUtf8(text);
    this.buffer.set(bytes, offset);
    return bytes.length;
  }

  #begin(start: number): void {
    if (start + LEAST_ROOM > SLAB_SIZE) {
      this.#slab = allocate(SLAB_SIZE);
      this.#slabView = viewOf(this.#slab);
      start = 0;
    }
    this.buffer = this.#slab;
    this.view = this.#slabView;
    this.length = start;
    this.#start = start;
    this.#frameStart = -1;
    this.#room = SLAB_SIZE - RESERVE;
    this.#limit = this.#room;
  }

  #reserve(length: number): void {
    if (this.length + length > this.#room) this.#grow(length + RESERVE);
  }

  #grow(length: number): void {
    const needed = Math.max(this.length + length, this.buffer.length * 2);
    const spare = this.#spare;
    const grown = spare && spare.length >= needed ? spare : allocate(needed);
    this.#spare = undefined;
    this.buffer.copy(grown, this.#start, this.#start, this.length);
    this.buffer = grown;
    this.view = viewOf(grown);
    this.#room = grown.length - RESERVE;
    this.#setLimit();
  }

  #renew(): void {
    if (this.length > this.#room) this.#grow(RESERVE);
    if (this.#frameStart >= 0 && this.length >= this.#frameEnd()) {
      this.#closeFrame();
      this.openFrame();
    }
  }

  #setLimit(): void {
    this.#limit = this.#frameStart < 0 ? this.#room : Math.min(this.#room, this.#frameEnd() - 1);
  }

  /** Length at which the open frame has its size. */
  #frameEnd(): number {
    return this.#frameStart + FRAME_HEADER_SIZE + FRAME_SIZE_TARGET;
  }

  #closeFrame(): void {
    const start = this.#frameStart;
    if (start < 0) return;
    const size = this.length - start - FRAME_HEADER_SIZE;
    if (size < FRAME_SIZE_MIN) {
      this.buffer.copyWithin(start, start + FRAME_HEADER_SIZE, this.length);
      this.length -= FRAME_HEADER_SIZE;
    } else {
      this.buffer[start] = 0x95; // FRAME
      this.view.setUint32(start + 1, size, true);
      this.view.setUint32(start + 5, Math.floor(size / 2 ** 32), true);
    }
  }
}

/** BINUNICODE, and the size in four bytes; SHORT_BINUNICODE, and the size in one. */
const STRING_HEAD = 5;
export const SHORT_STRING_HEAD = 2;

function allocate(capacity: number): TextBuffer {
  return textBuffer(Buffer.allocUnsafeSlow(capacity));
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}
