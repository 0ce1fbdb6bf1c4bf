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
import { guardConnection } from './connection-guard.js';
import { DrainSignal } from './drain-signal.js';
import { addSessionHeaders, setHeadHeaders } from './headers.js';
import type { HeadArgument } from './headers.js';
import { headersAreSent, SentLook } from './sent-look.js';

/** What the gate asks of the one who set it up. */
export interface GateKeeper {
  /** Saves the session; gives a promise only where that has to wait for the store. */
  commit(): SaveResult | Promise<SaveResult>;
  /** Whether the session was written to since it was saved. */
  owesSave(): boolean;
  /** Has the application answer an error: nothing of the response has been sent, or all that will be. */
  fail(error: unknown): void;
  /** Reports an error that the response can no longer carry. */
  report(error: unknown): void;
}

/** The methods of a response that send something. */
const SENDING = ['writeHead', 'write', 'end', 'flushHeaders'] as const;

type Sending = (typeof SENDING)[number];
type Method = (...args: unknown[]) => unknown;
type Methods = Record<Sending, Method>;

export class ResponseGate {
  readonly #res: ServerResponse;
  readonly #keeper: GateKeeper;
  /** The response's methods as they were before, with what other middleware has put around them. */
  readonly #original: Methods;
  readonly #ownWriteHead: Method;
  readonly #drain: DrainSignal;
  readonly #pipedIn: Readable[] = [];
  /**
   * `waiting` for the first byte; `announcing` it to other middleware; `holding` while a save is
   * under way; `open` when bytes pass; `failed` when the response was given up and another one takes
   * its place.
   */
  #state: 'waiting' | 'announcing' | 'holding' | 'open' | 'failed' = 'waiting';
  #held: { method: Sending; args: unknown[] }[] = [];
  #look: SentLook | undefined;
  #result: SaveResult | undefined;
  /** As it was when the holding began; what is set after that comes too late. */
  #statusCode = 0;
  #ended = false;
  #hasReported = false;
  #letConnectionGo: ReturnType<typeof guardConnection> | undefined;

  constructor(res: ServerResponse, keeper: GateKeeper) {
    this.#res = res;
    this.#keeper = keeper;
    const methods = res as unknown as Methods;
    const { writeHead, write, end, flushHeaders } = methods;
    this.#original = { writeHead, write, end, flushHeaders };
    // One by one, since V8 makes an object slow that gets many properties by computed names.
    methods.writeHead = (...args) => this.#send('writeHead', args);
    methods.write = (...args) => this.#send('write', args);
    methods.end = (...args) => this.#send('end', args);
    methods.flushHeaders = (...args) => this.#send('flushHeaders', args);
    this.#ownWriteHead = methods.writeHead;
    this.#drain = new DrainSignal(res);
    res.on('pipe', (source: Readable) => this.#pipedIn.push(source));
    res.on('close', () => {
      this.#close();
    });
  }

  /** Whether it is too late for a cookie: the headers are sent, or about to be. */
  get headersAreDecided(): boolean {
    return this.#state !== 'waiting' || this.#res.headersSent;
  }

  #send(method: Sending, args: unknown[]): unknown {
    switch (this.#state) {
      case 'waiting':
        return this.#begin(method, args);
      case 'announcing':
        return this.#takeHead(args);
      case 'holding':
        return this.#hold(method, args);
      case 'open':
        return method === 'end' ? this.#end(args) : this.#pass(method, args);
      case 'failed':
        // A leftover of the response that was given up, from middleware that wrapped our methods.
        return this.#ignore(method);
    }
  }

  /** The first byte is about to be sent. */
  #begin(method: Sending, args: unknown[]): unknown {
    if (method !== 'writeHead') this.#announceHead();
    let saved: SaveResult | Promise<SaveResult>;
    try {
      saved = this.#keeper.commit();
    } catch (error) {
      saved = Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    if (!(saved instanceof Promise)) {
      this.#open(saved);
      this.#ended = method === 'end';
      return this.#pass(method, args);
    }
    this.#startHolding();
    saved.then(
      (result) => {
        this.#open(result);
        this.#flush();
      },
      (error: unknown) => {
        this.#failToSave(error);
      },
    );
    return this.#hold(method, args);
  }

  /**
   * Middleware that wrapped writeHead after us is to see the head now, as it would without us, when
   * it can still set headers and begin to compress; and it is to see it only once.
   */
  #announceHead(): void {
    const methods = this.#res as unknown as Methods;
    if (methods.writeHead === this.#ownWriteHead) return;
    this.#state = 'announcing';
    try {
      methods.writeHead(this.#res.statusCode);
    } finally {
      this.#state = 'waiting';
    }
    methods.writeHead = this.#ownWriteHead;
  }

  /** What such middleware makes of the head, for when it is sent. */
  #takeHead([status, ...rest]: unknown[]): ServerResponse {
    this.#res.statusCode = status as number;
    const headers = rest.find((argument) => typeof argument === 'object');
    if (headers) setHeadHeaders(this.#res, headers as HeadArgument);
    return this.#res;
  }

  /** The last byte is about to be sent: what changed since the first is saved before it. */
  #end(args: unknown[]): unknown {
    const saved = this.#ended || this.#hasReported ? undefined : this.#commitLate();
    this.#ended = true;
    if (!saved) return this.#pass('end', args);
    this.#startHolding();
    void saved.then(() => {
      this.#open(this.#result);
      this.#flush();
    });
    return this.#hold('end', args);
  }

  /** The connection ended, or the response did; what changed and was not saved is saved now. */
  #close(): void {
    if (this.#state === 'failed' || this.#hasReported) return;
    if (this.#ended && !this.#keeper.owesSave()) return;
    if (this.#state === 'waiting') this.#state = 'open';
    // Other listeners on the end of the request are to have their say in the session first.
    setImmediate(() => {
      void this.#commitLate();
    });
  }

  /** Saves once the headers are decided, when errors can only be reported. Never rejects. */
  #commitLate(): Promise<void> | undefined {
    try {
      const saved = this.#keeper.commit();
      if (!(saved instanceof Promise)) return undefined;
      return saved.then(
        () => undefined,
        (error: unknown) => {
          this.#report(error);
        },
      );
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  /** Says what no response can, and does not try again. */
  #report(error: unknown): void {
    this.#hasReported = true;
    this.#keeper.report(error);
  }

  #hold(method: Sending, args: unknown[]): unknown {
    if (method === 'writeHead' && this.#held.length > 0) return this.#refuseSecondHead(args);
    this.#held.push({ method, args });
    if (method === 'write') return false;
    if (method === 'writeHead') this.#res.statusCode = args[0] as number;
    if (method === 'end') {
      this.#look?.show('writableEnded');
      this.#letConnectionGo ??= guardConnection(this.#res);
    }
    return method === 'flushHeaders' ? undefined : this.#res;
  }

  /** Older releases of compression send the head again until they see it sent. */
  #refuseSecondHead(args: unknown[]): ServerResponse {
    if (args.length === 1 && args[0] === this.#res.statusCode) return this.#res;
    throw headersAreSent();
  }

  /** Lets the application see what it would see if its bytes had been sent. */
  #startHolding(): void {
    this.#state = 'holding';
    this.#statusCode = this.#res.statusCode;
    this.#look ??= new SentLook(this.#res);
    this.#look.show('headersSent');
  }

  #stopHolding(): void {
    this.#look?.hide();
    this.#res.statusCode = this.#statusCode;
  }

  #open(result: SaveResult | undefined): void {
    if (this.#state === 'holding') this.#stopHolding();
    this.#state = 'open';
    this.#result = result;
  }

  /** Sends what was held, in order. */
  #flush(): void {
    const held = this.#held;
    this.#held = [];
    let drained = false;
    try {
      for (const { method, args } of held) {
        const sent = this.#send(method, args);
        if (method === 'write') drained = sent === true;
      }
    } catch (error) {
      // What Node refuses, such as a header with a line break, the application hears of only now.
      this.#giveUp(error);
      return;
    }
    if (this.#state === 'holding') return;
    this.#letConnectionGo?.();
    if (drained && !this.#ended) this.#drain.emit();
  }

  #failToSave(error: unknown): void {
    if (this.#res.statusCode < 500) {
      this.#giveUp(error);
      return;
    }
    // The client learns already that something is wrong, and maybe on a page of the application's.
    this.#report(error);
    this.#open(undefined);
    this.#flush();
  }

  /** Gives the response up, so that the application can make another one on it. */
  #giveUp(error: unknown): void {
    if (this.#state === 'holding') this.#stopHolding();
    this.#state = 'failed';
    this.#held = [];
    this.#letConnectionGo?.(true);
    if (!this.#res.headersSent) this.#prepareForAnother(error);
    this.#keeper.fail(error);
  }

  #prepareForAnother(error: unknown): void {
    const res = this.#res;
    for (const source of this.#pipedIn) {
      source.unpipe(res);
      // Not before, since pipeline() destroys the response together with its source.
      res.once('close', () => source.destroy());
    }
    for (const name of res.getHeaderNames()) {
      if (DESCRIBES_BODY.test(name)) res.removeHeader(name);
    }
    res.statusCode = statusOf(error);
    // Not what other middleware put around our methods: that has begun a response already.
    const methods = res as unknown as Methods;
    let answered = false;
    for (const method of SENDING) {
      methods[method] = (...args: unknown[]) => {
        if (answered) return this.#ignore(method);
        const sent = this.#pass(method, args);
        answered = method === 'end';
        return sent;
      };
    }
  }

  #pass(method: Sending, args: unknown[]): unknown {
    const { writeHead } = this.#original;
    if (method !== 'writeHead') return this.#original[method].apply(this.#res, args);
    if (!this.#result) return writeHead.apply(this.#res, args);
    const headersAt = typeof args[1] === 'string' ? 2 : 1;
    const headers = args[headersAt] as HeadArgument | undefined;
    if (headers) setHeadHeaders(this.#res, headers);
    addSessionHeaders(this.#res, this.#result);
    return writeHead.apply(this.#res, args.slice(0, headersAt));
  }

  #ignore(method: Sending): unknown {
    return method === 'write' ? false : this.#res;
  }
}

/** Headers that belong to the response that was given up, not to the one in its place. */
const DESCRIBES_BODY =
  /^(content-.*|etag|last-modified|location|accept-ranges|transfer-encoding|trailer)$/;

function statusOf(error: unknown): number {
  const status = (error as { status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' ? status : 500;
}
