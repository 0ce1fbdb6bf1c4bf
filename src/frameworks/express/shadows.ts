/**
 * Properties put in front of an object's own for a while.
 *
 * @module
 */

export class Shadows {
  readonly #object: object;
  readonly #hidden: [name: string, own: PropertyDescriptor | undefined][] = [];

  constructor(object: object) {
    this.#object = object;
  }

  /** Give the same descriptor each time where that can be, and V8 keeps the object a fast one. */
  cast(name: string, descriptor: PropertyDescriptor & { configurable: true }): void {
    if (!this.#hidden.some(([hidden]) => hidden === name)) {
      this.#hidden.push([name, Object.getOwnPropertyDescriptor(this.#object, name)]);
    }
    Object.defineProperty(this.#object, name, descriptor);
  }

  /** Takes all of them away, the last one first; the object is again as it was. */
  lift(): void {
    for (let shadow = this.#hidden.pop(); shadow; shadow = this.#hidden.pop()) {
      const [name, own] = shadow;
      if (own) Object.defineProperty(this.#object, name, own);
      else Reflect.deleteProperty(this.#object, name);
    }
  }
}
