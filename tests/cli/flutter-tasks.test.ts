import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const MODULE = 'packages/background_sync';
const SWIFT = `${MODULE}/ios/background_sync/Sources/background_sync`;
const PLIST = 'ios/Runner/Info.plist';
const PHOTOS = 'dev.bgsync.processing.photos';
const BOTH = {
  constraints: { network: 'unmetered', charging: true },
  tasks: [{ name: 'photos', schedule: { intervalMinutes: 120 }, constraints: { network: 'none' } }],
};

function flutterApp(): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeFlutterApp(root, '3.44');
  const app = appIn(root);
  // What the steps of init ask for.
  app.rewrite('ios/Runner.xcodeproj/project.pbxproj', (text) =>
    text.replaceAll(/IPHONEOS_DEPLOYMENT_TARGET = [\d.]+/g, 'IPHONEOS_DEPLOYMENT_TARGET = 15.1'),
  );
  return app;
}

/** All that init says besides is that no SDK of Flutter's has built it. */
const init = (app: TestApp): string => {
  const { code, stdout, stderr } = app.run('init', '--yes');
  expect({ code, lines: stderr.trim().split('\n') }).toEqual({
    code: 0,
    lines: [expect.stringMatching(/^Flutter: .* never yet in a build by its SDK\.$/)],
  });
  return stdout;
};

const setConfig = (app: TestApp, more: Readonly<Record<string, unknown>>): void =>
  app.rewrite('bgsync.config.json', (text) => {
    const config = JSON.parse(text) as Record<string, unknown>;
    return `${JSON.stringify({ ...config, ...more }, null, 2)}\n`;
  });

/** What is compiled into the app, but the record of it. */
const generatedIn = (app: TestApp): ReturnType<typeof readTree> => {
  const tree = readTree(`${app.root}/${MODULE}`);
  tree.delete('bgsync.lock.json');
  return tree;
};

const hasBoth = (app: TestApp): void => {
  const kotlin = app.read(`${MODULE}/android/src/main/java/dev/bgsync/BackgroundSyncConfig.kt`);
  expect(kotlin).toMatch(/network = RequiredNetwork\.UNMETERED,\s+charging = true/);
  expect(kotlin).toMatch(/"photos",[^]*intervalSeconds = 7200,[^]*RequiredNetwork\.NONE/);
  const swift = app.read(`${SWIFT}/BackgroundSyncConfig.swift`);
  expect(swift).toMatch(/network: \.unmetered,\s+charging: true/);
  expect(swift).toMatch(/name: "photos"[^]*network: \.none/);
  expect(app.read(PLIST)).toContain(`<string>${PHOTOS}</string>`);
};

test('empty constraints and tasks change no byte', () => {
  const app = flutterApp();
  init(app);
  const plain = readTree(app.root);
  setConfig(app, { constraints: {}, tasks: [] });
  expect(app.run('update', '--yes').code).toBe(0);
  expect(changedPaths(plain, readTree(app.root))).toEqual(['bgsync.config.json']);
});

test('init, update, diff, doctor, remove', () => {
  const app = flutterApp();
  const pristine = readTree(app.root);
  init(app);
  setConfig(app, BOTH);
  expect(app.run('diff').code).toBe(4);
  const update = app.run('update', '--yes');
  expect(update.code).toBe(0);
  expect(update.stdout).toContain(
    "Hand over the queue of photos in lib/background_sync.dart: runBackgroundSync(queue: …, tasks: {'photos': …})",
  );
  hasBoth(app);
  expect(app.run('diff').code).toBe(0);
  expect(app.run('doctor')).toMatchObject({ code: 0, stderr: '' });

  app.rewrite('lib/background_sync.dart', (text) =>
    text.replace('AppQueue());', "AppQueue(), tasks: {'photos': AppQueue()});"),
  );
  expect(app.run('update', '--yes').stdout).toContain('Nothing to do');

  // A config that is there before init makes the same package.
  const other = flutterApp();
  other.write('bgsync.config.json', app.read('bgsync.config.json'));
  expect(init(other)).toContain('Hand over the queue of photos');
  hasBoth(other);
  expect(changedPaths(generatedIn(app), generatedIn(other))).toEqual([]);

  // doctor misses the id of each.
  other.rewrite(PLIST, (text) => text.replace(new RegExp(`\\s*<string>${PHOTOS}</string>`), ''));
  const missed = other.run('doctor', '--json');
  expect(missed.code).toBe(1);
  expect(missed.stdout).toContain(PHOTOS);

  // One that goes keeps its id, which is cancelled.
  setConfig(app, { tasks: [] });
  expect(app.run('update', '--yes').code).toBe(0);
  expect(app.read(`${SWIFT}/BackgroundSyncConfig.swift`)).toMatch(
    new RegExp(`retiredTaskIds[^\\n]*"${PHOTOS}"`),
  );

  expect(app.run('remove', '--yes', '--force').code).toBe(0);
  expect(changedPaths(pristine, readTree(app.root))).toEqual([
    'bgsync.config.json',
    'lib/background_sync.dart',
  ]);
});

test('remove --retire', () => {
  const app = flutterApp();
  init(app);
  setConfig(app, BOTH);
  expect(app.run('update', '--yes').code).toBe(0);
  expect(app.run('remove', '--retire', '--yes').code).toBe(0);
  expect(app.read(`${SWIFT}/Retirement.swift`)).toContain(`"${PHOTOS}"`);
  expect(app.read(PLIST)).toContain(PHOTOS);
  expect(app.read(`${MODULE}/android/src/main/java/dev/bgsync/Retirement.kt`)).toContain(
    'cancelAllWorkByTag',
  );
});

test('--task is asked of the config before a device is looked for', () => {
  const app = flutterApp();
  init(app);
  setConfig(app, BOTH);
  for (const command of [
    ['trigger', '--platform', 'local'],
    ['trigger', '--platform', 'android'],
    ['status', '--platform', 'android'],
    ['logs', '--platform', 'ios'],
  ]) {
    const { code, stderr } = app.run(...command, '--task', 'photo');
    expect({ command, code }).toEqual({ command, code: 2 });
    expect(stderr).toContain('Did you mean photos? It has photos.');
  }
});
