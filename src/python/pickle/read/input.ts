/**
 * The bytes of a pickle as they are read: copied to one place, which V8 reads much faster than
 * memory that is another one at each load.
 *
 * @module
 */
import { type TextBuffer, textBuffer } from '../format/strings.js';
import { SLACK } from '../text-hash.js';

/** The same memory, byte by byte and for numbers. What lies behind the pickle may be anything. */
export interface Input {
  readonly bytes: TextBuffer;
  readonly view: DataView;
}

const SHARED_SIZE = 64 * 1024;

const shared = allocate(SHARED_SIZE);
/** Whether a load is at work there; one that a user's function starts meanwhile goes elsewhere. */
let isTaken = false;

/** Takes in the bytes of a pickle; give them back with `closeInput`. */
export function openInput(data: Uint8Array): Input {
  const fits = data.length <= SHARED_SIZE && !isTaken;
  const input = fits ? shared : allocate(data.length);
  if (fits) isTaken = true;
  input.bytes.set(data);
  return input;
}

export function closeInput(input: Input): void {
  if (input === shared) isTaken = false;
}

function allocate(length: number): Input {
  const bytes = textBuffer(Buffer.allocUnsafeSlow(length + SLACK));
  return { bytes, view: new DataView(bytes.buffer) };
}
