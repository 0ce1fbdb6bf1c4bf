const MOST_OF_FEW = 16;

/**
 * Which object has which index in the memo.
 *
 * Most sessions hold few objects, which a list finds fastest. Where there are more, mostly none
 * comes twice: a Set finds that out with one look-up, where a Map takes two.
 */
export class ObjectMemo {
  readonly #few: unknown[] = new Array<unknown>(MOST_OF_FEW).fill(undefined);
  #indices: number[] = [];
  #size = 0;
  #many: Set<unknown> | undefined;
  #map: Map<unknown, number> | undefined;

  /** Index of a key, or -1. */
  find(key: unknown): number {
    const many = this.#many;
    if (many) return many.has(key) ? (this.#asMap(many).get(key) as number) : -1;
    return this.#map ? (this.#map.get(key) ?? -1) : this.#findFew(key);
  }

  /** Index of a key, or -1 when it was not there; then it has `index` from now on. */
  claim(key: unknown, index: number): number {
    const many = this.#many;
    if (many) {
      const { size } = many;
      many.add(key);
      if (many.size === size) return this.#asMap(many).get(key) as number;
      this.#indices[this.#size++] = index;
      return -1;
    }
    const known = this.find(key);
    if (known < 0) this.set(key, index);
    return known;
  }

  /** Gives an index to a key that has none. */
  set(key: unknown, index: number): void {
    if (this.#map) {
      this.#map.set(key, index);
      return;
    }
    const at = this.#size++;
    this.#indices[at] = index;
    if (this.#many) this.#many.add(key);
    else if (at < MOST_OF_FEW) this.#few[at] = key;
    else this.#many = new Set([...this.#few, key]);
  }

  /** Forgets all. */
  clear(): void {
    const few = Math.min(this.#size, MOST_OF_FEW);
    for (let i = 0; i < few; i++) this.#few[i] = undefined;
    if (this.#size > MOST_OF_FEW) this.#indices = [];
    this.#size = 0;
    this.#many = undefined;
    this.#map = undefined;
  }

  #findFew(key: unknown): number {
    const few = this.#few;
    for (let i = 0; i < this.#size; i++) if (few[i] === key) return this.#indices[i] as number;
    return -1;
  }

  /** From the first object that comes twice on, a Map is needed. */
  #asMap(many: ReadonlySet<unknown>): Map<unknown, number> {
    let i = 0;
    const map = new Map<unknown, number>();
    for (const key of many) map.set(key, this.#indices[i++] as number);
    this.#many = undefined;
    return (this.#map = map);
  }
}
