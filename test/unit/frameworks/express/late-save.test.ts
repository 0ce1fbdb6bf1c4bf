/** Saving after the headers went: at the end of the response, or when the client has left. */

import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { failSlowly, gated, inTurn, SAVED, saveSlowly, UNTOUCHED } from '../../../support/gate.js';
import { ask, serve } from '../../../support/http.js';

describe('at the end of a response', () => {
  test('the session is saved again, and the last byte waits for it', async () => {
    const steps: string[] = [];
    const commit = inTurn(
      () => UNTOUCHED,
      async () => {
        await saveSlowly();
        steps.push('saved');
        return SAVED;
      },
    );
    const port = await serve(
      gated(
        (res) => {
          res.on('finish', () => steps.push('finished'));
          res.write('first ');
          setTimeout(() => res.end('last'), 5);
        },
        { commit },
      ),
    );
    expect((await ask(port)).body).toBe('first last');
    expect(steps).toEqual(['saved', 'finished']);
  });

  test.each<[string, () => Promise<typeof SAVED>]>([
    ['after a wait', failSlowly],
    [
      'at once',
      () => {
        throw new Error('not saved');
      },
    ],
  ])('a save that fails %s is reported, and the response is whole', async (_when, fails) => {
    const reports: unknown[] = [];
    const port = await serve(
      gated(
        (res) => {
          res.write('first ');
          res.end('last');
        },
        { commit: inTurn(() => UNTOUCHED, fails), report: (error) => reports.push(error) },
      ),
    );
    expect((await ask(port)).body).toBe('first last');
    expect(reports).toMatchObject([{ message: 'not saved' }]);
  });

  test('nothing is saved a third time when it has ended', async () => {
    const commit = inTurn(() => UNTOUCHED);
    const port = await serve(gated((res) => res.end('whole'), { commit }));
    await ask(port);
    await setImmediate();
    expect(commit.count()).toBe(1);
  });

  test('what is written to the session after it is saved once more', async () => {
    const commit = inTurn(
      () => UNTOUCHED,
      () => SAVED,
    );
    const port = await serve(gated((res) => res.end('whole'), { commit, owesSave: () => true }));
    await ask(port);
    await expect.poll(commit.count).toBe(2);
  });
});

describe('when the client has left', () => {
  /** Sends a request to a handler, and leaves without waiting for the response. */
  async function askAndLeave(...handler: Parameters<typeof gated>): Promise<void> {
    const [respond, keeper] = handler;
    await new Promise<void>((left, reject) => {
      const listener = gated((res, req) => {
        res.on('close', left);
        respond(res, req);
        client.destroy();
      }, keeper);
      const client = new Socket();
      serve(listener).then((port) => {
        client.connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
      }, reject);
    });
  }

  test('before the first byte, the session is saved', async () => {
    const commit = inTurn(saveSlowly);
    await askAndLeave(() => undefined, { commit });
    await expect.poll(commit.count).toBe(1);
  });

  test('in the middle, the session is saved again', async () => {
    const commit = inTurn(() => UNTOUCHED, saveSlowly);
    await askAndLeave((res) => res.write('part'), { commit });
    await expect.poll(commit.count).toBe(2);
  });

  test('while its response is held, nothing breaks and the session is saved again', async () => {
    const commit = inTurn(saveSlowly);
    await askAndLeave((res) => res.write('part'), { commit });
    await expect.poll(commit.count).toBe(2);
  });

  test('listeners on the close can still change the session', async () => {
    const steps: string[] = [];
    const save = (): typeof SAVED => {
      steps.push('saved');
      return SAVED;
    };
    await askAndLeave(
      (res, req) => {
        for (const emitter of [res, req]) emitter.on('close', () => steps.push('changed'));
      },
      { commit: inTurn(save) },
    );
    await expect.poll(() => steps).toEqual(['changed', 'changed', 'saved']);
  });

  test('a save that fails is reported', async () => {
    const reports: unknown[] = [];
    await askAndLeave(() => undefined, {
      commit: inTurn(failSlowly),
      report: (error) => reports.push(error),
    });
    await expect.poll(() => reports).toMatchObject([{ message: 'not saved' }]);
  });

  test('a handler that goes on changes and ends is saved then', async () => {
    const commit = inTurn(() => UNTOUCHED, saveSlowly);
    await askAndLeave(
      (res) => {
        res.on('close', () => setTimeout(() => res.end('to nobody'), 5));
      },
      { commit },
    );
    await expect.poll(commit.count).toBe(2);
  });
});
