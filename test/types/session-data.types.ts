/** Keys declared for the whole program: every session has them with their types. */

import type { Request } from 'express';
import { SessionInterface, sessionOf } from 'flask-session-bridge';
import type {
  DoneCallback,
  SaveResult,
  Session,
  SessionData,
  SessionHandle,
} from 'flask-session-bridge';
import { expectTypeOf } from 'vitest';

declare module 'flask-session-bridge' {
  interface SessionData {
    loyaltyPoints?: number;
    deliveryNotes?: { text: string }[];
  }
}

export function onRequest(req: Request): void {
  expectTypeOf(req.session).toEqualTypeOf<Session>();
  expectTypeOf(req.session.loyaltyPoints).toEqualTypeOf<number | undefined>();
  expectTypeOf(req.session['loyaltyPoints']).toEqualTypeOf<number | undefined>();
  expectTypeOf(req.session.deliveryNotes?.[0]?.text).toEqualTypeOf<string | undefined>();
  expectTypeOf(req.sessionID).toEqualTypeOf<string>();

  req.session.loyaltyPoints = 1;
  delete req.session.loyaltyPoints;
  // @ts-expect-error -- points are a number
  req.session.loyaltyPoints = 'many';
  // @ts-expect-error -- a note is more than its text
  req.session.deliveryNotes = ['ring twice'];
  // @ts-expect-error -- the id is for reading
  req.sessionID = 'mine';
}

export function onOtherKeys(req: Request): Date {
  // What nobody declared may be there, and may be anything.
  expectTypeOf(req.session['undeclared']).toEqualTypeOf<unknown>();
  req.session['undeclared'] = new Date();
  // @ts-expect-error -- and so is of no use without a look at it
  const when: Date = req.session['undeclared'];
  return when;
}

export function onMethods(req: Request): void {
  expectTypeOf(req.session.save()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(req.session.regenerate((error) => error)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(req.session.rotate()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(req.session.destroy()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(req.session.reload()).toEqualTypeOf<Promise<void>>();
  expectTypeOf<Session['touch']>().toEqualTypeOf<() => void>();
  expectTypeOf<Session['clear']>().toEqualTypeOf<() => void>();
  expectTypeOf<Session['save']>().toEqualTypeOf<(done?: DoneCallback) => Promise<void>>();
  expectTypeOf<DoneCallback>().toEqualTypeOf<(error?: unknown) => void>();
  const updated = req.session.update((data) => {
    expectTypeOf(data).toEqualTypeOf<SessionData>();
    data.loyaltyPoints = (data.loyaltyPoints ?? 0) + 1;
    // @ts-expect-error -- here as on the session
    data.loyaltyPoints = 'many';
  });
  expectTypeOf(updated).toEqualTypeOf<Promise<SaveResult>>();
}

export function onHandle(req: Request): void {
  const handle = sessionOf(req);
  expectTypeOf(handle).toEqualTypeOf<SessionHandle>();
  expectTypeOf(sessionOf(req.session)).toEqualTypeOf<SessionHandle>();
  expectTypeOf(handle.data.loyaltyPoints).toEqualTypeOf<number | undefined>();
  expectTypeOf(handle.sid).toEqualTypeOf<string>();
  expectTypeOf(handle.isNew).toEqualTypeOf<boolean>();
  expectTypeOf(handle.modified).toEqualTypeOf<boolean>();
  expectTypeOf(handle.accessed).toEqualTypeOf<boolean>();
  handle.permanent = true;
  // @ts-expect-error -- yes or no
  handle.permanent = 3600;
  // @ts-expect-error -- for reading
  handle.sid = 'mine';
  // @ts-expect-error -- for reading
  handle.modified = true;
  // @ts-expect-error -- neither a session nor a request
  sessionOf('a cookie');
}

export async function onInterface(sessions: SessionInterface): Promise<void> {
  const session = await sessions.openSession('session=a; b=c');
  expectTypeOf(session).toEqualTypeOf<Session>();
  expectTypeOf(session.loyaltyPoints).toEqualTypeOf<number | undefined>();
  expectTypeOf(sessions.openSession()).toEqualTypeOf<Promise<Session>>();
  expectTypeOf(sessions.saveSession(session)).toEqualTypeOf<Promise<SaveResult>>();
  expectTypeOf(sessions.regenerate(session)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(sessions.delete('a sid')).toEqualTypeOf<Promise<boolean>>();
  const updated = sessions.update('a sid', async (data) => {
    expectTypeOf(data.loyaltyPoints).toEqualTypeOf<number | undefined>();
    await Promise.resolve();
  });
  expectTypeOf(updated).toEqualTypeOf<Promise<SaveResult>>();
  // @ts-expect-error -- one header, as Node joins them
  await sessions.openSession(['session=a']);
  // @ts-expect-error -- by its id, not by itself
  await sessions.delete(session);
}

export function onResult({ outcome, setCookie, varyCookie }: SaveResult): void {
  expectTypeOf(outcome).toEqualTypeOf<
    'untouched' | 'refreshed' | 'stored' | 'merged' | 'deleted' | 'gone'
  >();
  expectTypeOf(setCookie).toEqualTypeOf<string | undefined>();
  expectTypeOf(varyCookie).toEqualTypeOf<boolean>();
}
