/** A Python frozenset: a Set that is pickled as one. */
export class PyFrozenSet<T = unknown> extends Set<T> {
  /** The members, since JSON knows no set. */
  toJSON(): T[] {
    return [...this];
  }
}
