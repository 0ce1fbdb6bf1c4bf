/**
 * A session whose keys have types, in the two ways that there are.
 *
 * @module
 */

import type { Request } from 'express';
import { sessionOf } from 'flask-session-bridge';
import type { PyDateTime, PyTuple } from 'flask-session-bridge/pickle';

// For the whole program: what every `req.session` is known to have.
declare module 'flask-session-bridge' {
  interface SessionData {
    preferredLanguage?: string;
  }
}

/** For one part of the program: what it puts into the session, and finds there. */
interface Booking {
  /** A tuple of (row, seat) in Python. */
  seat?: PyTuple<number>;
  bookedAt?: PyDateTime;
}

/** The language that the user chose on any page. */
export function languageOf(req: Request): string {
  return req.session.preferredLanguage ?? 'en';
}

/** The seat that the user booked, as it is printed on the ticket. */
export function seatOf(req: Request): string | undefined {
  const { seat, bookedAt } = sessionOf<Booking>(req).data;
  if (!seat || !bookedAt) return undefined;
  const [row, number] = seat;
  return `row ${row}, seat ${number}, booked on ${bookedAt.toString().slice(0, 10)}`;
}
