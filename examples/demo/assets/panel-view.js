/**
 * What the panel looks like: HTML made of its state.
 *
 * @module
 */

/* global document */

/**
 * Fills the panel, empty so far, and puts a line before it that says in short what happened last.
 *
 * @param panel - The element
 * @param onSettings - Called with the event when the user chooses other settings
 */
export function createView(panel, onSettings) {
  const settings = element('div');
  const sections = ['facts', 'values', 'dump', 'activities'].map((id) =>
    element('section', { id }),
  );
  const [facts, values, dump, activities] = sections;
  const status = element('a', { href: '#panel' });
  panel.before(element('p', { className: 'ticker', role: 'status' }, status));
  panel.replaceChildren(
    element('h2', {}, 'The session in Redis'),
    element('p', {}, 'One entry, read and written by both apps.'),
    settings,
    ...sections,
  );
  /** The state on display, with the moment at which it came. */
  let shown;

  return {
    show(state) {
      const before = shown?.session?.values;
      const { session } = state;
      shown = state;
      renderIfChanged(settings, state.variant, () => settingsForm(state, onSettings));
      renderIfChanged(facts, [session, state.cookie], () => factsOf(state));
      renderIfChanged(values, session?.values, () => valuesOf(session, before));
      renderIfChanged(dump, session?.dump, () => dumpOf(session));
      renderIfChanged(activities, session?.activities, () => activitiesOf(session));
      renderIfChanged(status, session?.lastChange, () => statusOf(session));
      this.countDown();
    },

    countDown() {
      const cell = document.querySelector('#ttl');
      if (cell) cell.textContent = timeLeft(shown);
    },

    setConnected(isConnected) {
      panel.classList.toggle('lost', !isConnected);
    },

    setBusy() {
      panel.setAttribute('aria-busy', 'true');
    },
  };
}

const renderedFrom = new WeakMap();

/** Leaves what shows these data already as it is, with its scroll position and selection. */
function renderIfChanged(container, data, render) {
  const text = JSON.stringify(data ?? null);
  if (renderedFrom.get(container) === text) return;
  renderedFrom.set(container, text);
  container.replaceChildren(...render());
}

function settingsForm({ variant, release }, onchange) {
  const note =
    `The old app runs on Flask-Session ${release}. Another choice starts both apps anew ` +
    'and takes your session along.';
  return [
    element(
      'form',
      { className: 'settings', autocomplete: 'off', onchange },
      choices('Format', 'format', ['pickle', 'msgpack', 'json'], variant.format),
      choices('Signer', 'signer', ['off', 'on'], variant.signer ? 'on' : 'off'),
    ),
    element('p', {}, note),
  ];
}

function choices(legend, name, values, chosen) {
  const options = values.map((value) => {
    const input = element('input', { type: 'radio', name, value, checked: value === chosen });
    return element('label', { className: 'choice' }, input, value);
  });
  return element('fieldset', {}, element('legend', {}, legend), ...options);
}

function factsOf({ session, cookie }) {
  if (!session) return [element('p', {}, 'This browser has no session. Log in on either side.')];
  const { key, format, size, lastWrite, lastChange } = session;
  const isRewritten = lastWrite?.effect === 'rewritten';
  return [
    element(
      'dl',
      {},
      ...row('Changed by', ...doneBy(lastChange)),
      ...(isRewritten ? row('Rewritten by', ...doneBy(lastWrite), ', unchanged') : []),
      ...row('Lives for', element('span', { id: 'ttl' })),
      ...row('Stored as', `${format}, ${size} bytes`),
      ...row('Key', element('code', {}, key)),
      ...row('Cookie', cookieOf(cookie)),
    ),
    element('p', { className: 'hint' }, 'Who has the key is logged in: a real app never shows it.'),
  ];
}

function row(term, ...description) {
  return [element('dt', {}, term), element('dd', {}, ...description)];
}

function doneBy(activity) {
  return activity ? [badge(activity.app), ` at ${time(activity.at)}`] : ['–'];
}

/** The value, with the signature set apart if it has one. */
function cookieOf(cookie) {
  const [id, signature] = (cookie ?? '').split('.');
  const parts = signature ? [element('span', { className: 'signature' }, `.${signature}`)] : [];
  return element('code', {}, `session=${id}`, ...parts);
}

function valuesOf(session, before) {
  if (!session) return [];
  const isNew = ({ key, repr }) =>
    before && !before.some((value) => value.key === key && value.repr === repr);
  return section('What it holds', session.values, (value) => [
    { className: isNew(value) ? 'value new' : 'value' },
    element('th', { scope: 'row' }, value.key),
    element('td', { className: 'quiet' }, value.type),
    element('td', {}, value.repr),
  ]);
}

function dumpOf(session) {
  if (!session) return [];
  const [heading, table] = section('Stored bytes', session.dump, (line) => [
    {},
    element('td', { className: 'quiet' }, String(line.offset)),
    element('td', { className: 'hex', title: line.hex }, line.hex),
    element('td', { className: 'name' }, '\u00a0'.repeat(2 * line.depth), line.name),
    element('td', {}, '\u00a0'.repeat(2 * line.depth), line.text),
  ]);
  const label = 'Stored bytes, line by line';
  return [
    heading,
    element('div', { className: 'bytes', tabIndex: 0, role: 'region', ariaLabel: label }, table),
  ];
}

function activitiesOf(session) {
  if (!session) return [];
  return section('What the apps asked of Redis', session.activities, (activity) => [
    {},
    element('td', { className: 'quiet' }, time(activity.at)),
    element('td', {}, badge(activity.app)),
    element('td', {}, activity.command),
    element('td', { className: 'quiet' }, EFFECTS[activity.effect]),
  ]);
}

const EFFECTS = {
  read: 'read',
  changed: 'changed',
  rewritten: 'written, unchanged',
  renewed: 'read, TTL renewed',
  deleted: 'deleted',
};

function statusOf(session) {
  if (!session?.lastChange) return ['No session in Redis'];
  const { app, at } = session.lastChange;
  return [badge(app), ` changed the session at ${time(at)}`];
}

/** A heading, and a table with a row for each item; `cells` gives the row's properties and cells. */
function section(heading, items, cells) {
  const rows = items.map((item) => element('tr', ...cells(item)));
  return [element('h3', {}, heading), element('table', {}, element('tbody', {}, ...rows))];
}

function timeLeft({ session, at }) {
  const seconds = session.ttlSeconds - Math.floor((Date.now() - at) / 1000);
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19);
  return `${Math.floor(seconds / 86_400)} days ${clock} (${seconds} s)`;
}

const APPS = { flask: 'old app', express: 'new app', switch: 'the switch' };

function badge(app) {
  return element('span', { className: `app ${app}` }, APPS[app]);
}

function time(milliseconds) {
  return new Date(milliseconds).toTimeString().slice(0, 8);
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
