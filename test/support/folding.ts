/**
 * Values as far as pickleparser can express them, for comparing its reading with ours: one kind of
 * number, of sequence and of bytes, no sharing. Classes keep their parts; of those that we read as
 * values (datetimes, Decimal, UUID) only the name is left.
 */

import { Parser } from 'pickleparser';

import type { Typed } from './typed-json.js';

/** Folds typed JSON. */
export function foldTyped(typed: Typed): unknown {
  return foldOne(typed, new Map(), []);
}

/** Folds what pickleparser reads from a pickle. */
export function foldOther(pickle: Uint8Array): unknown {
  const parser = new Parser({
    nameResolver: { resolve: (module, name) => callableFor(module, name) },
    unpicklingTypeOfDictionary: 'Map',
    unpicklingTypeOfSet: 'Set',
  });
  return foldValue(parser.parse(pickle), []);
}

/** Tags of values that pickleparser sees as instances, with their classes. */
const VALUE_CLASSES: Readonly<Record<string, string>> = {
  datetime: 'datetime.datetime',
  date: 'datetime.date',
  time: 'datetime.time',
  timedelta: 'datetime.timedelta',
  timezone: 'datetime.timezone',
  decimal: 'decimal.Decimal',
  uuid: 'uuid.UUID',
};

/**
 * @param shared - Values by their number, as far as they were met
 * @param enclosing - Numbers of the values around this one, the outermost first
 * @param own - Number of this value itself
 */
function foldOne(
  typed: Typed,
  shared: Map<number, Typed>,
  enclosing: readonly (number | undefined)[],
  own?: number,
): unknown {
  const [tag = '', content] = Object.entries(typed)[0] ?? [];
  const fold = (inner: unknown) => foldOne(inner as Typed, shared, [...enclosing, own]);
  const foldAll = (inner: unknown) => (inner as unknown[]).map(fold);
  switch (tag) {
    case 'int':
    case 'float':
      return Number((content as string).replace('inf', 'Infinity'));
    case 'bytes':
    case 'bytearray':
      return { bytes: content };
    case 'list':
    case 'tuple':
      return foldAll(content);
    case 'set':
    case 'frozenset':
      return { set: sorted(foldAll(content)) };
    case 'dict':
      return { dict: (content as unknown[]).map(foldAll) };
    case 'shared': {
      const [number, value] = content as [number, Typed];
      shared.set(number, value);
      return foldOne(value, shared, enclosing, number);
    }
    case 'same': {
      const at = enclosing.indexOf(content as number);
      if (at >= 0) return { cycle: enclosing.length - at };
      return foldOne(shared.get(content as number) ?? {}, shared, enclosing, content as number);
    }
    case 'global':
      return { class: content };
    case 'object': {
      const { new: made, call = made, args, kwargs, state, items, pairs } = content as Typed;
      return {
        class: (call as Typed)['global'],
        args: foldAll(args),
        kwargs: kwargs && fold(kwargs),
        state: state && fold(state),
        items: items && foldAll(items),
        pairs: pairs && (pairs as unknown[]).map(foldAll),
      };
    }
    default:
      return tag in VALUE_CLASSES ? { class: VALUE_CLASSES[tag] } : content;
  }
}

/** Folds what pickleparser gave. */
function foldValue(value: unknown, enclosing: readonly unknown[]): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'function') return { class: names.get(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  const at = enclosing.indexOf(value);
  if (at >= 0) return { cycle: enclosing.length - at };
  const fold = (inner: unknown) => foldValue(inner, [...enclosing, value]);
  const foldAll = (inner: readonly unknown[]) => inner.map(fold);
  if (Array.isArray(value)) return foldAll(value);
  if (value instanceof Set) return { set: sorted(foldAll([...value])) };
  if (value instanceof Map) return { dict: [...value].map(foldAll) };
  if (!(value instanceof Instance)) throw new Error('a value of no known kind');
  if (VALUE_CLASS_NAMES.has(value.name)) return { class: value.name };
  return {
    class: value.name,
    args: foldAll(value.args),
    kwargs: value.kwargs && fold(value.kwargs),
    state: value.hasState ? fold(value.state) : undefined,
    items: value.items && foldAll(value.items),
    pairs: value.pairs && value.pairs.map(foldAll),
  };
}

/** Takes what pickleparser does to an instance, by the methods that it calls. */
class Instance {
  readonly name: string;
  readonly args: readonly unknown[];
  kwargs: unknown;
  state: unknown;
  hasState = false;
  items: unknown[] | undefined;
  pairs: [unknown, unknown][] | undefined;

  constructor(name: string, args: readonly unknown[]) {
    this.name = name;
    this.args = args;
  }

  __setnewargs_ex__(kwargs: unknown): void {
    this.kwargs = kwargs;
  }

  __setstate__(state: unknown): void {
    this.state = state;
    this.hasState = true;
  }

  push(...items: unknown[]): void {
    this.items = [...(this.items ?? []), ...items];
  }

  set(key: unknown, value: unknown): void {
    this.pairs = [...(this.pairs ?? []), [key, value]];
  }
}

type Callable = (...args: never[]) => unknown;

const VALUE_CLASS_NAMES = new Set(Object.values(VALUE_CLASSES));
const names = new WeakMap<object, string>();

/** What older protocols call to make a value that newer ones have an opcode for. */
const FUNCTIONS: Readonly<Record<string, Callable>> = {
  'builtins.set': (members: unknown[]) => new Set(members),
  'builtins.frozenset': (members: unknown[]) => new Set(members),
  'builtins.bytearray': (bytes: Uint8Array | string = '') => Buffer.from(bytes as string, 'latin1'),
  'builtins.bytes': () => Buffer.alloc(0),
  '_codecs.encode': (text: string) => Buffer.from(text, 'latin1'),
  'copyreg._reconstructor': (cls: Callable, _base: Callable, value: unknown) => {
    const made = new Instance(names.get(cls) ?? '', typeof value === 'string' ? [value] : []);
    if (Array.isArray(value)) made.push(...(value as unknown[]));
    return made;
  },
};

const PYTHON2_MODULES: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  copy_reg: 'copyreg',
};

function callableFor(module: string, name: string): Callable {
  const dotted = `${PYTHON2_MODULES[module] ?? module}.${name}`;
  const callable =
    FUNCTIONS[dotted] ??
    function (...args: unknown[]) {
      return new Instance(dotted, args);
    };
  names.set(callable, dotted);
  return callable;
}

function sorted(members: readonly unknown[]): unknown[] {
  return members
    .map((member) => [JSON.stringify(member), member] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, member]) => member);
}
