/**
 * The walk over a value that is encoded: what each JavaScript value is in Python, in which order it
 * comes, and where the walk stands when something has no form. How it is written the formats say.
 *
 * @module
 */

import { EncodeError } from '../../errors.js';
import { keysAsRead, notesOf, type Notes } from '../pickle/as-read.js';
import { PyDateTime } from '../pickle/values/py-date-time.js';
import { PyFloat } from '../pickle/values/py-float.js';
import { PyObject } from '../pickle/values/py-object.js';
import { containerOf } from './container-classes.js';
import { Ext } from './ext.js';
import { Budget, type EncodeOptions } from './limits.js';
import { looksLikeInt } from './numbers.js';
import { textOf } from './text-forms.js';

/** Longest path in an error, in steps. */
const MAX_PATH = 32;

/** A container whose content is being written. */
interface Level {
  /** A dict's keys; `undefined` for a list. */
  readonly keys: readonly unknown[] | undefined;
  readonly values: readonly unknown[];
  readonly size: number;
  /** Which of its integral numbers were floats, by key, member of a set, or index. */
  readonly notes: Notes | undefined;
  readonly isSet: boolean;
  /** How many items or entries are begun. */
  begun: number;
  /** Whether the begun entry's value comes next. */
  atValue: boolean;
}

/** Encodes one value at a time. Open containers lie on a stack of its own: depth costs no calls. */
export abstract class Encoder {
  private readonly levels: Level[] = [];
  private root = '';
  private budget = Budget.forEncoding(undefined);

  /** @throws {@link EncodeError} for what has no form in the format */
  encode(value: unknown, { root = 'value', limits }: EncodeOptions = {}): Buffer {
    this.root = root;
    this.budget = Budget.forEncoding(limits);
    this.start();
    try {
      this.writeValue(value, undefined);
      for (let level = this.levels.at(-1); level; level = this.levels.at(-1)) {
        if (level.atValue) this.writeEntryValue(level);
        else if (level.begun < level.size) this.beginNext(level);
        else this.closeLevel(level);
        this.require(this.budget.refuseBytes(this.written()));
      }
      const bytes = this.finish();
      this.require(this.budget.refuseBytes(bytes.length));
      return bytes;
    } finally {
      this.levels.length = 0;
    }
  }

  protected abstract start(): void;
  protected abstract finish(): Buffer;
  /** How much is written so far: bytes, or what will be that many at least. */
  protected abstract written(): number;
  protected abstract writeNone(): void;
  protected abstract writeBool(value: boolean): void;
  protected abstract writeInt(value: number | bigint): void;
  protected abstract writeFloat(value: number): void;
  protected abstract writeStr(value: string): void;
  protected abstract writeBytes(value: Uint8Array): void;
  protected abstract writeDateTime(value: PyDateTime): void;
  protected abstract writeExt(value: Ext): void;
  /** Writes a dict's key. `note` is the float that an integral key was, where it was one. */
  protected abstract writeKey(key: unknown, note: unknown): void;
  protected abstract openList(size: number): void;
  protected abstract openDict(size: number): void;
  /** Called before each item of a list and each key of a dict. */
  protected abstract separate(isFirst: boolean): void;
  /** Called between a key and its value. */
  protected abstract afterKey(): void;
  protected abstract closeList(): void;
  protected abstract closeDict(): void;

  /** Writes any value, or begins to. `note` is the float that an integral number was. */
  protected writeValue(value: unknown, note: unknown): void {
    switch (typeof value) {
      case 'string':
        this.writeStr(value);
        break;
      case 'number':
        if (note === value) this.writeFloat(note);
        else if (looksLikeInt(value)) this.writeInt(value);
        else this.writeFloat(value);
        break;
      case 'bigint':
        this.writeInt(value);
        break;
      case 'boolean':
        this.writeBool(value);
        break;
      case 'object':
        if (value === null) this.writeNone();
        else this.writeObject(value);
        break;
      default:
        this.fail(`a JavaScript ${typeof value} has no form`);
    }
  }

  /** @throws {@link EncodeError} always, with the path to where the walk stands */
  protected fail(reason: string): never {
    const steps = this.levels.slice(0, MAX_PATH).map(formatStep);
    if (this.levels.length > MAX_PATH) steps.push('...');
    throw new EncodeError(reason, this.root + steps.join(''));
  }

  private require(refusal: string | undefined): void {
    if (refusal !== undefined) this.fail(refusal);
  }

  private writeObject(value: object): void {
    if (this.openContainer(value)) return;
    if (value instanceof Uint8Array) this.writeBytes(value);
    else if (value instanceof PyFloat) this.writeFloat(value.value);
    else if (value instanceof PyDateTime) this.writeDateTime(value);
    else if (value instanceof Date) this.writeDateTime(this.datetimeOf(value));
    else if (value instanceof Ext) this.writeExt(value);
    else if (value instanceof PyObject) this.writePyObject(value);
    else this.writeStr(textOf(value) ?? this.fail(`${nameOf(value)} has no form`));
  }

  /** Begins to write a list or a dict; says whether the value is one. */
  private openContainer(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) this.openLevel(value, undefined, value);
    else if (isPlain(value)) this.openObject(value);
    else if (value instanceof Map)
      this.openDictLevel(value, [...value.keys()], [...value.values()]);
    else if (value instanceof Set) this.openLevel(value, undefined, [...(value as Set<unknown>)]);
    else return false;
    return true;
  }

  private writePyObject(object: PyObject): void {
    if (this.openContainer(containerOf(object))) return;
    const name = JSON.stringify(`${object.module}.${object.name}`.slice(0, 64));
    this.fail(`an object of the Python class ${name} has no form`);
  }

  private datetimeOf(date: Date): PyDateTime {
    try {
      return PyDateTime.fromDate(date);
    } catch {
      return this.fail('a Date is invalid, or outside the years 1 to 9999');
    }
  }

  private openObject(object: Readonly<Record<string, unknown>>): void {
    const keys = keysAsRead(object);
    const values = keys.map((key) => object[key]);
    this.openDictLevel(object, keys, values);
  }

  /** `undefined` in a dict is left out, as JSON.stringify leaves it out. */
  private openDictLevel(dict: object, keys: readonly unknown[], values: readonly unknown[]): void {
    if (values.includes(undefined)) {
      keys = keys.filter((_, i) => values[i] !== undefined);
      values = values.filter((value) => value !== undefined);
    }
    this.openLevel(dict, keys, values);
  }

  private openLevel(
    container: object,
    keys: readonly unknown[] | undefined,
    values: readonly unknown[],
  ): void {
    const size = values.length;
    this.require(this.budget.refuseDepth(this.levels.length + 1));
    this.require(this.budget.refuseElements(keys ? 2 * size : size));
    const notes = notesOf(container);
    const isSet = container instanceof Set;
    this.levels.push({ keys, values, size, notes, isSet, begun: 0, atValue: false });
    if (keys) this.openDict(size);
    else this.openList(size);
  }

  private beginNext(level: Level): void {
    const { keys, values, notes } = level;
    const index = level.begun++;
    this.separate(index === 0);
    if (keys) {
      level.atValue = true;
      this.writeKey(keys[index], notes?.keys?.get(keys[index]));
    } else {
      this.writeValue(values[index], notes?.values?.get(level.isSet ? values[index] : index));
    }
  }

  private writeEntryValue(level: Level): void {
    const index = level.begun - 1;
    level.atValue = false;
    this.afterKey();
    this.writeValue(level.values[index], level.notes?.values?.get(level.keys?.[index]));
  }

  private closeLevel(level: Level): void {
    if (level.keys) this.closeDict();
    else this.closeList();
    this.levels.pop();
  }
}

/** One step of a path: `.key`, `["other key"]`, `[3]`, `{3}` in a set. */
function formatStep({ keys, isSet, begun, atValue }: Level): string {
  if (!keys) return isSet ? `{${begun - 1}}` : `[${begun - 1}]`;
  // While a key itself is written, the path ends at its dict.
  return atValue ? '' : formatKey(keys[begun - 1]);
}

/** A key that is no text is shown by its kind. */
function formatKey(key: unknown): string {
  if (typeof key === 'number' || typeof key === 'boolean') return `[${String(key)}]`;
  if (typeof key !== 'string') return `[${key === null ? 'None' : typeof key}]`;
  const short = key.length > 64 ? `${key.slice(0, 64)}...` : key;
  return IDENTIFIER.test(short) ? `.${short}` : `[${JSON.stringify(short)}]`;
}

const IDENTIFIER = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** A dict, as an object literal or JSON.parse makes it, in this realm or another. */
function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: object): string {
  const { constructor } = value;
  const name = typeof constructor === 'function' ? constructor.name : '';
  return name ? `an instance of ${JSON.stringify(name.slice(0, 64))}` : 'an object';
}
