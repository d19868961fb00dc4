import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { runCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const MODULE = 'packages/background_sync';

function flutterApp(files: Readonly<Record<string, string | null>> = {}): string {
  const app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeFlutterApp(app, '3.44', files);
  return app;
}

const read = (app: string, path: string): string => readFileSync(join(app, path), 'utf8');
const write = (app: string, path: string, text: string): void => {
  mkdirSync(join(app, path, '..'), { recursive: true });
  writeFileSync(join(app, path), text);
};

describe('a queue on drift', () => {
  test('is made, changes nothing the second time, and goes without a trace', () => {
    const app = flutterApp();
    const before = readTree(app);
    const { code, stdout } = runCli(['init', '--yes', '--queue', 'drift'], app);
    expect(code).toBe(0);
    expect(stdout).toContain('flutter pub add drift flutter_secure_storage path_provider');
    const after = readTree(app);
    expect(changedPaths(before, after).filter((path) => !path.startsWith(MODULE))).toEqual([
      'bgsync.config.json',
      'ios/Runner/Info.plist',
      'lib/background_sync.dart',
      'lib/main.dart',
      'lib/sync_queue.dart',
      'pubspec.yaml',
    ]);
    expect(read(app, 'pubspec.yaml')).toMatch(
      /\n\nhooks:\n {2}user_defines:\n {4}sqlite3:\n {6}source: sqlcipher\n$/,
    );
    expect(read(app, `${MODULE}/pubspec.yaml`)).toContain('\n  drift: ^');
    expect(read(app, 'lib/background_sync.dart')).toContain('queue: syncQueue');
    expect(read(app, 'lib/sync_queue.dart')).toContain('first_unlock_this_device');

    expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
    expect(runCli(['diff'], app).code).toBe(0);
    expect(changedPaths(after, readTree(app))).toEqual([]);

    expect(runCli(['remove', '--force', '--yes'], app).code).toBe(0);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('comes and goes with the config', () => {
    const app = flutterApp();
    runCli(['init', '--yes'], app);
    const plain = readTree(app);
    const config = JSON.parse(read(app, 'bgsync.config.json')) as object;
    const set = (queue: string | undefined): void =>
      write(app, 'bgsync.config.json', `${JSON.stringify({ ...config, queue }, null, 2)}\n`);

    set('drift');
    const update = runCli(['update', '--yes'], app);
    expect(update.code).toBe(0);
    expect(update.stdout).toContain("import 'sync_queue.dart', and runBackgroundSync");
    expect(read(app, `${MODULE}/lib/queue_drift.dart`)).toContain('DriftQueueStore');
    expect(read(app, 'pubspec.yaml')).toContain('source: sqlcipher');

    set(undefined);
    expect(runCli(['update', '--yes'], app).code).toBe(0);
    expect(changedPaths(plain, readTree(app))).toEqual([]);
  });

  test('in a pub workspace, the root is left to a person: no other pubspec is read for hooks', () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const app = join(root, 'apps/counter');
    makeFlutterApp(app);
    write(app, 'pubspec.yaml', `resolution: workspace\n${read(app, 'pubspec.yaml')}`);
    write(root, 'pubspec.yaml', 'name: _\nworkspace:\n  - apps/counter\n');
    const { code, stdout } = runCli(['init', '--yes', '--queue', 'drift'], root);
    expect(code).toBe(0);
    expect(stdout).toContain('workspace’s root');
    expect(read(app, 'pubspec.yaml')).not.toContain('hooks');
    expect(read(root, 'pubspec.yaml')).not.toContain('hooks');
  });

  test('hooks of the app’s own stay as they are, and what to say is shown', () => {
    const app = flutterApp();
    write(app, 'pubspec.yaml', `${read(app, 'pubspec.yaml')}\nhooks:\n  user_defines: {}\n`);
    const own = read(app, 'pubspec.yaml');
    const { code, stdout } = runCli(['init', '--yes', '--queue', 'drift'], app);
    expect(code).toBe(3);
    expect(stdout).toContain('source: sqlcipher');
    expect(read(app, 'pubspec.yaml').endsWith('\nhooks:\n  user_defines: {}\n')).toBe(true);
    expect(own.split('\n').every((line) => read(app, 'pubspec.yaml').includes(line))).toBe(true);
  });
});

test('a queue over a SQLite of the app’s own needs no drift', () => {
  const app = flutterApp();
  expect(runCli(['init', '--yes', '--queue', 'custom'], app).code).toBe(0);
  expect(read(app, 'lib/sync_queue.dart')).toContain('open your database here');
  expect(read(app, 'lib/sync_queue.dart')).not.toContain('drift');
  expect(read(app, 'pubspec.yaml')).not.toContain('hooks');
  expect(read(app, `${MODULE}/pubspec.yaml`)).not.toContain('drift');
  expect(readTree(app).has(`${MODULE}/lib/queue_drift.dart`)).toBe(false);
});

test.each(['op-sqlite', 'expo-sqlite'])('%s is no database of Dart', (queue) => {
  const app = flutterApp();
  const before = readTree(app);
  const { code, stderr } = runCli(['init', '--yes', '--queue', queue], app);
  expect(code).toBe(2);
  expect(stderr).toContain('--queue drift');
  expect(changedPaths(before, readTree(app))).toEqual([]);
});

describe('bgsync queue', () => {
  test('says where the queue of a Flutter app is, and which file opens it', () => {
    const without = flutterApp();
    expect(runCli(['init', '--yes'], without).code).toBe(0);
    const none = runCli(['queue'], without);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('Write "queue": "drift" into it');
    const app = flutterApp();
    expect(runCli(['init', '--yes', '--queue', 'drift'], app).code).toBe(0);
    const { code, stderr } = runCli(['queue'], app);
    expect(code).toBe(2);
    expect(stderr).toContain('The queue of a Flutter app is on its devices alone.');
    expect(stderr).toContain('lib/sync_queue.dart');
    expect(stderr).not.toContain('.ts');
  });
});
