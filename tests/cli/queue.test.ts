import { describe, expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const QUEUE = `${MODULE}/src/queue`;
const REMOVE = ['remove', '--yes', '--force'];

describe.each(['op-sqlite', 'expo-sqlite', 'custom'])('init --queue %s', (driver) => {
  test('generates the queue, its driver alone, and the user’s own file; remove leaves no trace', () => {
    const app = testApp();
    const before = readTree(app.root);
    app.init('--queue', driver);
    const after = readTree(app.root);
    const drivers = [...after.keys()].filter((path) => path.startsWith(`${QUEUE}/drivers/`));
    expect(drivers).toEqual(driver === 'custom' ? [] : [`${QUEUE}/drivers/${driver}.ts`]);
    expect(app.read(`${QUEUE}/queue.ts`)).toContain('class SyncQueue');
    expect(JSON.parse(app.read('bgsync.config.json'))).toMatchObject({ queue: driver });
    expect(app.read('src/background-sync.ts')).toContain("import { queue } from './sync-queue';");
    expect(app.read('src/sync-queue.ts')).toContain("from '../modules/background-sync/src/queue'");

    const again = app.run('init', '--yes');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('Nothing to do');
    expect(changedPaths(after, readTree(app.root))).toEqual([]);
    expect(app.run('doctor')).toMatchObject({ code: 0 });

    expect(app.run(...REMOVE)).toMatchObject({ code: 0, stderr: '' });
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });
});

test('drift is a database of Dart, and refused', () => {
  const app = testApp();
  const before = readTree(app.root);
  const { code, stderr } = app.run('init', '--yes', '--queue', 'drift');
  expect(code).toBe(2);
  expect(stderr).toContain('--queue op-sqlite');
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});

test('without --queue there is none, and nobody is asked who cannot answer', () => {
  const app = testApp();
  const before = readTree(app.root);
  const { stdout } = app.run('init', '--yes');
  const paths = changedPaths(before, readTree(app.root));
  expect(paths.filter((path) => path.includes('queue'))).toEqual([]);
  expect(app.read('bgsync.config.json')).not.toContain('queue');
  expect(stdout).toContain('Fill in drainQueue in src/background-sync.ts.');
});

test('an app in JavaScript gets its file without types', () => {
  const app = testApp();
  app.init('--queue', 'op-sqlite', '--handler', 'lib/background.js');
  const text = app.read('lib/sync-queue.js');
  expect(text).not.toMatch(/import type|: (KeyStore|Mutation|Promise)/);
  expect(app.read('lib/background.js')).toContain("from './sync-queue'");
});

describe('an app that has a sync already', () => {
  test('gets a queue by its config and update, and is told to hand it over', () => {
    const app = testApp();
    app.init();
    app.rewrite('bgsync.config.json', (text) => text.replace('{', '{\n  "queue": "op-sqlite",'));
    const handler = app.read('src/background-sync.ts');
    const { code, stdout } = app.run('update', '--yes');
    expect(code).toBe(0);
    expect(app.read(`${QUEUE}/drivers/op-sqlite.ts`)).toContain('openQueueStore');
    expect(app.read('src/background-sync.ts')).toBe(handler);
    expect(stdout).toContain(
      "Hand it over in src/background-sync.ts: import { queue } from './sync-queue'",
    );
    expect(stdout).toContain('npm install @op-engineering/op-sqlite react-native-keychain');
  });

  test('is told to install and to set what it does not have, and no more', () => {
    const app = testApp();
    app.rewrite('package.json', (text) =>
      text.replace(
        '"dependencies": {',
        '"dependencies": {\n    "react-native-keychain": "^10.0.0",',
      ),
    );
    const first = app.run('init', '--yes', '--queue', 'op-sqlite').stdout;
    // What the build needs comes before the build.
    const places = [
      'npm install @op-engineering',
      '"sqlcipher": true',
      'pod install',
      'Rebuild the app',
    ];
    const at = places.map((place) => first.indexOf(place));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(first).toContain('npm install @op-engineering/op-sqlite\n');
    expect(first).toContain('"sqlcipher": true');
    app.rewrite('package.json', (text) =>
      text
        .replace(
          '"dependencies": {',
          '"dependencies": {\n    "@op-engineering/op-sqlite": "^18.0.0",',
        )
        .replace('{', '{\n  "op-sqlite": { "sqlcipher": true },'),
    );
    app.rewrite('bgsync.config.json', (text) => text.replace('"op-sqlite"', '"none"'));
    app.run('update', '--yes', '--allow-dirty');
    app.rewrite('bgsync.config.json', (text) => text.replace('"none"', '"op-sqlite"'));
    const { stdout } = app.run('update', '--yes', '--allow-dirty');
    expect(stdout).toContain('Say in src/sync-queue.ts');
    expect(stdout).not.toContain('npm install @op-engineering');
    expect(stdout).not.toContain('"sqlcipher": true');
  });

  test('loses it the same way', () => {
    const app = testApp();
    app.init('--queue', 'op-sqlite');
    app.rewrite('bgsync.config.json', (text) => text.replace('"op-sqlite"', '"none"'));
    app.run('update', '--yes');
    expect([...readTree(app.root).keys()].filter((path) => path.includes('queue'))).toEqual([]);
  });

  test('refuses another one by flag', () => {
    const app = testApp();
    app.init('--queue', 'op-sqlite');
    const { code, stderr } = app.run('init', '--yes', '--queue', 'custom');
    expect(code).toBe(2);
    expect(stderr).toContain('was set up with op-sqlite');
  });
});

describe('what the user changed', () => {
  test('in his own file stays at remove', () => {
    const app = testApp();
    app.init('--queue', 'op-sqlite');
    app.rewrite('src/sync-queue.ts', (text) => text.replace('api.example.com', 'api.mine.dev'));
    app.run(...REMOVE);
    expect(app.read('src/sync-queue.ts')).toContain('api.mine.dev');
  });

  test('in the queue is a warning of doctor, in its driver a remark', () => {
    const app = testApp();
    app.init('--queue', 'op-sqlite');
    for (const path of ['queue.ts', 'schema.ts', 'drivers/op-sqlite.ts']) {
      app.rewrite(`${QUEUE}/${path}`, (text) => `${text}// mine\n`);
    }
    const { stdout } = app.run('doctor', '--json', '--only', 'X01');
    const { findings } = JSON.parse(stdout) as {
      findings: { id: string; file: string; severity: string }[];
    };
    expect(findings.map(({ file, severity }) => [file.slice(QUEUE.length + 1), severity])).toEqual([
      ['drivers/op-sqlite.ts', 'info'],
      ['queue.ts', 'warning'],
      ['schema.ts', 'warning'],
    ]);
  });
});

test('an unknown driver is a usage error', () => {
  const { code, stderr } = testApp().run('init', '--yes', '--queue', 'realm');
  expect(code).toBe(2);
  expect(stderr).toContain('op-sqlite');
});
