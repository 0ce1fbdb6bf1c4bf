/**
 * The unpickler's machine: input, stack, marks and memo, and what is known of the values on them.
 * Python: `pickle._Unpickler`; the checks are those of CPython's C implementation.
 *
 * @module
 */
import { UnpicklingError } from '../../../errors.js';
import type { Note } from '../as-read.js';
import type { Classes, ClassCodec } from '../classes.js';
import type { PickleLimits } from '../limits.js';
import { opcodeName } from '../opcodes.js';
import type { Python2Encoding, TextBuffer } from '../format/strings.js';
import { type Input, openInput } from './input.js';
import { StringReader } from './string-reader.js';
import type { PyGlobal } from '../values/py-global.js';
import type { PyTimeZone } from '../values/py-time-zone.js';
import type { PyUUID } from '../values/py-uuid.js';

/** What the user decides about a load. */
export interface LoadSettings {
  readonly limits: PickleLimits;
  readonly classes: Classes;
  readonly encoding: Python2Encoding;
  readonly persistentLoad: ((id: unknown) => unknown) | undefined;
  readonly extensions: ReadonlyMap<number, string> | undefined;
  readonly buffers: Iterable<Uint8Array> | undefined;
}

/** A note, and the place on the stack of the value that it is about. */
interface Noted {
  readonly at: number;
  readonly note: Note;
}

export class Unpickler {
  readonly input: Input;
  readonly bytes: TextBuffer;
  /** Length of the pickle. */
  readonly end: number;
  readonly strings: StringReader;
  readonly settings: LoadSettings;
  /** Offset of the opcode at work, for errors. */
  at = 0;
  /** Offset of the next byte. */
  pos = 0;
  /** What the opcode PROTO said last. */
  protocol = 0;

  readonly stack: unknown[] = [];
  /** Height of the stack; what lies above it in `stack` is left over. */
  top = 0;
  /** Height at each MARK that is still open. */
  readonly marks: number[] = [];
  /** Height that no pop goes below: that of the latest MARK. */
  fence = 0;
  /** Memo by index, without gaps; what a pickle puts beyond a gap is in `#sparse`. */
  readonly memo: unknown[] = [];
  /** Whether the memo has nothing that needs more than `memo[index]`. */
  simpleMemo = true;
  /** Whether the next index of the memo is `memo.length`. */
  denseMemo = true;

  /** What is left of the buffers outside of the pickle. */
  readonly buffers: Iterator<Uint8Array> | undefined;

  /** Values that were pushed, references included. */
  values = 0;
  /** Containers that were made; they cannot nest deeper than that. */
  containers = 0;
  /** Place on the stack of the highest value that has a note, -1 when none has. */
  notedTop = -1;
  /** Objects that turned out to be of another kind only after they were pushed. */
  replaced: Map<object, object> | undefined;
  /** Instances of registered classes, with how to fill them. */
  instances: Map<object, ClassCodec> | undefined;
  /** UUIDs that were made without their number, which mostly came soon after. */
  pending: PyUUID[] | undefined;
  /** Strings that opcodes made which the pickles of today do not have. */
  texts: Set<string> | undefined;
  /** Python keeps one object per class and per time zone; so does a load. */
  globals: Map<string, PyGlobal> | undefined;
  zones: Map<string, PyTimeZone> | undefined;

  #sparse: Map<number, unknown> | undefined;
  #memoNotes: Map<number, Note> | undefined;
  #noted: Noted[] | undefined;

  constructor(data: Uint8Array, settings: LoadSettings) {
    this.input = openInput(data);
    this.bytes = this.input.bytes;
    this.end = data.length;
    this.strings = new StringReader(this.input);
    this.settings = settings;
    this.buffers = settings.buffers?.[Symbol.iterator]();
  }

  /** The error that ends the load, at the opcode at work. */
  error(reason: string): UnpicklingError {
    return new UnpicklingError(
      reason,
      this.at,
      opcodeName(this.at < this.end ? this.bytes[this.at] : undefined),
    );
  }

  underflow(): UnpicklingError {
    return this.error(this.fence > 0 ? 'unexpected MARK found' : 'pickle stack underflow');
  }

  push(value: unknown): void {
    this.stack[this.top++] = value;
    this.values++;
  }

  /** The topmost value, taken off. */
  pop(): unknown {
    if (this.top <= this.fence) throw this.underflow();
    const value = this.stack[--this.top];
    if (this.notedTop >= this.top) this.takeNotes(this.top);
    return value;
  }

  /** Height of the stack at the latest MARK, which is closed. */
  popMark(): number {
    const { marks } = this;
    const mark = marks.pop();
    if (mark === undefined) throw this.error('could not find MARK');
    this.fence = marks.length === 0 ? 0 : (marks[marks.length - 1] as number);
    return mark;
  }

  /** Lets an object stand for one that was pushed before. */
  replace(old: object, by: object): void {
    (this.replaced ??= new Map<object, object>()).set(old, by);
    this.simpleMemo = false;
  }

  /** What stands for a value by now. */
  current(value: unknown): unknown {
    return this.replaced?.get(value as object) ?? value;
  }

  /** Puts the topmost value into the memo. */
  memoize(index: number = this.memo.length + (this.#sparse?.size ?? 0)): void {
    const { memo } = this;
    if (this.top <= this.fence) throw this.underflow();
    const value = this.stack[this.top - 1];
    if (index === memo.length && this.denseMemo) memo.push(value);
    else {
      this.#memoNotes?.delete(index);
      if (index < memo.length) memo[index] = value;
      else (this.#sparse ??= new Map<number, unknown>()).set(index, value);
      this.denseMemo = this.#sparse === undefined;
    }
    const note = this.noteOnTop();
    if (note !== undefined) (this.#memoNotes ??= new Map<number, Note>()).set(index, note);
    this.simpleMemo = this.denseMemo && !this.#memoNotes && !this.replaced;
  }

  /** Pushes what the memo has at an index. */
  recall(index: number): void {
    const value = index < this.memo.length ? this.memo[index] : this.#sparse?.get(index);
    if (value === undefined) throw this.error(`nothing in the memo at ${index}`);
    this.push(this.current(value));
    const note = this.#memoNotes?.get(index);
    if (note !== undefined) this.note(note);
  }

  /** Notes what the topmost value is, beyond what it looks like. */
  note(note: Note): void {
    this.notedTop = this.top - 1;
    (this.#noted ??= []).push({ at: this.notedTop, note });
  }

  /** The note of the topmost value, if it has one. */
  noteOnTop(): Note | undefined {
    return this.notedTop === this.top - 1 ? this.#noted?.at(-1)?.note : undefined;
  }

  /** Takes off the notes of the values from `start` upwards, and hands each to `keep`. */
  takeNotes(start: number, keep?: (at: number, note: Note) => void): void {
    const noted = (this.#noted ??= []);
    let first = noted.length;
    while (first > 0 && (noted[first - 1] as Noted).at >= start) first--;
    for (let i = first; keep && i < noted.length; i++) {
      const { at, note } = noted[i] as Noted;
      keep(at, note);
    }
    noted.length = first;
    this.notedTop = first > 0 ? (noted[first - 1] as Noted).at : -1;
  }

  /** Calls what the user passed in; its errors become ours. */
  callUser<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      const error = this.error('a function that was passed in failed');
      error.cause = cause;
      throw error;
    }
  }

  /** Offset of the next `length` bytes, which are taken. */
  take(length: number): number {
    const start = this.pos;
    if (length > this.end - start) throw this.error('pickle data was truncated');
    this.pos = (start + length) | 0;
    return start;
  }

  /** An unsigned little-endian integer. */
  readUint(length: 1 | 2 | 4): number {
    return this.bytes.readUIntLE(this.take(length), length);
  }

  /** A length of eight bytes, refused where it is more than there is. */
  readLength8(): number {
    const start = this.take(8);
    return this.bytes.readUInt32LE(start) + this.bytes.readUInt32LE(start + 4) * 2 ** 32;
  }

  /** The text up to the next line feed, each byte a character. */
  readLine(minimum: 0 | 1): string {
    const end = this.bytes.indexOf(0x0a, this.pos);
    if (end < 0 || end >= this.end || end - this.pos < minimum)
      throw this.error('pickle data was truncated');
    const line = this.bytes.latin1Slice(this.pos, end);
    this.pos = end + 1;
    return line;
  }
}
