/** Key of the method that Node's `util.inspect`, and with it `console.log`, calls. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** The part of `util.inspect`'s options that the Py* classes pass on. */
export interface InspectOptions {
  readonly depth?: number | null;
}

/** `util.inspect`, as handed to a custom inspector. */
export type Inspect = (value: unknown, options: InspectOptions) => string;
