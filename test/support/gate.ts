/** A response gate on a real response, for tests of the gate alone. */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { ResponseGate } from '../../src/frameworks/express/response-gate.js';
import type { GateKeeper } from '../../src/frameworks/express/response-gate.js';
import type { SaveResult } from '../../src/index.js';

export const COOKIE = 'session=abc; HttpOnly; Path=/';
export const SAVED: SaveResult = { outcome: 'stored', setCookie: COOKIE, varyCookie: true };
export const UNTOUCHED: SaveResult = { outcome: 'untouched', varyCookie: false };

/** A save that takes some turns of the event loop. */
export async function saveSlowly(): Promise<SaveResult> {
  await sleep(5);
  return SAVED;
}

/** A save that fails after some turns of the event loop. */
export async function failSlowly(): Promise<SaveResult> {
  await sleep(5);
  throw Object.assign(new Error('not saved'), { status: 503 });
}

/** Saves by the first function, then the second and so on, and from then on has nothing to save. */
export function inTurn(
  ...saves: GateKeeper['commit'][]
): GateKeeper['commit'] & { readonly count: () => number } {
  let count = 0;
  return Object.assign(() => saves[count++]?.() ?? UNTOUCHED, { count: () => count });
}

/** A handler behind a gate, which answers a failed save with the error's status and message. */
export function gated(
  respond: (res: ServerResponse, req: IncomingMessage) => unknown,
  keeper: Partial<GateKeeper> = {},
): RequestListener {
  return (req, res) => {
    new ResponseGate(res, {
      commit: inTurn(saveSlowly),
      owesSave: () => false,
      fail: (error) => {
        res.end((error as Error).message);
      },
      report: (error) => {
        throw error;
      },
      ...keeper,
    });
    respond(res, req);
  };
}
