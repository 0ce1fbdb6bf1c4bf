/**
 * The panel on both apps' pages: asks the front what stands in Redis for this browser's session, now
 * and whenever the front says that something happened. The shop beside it follows what other windows
 * do, so that both apps can be watched at once.
 *
 * @module
 */

/* global document, DOMParser, EventSource, FormData, URLSearchParams, location, setInterval */

const panel = document.querySelector('#panel');
/** What changes of the panel; the settings stay, and the focus in them. */
const contents = element('div');

/** The session on display, with the moment it came, by which its TTL is counted down. */
let shown;
let isRefreshing = false;
let isOutdated = false;

refresh();
listen();
setInterval(countDown, 1000);

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
    panel.classList.add('lost');
  } finally {
    isRefreshing = false;
  }
}

function listen() {
  const events = new EventSource('/panel/events');
  events.onmessage = refresh;
  // After a break, what was missed.
  events.onopen = () => {
    panel.classList.remove('lost');
    refresh();
  };
  events.onerror = () => panel.classList.add('lost');
}

function show(state) {
  const { session } = state;
  const before = shown?.session;
  if (!shown) {
    panel.replaceChildren(element('h2', {}, 'The session in Redis'), settings(state), contents);
  } else if (textOf(before) !== textOf(session)) {
    followShop(session);
  }
  shown = { session, at: Date.now() };
  contents.replaceChildren(
    ...(session ? [facts(session), ...details(session, before)] : [nothing()]),
  );
  countDown();
}

/** What the shop shows depends on what the session holds, and on nothing else. */
function textOf(session) {
  return JSON.stringify(session?.values ?? null);
}

/** Brings the shop up to date, but leaves a flashed message to the page that it was meant for. */
async function followShop(session) {
  const isShop = ['/', '/next'].includes(location.pathname);
  if (!isShop || session?.values.some(({ key }) => key === '_flashes')) return;
  const response = await fetch(location.pathname);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.querySelector('main').replaceWith(page.querySelector('main'));
}

function settings({ variant, release }) {
  const form = element(
    'form',
    { className: 'settings', onchange: changeSettings },
    choices('Format', 'format', ['pickle', 'msgpack', 'json'], variant.format),
    choices('Signer', 'signer', ['off', 'on'], variant.signer ? 'on' : 'off'),
  );
  const note = `The old app runs on Flask-Session ${release}. Another choice starts both apps with it: log in anew.`;
  return element('div', {}, form, element('p', {}, note));
}

function choices(legend, name, values, chosen) {
  const options = values.map((value) => {
    const input = element('input', { type: 'radio', name, value, checked: value === chosen });
    return element('label', { className: 'choice' }, input, value);
  });
  return element('fieldset', {}, element('legend', {}, legend), ...options);
}

async function changeSettings(event) {
  panel.setAttribute('aria-busy', 'true');
  const body = new URLSearchParams(new FormData(event.currentTarget));
  await fetch('/panel/variant', { method: 'POST', body });
  location.assign(location.pathname.startsWith('/next') ? '/next' : '/');
}

function nothing() {
  return element('p', {}, 'This browser has no session yet. Log in on either side.');
}

function facts({ key, format, size, lastWrite }) {
  return element(
    'dl',
    {},
    element('dt', {}, 'Key'),
    element('dd', {}, element('code', {}, key)),
    element('dt', {}, 'Lives for'),
    element('dd', { id: 'ttl' }),
    element('dt', {}, 'Stored as'),
    element('dd', {}, `${format}, ${size} bytes`),
    element('dt', {}, 'Last written'),
    element('dd', {}, ...(lastWrite ? [badge(lastWrite.app), ` at ${time(lastWrite.at)}`] : ['–'])),
  );
}

function details({ values, dump, activities }, before) {
  return [
    element('h3', {}, 'What it holds'),
    table(values, ({ key, type, repr }) => {
      const isNew =
        before && before.values.every((value) => value.key !== key || value.repr !== repr);
      return element(
        'tr',
        { className: isNew ? 'new' : '' },
        element('td', { className: 'short' }, key),
        element('td', { className: 'short quiet' }, type),
        element('td', {}, repr),
      );
    }),
    element('h3', {}, 'What the apps asked of Redis'),
    table(activities, ({ app, command, effect, at }) =>
      element(
        'tr',
        {},
        element('td', { className: 'short quiet' }, time(at)),
        element('td', { className: 'short' }, badge(app)),
        element('td', {}, command),
        element('td', { className: 'short quiet' }, effect),
      ),
    ),
    element('h3', {}, 'Stored bytes'),
    element(
      'div',
      { className: dump[0]?.opcode ? 'bytes' : 'bytes plain', tabIndex: 0 },
      table(dump, ({ offset, hex, opcode, text }) =>
        element(
          'tr',
          {},
          element('td', { className: 'quiet' }, String(offset)),
          element('td', { className: 'hex', title: hex }, hex),
          ...(opcode ? [element('td', { className: 'opcode' }, opcode)] : []),
          element('td', {}, text),
        ),
      ),
    ),
  ];
}

function countDown() {
  const cell = document.querySelector('#ttl');
  if (!cell || !shown?.session) return;
  const seconds = shown.session.ttlSeconds - Math.floor((Date.now() - shown.at) / 1000);
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19);
  cell.textContent = `${Math.floor(seconds / 86_400)} days ${clock} (${seconds} s)`;
}

function badge(app) {
  const name = app === 'flask' ? 'old app' : 'new app';
  return element('span', { className: `app ${app}` }, name);
}

function time(milliseconds) {
  return new Date(milliseconds).toTimeString().slice(0, 8);
}

function table(rows, row) {
  return element('table', {}, element('tbody', {}, ...rows.map(row)));
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
