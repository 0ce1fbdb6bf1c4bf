/**
 * A user's way through both apps, over HTTP at the one address: log in on one, be known on the other,
 * change things here, find them there. The first step that does not hold ends the walk.
 *
 * @module
 */

import { Browser, get, post } from './browser.js';
import {
  equal,
  flaskView,
  hasEnded,
  hasTypes,
  holds,
  shows,
  StepFailed,
  wasWritten,
} from './checks.js';
import type { FlaskView, Seen } from './checks.js';
import { Steps } from './steps.js';
import type { Transcript } from './transcript.js';
import { releaseFor } from './variants.js';
import type { Variant } from './variants.js';

/** Walks, and says whether every step held. */
export async function walk(
  address: string,
  variant: Variant,
  transcript: Transcript,
): Promise<boolean> {
  const { format, signer } = variant;
  const cookie = signer ? 'signed cookie' : 'unsigned cookie';
  transcript.heading(`${format}, ${cookie}, Flask-Session ${releaseFor(variant)}`);
  const browser = new Browser(address);
  const steps = new Steps(browser, transcript);
  try {
    await browser.send(post('/panel/variant', { format, signer: signer ? 'on' : 'off' }));
    await fromOldToNew(browser, steps, variant);
    await withWrongCookies(browser, steps, variant);
    await fromNewToOld(browser, steps, variant);
    return true;
  } catch (error) {
    if (error instanceof StepFailed) return false;
    throw error;
  }
}

async function fromOldToNew(browser: Browser, steps: Steps, { format }: Variant) {
  await steps.take('a visitor of the old app is nobody', get('/'), isNobody);
  const login = post('/login', { username: 'ada', keep: 'on' });
  await steps.take('ada logs in on the old app', login, (seen) => {
    equal('status', seen.answer.status, 302);
    equal('the format in Redis', seen.session?.format, format);
    wasWritten(seen, 'flask', { permanent: true });
  });
  await steps.take('the new app knows ada', get('/next'), ({ answer }) => {
    shows(answer, '<strong>ada</strong>');
  });
  let before: FlaskView | undefined;
  await steps.take('Flask says which Python types it finds', get('/session.json'), ({ answer }) => {
    before = flaskView(answer);
    hasTypes(before, format);
  });
  const add = post('/next/cart', { item: 'Teapot' });
  await steps.take('ada adds a teapot on the new app', add, (seen) => {
    equal('status', seen.answer.status, 303);
    wasWritten(seen, 'express', { permanent: true });
  });
  await steps.take('the old app shows the teapot', get('/'), ({ answer }) => {
    shows(answer, '1 × Teapot');
  });
  await steps.take('Flask finds the rest as it was, same types', get('/session.json'), (seen) => {
    const after = flaskView(seen.answer);
    equal('types', after.types, before?.types);
    equal('values', after.values, { ...before?.values, cart: "{'Teapot': 1}" });
  });
  await steps.take('the old app flashes a note', post('/note', { text: 'from Flask' }), (seen) => {
    equal('where it leads', seen.answer.location, '/next');
  });
  await steps.take('the new app shows the note', get('/next'), ({ answer }) => {
    shows(answer, 'from Flask');
  });
  await steps.take('and shows it once', get('/next'), ({ answer }) => {
    holds('the note is gone', !answer.text.includes('from Flask'));
  });
  await steps.take('ada logs out on the new app', post('/next/logout'), hasEnded);
  await steps.take('ada is out on the old app', get('/'), isNobody);
}

/** Cookies that no app gave out, or that are over: none opens a session, none gives it its id. */
async function withWrongCookies(browser: Browser, steps: Steps, { signer }: Variant) {
  await steps.take('eve logs in', post('/next/login', { username: 'eve' }), ({ session }) => {
    holds('she has a session', session !== null);
  });
  const cookie = browser.cookie('session') ?? '';

  const tampered = tamperWith(cookie, signer);
  const forger = browser.withCookie('session', tampered);
  await steps.take('a tampered cookie: nobody on the new app', get('/next'), isNobody, forger);
  await steps.take('and a fresh id at login', LOGIN_AGAIN, isNotAdopted(tampered), forger);
  const other = browser.withCookie('session', tampered);
  await steps.take('a tampered cookie: nobody on the old app', get('/'), isNobody, other);

  await steps.take('eve logs out', post('/next/logout'), hasEnded);
  const latecomer = browser.withCookie('session', cookie);
  await steps.take('her cookie is nobody on the new app', get('/next'), isNobody, latecomer);
  await steps.take('and gets a fresh id at login', LOGIN_AGAIN, isNotAdopted(cookie), latecomer);
}

async function fromNewToOld(browser: Browser, steps: Steps, { format }: Variant) {
  const login = post('/next/login', { username: 'grace' });
  await steps.take('grace logs in on the new app', login, (seen) => {
    equal('status', seen.answer.status, 303);
    equal('the format in Redis', seen.session?.format, format);
    wasWritten(seen, 'express', { permanent: false });
  });
  await steps.take('Flask finds its types', get('/session.json'), ({ answer }) => {
    const view = flaskView(answer);
    equal('user', view.username, 'grace');
    equal('permanent', view.permanent, false);
    hasTypes(view, format);
  });
  await steps.take('the old app knows grace', get('/'), ({ answer }) => {
    shows(answer, '<strong>grace</strong>');
    shows(answer, 'Welcome, grace!');
  });
  const add = post('/cart', { item: 'Green tea' });
  await steps.take('grace adds tea on the old app', add, (seen) => {
    equal('status', seen.answer.status, 302);
    wasWritten(seen, 'flask', { permanent: false });
  });
  await steps.take('the new app shows the tea', get('/next'), ({ answer }) => {
    shows(answer, '1 × Green tea');
  });
  const note = post('/next/note', { text: 'from Express' });
  await steps.take('the new app flashes a note', note, (seen) => {
    equal('where it leads', seen.answer.location, '/');
    wasWritten(seen, 'express', { permanent: false });
  });
  await steps.take('the old app shows the note', get('/'), ({ answer }) => {
    shows(answer, 'from Express');
  });
  await steps.take('grace logs out on the old app', post('/logout'), hasEnded);
  await steps.take('grace is out on the new app', get('/next'), isNobody);
}

const LOGIN_AGAIN = post('/next/login', { username: 'mallory' });

/** Another id, or with a signer another signature. */
function tamperWith(cookie: string, signer: boolean): string {
  const at = signer ? cookie.lastIndexOf('.') + 1 : 0;
  return cookie.slice(0, at) + (cookie[at] === 'a' ? 'b' : 'a') + cookie.slice(at + 1);
}

function isNobody({ answer }: Seen): void {
  shows(answer, 'Nobody is logged in');
}

function isNotAdopted(cookie: string) {
  const [sid = ''] = cookie.split('.');
  return ({ session }: Seen): void => {
    holds('there is a session', session !== null);
    holds('it has an id of its own', !session?.key.endsWith(sid));
  };
}
