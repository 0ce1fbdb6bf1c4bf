/**
 * `pickle.loads`, for protocols 0 to 5. Python: `pickle`, CPython 3.8 to 3.13. Differences: ./PORT.md
 *
 * @module
 */
import { UnpicklingError } from '../../errors.js';
import { type ClassRegistry, resolveClasses } from './classes.js';
import { depthOf } from './read/children.js';
import { type PickleLimits, resolveLimits } from './limits.js';
import { closeInput } from './read/input.js';
import { settle } from './read/objects.js';
import { replaceAll } from './read/replace.js';
import { run } from './read/opcode-loop.js';
import type { Python2Encoding } from './format/strings.js';
import { type LoadSettings, Unpickler } from './read/unpickler.js';

/** How `loads` reads; everything has a default. */
export interface LoadsOptions {
  /**
   * What the str of Python 2 is read as. Python: `encoding`.
   * @defaultValue `'ASCII'`, as in Python, where other bytes are an error
   */
  readonly encoding?: Python2Encoding;
  /** Bounds on the input, over the defaults of `PickleLimits`. */
  readonly limits?: Partial<PickleLimits>;
  /** Classes of your own that Python's instances become. */
  readonly classes?: ClassRegistry;
  /**
   * Gives what a persistent id stands for. Python: `Unpickler.persistent_load`.
   * Without it such a pickle is refused.
   */
  readonly persistentLoad?: (id: unknown) => unknown;
  /**
   * What the codes of `copyreg`'s extension registry stand for: `module.name` by code. Without it
   * such a pickle is refused.
   */
  readonly extensions?: ReadonlyMap<number, string>;
  /** Buffers that protocol 5 keeps outside of the pickle. Python: `buffers`. */
  readonly buffers?: Iterable<Uint8Array>;
}

const DEFAULT_SETTINGS: LoadSettings = resolveSettings({});

/**
 * Reads a pickle. Nothing in it is run or imported: classes that have no form of their own here
 * become a `PyObject`. What follows the pickle's end is ignored. Python: `pickle.loads`.
 *
 * @throws UnpicklingError for bytes that are no pickle, or beyond a limit.
 */
export function loads(data: Uint8Array, options?: LoadsOptions): unknown {
  const settings = options === undefined ? DEFAULT_SETTINGS : resolveSettings(options);
  const { limits } = settings;
  if (data.length > limits.maxBytes) {
    throw new UnpicklingError(`${data.length} bytes are more than maxBytes`, 0);
  }
  const machine = new Unpickler(data, settings);
  let value: unknown;
  try {
    value = run(machine);
  } finally {
    machine.strings.release();
    closeInput(machine.input);
  }
  if (machine.pending) settle(machine);
  if (machine.replaced) value = replaceAll(value, machine.replaced);
  if (machine.containers > limits.maxDepth && depthOf(value, limits.maxDepth) > limits.maxDepth) {
    throw machine.error('values nest deeper than maxDepth');
  }
  return value;
}

function resolveSettings(options: LoadsOptions): LoadSettings {
  return {
    limits: resolveLimits(options.limits),
    classes: resolveClasses(options.classes),
    encoding: options.encoding ?? 'ASCII',
    persistentLoad: options.persistentLoad,
    extensions: options.extensions,
    buffers: options.buffers,
  };
}
