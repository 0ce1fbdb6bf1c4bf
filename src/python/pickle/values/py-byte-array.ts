/** A Python bytearray: a Uint8Array that is pickled as one. Plain Uint8Arrays are bytes. */
export class PyByteArray extends Uint8Array {
  static override from(bytes: Iterable<number> | ArrayLike<number>): PyByteArray;
  static override from<T>(
    items: Iterable<T> | ArrayLike<T>,
    map: (item: T, index: number) => number,
  ): PyByteArray;
  static override from<T>(
    items: Iterable<T> | ArrayLike<T>,
    map?: (item: T, index: number) => number,
  ): PyByteArray {
    const bytes = map
      ? Array.from(items as ArrayLike<T>, map)
      : Array.from(items as ArrayLike<number>);
    return new PyByteArray(bytes);
  }

  static override of(...bytes: number[]): PyByteArray {
    return new PyByteArray(bytes);
  }

  /** Base64, which is also how msgspec puts bytes into JSON. */
  toJSON(): string {
    return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString('base64');
  }
}
