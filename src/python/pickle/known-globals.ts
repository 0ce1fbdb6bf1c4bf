/**
 * The classes and functions that values with a form of their own here are pickled with.
 *
 * @module
 */
import { PyGlobal } from './values/py-global.js';

/** One of them. */
export interface KnownGlobal {
  readonly global: PyGlobal;
  /** Its place in the memo of known ones. */
  readonly id: number;
  /**
   * Whether CPython makes the name anew each time it is asked, as for classes written in C: in a
   * pickle it is never the same object as an equal string of the session.
   */
  readonly ownName: boolean;
}

const byModule = new Map<string, Map<string, KnownGlobal>>();
let count = 0;

export const ENCODE: KnownGlobal = known('_codecs', 'encode');
export const BYTEARRAY: KnownGlobal = known('builtins', 'bytearray', true);
export const BYTES: KnownGlobal = known('builtins', 'bytes', true);
export const FROZENSET: KnownGlobal = known('builtins', 'frozenset', true);
export const GETATTR: KnownGlobal = known('builtins', 'getattr', true);
export const OBJECT: KnownGlobal = known('builtins', 'object', true);
export const SET: KnownGlobal = known('builtins', 'set', true);
export const NEWOBJ: KnownGlobal = known('copyreg', '__newobj__');
export const NEWOBJ_EX: KnownGlobal = known('copyreg', '__newobj_ex__');
export const RECONSTRUCTOR: KnownGlobal = known('copyreg', '_reconstructor');
export const DATE: KnownGlobal = known('datetime', 'date', true);
export const DATETIME: KnownGlobal = known('datetime', 'datetime', true);
export const TIME: KnownGlobal = known('datetime', 'time', true);
export const TIMEDELTA: KnownGlobal = known('datetime', 'timedelta', true);
export const TIMEZONE: KnownGlobal = known('datetime', 'timezone', true);
export const DECIMAL: KnownGlobal = known('decimal', 'Decimal', true);
export const UUID: KnownGlobal = known('uuid', 'UUID');
export const ZONE_INFO: KnownGlobal = known('zoneinfo', 'ZoneInfo', true);

/** The one of that name, in Python 3's spelling; `undefined` for all other names. */
export function findKnown(module: string, name: string): KnownGlobal | undefined {
  return byModule.get(module)?.get(name);
}

function known(module: string, name: string, ownName = false): KnownGlobal {
  const entry = { global: new PyGlobal(module, name), id: count++, ownName };
  let names = byModule.get(module);
  if (!names) byModule.set(module, (names = new Map<string, KnownGlobal>()));
  names.set(name, entry);
  return entry;
}
