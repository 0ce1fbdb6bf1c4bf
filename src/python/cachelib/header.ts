/**
 * What stands before the value in a file of cachelib's: the second at which the value ends.
 * Python: `FileSystemCache.get` and `set`, from 0.1 to 0.17.0.
 *
 * @module
 */

/**
 * How a release writes the second: `struct`, four bytes, since 0.7; `pickle-1`, an int pickled in
 * protocol 1, up to 0.4; `pickle-highest`, in the newest protocol of that Python, in 0.5 and 0.6.
 */
export type HeaderForm = 'struct' | 'pickle-1' | 'pickle-highest';

/** The start of a file, taken apart. */
export interface Header {
  readonly form: HeaderForm;
  /** Seconds since 1970; 0 for a value that never ends. */
  readonly expires: number;
  /** Bytes up to the value. */
  readonly length: number;
}

/** No header is longer. */
const MAX_HEADER_BYTES = 17;

/**
 * Takes a header apart; `undefined` for bytes that begin with none. A pickled one is told from four
 * bytes by the pickle that follows it: no file that cachelib wrote can be both.
 *
 * @param likely - How headers are written here; pickled ones are then taken for such whatever
 *   follows, for values that are written by a serializer of the app's own
 */
export function readHeader(bytes: Uint8Array, likely: HeaderForm = 'struct'): Header | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = head.toString('latin1', 0, MAX_HEADER_BYTES + 1);
  const pickled = (likely === 'struct' ? PICKLED_AND_MORE : PICKLED).exec(text);
  if (pickled) {
    const [{ length }, protocol] = pickled;
    const isZero = head[length - 2] === 0 && head[length - 3] === BININT1;
    return {
      form: protocol === undefined ? 'pickle-1' : 'pickle-highest',
      expires: isZero ? 0 : head.readInt32LE(length - 5),
      length,
    };
  }
  if (head.length < 4) return undefined;
  return { form: 'struct', expires: head.readUInt32LE(0), length: 4 };
}

/**
 * A header's bytes; `undefined` when the second is too late for the form: from 2106 on for four
 * bytes, from 2038 on for an int that was pickled.
 *
 * @param protocol - Python's newest, for `pickle-highest`
 */
export function writeHeader(
  form: HeaderForm,
  expires: number,
  protocol: number,
): Buffer | undefined {
  if (form === 'struct') {
    return expires > 0xffffffff ? undefined : uint32(expires);
  }
  if (expires > 0x7fffffff) return undefined;
  const int =
    expires === 0 ? Buffer.of(BININT1, 0) : Buffer.concat([Buffer.of(BININT), uint32(expires)]);
  const pickle = Buffer.concat([int, Buffer.of(STOP)]);
  if (form === 'pickle-1') return pickle;
  // Pickles shorter than four bytes go without a frame.
  const framed = protocol >= 4 && pickle.length >= 4;
  const frame = framed ? [FRAME, pickle.length, 0, 0, 0, 0, 0, 0, 0] : [];
  return Buffer.concat([Buffer.of(PROTO, protocol, ...frame), pickle]);
}

/**
 * The change that makes a header end at another second and keeps its length: bytes, and where they
 * go. `undefined` where there is none: from or to a value that never ends, and for a second too late.
 */
export function renewHeader(
  header: Header,
  expires: number,
): { readonly bytes: Buffer; readonly position: number } | undefined {
  if (header.form === 'struct') {
    return expires > 0xffffffff ? undefined : { bytes: uint32(expires), position: 0 };
  }
  if (header.expires === 0 || expires === 0 || expires > 0x7fffffff) return undefined;
  return { bytes: uint32(expires), position: header.length - 5 };
}

/** Whether a value has ended by now: cachelib still gives it throughout its last second. */
export function hasExpired(header: Header, now: number = Date.now() / 1000): boolean {
  return header.expires !== 0 && header.expires < now;
}

const [PROTO, FRAME, BININT, BININT1, STOP] = [0x80, 0x95, 0x4a, 0x4b, 0x2e];

/** Protocol and frame, then BININT below 2**31 or BININT1 of 0, then STOP. */
// eslint-disable-next-line no-control-regex -- these are bytes
const PICKLED = /^(?:\x80([\x02-\x05])(?:\x95[^]{8})?)?(?:J[^]{3}[\0-\x7f]|K\0)\./;

/** The same with the next pickle after it. */
const PICKLED_AND_MORE = new RegExp(`${PICKLED.source}(?=\\x80)`);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
