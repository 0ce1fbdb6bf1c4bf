/**
 * What is written for values that hold no others.
 * Python: `pickle._Pickler`; opcodes, memo and frames are those of CPython's C implementation.
 *
 * @module
 */
import { notesOf } from '../as-read.js';
import { formatFloat } from '../float.js';
import { BYTES, ENCODE, findKnown, GETATTR, type KnownGlobal } from '../known-globals.js';
import { encodeLong } from '../format/long.js';
import { toPython2 } from '../format/python2-names.js';
import { encodeUtf8 } from '../format/strings.js';
import { StringWriter } from './string-writer.js';
import { PyGlobal } from '../values/py-global.js';

export abstract class Pickler extends StringWriter {
  /** Indices in the memo of classes and functions, by the number of a known one, or by name. */
  #known: (number | undefined)[] = [];
  #globals: Map<string, number> | undefined;

  protected override clear(): void {
    super.clear();
    if (this.#known.length > 0) this.#known = [];
    this.#globals = undefined;
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
      this.get(index);
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
    this.#known[known.id] = this.memoSize;
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
      this.get(index);
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
    (this.#globals ??= new Map<string, number>()).set(key, this.memoSize);
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
}
