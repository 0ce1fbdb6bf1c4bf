/**
 * `pickle.dumps`, for protocols 0 to 5. Python: `pickle`, CPython 3.8 to 3.13. Differences: ./PORT.md
 *
 * @module
 */
import { type ClassRegistry, resolveClasses } from './classes.js';
import { type PickleLimits, resolveLimits } from './limits.js';
import { type DumpSettings, Saver } from './write/saver.js';

/** Versions of the format, each read by the Pythons since it came. */
export type PickleProtocol = 0 | 1 | 2 | 3 | 4 | 5;

/** How `dumps` writes; everything has a default. */
export interface DumpsOptions {
  /**
   * The version of the format. Python 2 reads up to 2, all of Python 3 up to 3, Python 3.4 up to
   * 4 and Python 3.8 up to 5.
   * @defaultValue `4`
   */
  readonly protocol?: PickleProtocol;
  /** Bounds on the value: `maxDepth` counts here, so that `loads` takes what is written. */
  readonly limits?: Partial<PickleLimits> | undefined;
  /** Classes of your own that become instances of Python's. */
  readonly classes?: ClassRegistry | undefined;
  /**
   * What the value is called in the path of an error.
   * @defaultValue `'value'`
   */
  readonly root?: string;
}

const DEFAULT_SETTINGS: DumpSettings = resolveSettings({});
let spare: Saver | undefined;

/**
 * Writes a pickle: what `loads` gave becomes what it was in Python, and for what CPython writes
 * in one way only, these are CPython's bytes. Python: `pickle.dumps`.
 *
 * @throws PicklingError for what has no form in Python, with the path to it.
 * @throws RangeError for a protocol that there is not.
 */
export function dumps(value: unknown, options?: DumpsOptions): Buffer {
  const settings = options === undefined ? DEFAULT_SETTINGS : resolveSettings(options);
  // A function of the user's that dumps in the middle of this finds no spare one.
  const saver = spare ?? new Saver();
  spare = undefined;
  try {
    return saver.dump(value, settings, options?.root ?? 'value');
  } finally {
    spare = saver;
  }
}

function resolveSettings(options: DumpsOptions): DumpSettings {
  const protocol = options.protocol ?? 4;
  if (!(Number.isInteger(protocol) && protocol >= 0 && protocol <= 5)) {
    throw new RangeError('pickle: protocol is 0 to 5');
  }
  return {
    protocol,
    limits: resolveLimits(options.limits),
    classes: resolveClasses(options.classes),
  };
}
