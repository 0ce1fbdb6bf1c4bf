/**
 * How the Py* values look in `console.log` and in the diffs of tests.
 *
 * @module
 */

/** The part of `util.inspect`'s options that is passed on. */
export interface InspectOptions {
  readonly depth?: number | null;
}

/** `util.inspect`, as Node hands it to a custom inspector. */
export type Inspect = (value: unknown, options: InspectOptions) => string;

/**
 * Gives a class the method that Node's `util.inspect` calls. Its name is a symbol that TypeScript
 * cannot put into declarations file by file.
 */
export function inspectAs<T extends object>(
  ofClass: abstract new (...args: never[]) => T,
  show: (value: T, depth: number, options: InspectOptions, inspect: Inspect) => string,
): void {
  Object.defineProperty(ofClass.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: T, depth: number, options: InspectOptions, inspect: Inspect): string {
      return show(this, depth, options, inspect);
    },
    configurable: true,
    writable: true,
  });
}
