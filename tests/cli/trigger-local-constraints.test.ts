import { describe, expect, it } from 'vitest';
import { createLocalApp, handlerOf, runCli } from '../helpers/local-app.ts';

const HANDLER = 'src/background-sync.ts';

const SAYS_NETWORK =
  'return { remaining: 0, message: `${window.network.connected} ${window.network.metered}` };';

const appOf = (top = '', config: Readonly<Record<string, unknown>> = {}): string =>
  createLocalApp({ [HANDLER]: handlerOf(SAYS_NETWORK, top) }, config);

const trigger = (cwd: string, ...args: string[]) =>
  runCli(['trigger', '--platform', 'local', '--json', ...args], { cwd });

const UNMETERED = { constraints: { network: 'unmetered' } };

const CONFIGURE = `import { BackgroundSync } from '../modules/background-sync/src';
void BackgroundSync.configure({ constraints: { network: 'unmetered' }, intervalMinutes: 30 });`;

describe.concurrent('the network of a local run', () => {
  it.for<[args: string[], seen: string]>([
    [[], 'true false'],
    [['--network', 'wifi'], 'true false'],
    [['--network', 'cellular'], 'true true'],
    [['--network', 'none'], 'false false'],
    [['--offline'], 'false false'],
    [['--offline', '--network', 'none'], 'false false'],
  ])('%j', async ([args, seen], { expect }) => {
    const { code, events } = await trigger(appOf(), ...args);
    expect(events.find(({ ev }) => ev === 'run.end')).toMatchObject({ out: 'done', msg: seen });
    expect(code).toBe(0);
  });

  it('refuses what contradicts itself', async () => {
    const { code, stderr } = await trigger(appOf(), '--offline', '--network', 'wifi');
    expect(stderr).toContain('--offline is the same as --network none');
    expect(code).toBe(2);
  });
});

describe.concurrent('constraints in a local run', () => {
  it('do not hold a run back that is triggered, as on a device', async () => {
    const { code, events } = await trigger(appOf('', UNMETERED), '--network', 'cellular');
    expect(events.map(({ ev }) => ev)).not.toContain('run.skip');
    expect(code).toBe(0);
  });

  it('hold it back with --respect-constraints, which is no failure', async () => {
    const args = ['--network', 'cellular', '--respect-constraints', '--runs', '3'];
    const { code, events, stdout } = await trigger(appOf('', UNMETERED), ...args);
    const skips = events.filter(({ ev }) => ev === 'run.skip');
    expect(skips).toMatchObject(
      [1, 2, 3].map(() => ({ why: 'constraint', msg: 'unmetered', env: { net: 'cell' } })),
    );
    expect(events.map(({ ev }) => ev)).not.toContain('run.start');
    // Each window later than the one before, up to the plain interval.
    const delays = events
      .filter(({ ev, why }) => ev === 'schedule' && why === 'skipped')
      .map(({ next = 0, ts }) => Math.round((next - ts) / 60_000));
    expect(delays).toEqual([15, 30, 60]);
    expect(code).toBe(9);
    const logs = await runCli(['logs', '--input', '-'], { cwd: '.', input: stdout });
    expect(logs.stdout).toContain('no run: what it needs is not there (an unmetered network)');
    const verified = await runCli(['logs', '--input', '-', '--verify'], {
      cwd: '.',
      input: stdout,
    });
    expect(verified.stdout).toContain('0 violations');
  });

  it('are what to give next, not the handler to mend', async ({ expect }) => {
    const args = ['trigger', '--platform', 'local', '--offline', '--respect-constraints'];
    const { code, stdout } = await runCli(args, { cwd: appOf('') });
    expect(code).toBe(9);
    expect(stdout).toContain('Next: give the window what it needs (--network, --battery)');
    expect(stdout).not.toContain('mend src/background-sync.ts');
  });

  it('open the window where they are met', async () => {
    const cwd = appOf('', { constraints: { network: 'unmetered', charging: true } });
    const { code } = await trigger(cwd, '--respect-constraints', '--battery', '50,charging');
    expect(code).toBe(0);
  });

  it('are those that the app has set at run time', async () => {
    const { code, events, stdout } = await trigger(
      appOf(CONFIGURE),
      '--network',
      'cellular',
      '--respect-constraints',
    );
    expect(code).toBe(9);
    expect(events.find(({ ev }) => ev === 'configure')).toMatchObject({
      msg: 'unmetered, every 30 min',
    });
    const logs = await runCli(['logs', '--input', '-'], { cwd: '.', input: stdout });
    expect(logs.stdout).toContain('the app changed its settings: unmetered, every 30 min');
  });
});

it('onRun hears of each run that ended, of one that died with its process too', async () => {
  const cwd = createLocalApp({
    [HANDLER]: [
      `import { registerBackgroundSync } from '../modules/background-sync/src';`,
      `registerBackgroundSync({`,
      `  queue: { drainQueue: () => new Promise((resolve) => setTimeout(resolve, 5000, 2)) },`,
      `  onRun: ({ outcome, remaining, attempt }) => console.log('told', outcome, remaining, attempt),`,
      `});`,
      '',
    ].join('\n'),
  });
  const { stderr } = await trigger(cwd, '--runs', '3', '--kill-after', '100ms');
  expect(stderr.match(/told .*/g)).toEqual(['told killed -1 1', 'told done 2 2', 'told done 2 1']);
}, 60_000);
