/**
 * The panel on both apps' pages: asks the front what stands in Redis for this browser's session, now
 * and whenever the front says that something happened. The shop beside it follows what other windows
 * do, so that both apps can be watched at once.
 *
 * @module
 */

/* global document, DOMParser, EventSource, FormData, URLSearchParams, location, sessionStorage, setInterval */

import { createView } from './panel-view.js';

/** Where sessionStorage has it. */
const REMEMBERED = 'panel';

const view = createView(document.querySelector('#panel'), changeSettings);

/** The state on display. */
let shown;
let isRefreshing = false;
let isOutdated = false;

showRemembered();
refresh().then(listen);
setInterval(view.countDown, 1000);

/** What the page before this one showed, so that what changed since is seen to change. */
function showRemembered() {
  const remembered = sessionStorage.getItem(REMEMBERED);
  if (remembered) view.show(JSON.parse(remembered));
}

/** Shows the state as it is now; calls that come meanwhile share one that follows. */
async function refresh() {
  isOutdated = true;
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    while (isOutdated) {
      isOutdated = false;
      const response = await fetch('/panel/state.json');
      if (response.ok) show(await response.json());
    }
  } catch {
    view.setConnected(false);
  } finally {
    isRefreshing = false;
  }
}

function listen() {
  const events = new EventSource('/panel/events');
  events.onmessage = refresh;
  // After a break, what was missed.
  events.onopen = () => {
    view.setConnected(true);
    refresh();
  };
  events.onerror = () => view.setConnected(false);
}

function show(state) {
  if (shown && valuesOf(shown) !== valuesOf(state)) followShop(state.session);
  shown = { ...state, at: Date.now() };
  view.show(shown);
  sessionStorage.setItem(REMEMBERED, JSON.stringify(shown));
}

/** What the shop shows depends on what the session holds, and on nothing else. */
function valuesOf({ session }) {
  return JSON.stringify(session?.values ?? null);
}

/**
 * Brings the shop up to date, but leaves a flashed message to the page that it was meant for, and
 * text to the user who is writing it.
 */
async function followShop(session) {
  const isShop = ['/', '/next'].includes(location.pathname);
  if (!isShop || session?.values.some(({ key }) => key === '_flashes')) return;
  const response = await fetch(location.pathname);
  if (!response.ok || document.activeElement?.matches('main input')) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.querySelector('main').replaceWith(page.querySelector('main'));
}

async function changeSettings(event) {
  view.setBusy();
  const body = new URLSearchParams(new FormData(event.currentTarget));
  try {
    // Also if the user leaves the page meanwhile: the answer has the cookie of the session's new place.
    await fetch('/panel/variant', { method: 'POST', body, keepalive: true });
  } finally {
    location.assign(location.pathname.startsWith('/next') ? '/next' : '/');
  }
}
