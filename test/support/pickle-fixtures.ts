/** The pickles that CPython 3.8 to 3.13 wrote, and what they hold. */

import { createHash } from 'node:crypto';

import type { PickleProtocol } from '../../src/python/pickle/index.js';
import { readFixture, releasesOf } from './fixtures.js';
import type { Typed } from './typed-json.js';

/** One pickle of one value. */
export interface PickleCase {
  /** Of the value, such as `int/255`. */
  readonly id: string;
  /** The oldest CPython that wrote these bytes, such as `3.8`. */
  readonly python: string;
  readonly protocol: PickleProtocol;
  /** Which picklers wrote them. */
  readonly by: readonly ('c' | 'python')[];
  readonly value: Typed;
  /** The pickle; where it is long, there is only its digest. */
  readonly hex?: string;
  readonly sha256?: string;
}

interface File {
  readonly cases: readonly {
    readonly id: string;
    readonly value: Typed;
    readonly pickles: readonly Omit<PickleCase, 'id' | 'value' | 'python'>[];
  }[];
}

/** Every pickle of every version of CPython 3. */
export function pickleCases(): readonly PickleCase[] {
  const versions = releasesOf('pickle').filter((version) => version.startsWith('3.'));
  return versions.flatMap((python) =>
    (readFixture('pickle', `${python}.json`) as File).cases.flatMap(({ id, value, pickles }) =>
      pickles.map((each) => ({ id, python, value, ...each })),
    ),
  );
}

/** The cases whose bytes are there, with them. */
export function pickleBytes(): readonly (PickleCase & { readonly bytes: Buffer })[] {
  return pickleCases().flatMap((each) =>
    each.hex === undefined ? [] : [{ ...each, bytes: Buffer.from(each.hex, 'hex') }],
  );
}

/** Names a case in titles and lists. */
export function titleOf({ python, id, protocol, by }: PickleCase): string {
  return `${python} ${id} protocol ${protocol} ${by.join('+')}`;
}

/** Whether bytes are the very same as the case's. */
export function isBytesOf(bytes: Uint8Array, { hex, sha256 }: PickleCase): boolean {
  if (hex !== undefined) return Buffer.from(bytes).toString('hex') === hex;
  return createHash('sha256').update(bytes).digest('hex') === sha256;
}
