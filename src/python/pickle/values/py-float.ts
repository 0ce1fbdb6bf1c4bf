import { formatFloat } from '../float.js';
import { inspectAs } from './inspect.js';

/** A Python float, for integral values: `new PyFloat(1)` is written as 1.0, where 1 is an int. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  valueOf(): number {
    return this.value;
  }

  /** Python: `repr(float)`, such as `1.0` or `1e+16`. */
  toString(): string {
    return formatFloat(this.value);
  }

  toJSON(): number {
    return this.value;
  }
}

inspectAs(PyFloat, (value) => `PyFloat ${value.toString()}`);
