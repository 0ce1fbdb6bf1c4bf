/**
 * What opcodes make of a class, or function, and arguments. Nothing is called: a class that is
 * known here becomes its own kind of value, any other a `PyObject`.
 *
 * @module
 */
import { carryNote, noteValue } from '../as-read.js';
import { type ClassCodec, createInstance, setInstanceState } from '../classes.js';
import { CONSTRUCTORS, makeZone } from './constructors.js';
import { findKnown, NEWOBJ, NEWOBJ_EX, OBJECT, RECONSTRUCTOR, UUID } from '../known-globals.js';
import { toPython3 } from '../format/python2-names.js';
import type { Unpickler } from './unpickler.js';
import { PyGlobal } from '../values/py-global.js';
import { PyObject, type PyObjectForm } from '../values/py-object.js';
import { PyTuple } from '../values/py-tuple.js';
import { isPendingUuid, pendingUuid, PyUUID, settleUuid } from '../values/py-uuid.js';

/**
 * GLOBAL, STACK_GLOBAL, EXT1 to EXT4: one object for one name. Python: `find_class`.
 *
 * @param start Place on the stack of the two strings, where they came from there.
 */
export function findGlobal(
  machine: Unpickler,
  module: string,
  name: string,
  start?: number,
): PyGlobal {
  const [module3, name3] = machine.protocol < 3 ? toPython3(module, name) : [module, name];
  const known = findKnown(module3, name3);
  if (known) {
    if (start !== undefined && machine.notedTop >= start) machine.takeNotes(start);
    return known.global;
  }
  const key = `${module3}\n${name3}`;
  const globals = (machine.globals ??= new Map<string, PyGlobal>());
  const global = globals.get(key) ?? new PyGlobal(module3, name3);
  globals.set(key, global);
  if (start !== undefined && machine.notedTop >= start) {
    machine.takeNotes(start, (at, note) => {
      noteValue(global, at === start ? 'module' : 'name', note);
    });
  }
  return global;
}

/** REDUCE: `callable(*args)` */
export function reduce(machine: Unpickler, callable: unknown, args: unknown): unknown {
  if (!(args instanceof PyTuple)) throw machine.error('arguments are no tuple');
  if (callable instanceof PyGlobal) {
    const { byName } = machine.settings.classes;
    const isRegistered = byName.size > 0 && byName.has(callable.toString());
    const construct = isRegistered ? undefined : CONSTRUCTORS.get(callable);
    const value = construct ? construct(machine, args) : callCopyreg(machine, callable, args);
    return value ?? makeObject(machine, callable, 'reduce', args);
  }
  if (callable instanceof PyObject) {
    return makeZone(machine, callable, args) ?? makeObject(machine, callable, 'reduce', args);
  }
  throw machine.error('what is called is no class or function');
}

/** Functions of `copyreg` that do in protocols 0 and 1 what later ones have opcodes for. */
function callCopyreg(machine: Unpickler, callable: PyGlobal, args: PyTuple): unknown {
  const [cls] = args;
  if (callable === NEWOBJ.global) return newObject(machine, cls, rest(args));
  if (callable === NEWOBJ_EX.global && args.length === 3) {
    return newObject(machine, cls, args[1], args[2]);
  }
  if (callable === RECONSTRUCTOR.global && args.length === 3 && machine.protocol < 2) {
    return reconstruct(machine, cls, rest(args));
  }
  return undefined;
}

/** NEWOBJ, NEWOBJ_EX: `cls.__new__(cls, *args, **kwargs)` */
export function newObject(
  machine: Unpickler,
  cls: unknown,
  args: unknown,
  kwargs?: unknown,
): unknown {
  if (!isClass(cls)) throw machine.error('class argument is no class');
  if (!(args instanceof PyTuple)) throw machine.error('args argument is no tuple');
  if (kwargs === undefined) {
    return isUuid(cls, args)
      ? makeUuid(machine, args, 'newobj')
      : makeObject(machine, cls, 'newobj', args);
  }
  if (!isDict(kwargs)) throw machine.error('kwargs argument is no dict');
  return makeObject(machine, cls, 'newobj', args, kwargs);
}

/** INST, OBJ: an instance as Python 2 wrote it. */
export function instantiate(machine: Unpickler, cls: unknown, args: PyTuple): unknown {
  return args.length === 0 && cls instanceof PyGlobal
    ? newObject(machine, cls, args)
    : reduce(machine, cls, args);
}

/** BUILD: `object.__setstate__(state)`. What has the state then is mostly, not always, the target. */
export function build(machine: Unpickler, target: unknown, state: unknown): unknown {
  const object = machine.current(target);
  const codec = machine.instances?.get(object as object);
  if (codec) {
    if (!machine.callUser(() => setInstanceState(codec, object as object, state))) {
      throw machine.error('state of an instance is no dict');
    }
  } else if (object instanceof PyObject) setState(machine, object, state);
  else if (object instanceof PyUUID) buildUuid(machine, object, state);
  else throw machine.error('BUILD on what has no state');
  return machine.current(object);
}

/** POP of what REDUCE just made: a function that was called for what it does to its argument. */
export function discard(value: unknown): void {
  if (!(value instanceof PyObject) || value.form !== 'reduce' || value.args.length !== 2) return;
  const [object, state] = value.args;
  if (!(object instanceof PyObject) || object.stateSetter || object.state !== undefined) return;
  object.stateSetter = value.cls;
  object.state = state;
}

function makeObject(
  machine: Unpickler,
  cls: PyGlobal | PyObject,
  form: PyObjectForm,
  args: PyTuple,
  kwargs?: Record<string, unknown>,
): object {
  machine.containers++;
  const { byName } = machine.settings.classes;
  if (byName.size > 0 && cls instanceof PyGlobal) {
    const codec = byName.get(`${cls.module}.${cls.name}`);
    if (codec) {
      const instance = machine.callUser(() => createInstance(codec, args, kwargs));
      (machine.instances ??= new Map<object, ClassCodec>()).set(instance, codec);
      return instance;
    }
  }
  return new PyObject(cls, { form, args, kwargs });
}

/** What protocols 0 and 1 write for an instance of an ordinary class: `(cls, base, base's state)`. */
function reconstruct(machine: Unpickler, cls: unknown, args: PyTuple): unknown {
  if (!isClass(cls)) throw machine.error('class argument is no class');
  const [base, state] = args;
  return base === OBJECT.global && state === null && isUuid(cls, new PyTuple())
    ? makeUuid(machine, args, 'reconstructor')
    : makeObject(machine, cls, 'reconstructor', args);
}

/** A state that is set twice is one dict, as it would be in the object's `__dict__`. */
function setState(machine: Unpickler, object: PyObject, state: unknown): void {
  if (object.state === undefined) {
    object.state = state;
    if (machine.notedTop >= machine.top - 1) {
      machine.takeNotes(machine.top - 1, (_, note) => {
        noteValue(object, 'state', note);
      });
    }
  } else if (isDict(object.state) && isDict(state)) Object.assign(object.state, state);
  else throw machine.error('second state of an object');
}

function isUuid(cls: PyGlobal | PyObject, args: PyTuple): cls is PyGlobal {
  return cls === UUID.global && args.length === 0;
}

/** A UUID gets its number only with BUILD; until then nobody sees it. */
function makeUuid(machine: Unpickler, args: PyTuple, form: PyObjectForm): object {
  if (machine.settings.classes.byName.has('uuid.UUID')) {
    return makeObject(machine, UUID.global, form, args);
  }
  const uuid = pendingUuid();
  (machine.pending ??= []).push(uuid);
  return uuid;
}

/** Fills a UUID in, or lets a `PyObject` stand for one whose state is not that of a UUID. */
function buildUuid(machine: Unpickler, uuid: PyUUID, state: unknown): void {
  if (!isPendingUuid(uuid)) throw machine.error('BUILD on what has no state');
  const fields = isDict(state) ? state : {};
  const { int, is_safe: isSafe } = fields;
  const size = Object.keys(fields).length;
  const number = typeof int === 'number' ? BigInt(int) : int;
  if (
    typeof number === 'bigint' &&
    number >= 0n &&
    number >> 128n === 0n &&
    (size === 1 || (size === 2 && typeof isSafe === 'number'))
  ) {
    settleUuid(uuid, number, isSafe as number | undefined);
  } else machine.replace(uuid, new PyObject(UUID.global, { state }));
}

/** What is still pending at the end never got a state. */
export function settle(machine: Unpickler): void {
  for (const uuid of machine.pending ?? []) {
    if (isPendingUuid(uuid) && machine.current(uuid) === uuid) {
      machine.replace(uuid, new PyObject(UUID.global));
    }
  }
}

/** All but the first argument, with what is known of them. */
function rest(args: PyTuple): PyTuple {
  const tail = PyTuple.from(args.slice(1));
  for (let i = 0; i < tail.length; i++) carryNote(args, i + 1, tail, i);
  return tail;
}

function isClass(value: unknown): value is PyGlobal | PyObject {
  return value instanceof PyGlobal || value instanceof PyObject;
}

function isDict(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
