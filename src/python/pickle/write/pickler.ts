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
import { encodeLong } from '../format/long.js';
import { Output } from './output.js';
import { toPython2 } from '../format/python2-names.js';
import { encodeUtf8 } from '../format/strings.js';
import { escapeUnicode } from '../format/text-arguments.js';
import type { PyGlobal } from '../values/py-global.js';

/** What the user decides about a dump. */
export interface DumpSettings {
  readonly protocol: number;
  readonly limits: PickleLimits;
  readonly classes: Classes;
}

export abstract class Pickler {
  readonly out = new Output();
  readonly protocol: number;
  readonly settings: DumpSettings;
  /** Index in the memo by object, by text of a string, or by its note where it is a copy. */
  readonly #memo = new Map<unknown, number>();
  /** The same by name of a class or function. */
  readonly #globals = new Map<string, number>();
  #memoSize = 0;

  constructor(settings: DumpSettings) {
    this.settings = settings;
    this.protocol = settings.protocol;
    if (this.protocol >= 2) {
      this.out.byte(0x80); // PROTO
      this.out.byte(this.protocol);
    }
    if (this.protocol >= 4) this.out.openFrame();
  }

  /** Where in the value the machine is, such as `session.cart[3].when`. */
  protected abstract path(): string;

  error(reason: string): PicklingError {
    return new PicklingError(reason, this.path());
  }

  /** Refers to what was written before; `false` when it was not. */
  recall(key: unknown): boolean {
    const index = this.#memo.get(key);
    if (index === undefined) return false;
    this.#get(index);
    return true;
  }

  /** Whether a value was written before. */
  knows(key: unknown): boolean {
    return this.#memo.has(key);
  }

  /** Puts what was written last into the memo; without a key, nobody will refer to it. */
  memoize(key?: unknown): void {
    const { out, protocol } = this;
    const index = this.#memoSize++;
    if (key !== undefined) this.#memo.set(key, index);
    if (protocol >= 4)
      out.byte(0x94); // MEMOIZE
    else if (protocol === 0)
      out.latin1(`p${index}\n`); // PUT
    else if (index < 256) {
      out.byte(0x71); // BINPUT
      out.byte(index);
    } else {
      out.byte(0x72); // LONG_BINPUT
      out.int32(index);
    }
  }

  none(): void {
    this.out.byte(0x4e); // NONE
  }

  bool(value: boolean): void {
    if (this.protocol >= 2)
      this.out.byte(value ? 0x88 : 0x89); // NEWTRUE, NEWFALSE
    else this.out.latin1(value ? 'I01\n' : 'I00\n');
  }

  int(value: number | bigint): void {
    const { out, protocol } = this;
    if (value >= -0x80000000 && value <= 0x7fffffff) {
      const small = Number(value);
      if (protocol === 0) out.latin1(`I${small}\n`);
      else if (small < 0 || small > 0xffff) {
        out.byte(0x4a); // BININT
        out.int32(small);
      } else if (small > 0xff) {
        out.byte(0x4d); // BININT2
        out.uint16(small);
      } else {
        out.byte(0x4b); // BININT1
        out.byte(small);
      }
    } else if (protocol < 2) out.latin1(`L${BigInt(value).toString()}L\n`);
    else {
      const bytes = encodeLong(BigInt(value));
      if (bytes.length < 256) {
        out.byte(0x8a); // LONG1
        out.byte(bytes.length);
      } else {
        out.byte(0x8b); // LONG4
        out.int32(bytes.length);
      }
      out.bytes(bytes);
    }
  }

  float(value: number): void {
    if (this.protocol === 0) this.out.latin1(`F${formatFloat(value)}\n`);
    else {
      this.out.byte(0x47); // BINFLOAT
      this.out.float64(value);
    }
  }

  /** A str: the one of equal text that was written before, unless its note tells them apart. */
  string(text: string, note?: Note): void {
    const key = typeof note === 'object' && note.text === text ? note : text;
    if (!this.recall(key)) this.newString(text, key);
  }

  /** A str that is in nobody's hands but ours. */
  newString(text: string, key?: unknown): void {
    const { out, protocol } = this;
    if (protocol === 0) out.latin1(`V${escapeUnicode(text)}\n`);
    else {
      out.counted(encodeUtf8(text), (length) => {
        if (length < 256 && protocol >= 4) {
          out.byte(0x8c); // SHORT_BINUNICODE
          out.byte(length);
        } else {
          out.byte(0x58); // BINUNICODE
          out.int32(length);
        }
      });
    }
    this.memoize(key);
  }

  /** Bytes; below protocol 3 as a call that encodes text to them. */
  bytes(value: Uint8Array, key?: unknown): void {
    const { out, protocol } = this;
    if (protocol >= 3) {
      out.counted(value, (length) => {
        out.byte(length < 256 ? 0x43 : 0x42); // SHORT_BINBYTES, BINBYTES
        if (length < 256) out.byte(length);
        else out.int32(length);
      });
    } else if (value.length === 0) {
      this.global('builtins', 'bytes');
      this.emptyTuple();
      out.byte(0x52); // REDUCE
    } else {
      this.global('_codecs', 'encode');
      this.openTuple();
      out.boundary();
      this.newString(Buffer.from(value).toString('latin1'));
      out.boundary();
      this.string('latin1');
      this.closeTuple(2);
      out.byte(0x52); // REDUCE
    }
    this.memoize(key);
  }

  emptyTuple(): void {
    if (this.protocol > 0)
      this.out.byte(0x29); // EMPTY_TUPLE
    else this.out.latin1('(t');
  }

  /** Begins a tuple of one to three items. */
  openTuple(): void {
    this.out.boundary();
    if (this.protocol < 2) this.out.byte(0x28); // MARK
  }

  /** Ends a tuple of one to three items. */
  closeTuple(length: number, key?: unknown): void {
    this.out.byte(this.protocol < 2 ? 0x74 : 0x84 + length); // TUPLE, TUPLE1 to TUPLE3
    this.memoize(key);
  }

  /**
   * A class or function.
   *
   * @param ownName Whether Python makes the name anew each time, as it does for classes in C; no
   *   string elsewhere is the same object then.
   */
  global(module: string, name: string, ownName = false): void {
    this.out.boundary();
    const key = `${module}\n${name}`;
    if (this.#recallGlobal(key)) return;
    if (this.protocol >= 4) {
      this.out.boundary();
      this.string(module);
      this.out.boundary();
      if (ownName) this.newString(name);
      else this.string(name);
      this.out.byte(0x93); // STACK_GLOBAL
    } else this.#namedGlobal(module, name);
    this.#memoizeGlobal(key);
  }

  /** A class or function that the value brought, with what is known of its names. */
  namedValue(value: PyGlobal): void {
    const { module, name } = value;
    const notes = notesOf(value)?.values;
    const key = `${module}\n${name}`;
    if (this.#recallGlobal(key)) return;
    if (this.protocol >= 4) {
      this.out.boundary();
      this.string(module, notes?.get('module'));
      this.out.boundary();
      this.string(name, notes?.get('name'));
      this.out.byte(0x93); // STACK_GLOBAL
    } else this.#namedGlobal(module, name);
    this.#memoizeGlobal(key);
  }

  #recallGlobal(key: string): boolean {
    const index = this.#globals.get(key);
    if (index !== undefined) this.#get(index);
    return index !== undefined;
  }

  #memoizeGlobal(key: string): void {
    this.#globals.set(key, this.#memoSize);
    this.memoize();
  }

  /** A class inside a class is an attribute of that below protocol 4. */
  #namedGlobal(module: string, name: string): void {
    const { out, protocol } = this;
    const dot = name.lastIndexOf('.');
    if (dot > 0) {
      this.global('builtins', 'getattr');
      this.openTuple();
      this.global(module, name.slice(0, dot));
      out.boundary();
      this.newString(name.slice(dot + 1));
      this.closeTuple(2);
      out.byte(0x52); // REDUCE
      return;
    }
    const names = protocol < 3 ? toPython2(module, name) : [module, name];
    const line = `${names.join('\n')}\n`;
    if (protocol < 3 && /[^\0-\x7f]/.test(line)) {
      throw this.error('name that is not ASCII needs protocol 3 or higher');
    }
    out.byte(0x63); // GLOBAL
    out.bytes(encodeUtf8(line));
  }

  #get(index: number): void {
    const { out } = this;
    if (this.protocol === 0)
      out.latin1(`g${index}\n`); // GET
    else if (index < 256) {
      out.byte(0x68); // BINGET
      out.byte(index);
    } else {
      out.byte(0x6a); // LONG_BINGET
      out.int32(index);
    }
  }
}
