import { inspectAs } from './inspect.js';
import { PyGlobal } from './py-global.js';
import { PyTuple } from './py-tuple.js';

/**
 * How Python makes the object again: `newobj` calls `cls.__new__(cls, *args, **kwargs)`, `reduce`
 * calls `cls(*args)`, where `cls` may be any function, and `reconstructor` is what protocols 0
 * and 1 write for an ordinary instance: `copyreg._reconstructor(cls, *args)`.
 */
export type PyObjectForm = 'newobj' | 'reduce' | 'reconstructor';

/** What a `PyObject` is made of, besides its class; all of it optional. */
export interface PyObjectInit {
  /** @defaultValue `'newobj'`, as for an instance of an ordinary class */
  readonly form?: PyObjectForm;
  readonly args?: Iterable<unknown>;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  readonly state?: unknown;
  readonly listItems?: unknown[] | undefined;
  readonly dictItems?: Map<unknown, unknown> | undefined;
  readonly setItems?: unknown[] | undefined;
}

/**
 * A Python object of a class that has no form of its own here: its parts as data. Nothing of it
 * was run, and it is written back as it was read.
 */
export class PyObject {
  /** The class, or the function whose result this is: mostly a name, or itself made by a call. */
  readonly cls: PyGlobal | PyObject;
  readonly form: PyObjectForm;
  /** Arguments that make the object. */
  args: PyTuple;
  /** Keyword arguments that make the object, or `undefined`. */
  kwargs: Readonly<Record<string, unknown>> | undefined;
  /** What `__setstate__` gets: mostly an object of the attributes; `undefined` for none. */
  state: unknown;
  /** Function that sets the state instead of `__setstate__`, or `undefined`. */
  stateSetter: PyGlobal | PyObject | undefined;
  /** What is appended to the object, when it is like a list; else `undefined`. */
  listItems: unknown[] | undefined;
  /** What is set on the object, when it is like a dict; else `undefined`. */
  dictItems: Map<unknown, unknown> | undefined;
  /** What is added to the object, when it is like a set; else `undefined`. */
  setItems: unknown[] | undefined;

  constructor(cls: PyGlobal | PyObject, init: PyObjectInit = {}) {
    this.cls = cls;
    this.form = init.form ?? 'newobj';
    const args = init.args ?? [];
    this.args = args instanceof PyTuple ? args : PyTuple.from(args);
    this.kwargs = init.kwargs;
    this.state = init.state;
    this.stateSetter = undefined;
    this.listItems = init.listItems;
    this.dictItems = init.dictItems;
    this.setItems = init.setItems;
  }

  /** Module of the class or function. */
  get module(): string {
    return qualified(this.cls).module;
  }

  /** Name of the class or function within its module, such as `Cart` or `Cart.Item`. */
  get name(): string {
    return qualified(this.cls).name;
  }

  /** The parts that are there, under their names. */
  toJSON(): Record<string, unknown> {
    const { module, name } = this;
    return { module, name, ...partsOf(this) };
  }
}

inspectAs(PyObject, (object, depth, options, inspect) => {
  const name = `PyObject ${object.module}.${object.name}`;
  if (depth < 0) return name;
  const parts = partsOf(object);
  const { depth: levels } = options;
  const rest = typeof levels === 'number' ? { ...options, depth: levels - 1 } : options;
  return Object.keys(parts).length === 0 ? name : `${name} ${inspect(parts, rest)}`;
});

/** Name of what is called; `getattr(cls, 'name')` reads as `cls.name`. */
function qualified(callable: PyGlobal | PyObject): PyGlobal {
  if (callable instanceof PyGlobal) return callable;
  const [owner, attribute] = callable.args;
  const isGetattr = callable.cls instanceof PyGlobal && callable.cls.name === 'getattr';
  if (isGetattr && owner instanceof PyGlobal && typeof attribute === 'string') {
    return new PyGlobal(owner.module, `${owner.name}.${attribute}`);
  }
  return callable.cls instanceof PyGlobal ? callable.cls : new PyGlobal('', '');
}

function partsOf(object: PyObject): Record<string, unknown> {
  const { args, kwargs, state, listItems, dictItems, setItems } = object;
  return {
    ...(args.length > 0 && { args: [...args] }),
    ...(kwargs && { kwargs }),
    ...(state !== undefined && { state }),
    ...(listItems && { listItems }),
    ...(dictItems && { dictItems: [...dictItems] }),
    ...(setItems && { setItems }),
  };
}
