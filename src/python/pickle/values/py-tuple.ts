/** A Python tuple: an Array that is pickled as one. Make it with `PyTuple.from` or `PyTuple.of`. */
export class PyTuple<T = unknown> extends Array<T> {
  /** Makes a tuple of an iterable's items. Python: `tuple(iterable)`. */
  static override from<T>(items: Iterable<T> | ArrayLike<T>): PyTuple<T>;
  static override from<T, U>(
    items: Iterable<T> | ArrayLike<T>,
    map: (item: T, index: number) => U,
  ): PyTuple<U>;
  static override from<T, U>(
    items: Iterable<T> | ArrayLike<T>,
    map?: (item: T, index: number) => U,
  ): PyTuple<T> | PyTuple<U> {
    const list = Array.from(items);
    return map ? tupleOf(list.map((item, index) => map(item, index))) : tupleOf(list);
  }

  /** Makes a tuple of the arguments, where `new PyTuple(3)` would make three holes. */
  static override of<T>(...items: T[]): PyTuple<T> {
    return tupleOf(items);
  }
}

function tupleOf<T>(items: readonly T[]): PyTuple<T> {
  const tuple = new PyTuple<T>(items.length);
  for (let i = 0; i < items.length; i++) tuple[i] = items[i] as T;
  return tuple;
}
