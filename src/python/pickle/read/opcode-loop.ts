/**
 * The loop over the opcodes, with all that today's picklers write.
 *
 * It keeps the state of the machine in local variables, and has the opcodes as numbers with their
 * names beside them: V8 makes one jump of such a switch, where named constants would cost a
 * comparison each. Opcodes that are rarely met are done elsewhere, with the state put back.
 *
 * @module
 */
import { addItems, append, makeFrozenSet, makeTuple, newDict, setItems } from './containers.js';
import { decodeLong, maxLongBytes } from '../format/long.js';
import { build, findGlobal, newObject, reduce } from './objects.js';
import { runRareOpcode } from './rare-opcodes.js';
import type { Unpickler } from './unpickler.js';
import { PyTuple } from '../values/py-tuple.js';

const HIGHEST_PROTOCOL = 5;

/** Runs the pickle to its end and gives the value on top of the stack. */
export function run(machine: Unpickler): unknown {
  const { bytes, stack, memo, marks, strings } = machine;
  // All of these are small integers, or V8 would count in doubles.
  const maxElements = Math.min(machine.settings.limits.maxElements, 2 ** 30 - 1) | 0;
  const end = bytes.length;
  let { pos, top, fence, values } = machine;
  for (;;) {
    if (values > maxElements) throw machine.error('more values than maxElements');
    machine.at = pos;
    const opcode = bytes[pos++];
    switch (opcode) {
      case 0x8c: // SHORT_BINUNICODE
      case 0x58: {
        // BINUNICODE
        const start = pos + (opcode === 0x8c ? 1 : 4);
        if (start > end) throw machine.error('pickle data was truncated');
        const length = opcode === 0x8c ? (bytes[pos] as number) : int32(bytes, pos);
        if (length < 0 || length > end - start) throw machine.error('pickle data was truncated');
        pos = start + length;
        const text = strings.read(start, length);
        if (text === undefined) throw machine.error('text is not UTF-8');
        stack[top++] = text;
        values++;
        if (strings.isCopy) {
          machine.top = top;
          machine.note({ text });
        }
        break;
      }
      case 0x94: // MEMOIZE
        if (machine.simpleMemo && machine.notedTop !== top - 1 && top > fence) {
          memo.push(stack[top - 1]);
        } else {
          machine.top = top;
          machine.fence = fence;
          machine.memoize();
        }
        break;
      case 0x71: // BINPUT
      case 0x72: {
        // LONG_BINPUT
        const next = pos + (opcode === 0x71 ? 1 : 4);
        if (next > end) throw machine.error('pickle data was truncated');
        const index = opcode === 0x71 ? (bytes[pos] as number) : int32(bytes, pos) >>> 0;
        pos = next;
        machine.top = top;
        machine.fence = fence;
        machine.memoize(index);
        break;
      }
      case 0x68: // BINGET
      case 0x6a: {
        // LONG_BINGET
        const next = pos + (opcode === 0x68 ? 1 : 4);
        if (next > end) throw machine.error('pickle data was truncated');
        const index = opcode === 0x68 ? (bytes[pos] as number) : int32(bytes, pos) >>> 0;
        pos = next;
        const value = memo[index];
        if (value !== undefined && machine.simpleMemo) {
          stack[top++] = value;
        } else {
          machine.top = top;
          machine.recall(index);
          top = machine.top;
        }
        values++;
        break;
      }
      case 0x4b: // BININT1
        if (pos >= end) throw machine.error('pickle data was truncated');
        stack[top++] = bytes[pos++];
        values++;
        break;
      case 0x4d: // BININT2
        if (pos + 2 > end) throw machine.error('pickle data was truncated');
        stack[top++] = (bytes[pos] as number) | ((bytes[pos + 1] as number) << 8);
        pos += 2;
        values++;
        break;
      case 0x4a: // BININT
        if (pos + 4 > end) throw machine.error('pickle data was truncated');
        stack[top++] = int32(bytes, pos);
        pos += 4;
        values++;
        break;
      case 0x8a: {
        // LONG1
        const start = pos + 1;
        if (start > end) throw machine.error('pickle data was truncated');
        const length = bytes[pos] as number;
        if (length > end - start) throw machine.error('pickle data was truncated');
        pos = start + length;
        if (length > 8 && length > maxLongBytes(machine.settings.limits)) {
          throw machine.error('more digits than maxLongDigits');
        }
        stack[top++] = decodeLong(bytes, start, length);
        values++;
        break;
      }
      case 0x47: {
        // BINFLOAT
        if (pos + 8 > end) throw machine.error('pickle data was truncated');
        const value = float64(bytes, pos);
        pos += 8;
        stack[top++] = value;
        values++;
        if (Number.isInteger(value)) {
          machine.top = top;
          machine.note(value);
        }
        break;
      }
      case 0x4e: // NONE
        stack[top++] = null;
        values++;
        break;
      case 0x88: // NEWTRUE
        stack[top++] = true;
        values++;
        break;
      case 0x89: // NEWFALSE
        stack[top++] = false;
        values++;
        break;
      case 0x43: {
        // SHORT_BINBYTES
        const start = pos + 1;
        if (start > end) throw machine.error('pickle data was truncated');
        const length = bytes[pos] as number;
        if (length > end - start) throw machine.error('pickle data was truncated');
        pos = start + length;
        stack[top++] = copyOf(bytes, start, length);
        values++;
        break;
      }
      case 0x28: // MARK
        marks.push(top);
        fence = top;
        break;
      case 0x7d: // EMPTY_DICT
        machine.pos = pos;
        stack[top++] = newDict(machine);
        values++;
        break;
      case 0x75: {
        // SETITEMS
        const start = machine.popMark();
        fence = machine.fence;
        if (start <= fence) throw machine.underflow();
        stack[start - 1] = setItems(machine, stack[start - 1], start, top);
        top = start;
        break;
      }
      case 0x73: {
        // SETITEM
        const start = top - 2;
        if (start <= fence) throw machine.underflow();
        stack[start - 1] = setItems(machine, stack[start - 1], start, top);
        top = start;
        break;
      }
      case 0x5d: // EMPTY_LIST
        machine.containers++;
        stack[top++] = [];
        values++;
        break;
      case 0x65: {
        // APPENDS
        const start = machine.popMark();
        fence = machine.fence;
        if (start <= fence) throw machine.underflow();
        append(machine, stack[start - 1], start, top);
        top = start;
        break;
      }
      case 0x61: // APPEND
        if (top - 1 <= fence) throw machine.underflow();
        append(machine, stack[top - 2], top - 1, top);
        top--;
        break;
      case 0x29: // EMPTY_TUPLE
        stack[top++] = new PyTuple();
        values++;
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: {
        // TUPLE3
        const start = top - (opcode - 0x84);
        if (start < fence) throw machine.underflow();
        stack[start] = makeTuple(machine, start, top);
        top = start + 1;
        values++;
        break;
      }
      case 0x74: {
        // TUPLE
        const start = machine.popMark();
        fence = machine.fence;
        stack[start] = makeTuple(machine, start, top);
        top = start + 1;
        values++;
        break;
      }
      case 0x8f: // EMPTY_SET
        machine.containers++;
        stack[top++] = new Set();
        values++;
        break;
      case 0x90: {
        // ADDITEMS
        const start = machine.popMark();
        fence = machine.fence;
        if (start <= fence) throw machine.underflow();
        addItems(machine, stack[start - 1], start, top);
        top = start;
        break;
      }
      case 0x91: {
        // FROZENSET
        const start = machine.popMark();
        fence = machine.fence;
        stack[start] = makeFrozenSet(machine, start, top);
        top = start + 1;
        values++;
        break;
      }
      case 0x93: {
        // STACK_GLOBAL
        top -= 2;
        if (top < fence) throw machine.underflow();
        const module = stack[top];
        const name = stack[top + 1];
        if (typeof module !== 'string' || typeof name !== 'string') {
          throw machine.error('module or name is no string');
        }
        stack[top] = findGlobal(machine, module, name, top);
        top++;
        values++;
        break;
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        top -= 2;
        if (top < fence) throw machine.underflow();
        if (machine.notedTop >= top) machine.takeNotes(top);
        stack[top] = (opcode === 0x52 ? reduce : newObject)(machine, stack[top], stack[top + 1]);
        top++;
        values++;
        break;
      }
      case 0x62: // BUILD
        if (top - 2 < fence) throw machine.underflow();
        machine.top = top;
        stack[top - 2] = build(machine, stack[top - 2], stack[top - 1]);
        top--;
        if (machine.notedTop >= top) machine.takeNotes(top);
        break;
      case 0x80: {
        // PROTO
        const protocol = bytes[pos++];
        if (protocol === undefined) throw machine.error('pickle data was truncated');
        if (protocol > HIGHEST_PROTOCOL) throw machine.error(`unsupported protocol ${protocol}`);
        machine.protocol = protocol;
        break;
      }
      case 0x95: // FRAME
        machine.pos = pos;
        machine.take(machine.readLength8());
        pos += 8;
        break;
      case 0x2e: // STOP
        machine.fence = fence;
        if (top <= fence) throw machine.underflow();
        return stack[top - 1];
      case undefined:
        throw machine.error('pickle data was truncated');
      default:
        machine.pos = pos;
        machine.top = top;
        machine.fence = fence;
        machine.values = values;
        runRareOpcode(machine, opcode);
        ({ pos, top, fence, values } = machine);
    }
  }
}

const floats = new Float64Array(1);
const words = new Int32Array(floats.buffer);

/** A big-endian double. Its words change places for the little-endian machines that Node knows. */
function float64(bytes: Uint8Array, start: number): number {
  words[1] =
    ((bytes[start] as number) << 24) |
    ((bytes[start + 1] as number) << 16) |
    ((bytes[start + 2] as number) << 8) |
    (bytes[start + 3] as number);
  words[0] =
    ((bytes[start + 4] as number) << 24) |
    ((bytes[start + 5] as number) << 16) |
    ((bytes[start + 6] as number) << 8) |
    (bytes[start + 7] as number);
  return floats[0] as number;
}

/** A signed little-endian integer of four bytes, which must be there. */
function int32(bytes: Uint8Array, start: number): number {
  return (
    (bytes[start] as number) |
    ((bytes[start + 1] as number) << 8) |
    ((bytes[start + 2] as number) << 16) |
    ((bytes[start + 3] as number) << 24)
  );
}

/** A copy, which for few bytes is made faster one by one. */
function copyOf(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (length > 64) return new Uint8Array(bytes.subarray(start, start + length));
  const copy = new Uint8Array(length);
  for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number;
  return copy;
}
