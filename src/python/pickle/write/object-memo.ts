/** Which object has which index in the memo. Most sessions hold few, and need no Map for them. */
export class ObjectMemo {
  readonly #keys: unknown[] = [];
  readonly #indices: number[] = [];
  #map: Map<unknown, number> | undefined;

  get(key: unknown): number | undefined {
    if (this.#map) return this.#map.get(key);
    const keys = this.#keys;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return this.#indices[i];
    return undefined;
  }

  set(key: unknown, index: number): void {
    if (this.#map) this.#map.set(key, index);
    else if (this.#keys.length < FEW) {
      this.#keys.push(key);
      this.#indices.push(index);
    } else {
      this.#map = new Map(this.#keys.map((each, i) => [each, this.#indices[i] as number]));
      this.#map.set(key, index);
    }
  }
}

const FEW = 16;
