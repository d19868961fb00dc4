import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { taskNumber, triggerState } from '../../src/devices/ios/notification-state.ts';
import { MODULE, appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { APP_JSON, makeExpoFixture } from '../helpers/expo-app.ts';
import type { ExpoAppOptions } from '../helpers/expo-app.ts';
import { createLocalApp, runCli } from '../helpers/local-app.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const PLIST = 'ios/HelloWorld/Info.plist';
const KOTLIN = `${MODULE}/android/src/main/java/dev/bgsync/BackgroundSyncConfig.kt`;
const SWIFT = `${MODULE}/ios/BackgroundSyncConfig.swift`;
const PHOTOS = 'dev.bgsync.processing.photos';

const setTasks = (app: TestApp, tasks: readonly unknown[] | undefined): void =>
  app.rewrite('bgsync.config.json', (text) => {
    const config = JSON.parse(text) as Record<string, unknown>;
    return `${JSON.stringify({ ...config, tasks }, null, 2)}\n`;
  });

/** An app with two syncs. */
function appWithTasks(): { app: TestApp; pristine: ReturnType<typeof readTree> } {
  const app = testApp();
  const pristine = readTree(app.root);
  app.init();
  setTasks(app, [
    { name: 'photos', schedule: { intervalMinutes: 120 }, constraints: { network: 'unmetered' } },
    { name: 'log-2' },
  ]);
  expect(app.run('update', '--yes')).toMatchObject({ code: 0, stderr: '' });
  return { app, pristine };
}

describe('tasks in the config', () => {
  test('update writes them for both platforms, with ids of their own in the Info.plist', () => {
    const { app } = appWithTasks();
    expect(app.read(KOTLIN)).toContain('SyncTask("", policy, constraints),');
    expect(app.read(KOTLIN)).toMatch(
      /"photos",\s+SchedulePolicyConfig\(\s+intervalSeconds = 7200,\s+backlogSeconds = 900,[^]*RequiredNetwork\.UNMETERED/,
    );
    expect(app.read(KOTLIN)).toContain('"log-2",');
    expect(app.read(SWIFT)).toContain(`name: "photos", taskId: "${PHOTOS}",`);
    for (const id of ['dev.bgsync.processing', PHOTOS, 'dev.bgsync.processing.log-2']) {
      expect(app.read(PLIST)).toContain(`<string>${id}</string>`);
    }
    expect(app.run('update', '--yes').stdout).toContain('Nothing to do');
    expect(app.run('doctor')).toMatchObject({ code: 0 });
  });

  test('doctor misses the id of each in the Info.plist', () => {
    const { app } = appWithTasks();
    app.rewrite(PLIST, (text) => text.replace(new RegExp(`\\s*<string>${PHOTOS}</string>`), ''));
    const result = app.run('doctor', '--json');
    expect(result.code).toBe(1);
    const { findings } = JSON.parse(result.stdout) as { findings: { id: string }[] };
    expect(JSON.stringify(findings.filter(({ id }) => id.startsWith('I')))).toContain(PHOTOS);
  });

  test('one that is taken out again goes, and its id is retired on iOS', () => {
    const { app } = appWithTasks();
    setTasks(app, undefined);
    expect(app.run('update', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(app.read(KOTLIN)).not.toContain('photos');
    expect(app.read(SWIFT)).not.toContain('name: "photos"');
    expect(app.read(SWIFT)).toMatch(
      new RegExp(`retiredTaskIds[^=]*= \\[[^\\]]*"${PHOTOS.replaceAll('.', '\\.')}"`),
    );
    expect(app.read(PLIST)).toContain(PHOTOS);
    expect(app.run('doctor')).toMatchObject({ code: 0 });
  });

  test('remove takes all of it out, byte by byte', () => {
    const { app, pristine } = appWithTasks();
    expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0 });
    const left = changedPaths(pristine, readTree(app.root));
    expect(left.filter((path) => path.startsWith('ios') || path.startsWith('android'))).toEqual([]);
    expect(left).not.toContain(`${MODULE}/package.json`);
  });

  test('remove --retire leaves what cancels each of them', () => {
    const { app } = appWithTasks();
    expect(app.run('remove', '--retire', '--yes')).toMatchObject({ code: 0 });
    expect(app.read(`${MODULE}/ios/Retirement.swift`)).toContain(`"${PHOTOS}"`);
    expect(app.read(`${MODULE}/android/src/main/java/dev/bgsync/Retirement.kt`)).toContain(
      'cancelAllWorkByTag(BackgroundSyncWorker::class.java.name)',
    );
    expect(app.read(PLIST)).toContain(PHOTOS);
  });

  it.each([
    ['a name in another script', [{ name: 'photös' }], 'tasks'],
    ['a name that would leave a string', [{ name: 'a")\n' }], 'tasks'],
    ['a name with a dot', [{ name: 'a.b' }], 'tasks'],
    ['a name that ends in a hyphen', [{ name: 'a-' }], 'tasks'],
    ['a long name', [{ name: 'a'.repeat(33) }], 'tasks'],
    ['two of one name', [{ name: 'a' }, { name: 'a' }], 'two of the name a'],
    ['ten', Array.from({ length: 10 }, (_, index) => ({ name: `t${index}` })), 'nine'],
    ['a key that does not exist', [{ name: 'a', handler: 'x.ts' }], 'handler'],
    [
      'a schedule that contradicts itself',
      [{ name: 'a', schedule: { intervalMinutes: 15, backlogMinutes: 30 } }],
      'backlogMinutes of a',
    ],
  ])('%s is refused, and nothing is written', (_, tasks, says) => {
    const app = testApp();
    app.init();
    setTasks(app, tasks);
    const before = readTree(app.root);
    const result = app.run('update', '--yes');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(says);
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });
});

const BOTH = {
  constraints: { network: 'unmetered', charging: true },
  tasks: [{ name: 'photos', constraints: { network: 'none' } }],
};

const setConfig = (app: TestApp, more: Readonly<Record<string, unknown>>): void => {
  const text = app.read('bgsync.config.json');
  const config = JSON.parse(text) as Record<string, unknown>;
  app.write('bgsync.config.json', `${JSON.stringify({ ...config, ...more }, null, 2)}\n`);
};

/** What is compiled into the app, but the record of it. */
const generatedIn = (app: TestApp): ReturnType<typeof readTree> => {
  const tree = readTree(`${app.root}/${MODULE}`);
  tree.delete('bgsync.lock.json');
  return tree;
};

function oldArchitecture(app: TestApp): TestApp {
  app.rewrite('android/gradle.properties', (text) =>
    text.replace('newArchEnabled=true', 'newArchEnabled=false'),
  );
  expect(app.read('android/gradle.properties')).toContain('newArchEnabled=false');
  return app;
}

function expoApp(options: ExpoAppOptions): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeExpoFixture(root, options);
  return appIn(root);
}

const OLD_ARCHITECTURE = APP_JSON.replace('"name"', '"newArchEnabled": false,\n    "name"');

/** @param idsIn where the ids of iOS are written */
describe.each<[host: string, freshApp: () => TestApp, idsIn: string]>([
  ['React Native 0.81, old architecture', () => oldArchitecture(testApp('0.81')), PLIST],
  ['React Native 0.81, new architecture', () => testApp('0.81'), PLIST],
  ['React Native 0.87', () => testApp('0.87'), PLIST],
  [
    'Expo SDK 54, old architecture',
    () => expoApp({ sdk: 54, files: { 'app.json': OLD_ARCHITECTURE } }),
    // There the config plugin brings them.
    `${MODULE}/app.plugin.js`,
  ],
  ['Expo SDK 54, new architecture', () => expoApp({ sdk: 54 }), `${MODULE}/app.plugin.js`],
  ['Expo SDK 57', () => expoApp({ sdk: 57 }), 'app.json'],
  [
    'Expo SDK 57, native folders in the repo',
    () => expoApp({ sdk: 57, workflow: 'committed' }),
    'ios/Demo/Info.plist',
  ],
])('constraints and tasks in every command that writes, %s', (_, freshApp, idsIn) => {
  const hasBoth = (app: TestApp): void => {
    const kotlin = app.read(KOTLIN);
    expect(kotlin).toMatch(/network = RequiredNetwork\.UNMETERED,\s+charging = true/);
    expect(kotlin).toMatch(/"photos",[^]*network = RequiredNetwork\.NONE/);
    const swift = app.read(SWIFT);
    expect(swift).toMatch(/network: \.unmetered,\s+charging: true/);
    expect(swift).toMatch(/name: "photos"[^]*network: \.none/);
    expect(app.read(idsIn)).toContain(PHOTOS);
  };

  test('empty ones change no byte', () => {
    const app = freshApp();
    app.init();
    const plain = readTree(app.root);
    setConfig(app, { constraints: {}, tasks: [] });
    expect(app.run('update', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(changedPaths(plain, readTree(app.root))).toEqual(['bgsync.config.json']);
  });

  test('init, update, diff, doctor, remove', () => {
    const app = freshApp();
    const pristine = readTree(app.root);
    app.init();
    setConfig(app, BOTH);
    const drift = app.run('diff');
    expect(drift.code).toBe(4);
    expect(app.run('update', '--yes')).toMatchObject({ code: 0, stderr: '' });
    hasBoth(app);
    expect(app.run('diff').code).toBe(0);
    expect(app.run('doctor')).toMatchObject({ code: 0 });

    // A config that is there before init makes the same package.
    const other = freshApp();
    other.write('bgsync.config.json', app.read('bgsync.config.json'));
    other.init();
    hasBoth(other);
    expect(changedPaths(generatedIn(app), generatedIn(other))).toEqual([]);

    expect(app.run('remove', '--yes', '--force').code).toBe(0);
    expect(
      changedPaths(pristine, readTree(app.root)).filter((path) => /^(?:android|ios)\//.test(path)),
    ).toEqual([]);
  });

  test('remove --retire', () => {
    const app = freshApp();
    app.init();
    setConfig(app, BOTH);
    expect(app.run('update', '--yes').code).toBe(0);
    expect(app.run('remove', '--retire', '--yes').code).toBe(0);
    expect(app.read(`${MODULE}/ios/Retirement.swift`)).toContain(`"${PHOTOS}"`);
    expect(app.read(idsIn)).toContain(PHOTOS);
    expect(app.read(`${MODULE}/android/src/main/java/dev/bgsync/Retirement.kt`)).toContain(
      'cancelAllWorkByTag',
    );
  });
});

test('the number of a name, and a state that older builds read as before', () => {
  // The same number is in tests/native/ios/behaviour/TaskTests.swift.
  expect(taskNumber('photos')).toBe(430_143);
  expect(triggerState('abcd1234', false, undefined)).toBe(BigInt(Number.parseInt('abcd1234', 36)));
  expect(triggerState('abcd1234', true, undefined)).toBe(BigInt(Number.parseInt('1abcd1234', 36)));
  expect(triggerState('zzzzzzzz', true, 'z'.repeat(32)) < 2n ** 63n).toBe(true);
});

describe('--task on the local platform', () => {
  const HANDLER = `import { BackgroundSync, registerBackgroundSync } from '../modules/background-sync/src';
const drain = (result: number) => async (window: any) => {
  const status = await BackgroundSync.getStatus(window.name);
  console.log('drained ' + window.name + ' ' + window.taskId + ' every ' + status?.intervalMinutes);
  return window.name === 'photos' ? { remaining: result, outcome: 'retry' as const } : result;
};
registerBackgroundSync({ queue: { drainQueue: drain(0) }, onRun: (run) => console.log('told ' + run.name + ' ' + run.attempt) });
registerBackgroundSync({ name: 'photos', queue: { drainQueue: drain(2) } });
`;
  const tasks = [
    { name: 'photos', schedule: { intervalMinutes: 120 }, constraints: { network: 'unmetered' } },
    { name: 'silent' },
  ];
  const app = (): string => createLocalApp({ 'src/background-sync.ts': HANDLER }, { tasks });
  const trigger = (cwd: string, ...args: string[]) =>
    runCli(['trigger', '--platform', 'local', '--json', ...args], { cwd });

  it('runs that sync, with its own settings and books', async () => {
    const cwd = app();
    const result = await trigger(cwd, '--task', 'photos', '--runs', '2');
    expect(result.code).toBe(3);
    const said = `${result.stdout}${result.stderr}`;
    expect(said).toContain(`drained photos ${PHOTOS} every 120`);
    expect(said).not.toContain('drained undefined');
    expect(said).toContain('told photos 2');
    const starts = result.events.filter(({ ev }) => ev === 'run.start');
    expect(starts.map(({ task, att }) => [task, att])).toEqual([
      [PHOTOS, 1],
      [PHOTOS, 2],
    ]);
    const log = { cwd, input: result.stdout };
    expect((await runCli(['logs', '--input', '-', '--verify'], log)).code).toBe(0);
    const shown = await runCli(['logs', '--input', '-', '--json', '--task', 'photos'], log);
    const events = shown.events.map(({ ev }) => ev);
    expect(events).toContain('js.start');
    expect(shown.events.filter(({ ev }) => ev === 'register')).toHaveLength(1);
    const none = await runCli(['logs', '--input', '-', '--json', '--task', 'silent'], log);
    expect(none.events).toEqual([]);
  });

  it('runs the first where none is named', async () => {
    const result = await trigger(app());
    expect(result.code).toBe(0);
    const said = `${result.stdout}${result.stderr}`;
    expect(said).toContain('drained undefined dev.bgsync.processing every 60');
    expect(said).not.toContain('drained photos');
  });

  it('keeps to the constraints of that sync alone', async () => {
    const cwd = app();
    const args = ['--network', 'cellular', '--respect-constraints'];
    expect((await trigger(cwd, ...args)).code).toBe(0);
    const held = await trigger(cwd, ...args, '--task', 'photos');
    expect(held.code).toBe(9);
    expect(held.events.find(({ ev }) => ev === 'run.skip')).toMatchObject({
      why: 'constraint',
      task: PHOTOS,
      msg: 'unmetered',
    });
  });

  it('says what is wrong: a name that nobody has, and one that nobody registered', async () => {
    const cwd = app();
    const unknown = await trigger(cwd, '--task', 'nobody');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('It has photos, silent.');
    const silent = await trigger(cwd, '--task', 'silent');
    expect(silent.code).toBe(1);
    expect(silent.events.find(({ ev }) => ev === 'run.end')?.msg).toBe(
      'no queue is registered for silent',
    );
  });
});
