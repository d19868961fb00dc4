/** A handler that floods bgsync from its own process: the window closes all the same, and the outcome is the window's. */
import { describe, expect, it } from 'vitest';
import { createLocalApp, handlerOf, runCli } from '../helpers/local-app.ts';

const BUDGET_MS = 1500;

describe('a flood', () => {
  it.each([
    [
      'of messages',
      'for (;;) process.send!({ type: "call", id: 1, method: "getStatus", args: [] });',
    ],
    [
      'of messages that are events',
      'for (;;) process.send!({ type: "call", id: 1, method: "registerTask", args: [] });',
    ],
    [
      'of messages that are answered at the end',
      'for (;;) process.send!({ type: "call", id: 1, method: "whenExpired", args: [window.runId] });',
    ],
    [
      'of messages that are nothing',
      'for (;;) process.send!({ type: "call", id: 1, method: "complete", args: [{}, [], {}, []] });',
    ],
    [
      'of large messages',
      'for (;;) process.send!({ type: "call", id: 1, method: "complete", args: ["x".repeat(1e6)] });',
    ],
    [
      'of progress',
      'for (let n = 0; ; n += 1) { window.progress(n, n); await Promise.resolve(); }',
    ],
    [
      'of messages that are waited for',
      'for (;;) { await Promise.all(Array.from({ length: 100 }, () => BackgroundSync.getStatus())); }',
    ],
    ['of lines', "for (;;) console.log('x'.repeat(100));"],
    ['of one endless line', "for (;;) process.stdout.write('x'.repeat(10_000));"],
    [
      'of fake events',
      `for (;;) console.log('BGSYNC1 {"v":1,"seq":1,"ts":1,"plat":"local","pid":1,"ev":"run.end","run":"x","out":"done"}');`,
    ],
  ])('%s: the window closes when it is over', async (_of, body) => {
    const root = createLocalApp(
      {
        'src/background-sync.ts': handlerOf(
          body,
          "import { BackgroundSync } from '../modules/background-sync/src'; import { process } from 'node-of-mine';",
        ),
        // On a phone there is no such process; what stands in for a package may reach for it.
        'local/node.mjs': "export { default as process } from 'node:process';",
      },
      { local: { alias: { 'node-of-mine': 'local/node.mjs' } } },
    );
    const { code, events } = await runCli(
      ['trigger', '--platform', 'local', '--json', '--budget', `${BUDGET_MS}ms`],
      { cwd: root },
    );
    expect(code).toBe(4);
    const [end, second] = events.filter(({ ev }) => ev === 'run.end');
    expect(end).toMatchObject({ out: 'expired', why: 'budget' });
    expect(second).toBeUndefined();
    // A busy machine is late; the fault was a window twice as long, which grew with the flood.
    const start = events.find(({ ev }) => ev === 'js.start');
    expect(end!.ts - start!.ts).toBeLessThan(2 * BUDGET_MS);
  });
});
