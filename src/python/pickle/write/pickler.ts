/**
 * The pickler's machine: what is written for values that hold no others, and the memo.
 * Python: `pickle._Pickler`; opcodes, memo and frames are those of CPython's C implementation.
 *
 * @module
 */
import { PicklingError } from '../../../errors.js';
import { type Note, notesOf } from '../as-read.js';
import type { Classes } from '../classes.js';
import { formatFloat } from '../float.js';
import type { PickleLimits } from '../limits.js';
import { BYTES, ENCODE, findKnown, GETATTR, type KnownGlobal } from '../known-globals.js';
import { encodeLong } from '../format/long.js';
import { beginHash, endHash, hashText, mixHash, TextTable } from '../text-table.js';
import { cachedKey, KEY_HEAD } from './key-cache.js';
import { ObjectMemo } from './object-memo.js';
import { FEW_CHARACTERS, Output, SHORT_STRING_HEAD } from './output.js';
import { toPython2 } from '../format/python2-names.js';
import { encodeUtf8 } from '../format/strings.js';
import { escapeUnicode } from '../format/text-arguments.js';
import { PyGlobal } from '../values/py-global.js';

/** What the user decides about a dump. */
export interface DumpSettings {
  readonly protocol: number;
  readonly limits: PickleLimits;
  readonly classes: Classes;
}

/** Texts that may be too large for a frame: UTF-8 has up to three bytes for a UTF-16 code. */
const LONG_TEXT = 16 * 1024;
const NEWLINE = 0x0a;

let dumps = 0;

export abstract class Pickler {
  readonly out: Output = new Output();
  readonly protocol: number;
  readonly settings: DumpSettings;
  /** Indices in the memo: of objects, and of strings that are copies by their note. */
  readonly #memo = new ObjectMemo();
  /** The same for strings. */
  readonly #texts: TextTable = TextTable.take();
  #longTexts: Map<string, number> | undefined;
  readonly #dump: number;
  /** The same for classes and functions, by the number of a known one, or by name. */
  readonly #known: (number | undefined)[] = [];
  #globals: Map<string, number> | undefined;
  #memoSize = 0;

  constructor(settings: DumpSettings) {
    dumps += 1;
    this.#dump = dumps;
    this.settings = settings;
    this.protocol = settings.protocol;
    if (this.protocol >= 2) {
      this.out.code1(0x80, this.protocol); // PROTO
    }
    if (this.protocol >= 4) this.out.openFrame();
  }

  /** Gives back what the machine borrowed. */
  release(): void {
    TextTable.release(this.#texts);
  }

  /** Where in the value the machine is, such as `session.cart[3].when`. */
  protected abstract path(): string;

  error(reason: string): PicklingError {
    return new PicklingError(reason, this.path());
  }

  /** Refers to what was written before; `false` when it was not. */
  recall(key: unknown): boolean {
    const index = this.#memo.find(key);
    if (index >= 0) this.#get(index);
    return index >= 0;
  }

  /** Refers to what was written before; else the key gets the next index, for `memoize()`. */
  recallOrClaim(key: unknown): boolean {
    const index = this.#memo.claim(key, this.#memoSize);
    if (index >= 0) this.#get(index);
    return index >= 0;
  }

  /** Whether a value was written before. */
  knows(key: unknown): boolean {
    return this.#memo.find(key) >= 0;
  }

  /** Puts what was written last into the memo, under a key if somebody may refer to it. */
  memoize(key?: unknown): void {
    const { out, protocol } = this;
    const index = this.#memoSize++;
    if (key !== undefined) this.#memo.set(key, index);
    if (protocol >= 4) {
      out.code(0x94); // MEMOIZE
    } else if (protocol === 0) {
      out.latin1(`p${index}\n`); // PUT
    } else if (index < 256) {
      out.code1(0x71, index); // BINPUT
    } else {
      out.code4(0x72, index); // LONG_BINPUT
    }
  }

  none(): void {
    this.out.code(0x4e); // NONE
  }

  bool(value: boolean): void {
    if (this.protocol >= 2)
      this.out.code(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    else this.out.latin1(value ? 'I01\n' : 'I00\n');
  }

  int(value: number | bigint): void {
    const small = Number(value) | 0;
    if (small === value || (typeof value === 'bigint' && BigInt(small) === value)) {
      this.smallInt(small);
    } else if (this.protocol < 2) this.out.latin1(`L${BigInt(value).toString()}L\n`);
    else this.#long(encodeLong(value));
  }

  float(value: number): void {
    if (this.protocol === 0) this.out.latin1(`F${formatFloat(value)}\n`);
    else {
      this.out.codeFloat(0x47, value); // BINFLOAT
    }
  }

  /** A str: the one of equal text that was written before, unless its note tells them apart. */
  string(text: string, note?: Note): void {
    if (typeof note === 'object' && note.text === text) {
      if (!this.recall(note)) this.newString(text, note);
      return;
    }
    if (text.length <= FEW_CHARACTERS && this.protocol >= 4 && this.#shortString(text)) return;
    if (text.length >= LONG_TEXT) {
      this.#longString(text);
      return;
    }
    const { out } = this;
    const { length: start } = out;
    const content = this.#text(text);
    const size = out.length - content;
    const hash = hashText(out.view, content, size);
    const index = this.#texts.find(out.view, content, size, hash, this.#memoSize);
    if (index >= 0) {
      out.length = start;
      this.#get(index);
      return;
    }
    if (this.protocol === 0) out.code(NEWLINE);
    this.memoize();
  }

  /** A key of a dict, at a place of it. */
  key(text: string, place: number, depth: number): void {
    const key = this.protocol >= 4 ? cachedKey(text, place, depth) : undefined;
    if (!key) {
      this.string(text);
      return;
    }
    if (key.dump === this.#dump) {
      this.#get(key.index);
      return;
    }
    const { out } = this;
    const { length: start } = out;
    out.bytes(key.bytes);
    const index = this.#texts.find(
      out.view,
      start + KEY_HEAD,
      key.bytes.length - KEY_HEAD,
      key.hash,
      this.#memoSize,
    );
    key.dump = this.#dump;
    key.index = index >= 0 ? index : this.#memoSize;
    if (index >= 0) {
      out.length = start;
      this.#get(index);
    } else this.memoize();
  }

  /** A str that is in nobody's hands but ours. */
  newString(text: string, key?: unknown): void {
    if (text.length >= LONG_TEXT && this.protocol > 0) {
      this.#longText(text);
    } else {
      this.#text(text);
      if (this.protocol === 0) this.out.code(NEWLINE);
    }
    this.memoize(key);
  }

  /** Bytes; below protocol 3 as a call that encodes text to them. */
  bytes(value: Uint8Array, key?: unknown): void {
    const { out, protocol } = this;
    if (protocol >= 3) {
      const { length } = value;
      const leaves = out.leaveFrame(length);
      if (length < 256) {
        out.code1(0x43, length); // SHORT_BINBYTES
      } else {
        out.code4(0x42, length); // BINBYTES
      }
      out.bytes(value);
      if (leaves) out.openFrame();
    } else if (value.length === 0) {
      this.global(BYTES);
      this.emptyTuple();
      out.code(0x52); // REDUCE
    } else {
      this.global(ENCODE);
      this.openTuple();
      out.boundary();
      this.newString(Buffer.from(value).toString('latin1'));
      out.boundary();
      this.string('latin1');
      this.closeTuple(2);
      out.code(0x52); // REDUCE
    }
    this.memoize(key);
  }

  emptyTuple(): void {
    if (this.protocol > 0)
      this.out.code(0x29); // EMPTY_TUPLE
    else this.out.latin1('(t');
  }

  /** Begins a tuple of one to three items. */
  openTuple(): void {
    this.out.boundary();
    if (this.protocol < 2) this.out.code(0x28); // MARK
  }

  /** Ends a tuple of one to three items. */
  closeTuple(length: number, key?: unknown): void {
    this.out.code(this.protocol < 2 ? 0x74 : 0x84 + length); // TUPLE, TUPLE1 to TUPLE3
    this.memoize(key);
  }

  /** A class or function that values with a form of their own need. */
  global(known: KnownGlobal): void {
    this.out.boundary();
    const index = this.#known[known.id];
    if (index !== undefined) {
      this.#get(index);
      return;
    }
    const { module, name } = known.global;
    if (this.protocol >= 4) {
      this.out.boundary();
      this.string(module);
      this.out.boundary();
      if (known.ownName) this.newString(name);
      else this.string(name);
      this.out.code(0x93); // STACK_GLOBAL
    } else this.#textGlobal(module, name);
    this.#known[known.id] = this.#memoSize;
    this.memoize();
  }

  /** Any class or function, with what is known of its names. */
  namedGlobal(global: PyGlobal): void {
    const { module, name } = global;
    const known = findKnown(module, name);
    if (known) {
      this.global(known);
      return;
    }
    const key = `${module}\n${name}`;
    const index = this.#globals?.get(key);
    if (index !== undefined) {
      this.#get(index);
      return;
    }
    if (this.protocol >= 4) {
      const notes = notesOf(global)?.values;
      this.out.boundary();
      this.string(module, notes?.get('module'));
      this.out.boundary();
      this.string(name, notes?.get('name'));
      this.out.code(0x93); // STACK_GLOBAL
    } else this.#textGlobal(module, name);
    (this.#globals ??= new Map<string, number>()).set(key, this.#memoSize);
    this.memoize();
  }

  /** A class inside a class is an attribute of that below protocol 4. */
  #textGlobal(module: string, name: string): void {
    const { out, protocol } = this;
    const dot = name.lastIndexOf('.');
    if (dot > 0) {
      this.global(GETATTR);
      this.openTuple();
      out.boundary();
      this.namedGlobal(new PyGlobal(module, name.slice(0, dot)));
      out.boundary();
      this.newString(name.slice(dot + 1));
      this.closeTuple(2);
      out.code(0x52); // REDUCE
      return;
    }
    const names = protocol < 3 ? toPython2(module, name) : [module, name];
    const line = `${names.join('\n')}\n`;
    if (protocol < 3 && /[^\0-\x7f]/.test(line)) {
      throw this.error('name that is not ASCII needs protocol 3 or higher');
    }
    out.code(0x63); // GLOBAL
    out.bytes(encodeUtf8(line));
  }

  smallInt(value: number): void {
    const { out } = this;
    if (this.protocol === 0) out.latin1(`I${value}\n`);
    else if (value < 0 || value > 0xffff) {
      out.code4(0x4a, value); // BININT
    } else if (value > 0xff) {
      out.code2(0x4d, value); // BININT2
    } else {
      out.code1(0x4b, value); // BININT1
    }
  }

  #long(bytes: Uint8Array): void {
    const { out } = this;
    if (bytes.length < 256) {
      out.code1(0x8a, bytes.length); // LONG1
    } else {
      out.code4(0x8b, bytes.length); // LONG4
    }
    out.bytes(bytes);
  }

  /** Writes a text in the open frame, in protocol 0 but for the end of its line; gives its place. */
  #text(text: string): number {
    const { out } = this;
    if (this.protocol > 0) return out.string(text, this.protocol >= 4);
    out.code(0x56); // UNICODE
    const { length } = out;
    out.latin1(escapeUnicode(text));
    return length;
  }

  /** The same for few characters in ASCII, which are written and hashed in one go. */
  #shortString(text: string): boolean {
    const { out } = this;
    const { buffer, length: start } = out;
    const { length } = text;
    const content = start + SHORT_STRING_HEAD;
    let all = 0;
    let hash = beginHash(length);
    let i = 0;
    for (; i < length - 4; i += 4) {
      const a = text.charCodeAt(i);
      const b = text.charCodeAt(i + 1);
      const c = text.charCodeAt(i + 2);
      const d = text.charCodeAt(i + 3);
      all |= a | b | c | d;
      buffer[content + i] = a;
      buffer[content + i + 1] = b;
      buffer[content + i + 2] = c;
      buffer[content + i + 3] = d;
      hash = mixHash(hash, a | (b << 8) | (c << 16) | (d << 24));
    }
    let last = 0;
    for (let shift = (4 - length + i) * 8; i < length; i++, shift += 8) {
      const code = text.charCodeAt(i);
      all |= code;
      buffer[content + i] = code;
      last |= code << shift;
    }
    hash = mixHash(hash, last);
    if (all > 0x7f) return false;
    const index = this.#texts.find(out.view, content, length, endHash(hash), this.#memoSize);
    if (index >= 0) this.#get(index);
    else {
      out.code1(0x8c, length); // SHORT_BINUNICODE
      out.length = content + length;
      this.memoize();
    }
    return true;
  }

  #longString(text: string): void {
    const index = this.#longTexts?.get(text);
    if (index !== undefined) {
      this.#get(index);
      return;
    }
    (this.#longTexts ??= new Map<string, number>()).set(text, this.#memoSize);
    this.newString(text);
  }

  #longText(text: string): void {
    const { out } = this;
    const bytes = encodeUtf8(text);
    const leaves = out.leaveFrame(bytes.length);
    out.code4(0x58, bytes.length); // BINUNICODE
    out.bytes(bytes);
    if (leaves) out.openFrame();
  }

  #get(index: number): void {
    const { out } = this;
    if (this.protocol === 0)
      out.latin1(`g${index}\n`); // GET
    else if (index < 256) {
      out.code1(0x68, index); // BINGET
    } else {
      out.code4(0x6a, index); // LONG_BINGET
    }
  }
}
