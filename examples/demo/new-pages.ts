/**
 * The new app's pages.
 *
 * @module
 */

import type { FlashedMessage } from 'flask-session-bridge/flask';
import type { PyDateTime, PyFloat, PyTuple } from 'flask-session-bridge/pickle';

import { catalogue } from './catalogue.js';
import type { Product } from './catalogue.js';
import { html } from './html.js';
import type { Html } from './html.js';

/** What the session holds, whichever of the two apps put it there. */
export interface ShopSession {
  username?: string;
  /** Pieces by product. */
  cart?: Record<string, number>;
  /** In euros. */
  credit?: number | PyFloat;
  /** Hours of the day; formats other than pickle have lists for tuples. */
  delivery?: PyTuple<number> | number[];
  /** Since when the user is logged in; JSON has text for it. */
  since?: PyDateTime | Date | string;
}

export function shopPage(
  session: ShopSession,
  flashes: readonly FlashedMessage[],
  versions: string,
): string {
  return page(versions, [
    flashes.map(
      ([category, message]) =>
        html`<p class="flash ${category}" role="status">${String(message)}</p>`,
    ),
    session.username === undefined ? NOBODY : shop(session, session.username),
  ]);
}

export function loginPage(versions: string): string {
  return page(versions, [
    html`<form method="post" action="/next/login" class="login card">
      <h2>Log in</h2>
      <p>Any name will do: this shop asks for no password.</p>
      <label>
        Your name
        <input name="username" value="grace" required maxlength="40" autocomplete="username" />
      </label>
      <label class="check">
        <input type="checkbox" name="keep" checked /> Keep me logged in when the browser closes
      </label>
      <button>Log in</button>
    </form>`,
  ]);
}

const NOBODY = [
  html`<section class="account card">
    <p>Nobody is logged in.</p>
    <p>
      <a class="button" href="/next/login">Log in here</a> or <a href="/login">on the old app</a>:
      it is one login.
    </p>
  </section>`,
  html`<section class="guide card">
    <h2>What to try</h2>
    <ol>
      <li>Log in here.</li>
      <li>Go to the old app: it knows you, and it never heard of this one.</li>
      <li>Put something into the cart there, come back, and find it here.</li>
      <li>Flash a note on one app, for the other to show.</li>
      <li>Choose another format of the stored session: you stay logged in.</li>
      <li>Log out on either app, and you are out on both.</li>
    </ol>
    <p>With both apps in two windows, you see each follow the other.</p>
  </section>`,
];

function shop(session: ShopSession, username: string): Html[] {
  const { cart = {}, credit = 0, delivery = [], since = '' } = session;
  const [from = '', to = ''] = delivery;
  return [
    html`<section class="account card">
      <p>You are <strong>${username}</strong>, here since ${clock(since)} UTC.</p>
      <p>Store credit ${euros(Number(credit))}; we deliver between ${from} and ${to}.</p>
      <form method="post" action="/next/logout"><button>Log out</button></form>
    </section>`,
    html`<section class="card">
      <h2>Teas and pots</h2>
      <ul class="catalogue">
        ${catalogue.map(productLine)}
      </ul>
    </section>`,
    html`<section class="card">
      <h2>Your cart</h2>
      ${cartLines(cart)}
    </section>`,
    html`<section class="card">
      <h2>A note for the old app</h2>
      <form method="post" action="/next/note" class="note">
        <label>
          Flashed here, shown there
          <input name="text" value="Hello from Express!" maxlength="120" />
        </label>
        <button>Flash it, and go there</button>
      </form>
    </section>`,
  ];
}

function productLine({ name, price }: Product): Html {
  return html`<li>
    <span class="name">${name}</span>
    <span class="price">${euros(price)}</span>
    <form method="post" action="/next/cart">
      <button name="item" value="${name}" aria-label="Add ${name} to the cart">Add</button>
    </form>
  </li>`;
}

function cartLines(cart: Record<string, number>): Html {
  const lines = Object.entries(cart);
  if (lines.length === 0) return html`<p>Nothing in it yet.</p>`;
  const prices = new Map(catalogue.map(({ name, price }) => [name, price]));
  const total = lines.reduce((sum, [name, count]) => sum + count * (prices.get(name) ?? 0), 0);
  return html`<ul class="cart">
      ${lines.map(
        ([name, count]) =>
          html`<li>
            <span class="name">${count} × ${name}</span>
            <form method="post" action="/next/cart">
              <input type="hidden" name="change" value="-1" />
              <button name="item" value="${name}" aria-label="Take one ${name} out">
                Take out
              </button>
            </form>
          </li>`,
      )}
    </ul>
    <p class="total">Together ${euros(total)}</p>`;
}

function page(versions: string, content: Parameters<typeof html>[1]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>The Tea Shop (new app)</title>
        <link rel="icon" href="/assets/new.svg" />
        <link rel="stylesheet" href="/assets/layout.css" />
        <link rel="stylesheet" href="/assets/new.css" />
        <link rel="stylesheet" href="/assets/panel.css" />
      </head>
      <body>
        <nav class="apps" aria-label="The two apps">
          <a href="/">Old app <small>Flask, /</small></a>
          <a href="/next" aria-current="page">New app <small>Express, /next</small></a>
          <a href="#panel" class="below">Session <small>in Redis</small></a>
        </nav>
        <main>
          <header>
            <h1>The Tea Shop</h1>
            <p class="versions">${versions}</p>
          </header>
          ${content}
        </main>
        <aside id="panel" aria-label="The session in Redis">
          <noscript>With JavaScript, this panel shows the session as it is stored.</noscript>
        </aside>
        <script src="/assets/panel.js" type="module"></script>
      </body>
    </html>`.text;
}

function euros(amount: number): string {
  return `${amount.toFixed(2)} €`;
}

/** Hours and minutes of an ISO time. */
function clock(since: PyDateTime | Date | string): string {
  const iso = since instanceof Date ? since.toISOString() : since.toString();
  return iso.slice(11, 16);
}
