/**
 * Opcodes that pickles of today rarely have: those of protocols 0 and 1, and the less usual of
 * the later ones.
 *
 * @module
 */
import { append, makeTuple, newDict, setItems } from './containers.js';
import { decodeLong, maxLongBytes } from '../format/long.js';
import { discard, findGlobal, instantiate, newObject } from './objects.js';
import { decodePython2, decodeUtf8, textBuffer } from '../format/strings.js';
import {
  parseFloatText,
  parseInt32,
  parseLong,
  unescapeBytes,
  unescapeUnicode,
} from '../format/text-arguments.js';
import type { Unpickler } from './unpickler.js';
import { PyByteArray } from '../values/py-byte-array.js';
import type { PyGlobal } from '../values/py-global.js';

/** Does one opcode; `machine.pos` is behind it. */
export function runRareOpcode(machine: Unpickler, opcode: number): void {
  switch (opcode) {
    case 0x49: // INT
      pushInt(machine, machine.readLine(1), parseInt32);
      break;
    case 0x4c: // LONG
      pushInt(machine, machine.readLine(1).replace(/L$/, ''), (line) => parseLong(line, 0));
      break;
    case 0x8b: // LONG4
      loadLong4(machine);
      break;
    case 0x46: // FLOAT
      pushFloat(machine, parseFloatText(machine.readLine(1)));
      break;
    case 0x53: // STRING
      loadString(machine);
      break;
    case 0x54: // BINSTRING
      pushPython2(machine, machine.readUint(4));
      break;
    case 0x55: // SHORT_BINSTRING
      pushPython2(machine, machine.readUint(1));
      break;
    case 0x42: // BINBYTES
      pushBytes(machine, machine.readUint(4));
      break;
    case 0x8e: // BINBYTES8
      pushBytes(machine, machine.readLength8());
      break;
    case 0x96: // BYTEARRAY8
      loadByteArray(machine);
      break;
    case 0x97: // NEXT_BUFFER
      loadNextBuffer(machine);
      break;
    case 0x98: // READONLY_BUFFER
      loadReadOnlyBuffer(machine);
      break;
    case 0x56: // UNICODE
      pushText(machine, unescapeUnicode(machine.readLine(0)));
      break;
    case 0x8d: // BINUNICODE8
      loadText(machine, machine.readLength8());
      break;
    case 0x6c: // LIST
      loadList(machine);
      break;
    case 0x64: // DICT
      loadDict(machine);
      break;
    case 0x30: // POP
      loadPop(machine);
      break;
    case 0x31: // POP_MARK
      machine.top = machine.popMark();
      machine.takeNotes(machine.top);
      break;
    case 0x32: // DUP
      loadDup(machine);
      break;
    case 0x67: // GET
      machine.recall(memoIndex(machine));
      break;
    case 0x70: // PUT
      machine.memoize(memoIndex(machine));
      break;
    case 0x82: // EXT1
      loadExtension(machine, machine.readUint(1));
      break;
    case 0x83: // EXT2
      loadExtension(machine, machine.readUint(2));
      break;
    case 0x84: // EXT4
      loadExtension(machine, machine.readUint(4) | 0);
      break;
    case 0x63: // GLOBAL
      machine.push(loadName(machine));
      break;
    case 0x69: // INST
      loadInst(machine);
      break;
    case 0x6f: // OBJ
      loadObj(machine);
      break;
    case 0x92: // NEWOBJ_EX
      loadNewObjEx(machine);
      break;
    case 0x50: // PERSID
      loadPersistentId(machine);
      break;
    case 0x51: // BINPERSID
      pushPersistent(machine, machine.pop());
      break;
    default:
      throw machine.error(`invalid load key 0x${opcode.toString(16).padStart(2, '0')}`);
  }
}

function pushInt(
  machine: Unpickler,
  line: string,
  parse: (line: string) => number | bigint | boolean | undefined,
): void {
  if (line.length > machine.settings.limits.maxLongDigits + 1) {
    throw machine.error('more digits than maxLongDigits');
  }
  const value = parse(line);
  if (value === undefined) throw machine.error('argument is no int');
  machine.push(value);
}

function loadLong4(machine: Unpickler): void {
  const length = machine.readUint(4) | 0;
  if (length < 0) throw machine.error('negative length of a long');
  const start = machine.take(length);
  if (length > maxLongBytes(machine.settings.limits))
    throw machine.error('more digits than maxLongDigits');
  machine.push(decodeLong(machine.bytes, start, length));
}

function pushFloat(machine: Unpickler, value: number | undefined): void {
  if (value === undefined) throw machine.error('argument is no float');
  machine.push(value);
  if (Number.isInteger(value)) machine.note(value);
}

function loadString(machine: Unpickler): void {
  const bytes = unescapeBytes(machine.readLine(0));
  if (!bytes) throw machine.error('argument is no quoted string');
  pushDecoded(machine, bytes, 0, bytes.length);
}

function pushPython2(machine: Unpickler, length: number): void {
  const start = machine.take(length);
  pushDecoded(machine, machine.bytes, start, start + length);
}

/** Pushes a str of Python 2: as bytes, or as text in the encoding that the user names. */
function pushDecoded(machine: Unpickler, bytes: Uint8Array, start: number, end: number): void {
  const { encoding } = machine.settings;
  if (encoding === 'bytes') machine.push(new Uint8Array(bytes.subarray(start, end)));
  else {
    const text = decodePython2(textBuffer(bytes), start, end, encoding);
    if (text === undefined) throw machine.error(`str of Python 2 is not ${encoding}`);
    machine.push(text);
  }
}

function pushBytes(machine: Unpickler, length: number): void {
  const start = machine.take(length);
  machine.push(new Uint8Array(machine.bytes.subarray(start, start + length)));
}

function loadByteArray(machine: Unpickler): void {
  const length = machine.readLength8();
  const start = machine.take(length);
  machine.push(new PyByteArray(machine.bytes.subarray(start, start + length)));
}

function loadNextBuffer(machine: Unpickler): void {
  const { buffers } = machine;
  if (!buffers) throw machine.error('data outside of the pickle, but no buffers were passed in');
  const next = buffers.next();
  if (next.done) throw machine.error('fewer buffers than the pickle refers to');
  machine.push(next.value);
}

/** Python makes a read-only view of a bytearray; bytes come nearest to that. */
function loadReadOnlyBuffer(machine: Unpickler): void {
  const buffer = machine.pop();
  if (!(buffer instanceof Uint8Array)) throw machine.error('READONLY_BUFFER on what is no buffer');
  machine.push(buffer instanceof PyByteArray ? new Uint8Array(buffer) : buffer);
}

function pushText(machine: Unpickler, text: string | undefined): void {
  if (text === undefined) throw machine.error('text is badly encoded');
  machine.push(text);
  // Python has one object for the empty str and for each character up to U+00FF.
  if (text.length === 0 || (text.length === 1 && text.charCodeAt(0) <= 0xff)) return;
  const texts = (machine.texts ??= new Set<string>());
  if (texts.has(text)) machine.note({ text });
  else texts.add(text);
}

function loadText(machine: Unpickler, length: number): void {
  const start = machine.take(length);
  pushText(machine, decodeUtf8(machine.bytes, start, start + length));
}

function loadList(machine: Unpickler): void {
  const start = machine.popMark();
  const list: unknown[] = [];
  append(machine, list, start, machine.top);
  machine.containers++;
  machine.top = start;
  machine.push(list);
}

function loadDict(machine: Unpickler): void {
  const start = machine.popMark();
  const dict = setItems(machine, newDict(machine), start, machine.top);
  machine.top = start;
  machine.push(dict);
}

/** Takes the topmost value off, or the MARK where that is on top. */
function loadPop(machine: Unpickler): void {
  const { marks, top, bytes, at } = machine;
  if (marks.length > 0 && marks.at(-1) === top) {
    machine.popMark();
    return;
  }
  const value = machine.pop();
  const isStateSetter = bytes[at - 1] === 0x52 && bytes[at - 2] === 0x86; // TUPLE2 REDUCE POP
  if (isStateSetter) discard(value);
}

function loadDup(machine: Unpickler): void {
  if (machine.top <= machine.fence) throw machine.underflow();
  const { stack, top } = machine;
  const note = machine.noteOnTop();
  machine.push(stack[top - 1]);
  if (note !== undefined) machine.note(note);
}

function memoIndex(machine: Unpickler): number {
  const index = parseLong(machine.readLine(1), 10);
  if (typeof index !== 'number' || index < 0) throw machine.error('argument is no index');
  return index;
}

function loadExtension(machine: Unpickler, code: number): void {
  if (code <= 0) throw machine.error('extension code is not positive');
  const dotted = machine.settings.extensions?.get(code);
  if (dotted === undefined) throw machine.error(`unregistered extension code ${code}`);
  const dot = dotted.lastIndexOf('.');
  machine.push(findGlobal(machine, dotted.slice(0, dot), dotted.slice(dot + 1)));
}

/** The module and name that follow GLOBAL and INST, on a line each. */
function loadName(machine: Unpickler): PyGlobal {
  const [module, name] = [machine.readLine(1), machine.readLine(1)].map((line) =>
    decodeUtf8(textBuffer(Buffer.from(line, 'latin1')), 0, line.length),
  );
  if (module === undefined || name === undefined) throw machine.error('name is not UTF-8');
  return findGlobal(machine, module, name);
}

function loadInst(machine: Unpickler): void {
  const start = machine.popMark();
  const cls = loadName(machine);
  const args = makeTuple(machine, start, machine.top);
  machine.top = start;
  machine.push(instantiate(machine, cls, args));
}

function loadObj(machine: Unpickler): void {
  const start = machine.popMark();
  if (machine.top <= start) throw machine.underflow();
  const args = makeTuple(machine, start + 1, machine.top);
  machine.top = start + 1;
  const cls = machine.pop();
  machine.push(instantiate(machine, cls, args));
}

function loadNewObjEx(machine: Unpickler): void {
  const kwargs = machine.pop();
  const args = machine.pop();
  const cls = machine.pop();
  machine.push(newObject(machine, cls, args, kwargs));
}

function loadPersistentId(machine: Unpickler): void {
  const id = machine.readLine(0);
  if (/[^\0-\x7f]/.test(id)) throw machine.error('persistent id is not ASCII');
  pushPersistent(machine, id);
}

function pushPersistent(machine: Unpickler, id: unknown): void {
  const { persistentLoad } = machine.settings;
  if (!persistentLoad) throw machine.error('persistent id, but no persistentLoad was passed in');
  machine.push(machine.callUser(() => persistentLoad(id)));
}
