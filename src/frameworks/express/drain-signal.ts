/**
 * The event `drain`, for those whose bytes were held. Compression takes the listeners of that event
 * to its own stream, which knows nothing of what was held in front of it, and so never drains.
 *
 * @module
 */

import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

export class DrainSignal {
  readonly #res: ServerResponse;
  /** Every listener that was added through other middleware's `on`, wherever that put it. */
  readonly #added: ((...args: unknown[]) => void)[] = [];

  constructor(res: ServerResponse) {
    this.#res = res;
    // Node's own method is on the prototype; with that, all listeners are on the response.
    if (!Object.hasOwn(res, 'on')) return;
    const emitter: EventEmitter = res;
    const on = emitter.on.bind(emitter);
    emitter.on = (event, listener) => {
      if (event === 'drain') this.#added.push(listener);
      return on(event, listener);
    };
  }

  emit(): void {
    const reached = this.#res.rawListeners('drain');
    this.#res.emit('drain');
    for (const listener of this.#added.splice(0)) {
      if (!reached.includes(listener)) listener.call(this.#res);
    }
  }
}
