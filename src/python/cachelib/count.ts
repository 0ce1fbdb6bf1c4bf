/**
 * The file that holds how many files there are.
 * Python: `FileSystemCache._update_count`, from 0.1 to 0.17.0.
 *
 * @module
 */

import { UnpicklingError } from '../../errors.js';
import { dumps, loads } from '../pickle/index.js';
import { writeHeader } from './header.js';
import type { Header, HeaderForm } from './header.js';

/** What the count file tells: the number, and how the release writes that keeps it. */
export interface Count {
  readonly value: number;
  readonly form: HeaderForm;
  /** Pickle protocol of the number: the newest of that Python. */
  readonly protocol: CountProtocol;
}

type CountProtocol = 2 | 3 | 4 | 5;

/**
 * Reads the count file; `undefined` when it holds something else.
 *
 * @param header - What it begins with
 * @param pickle - The bytes after that
 */
export function readCount(header: Header, pickle: Uint8Array): Count | undefined {
  const [proto, protocol] = pickle;
  if (proto !== 0x80 || !isProtocol(protocol) || pickle.length > MAX_BYTES) return undefined;
  try {
    const value = loads(pickle);
    return typeof value === 'number' ? { value, form: header.form, protocol } : undefined;
  } catch (error) {
    if (error instanceof UnpicklingError) return undefined;
    throw error;
  }
}

/** The bytes of the count file, which never ends. */
export function writeCount({ value, form, protocol }: Count): Buffer {
  const header = writeHeader(form, 0, protocol) ?? Buffer.alloc(0);
  return Buffer.concat([header, dumps(value, { protocol })]);
}

/** More than any number's pickle has. */
const MAX_BYTES = 64;

function isProtocol(byte: number | undefined): byte is CountProtocol {
  return byte !== undefined && byte >= 2 && byte <= 5;
}
