import { inspectAs } from './inspect.js';

/** A class or function that a pickle names. Never imported, never called: a name only. */
export class PyGlobal {
  /** Dotted name of the module, as Python 3 spells it: `builtins`, `shop.models`. */
  readonly module: string;
  /** Python: `__qualname__`, such as `Cart` or `Cart.Item`. */
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  toString(): string {
    return `${this.module}.${this.name}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

inspectAs(PyGlobal, (value) => `PyGlobal ${value.toString()}`);
