/** What the benches use of packages that bring no types of their own. */

declare module 'express-session' {
  import type { RequestHandler } from 'express';
  export default function session(options: object): RequestHandler;
}

declare module 'autocannon' {
  export interface Client {
    setHeaders(headers: Record<string, string>): void;
  }
  export interface Options {
    url: string;
    connections: number;
    duration: number;
    setupClient?: (client: Client) => void;
  }
  export interface Result {
    readonly requests: { readonly total: number };
    /** Seconds. */
    readonly duration: number;
    readonly errors: number;
    readonly non2xx: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}

declare module 'jpickle' {
  export function loads(pickle: string): unknown;
}
