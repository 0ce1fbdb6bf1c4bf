/**
 * What happens to sessions, published on `node:diagnostics_channel`. No event holds a secret, a
 * session id, a cookie or a value; a session is named by a short hash of its id.
 *
 * @module
 */

import diagnostics from 'node:diagnostics_channel';

import { hashSid } from './sid.js';

/** Message of the channel `flask-session-bridge:open`: a request's session was looked up. */
export interface OpenEvent {
  /** Eight hex digits for the session id. */
  readonly session: string;
  /** `found`, or why the session is a new one. */
  readonly result: 'found' | 'new' | 'unknown' | 'refused' | 'undecodable' | 'store-error';
}

/** Message of the channel `flask-session-bridge:save`: a session was saved, or had no need to. */
export interface SaveEvent {
  readonly session: string;
  readonly outcome: 'untouched' | 'refreshed' | 'stored' | 'merged' | 'deleted' | 'gone';
}

/** Message of the channel `flask-session-bridge:drop`: changes that will never be written. */
export interface DropEvent {
  readonly session: string;
  readonly reason: 'read-only' | 'anonymous' | 'gone';
}

/** Message of the channel `flask-session-bridge:error`: an error that no response could carry. */
export interface ErrorEvent {
  readonly session: string;
  readonly error: Error;
}

const openChannel = diagnostics.channel('flask-session-bridge:open');
const saveChannel = diagnostics.channel('flask-session-bridge:save');
const dropChannel = diagnostics.channel('flask-session-bridge:drop');
const errorChannel = diagnostics.channel('flask-session-bridge:error');

export function publishOpen(sid: string, result: OpenEvent['result']): void {
  if (openChannel.hasSubscribers) openChannel.publish({ session: hashSid(sid), result });
}

export function publishSave(sid: string, outcome: SaveEvent['outcome']): void {
  if (saveChannel.hasSubscribers) saveChannel.publish({ session: hashSid(sid), outcome });
}

export function publishDrop(sid: string, reason: DropEvent['reason']): void {
  if (dropChannel.hasSubscribers) dropChannel.publish({ session: hashSid(sid), reason });
}

/** Reports an error that came too late for the response; as a process warning if nobody listens. */
export function publishError(sid: string, error: Error): void {
  if (errorChannel.hasSubscribers) errorChannel.publish({ session: hashSid(sid), error });
  else process.emitWarning(error);
}
