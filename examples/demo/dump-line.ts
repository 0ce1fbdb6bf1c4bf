/**
 * Lines of a dump: what stands where in a session's stored bytes.
 *
 * @module
 */

export interface DumpLine {
  /** Of the first byte. */
  readonly offset: number;
  /** How many maps and arrays it is inside of; always 0 in a pickle, which is no tree but a program. */
  readonly depth: number;
  readonly hex: string;
  /** What the bytes are: the opcode's name as in Python's pickletools, or the format's own word. */
  readonly name: string;
  /** What they say. */
  readonly text: string;
}

/** The same bytes, with Buffer's methods. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Two digits a byte, a space between bytes. */
export function hexOf(bytes: Uint8Array): string {
  return bufferOf(bytes)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
}
