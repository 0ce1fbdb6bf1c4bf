/** Takes a recorded walk (compat-fixtures/flask-session/*-cookies.json) again, with our sessions. */

import { SessionInterface, sessionOf } from '../../src/index.js';
import type { FlaskConfig, Session } from '../../src/index.js';
import { Signer } from '../../src/python/itsdangerous/index.js';
import type { Operation, Request, Step, ValidWalk } from './flask-session-fixtures.js';
import { MemoryStore } from './memory-store.js';

/** What one request left behind. */
export interface Outcome {
  readonly setCookie: readonly string[];
  readonly vary: string | null;
  /** Payloads in hex by key. */
  readonly stored: Readonly<Record<string, string>>;
  /** When the session's key ends, in seconds from now; `null` when there is no such key. */
  readonly ttlSeconds: number | null;
}

const SIGNER_OPTIONS = { salt: 'flask-session', keyDerivation: 'hmac' } as const;

/** Time to live of whatever the store held before a request, so that a renewal is seen. */
export const TTL_BEFORE = 77;

/** What each request of a walk left behind in Flask. */
export function recordedOutcomes(walk: ValidWalk): Outcome[] {
  return walk.steps.map(({ sid, setCookie, vary, ttlSeconds, stored }) => {
    const isThere = Object.keys(stored).some((key) => key.endsWith(sid));
    return { setCookie, vary, stored, ttlSeconds: isThere ? (ttlSeconds ?? TTL_BEFORE) : null };
  });
}

/**
 * What each request leaves behind here. Each begins with what Flask had stored by then; ids that we
 * made are replaced by those that Flask made.
 */
export async function ourOutcomes(walk: ValidWalk, base: FlaskConfig): Promise<Outcome[]> {
  const config = { ...base, ...walk.config };
  const outcomes: Outcome[] = [];
  let before: Step['stored'] = {};
  for (const step of walk.steps) {
    outcomes.push(await outcomeOf(step, before, config));
    before = step.stored;
  }
  return outcomes;
}

/** Takes one request with nothing stored, from the making of the interface to the saving. */
export async function takeRequest(request: Request, config: FlaskConfig): Promise<void> {
  const sessions = new SessionInterface(config, { store: new MemoryStore() });
  const session = await openAndOperate(sessions, request);
  await sessions.saveSession(session);
}

async function outcomeOf(
  step: Step,
  before: Step['stored'],
  config: FlaskConfig,
): Promise<Outcome> {
  const store = new MemoryStore();
  for (const [key, hex] of Object.entries(before)) {
    const bytes = Buffer.from(hex, 'hex');
    store.entries.set(key, { bytes, expiresAt: Date.now() + TTL_BEFORE * 1000 });
  }
  const sessions = new SessionInterface(config, { store });
  const session = await openAndOperate(sessions, step);
  const { setCookie, varyCookie } = await sessions.saveSession(session);

  const { sid } = sessionOf(session);
  const signer = new Signer(String(config.SECRET_KEY), SIGNER_OPTIONS);
  const rename = (text: string): string =>
    text.replaceAll(signer.sign(sid), signer.sign(step.sid)).replaceAll(sid, step.sid);
  const entries = [...store.entries];
  const expiresAt = entries.find(([key]) => key.endsWith(sid))?.[1].expiresAt;
  return {
    setCookie: setCookie === undefined ? [] : [rename(setCookie)],
    vary: varyCookie ? 'Cookie' : null,
    stored: Object.fromEntries(
      entries.map(([key, { bytes }]) => [rename(key), Buffer.from(bytes).toString('hex')]),
    ),
    ttlSeconds: expiresAt === undefined ? null : (expiresAt - Date.now()) / 1000,
  };
}

async function openAndOperate(sessions: SessionInterface, request: Request): Promise<Session> {
  const session = await sessions.openSession(request.cookie ?? undefined);
  for (const operation of request.operations) await operate(session, operation);
  return session;
}

async function operate(session: Session, operation: Operation): Promise<void> {
  const handle = sessionOf(session);
  if (operation.get !== undefined) Reflect.get(session, operation.get);
  if (operation.has !== undefined) Reflect.has(session, operation.has);
  if (operation.keys) Object.keys(session);
  if (operation.set) Object.assign(session, operation.set);
  if (operation.delete !== undefined) Reflect.deleteProperty(session, operation.delete);
  if (operation.append !== undefined) (session['list'] as unknown[]).push(operation.append);
  if (operation.modified) handle.touch();
  if (operation.permanent !== undefined) handle.permanent = operation.permanent;
  if (operation.clear) handle.clear();
  if (operation.regenerate) await handle.rotate();
}
