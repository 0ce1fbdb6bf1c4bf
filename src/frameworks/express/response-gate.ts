/**
 * Holds a response back until its session is saved: no byte of it leaves before, headers included.
 * What the application writes meanwhile waits in order. Where the save fails, nothing of that
 * response is sent, and the application's error handler answers in its place.
 *
 * @module
 */

import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

import type { SaveResult } from '../../session/session.js';
import { addSessionHeaders, mergeSessionHeaders } from './headers.js';
import type { HeadArgument } from './headers.js';

/** What the gate asks of the one who set it up. */
export interface GateKeeper {
  /** Saves the session; gives a promise only where that has to wait for the store. */
  commit(): SaveResult | Promise<SaveResult>;
  /** Nothing has been sent: the application can still answer. */
  failBeforeHeaders(error: unknown): void;
  /** The answer is on its way: the error can only be reported. */
  failAfterHeaders(error: unknown): void;
}

/** The methods of a response that send something. */
const SENDING = ['writeHead', 'write', 'end', 'flushHeaders'] as const;
/** The methods of a response that Node refuses once the headers are sent. */
const HEADER_SETTING = ['setHeader', 'appendHeader', 'removeHeader'] as const;

type Sending = (typeof SENDING)[number];
type Method = (...args: unknown[]) => unknown;
type Methods = Record<Sending, Method>;

export class ResponseGate {
  readonly #res: ServerResponse;
  readonly #keeper: GateKeeper;
  /** The response's methods as they were before, with what other middleware has put around them. */
  readonly #original: Methods;
  readonly #pipedIn = new Set<Readable>();
  /** The response's own properties that others stand in front of while it is held. */
  readonly #shadowed = new Map<string, PropertyDescriptor | undefined>();
  /**
   * `waiting` for the first byte; `holding` while a save is under way; `released` when the session's
   * headers are set; `failed` when the response was given up and another one takes its place.
   */
  #state: 'waiting' | 'holding' | 'released' | 'failed' = 'waiting';
  #held: { method: Sending; args: unknown[] }[] = [];
  #result: SaveResult | undefined;
  #ended = false;

  constructor(res: ServerResponse, keeper: GateKeeper) {
    this.#res = res;
    this.#keeper = keeper;
    const methods = res as unknown as Methods;
    this.#original = {
      writeHead: methods.writeHead,
      write: methods.write,
      end: methods.end,
      flushHeaders: methods.flushHeaders,
    };
    for (const method of SENDING) {
      methods[method] = (...args: unknown[]) => this.#send(method, args);
    }
    res.on('pipe', (source: Readable) => this.#pipedIn.add(source));
    res.once('close', () => {
      this.#close();
    });
  }

  /** Whether it is too late for a cookie: the headers are sent, or about to be. */
  get headersAreDecided(): boolean {
    return this.#state === 'released' || this.#res.headersSent;
  }

  #send(method: Sending, args: unknown[]): unknown {
    switch (this.#state) {
      case 'waiting':
        return this.#begin(method, args);
      case 'holding':
        return this.#hold(method, args);
      case 'released':
        return method === 'end' ? this.#end(args) : this.#pass(method, args);
      case 'failed':
        // A leftover of the response that was given up.
        return method === 'write' ? false : this.#res;
    }
  }

  /** The first byte is about to be sent. */
  #begin(method: Sending, args: unknown[]): unknown {
    let saved: SaveResult | Promise<SaveResult>;
    try {
      saved = this.#keeper.commit();
    } catch (error) {
      saved = Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    if (!(saved instanceof Promise)) {
      this.#release(saved);
      this.#ended = method === 'end';
      return this.#pass(method, args);
    }
    this.#startHolding();
    saved.then(
      (result) => {
        this.#stopHolding();
        this.#release(result);
        this.#flush();
      },
      (error: unknown) => {
        this.#stopHolding();
        this.#fail(error);
      },
    );
    return this.#hold(method, args);
  }

  /** The last byte is about to be sent: what changed since the first is saved before it. */
  #end(args: unknown[]): unknown {
    this.#ended = true;
    const saved = this.#commitLate();
    if (!saved) return this.#pass('end', args);
    this.#startHolding();
    void saved.then(() => {
      this.#stopHolding();
      this.#state = 'released';
      this.#pass('end', args);
      this.#flush();
    });
    return this.#res;
  }

  /** The connection ended; what changed and was not saved is saved now. */
  #close(): void {
    if (this.#ended || this.#state === 'failed' || this.#state === 'holding') return;
    this.#state = 'released';
    void this.#commitLate();
  }

  /** Saves once the headers are decided, when errors can only be reported. Never rejects. */
  #commitLate(): Promise<void> | undefined {
    const report = (error: unknown): void => {
      this.#keeper.failAfterHeaders(error);
    };
    try {
      const saved = this.#keeper.commit();
      return saved instanceof Promise ? saved.then(() => undefined, report) : undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  }

  #hold(method: Sending, args: unknown[]): unknown {
    this.#held.push({ method, args });
    if (method === 'end') this.#shadow('writableEnded', { get: () => true });
    if (method === 'write') return false;
    return method === 'flushHeaders' ? undefined : this.#res;
  }

  /** Lets the application see what it would see if its bytes had been sent. */
  #startHolding(): void {
    this.#state = 'holding';
    this.#shadow('headersSent', { get: () => true });
    for (const method of HEADER_SETTING) this.#shadow(method, { value: refuseHeaders });
  }

  #stopHolding(): void {
    for (const [name, own] of this.#shadowed) {
      if (own) Object.defineProperty(this.#res, name, own);
      else Reflect.deleteProperty(this.#res, name);
    }
    this.#shadowed.clear();
  }

  /** Puts a property in front of the response's own until the holding stops. */
  #shadow(name: string, descriptor: PropertyDescriptor): void {
    if (!this.#shadowed.has(name)) {
      this.#shadowed.set(name, Object.getOwnPropertyDescriptor(this.#res, name));
    }
    Object.defineProperty(this.#res, name, { ...descriptor, configurable: true });
  }

  #release(result: SaveResult): void {
    this.#state = 'released';
    this.#result = result;
    if (!this.#res.headersSent) addSessionHeaders(this.#res, result);
  }

  /** Sends what was held, in order. */
  #flush(): void {
    const held = this.#held;
    this.#held = [];
    let wantsDrain = false;
    for (const { method, args } of held) {
      const sent = this.#send(method, args);
      if (method === 'write') wantsDrain = sent === true;
    }
    if (wantsDrain) this.#res.emit('drain');
  }

  /** Gives the response up, so that another one can be made on it. */
  #fail(error: unknown): void {
    this.#state = 'failed';
    this.#held = [];
    // Not our own methods, nor what was put around them since: that has begun a response already.
    Object.assign(this.#res, this.#original);
    for (const source of this.#pipedIn) {
      source.unpipe(this.#res);
      source.destroy();
    }
    for (const name of this.#res.getHeaderNames()) {
      if (DESCRIBES_BODY.test(name)) this.#res.removeHeader(name);
    }
    this.#keeper.failBeforeHeaders(error);
  }

  #pass(method: Sending, args: unknown[]): unknown {
    const merged = method === 'writeHead' && this.#result ? withMerged(args, this.#result) : args;
    return this.#original[method].apply(this.#res, merged);
  }
}

/** Headers that belong to the response that was given up, not to the one in its place. */
const DESCRIBES_BODY =
  /^(content-.*|etag|last-modified|location|accept-ranges|transfer-encoding|trailer)$/;

/** Arguments of `writeHead(status, [reason], [headers])` with the session's headers merged in. */
function withMerged(args: unknown[], result: SaveResult): unknown[] {
  return args.map((argument, index) =>
    index > 0 && typeof argument === 'object' && argument !== null
      ? mergeSessionHeaders(argument as HeadArgument, result)
      : argument,
  );
}

/** What Node does when a header is set too late. */
function refuseHeaders(): never {
  throw Object.assign(new Error('Cannot set headers after they are sent to the client'), {
    code: 'ERR_HTTP_HEADERS_SENT',
  });
}
