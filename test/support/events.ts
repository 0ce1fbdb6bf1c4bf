/** What the library publishes on its diagnostics channels during one test. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { onTestFinished } from 'vitest';

import type { DropEvent, ErrorEvent, OpenEvent, SaveEvent } from '../../src/index.js';

interface Events {
  open: OpenEvent;
  save: SaveEvent;
  drop: DropEvent;
  error: ErrorEvent;
}

/** Collects the messages of one channel until the test is over. */
export function collect<Name extends keyof Events>(name: Name): Events[Name][] {
  const messages: Events[Name][] = [];
  const listener = (message: unknown): void => {
    messages.push(message as Events[Name]);
  };
  subscribe(`flask-session-bridge:${name}`, listener);
  onTestFinished(() => {
    unsubscribe(`flask-session-bridge:${name}`, listener);
  });
  return messages;
}
