/** The store that tests use in Redis's place does what Redis does. */

import { MemoryStore } from '../support/memory-store.js';
import { describeStore } from './store.js';

describeStore('in memory', () => {
  const store = new MemoryStore();
  return {
    store,
    key: (name) => `session:${name}`,
    secondsLeft: (key) => {
      const entry = store.entries.get(key);
      return Promise.resolve(entry ? Math.round((entry.expiresAt - Date.now()) / 1000) : null);
    },
  };
});
