/**
 * Classes of the user's own, to and from which Python's instances are mapped.
 *
 * @module
 */
import { PicklingError } from '../../errors.js';
import { carryFloat } from './as-read.js';
import { defineOwn, setOwn } from './plain-objects.js';
import { PyGlobal } from './values/py-global.js';
import { PyObject, type PyObjectInit } from './values/py-object.js';
import { PyTuple } from './values/py-tuple.js';

/** Any class that can be registered. */
export type AnyClass<T extends object = object> = abstract new (...args: never[]) => T;

/** How instances of one Python class become instances of one class here, and back. */
export interface ClassCodec<T extends object = object> {
  readonly class: AnyClass<T>;
  /**
   * Makes an instance; by default one that no constructor has seen, as Python's `__new__` does.
   * Runs before the state is known, so that an object can hold itself.
   */
  create?(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): T;
  /** Python: `__setstate__`. By default the attributes become own properties. */
  setState?(object: T, state: unknown): void;
  /** Takes the items of a class that is like a list. Without it such a pickle is refused. */
  extend?(object: T, items: readonly unknown[]): void;
  /** Takes the items of a class that is like a dict. Without it such a pickle is refused. */
  update?(object: T, entries: readonly (readonly [unknown, unknown])[]): void;
  /** Python: `__reduce__`. By default the own properties are the state. */
  reduce?(object: T): PyObjectInit;
}

/**
 * Python classes by dotted name, each with a class or a codec for it: `shop.models.Cart`, or
 * `shop.models:Cart.Item` for a class inside a class.
 */
export type ClassRegistry = Readonly<Record<string, AnyClass | ClassCodec>>;

/** The registry as `loads` and `dumps` search it. */
export interface Classes {
  readonly byName: ReadonlyMap<string, ClassCodec>;
  readonly byPrototype: ReadonlyMap<object, { readonly cls: PyGlobal; readonly codec: ClassCodec }>;
}

/** Registries by the object that the user gave, so that each is taken apart once. */
const resolved = new WeakMap<ClassRegistry, Classes>();
const NONE: Classes = { byName: new Map(), byPrototype: new Map() };

export function resolveClasses(registry: ClassRegistry | undefined): Classes {
  if (registry === undefined) return NONE;
  let classes = resolved.get(registry);
  if (!classes) {
    const byName = new Map<string, ClassCodec>();
    const byPrototype = new Map<object, { cls: PyGlobal; codec: ClassCodec }>();
    for (const [dotted, entry] of Object.entries(registry)) {
      const codec: ClassCodec = typeof entry === 'function' ? { class: entry } : entry;
      byName.set(dotted.replace(':', '.'), codec);
      byPrototype.set(codec.class.prototype as object, { cls: splitName(dotted), codec });
    }
    resolved.set(registry, (classes = { byName, byPrototype }));
  }
  return classes;
}

/** Makes the instance that a pickle asks for, its state still to come. */
export function createInstance(
  codec: ClassCodec,
  args: PyTuple,
  kwargs: Readonly<Record<string, unknown>> | undefined,
): object {
  if (codec.create) return codec.create(args, kwargs ?? {});
  return Object.create(codec.class.prototype as object) as object;
}

/**
 * Gives an instance its state. Python's default: a dict of attributes, or a pair of that and a
 * dict of slots; `false` for anything else.
 */
export function setInstanceState(codec: ClassCodec, object: object, state: unknown): boolean {
  if (codec.setState) {
    codec.setState(object, state);
    return true;
  }
  const parts = state instanceof PyTuple && state.length === 2 ? state : [state];
  for (const part of parts) {
    if (part === null) continue;
    if (typeof part !== 'object' || Object.getPrototypeOf(part) !== Object.prototype) return false;
    for (const [key, value] of Object.entries(part as Record<string, unknown>)) {
      defineOwn(object, key, value);
      carryFloat(part as object, object, key);
    }
  }
  return true;
}

/** The instance in the parts that Python makes it of. */
export function reduceInstance(cls: PyGlobal, codec: ClassCodec, object: object): PyObject {
  if (codec.reduce) return new PyObject(cls, codec.reduce(object));
  const state: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    setOwn(state, key, value);
    carryFloat(object, state, key);
  }
  return new PyObject(cls, Object.keys(state).length === 0 ? {} : { state });
}

function splitName(dotted: string): PyGlobal {
  const colon = dotted.indexOf(':');
  const end = colon >= 0 ? colon : dotted.lastIndexOf('.');
  if (end <= 0) throw new PicklingError('a registered class needs a module', 'classes');
  return new PyGlobal(dotted.slice(0, end), dotted.slice(end + 1));
}
