/** Keys declared for one part of a program: given where a session is asked for. */

import type { Request } from 'express';
import { SessionInterface, sessionOf } from 'flask-session-bridge';
import type { Session, SessionHandle } from 'flask-session-bridge';
import type { PyDateTime, PyTuple } from 'flask-session-bridge/pickle';
import { expectTypeOf } from 'vitest';

/** Without an index signature: nothing but these. */
interface Booking {
  seat?: PyTuple<number>;
  bookedAt?: PyDateTime;
}

export function onHandle(req: Request): void {
  const booking = sessionOf<Booking>(req);
  expectTypeOf(booking).toEqualTypeOf<SessionHandle<Booking>>();
  expectTypeOf(booking.data).toEqualTypeOf<Session<Booking>>();
  expectTypeOf(booking.data.seat).toEqualTypeOf<PyTuple<number> | undefined>();
  expectTypeOf(booking.data.bookedAt?.toDate()).toEqualTypeOf<Date | undefined>();
  expectTypeOf(booking.data.save()).toEqualTypeOf<Promise<void>>();
  // @ts-expect-error -- no text
  booking.data.bookedAt = '2026-11-22';
  // @ts-expect-error -- not in a Booking
  booking.data.row = 1;
  void booking.update((data) => {
    expectTypeOf(data).toEqualTypeOf<Booking>();
    delete data.bookedAt;
    // @ts-expect-error -- not in a Booking
    data.row = 1;
  });
}

export async function onInterface(sessions: SessionInterface): Promise<void> {
  const session = await sessions.openSession<Booking>('session=a');
  expectTypeOf(session).toEqualTypeOf<Session<Booking>>();
  expectTypeOf(session.seat).toEqualTypeOf<PyTuple<number> | undefined>();
  // @ts-expect-error -- not in a Booking
  session.row = 1;
  // Whatever its type, it can be saved, and has a handle.
  await sessions.saveSession(session);
  expectTypeOf(sessionOf<Booking>(session).data.seat).toEqualTypeOf<PyTuple<number> | undefined>();
}
