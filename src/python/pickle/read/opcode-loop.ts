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
  const { bytes, end, stack, memo, marks, strings } = machine;
  const { view } = machine.input;
  // All of these are small integers, or V8 would count in doubles.
  const maxElements = Math.min(machine.settings.limits.maxElements, 2 ** 30 - 1) | 0;
  let { pos, top, fence, values } = machine;
  for (;;) {
    if (values > maxElements) throw machine.error('more values than maxElements');
    machine.at = pos;
    if (pos >= end) throw machine.error('pickle data was truncated');
    const opcode = bytes[pos++] as number;
    switch (opcode) {
      case 0x8c: // SHORT_BINUNICODE
      case 0x58: {
        // BINUNICODE
        const start = pos + (opcode === 0x8c ? 1 : 4);
        if (start > end) throw machine.error('pickle data was truncated');
        const length = opcode === 0x8c ? (bytes[pos] as number) : view.getInt32(pos, true);
        if (length < 0 || length > end - start) throw machine.error('pickle data was truncated');
        pos = start + length;
        const text = strings.read(start, length);
        if (text === undefined) throw machine.error('text is not UTF-8');
        stack[top++] = text;
        values++;
        if (strings.isCopy) {
          machine.top = top;
          machine.note({ text });
        } else if (machine.denseMemo && pos < end && bytes[pos] === 0x94) {
          // MEMOIZE, as nearly always
          pos++;
          memo.push(text);
        }
        break;
      }
      case 0x94: // MEMOIZE
        if (machine.denseMemo && machine.notedTop !== top - 1 && top > fence) {
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
        const index = opcode === 0x71 ? (bytes[pos] as number) : view.getInt32(pos, true) >>> 0;
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
        const index = opcode === 0x68 ? (bytes[pos] as number) : view.getInt32(pos, true) >>> 0;
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
        stack[top++] = view.getInt32(pos, true);
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
        const value = view.getFloat64(pos);
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
        const protocol = bytes[pos++] as number;
        if (pos > end) throw machine.error('pickle data was truncated');
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

/** A copy, which for few bytes is made faster one by one. */
function copyOf(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (length > 64) return new Uint8Array(bytes.subarray(start, start + length));
  const copy = new Uint8Array(length);
  for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number;
  return copy;
}
