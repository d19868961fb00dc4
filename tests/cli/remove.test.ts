import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { TEMPLATE_VERSIONS } from '../helpers/template-app.ts';
import { changedPaths, readFolders, readTree } from '../helpers/tree.ts';

const REMOVE = ['remove', '--yes', '--force'];
const ENTRY = "import './src/background-sync';\n";

describe.each(TEMPLATE_VERSIONS)('in the template of React Native %s', (version) => {
  test.each(['in a repository', 'without git'])('leaves no trace, %s', (place) => {
    const app = testApp(version);
    if (place === 'in a repository') app.commit();
    const [before, folders] = [readTree(app.root), readFolders(app.root)];
    app.init('--pin');
    expect(app.run(...REMOVE)).toMatchObject({ code: 0, stderr: '' });
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
    expect(readFolders(app.root)).toEqual(folders);
  });
});

test('folders and files that were there before stay', () => {
  const app = testApp();
  mkdirSync(join(app.root, 'modules'));
  app.write('src/mine.ts', '');
  app.write('src/background-sync.ts', 'registerBackgroundSync({ queue });\n');
  const [before, folders] = [readTree(app.root), readFolders(app.root)];
  app.init();
  expect(app.run(...REMOVE)).toMatchObject({ code: 0, stderr: '' });
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
  expect(readFolders(app.root)).toEqual(folders);
});

test('works where the app is no longer understood, and nothing is installed', () => {
  const app = testApp();
  app.init();
  app.rewrite('package.json', (text) => text.replace('"react-native": "0.87.1",', ''));
  const before = app.read('package.json');
  app.write('ios/HelloWorld.xcodeproj/project.pbxproj', 'nonsense');
  expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
  expect(app.read('package.json')).toBe(before);
  expect(app.read('index.js')).not.toContain('background-sync');
  expect(existsSync(join(app.root, MODULE))).toBe(false);
});

test('without its config it is found by its lock file', () => {
  const app = testApp();
  const before = readTree(app.root);
  app.init('--module-dir', 'packages/sync');
  app.remove('bgsync.config.json');
  expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});

test('where there is nothing to remove, it says so', () => {
  const result = testApp().run(...REMOVE);
  expect(result).toMatchObject({ code: 0 });
  expect(result.stdout).toContain('Nothing to remove');
});

describe('what the user changed', () => {
  /** init, a change, remove: what is left is the file before init with the same change. */
  test.each<[string, string, (text: string) => string]>([
    ['lines around ours', 'index.js', (text) => `// top\n${text}// end\n`],
    [
      'an import below ours',
      'index.js',
      (text) => text.replace('\n\nAppRegistry', "\nimport './other';\n\nAppRegistry"),
    ],
    ['the line endings of all lines', 'index.js', (text) => text.replaceAll('\n', '\r\n')],
    ['the line endings', 'ios/HelloWorld/Info.plist', (text) => text.replaceAll('\n', '\r\n')],
    [
      'another key',
      'ios/HelloWorld/Info.plist',
      (text) => text.replace('<dict>\n', '<dict>\n\t<key>Mine</key>\n\t<true/>\n'),
    ],
  ])('%s in %s stays', (_name, path, change) => {
    const app = testApp();
    const before = app.read(path);
    app.init();
    app.rewrite(path, change);
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
    expect(app.read(path)).toBe(change(before));
  });

  test('another formatter’s quotes and semicolons do not hide our line', () => {
    const app = testApp();
    app.init();
    app.rewrite('index.js', (text) => text.replace(ENTRY, 'import "./src/background-sync"\n'));
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
    expect(app.read('index.js')).not.toContain('background-sync');
  });

  test('a line of ours with something of theirs is left, with the step', () => {
    const app = testApp();
    app.init();
    const changed = "import './src/background-sync'; setUp();\n";
    app.rewrite('index.js', (text) => text.replace(ENTRY, changed));
    const result = app.run(...REMOVE);
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('Take this out:');
    expect(result.stdout).toContain("import './src/background-sync';");
    expect(result.stdout).toMatch(/[^\n]\n\nRun `cd ios/);
    expect(app.read('index.js')).toContain(changed);
  });

  test('their strings in our arrays stay, with the array', () => {
    const app = testApp();
    app.init();
    const plist = 'ios/HelloWorld/Info.plist';
    app.rewrite(plist, (text) =>
      text.replace('\t\t<string>processing</string>\n', '$&\t\t<string>fetch</string>\n'),
    );
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
    const text = app.read(plist);
    expect(text).toMatch(
      /UIBackgroundModes<\/key>\n\t<array>\n\t\t<string>fetch<\/string>\n\t<\/array>/,
    );
    expect(text).not.toMatch(/processing|BGTask/);
  });

  test('our react-native.config.js that they extended keeps theirs', () => {
    const app = testApp();
    app.init();
    app.rewrite('react-native.config.js', (text) =>
      text.replace('module.exports = {\n', "module.exports = {\n  assets: ['./fonts'],\n"),
    );
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
    expect(app.read('react-native.config.js')).toBe(
      "module.exports = {\n  assets: ['./fonts'],\n};\n",
    );
  });

  test('our line that they took out needs nothing', () => {
    const app = testApp();
    app.init();
    app.rewrite('index.js', (text) => text.replace(ENTRY, ''));
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
  });

  test('a handler in use is left, with what to take out of it', () => {
    const app = testApp();
    app.init();
    app.rewrite('src/background-sync.ts', (text) => `${text}// mine\n`);
    const result = app.run(...REMOVE);
    expect(result.code).toBe(3);
    expect(result.stdout).toContain("'../modules/background-sync/src'");
    expect(app.read('src/background-sync.ts')).toContain('// mine');
  });

  const edits = (app: TestApp): void => {
    app.rewrite('bgsync.config.json', (text) => text.replace('60', '120'));
    app.rewrite(`${MODULE}/src/core.ts`, (text) => `${text}// mine\n`);
    app.write(`${MODULE}/src/extra.ts`, '// mine\n');
  };

  test('in the package and the config goes where git can bring it back', () => {
    const app = testApp();
    app.commit();
    const before = readTree(app.root);
    app.init();
    edits(app);
    app.commit();
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
    const ours = (path: string): boolean => !path.startsWith('.git/');
    expect(changedPaths(before, readTree(app.root)).filter(ours)).toEqual([]);
  });

  test.each(['without git', 'not committed'])('there is left and listed, %s', (place) => {
    const app = testApp();
    if (place === 'not committed') app.commit();
    app.init();
    edits(app);
    const result = app.run(...REMOVE);
    expect(result).toMatchObject({ code: 0 });
    for (const path of ['bgsync.config.json', `${MODULE}/src/core.ts`, `${MODULE}/src/extra.ts`]) {
      expect(result.stdout).toMatch(new RegExp(`kept +${path}`));
      expect(existsSync(join(app.root, path))).toBe(true);
    }
    expect(readdirSync(join(app.root, MODULE))).toEqual(['src']);
    expect(readdirSync(join(app.root, MODULE, 'src'))).toEqual(['core.ts', 'extra.ts']);
  });
});

describe('speaks of what was there alone', () => {
  const saysAfter = (app: TestApp): string =>
    app
      .run(...REMOVE)
      .stdout.split('\n')
      .at(-2) ?? '';

  test('of iOS and Android, and of the pods', () => {
    const app = testApp();
    app.init();
    const warned = app.run('remove', '--dry-run').stderr;
    expect(warned).toContain('iOS ends an app');
    expect(warned).toContain('WorkManager goes on');
    expect(saysAfter(app)).toBe(
      'Run `cd ios && bundle exec pod install` (or pod install), and rebuild the app.',
    );
  });

  test('of Android alone where there is no iOS app', () => {
    const app = testApp();
    rmSync(join(app.root, 'ios'), { recursive: true });
    app.init();
    const warned = app.run('remove', '--dry-run').stderr;
    expect(warned).not.toContain('iOS');
    expect(warned).toContain('WorkManager goes on');
    const refused = app.run('remove', '--yes');
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toContain('iOS');
    expect(saysAfter(app)).toBe('Rebuild the app.');
  });

  test('of an install where bgsync was pinned', () => {
    const app = testApp();
    app.init('--pin');
    expect(saysAfter(app)).toMatch(/^Run your package manager again, then `cd ios/);
  });
});

describe('asks or is told', () => {
  test('without a terminal it needs --force for an app that may have shipped', () => {
    const app = testApp();
    app.init();
    const before = readTree(app.root);
    const result = app.run('remove', '--yes');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('--retire');
    expect(app.run('remove', '--force').code).toBe(2);
    expect(app.run('remove', '--dry-run').code).toBe(0);
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test('with --yes alone as long as no commit had it, with the warning', () => {
    const app = testApp();
    app.commit();
    const before = readTree(app.root);
    app.init();
    expect(app.run('remove').code).toBe(2);
    const result = app.run('remove', '--yes');
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain('--retire');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test.each<[string, (app: TestApp) => void]>([
    ['a commit has it', (app) => app.commit()],
    [
      'a commit of another branch had it, in another folder',
      (app) => {
        app.write('packages/older/bgsync.lock.json', '{}');
        app.git('checkout', '-qb', 'shipped');
        app.git('add', 'packages');
        app.git('commit', '-qm', 'shipped');
        app.git('checkout', '-q', '-');
      },
    ],
    ['git ignores it', (app) => app.rewrite('.gitignore', (text) => `${text}/modules/\n`)],
    [
      'the history is not all there',
      (app) => {
        app.write('.git/shallow', app.git('rev-parse', 'HEAD'));
      },
    ],
  ])('not with --yes alone where %s', (_what, change) => {
    const app = testApp();
    app.commit();
    app.init();
    change(app);
    const before = readTree(app.root);
    expect(app.run('remove', '--yes', '--allow-dirty').code).toBe(2);
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test('--json is one document', () => {
    const app = testApp();
    app.init();
    const dry = JSON.parse(app.run('remove', '--json', '--dry-run').stdout) as object;
    expect(dry).toMatchObject({ applied: false, retired: false });
    const document = JSON.parse(app.run(...REMOVE, '--json').stdout) as object;
    expect(document).toMatchObject({ applied: true, manual: [], kept: [] });
  });

  test('a change of the user’s that is not committed is not touched unasked', () => {
    const app = testApp();
    app.init();
    app.commit();
    app.rewrite('index.js', (text) => `${text}// mine\n`);
    const before = readTree(app.root);
    const result = app.run(...REMOVE);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('index.js');
    expect(result.stderr).toContain('--allow-dirty');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
    expect(app.run(...REMOVE, '--allow-dirty').code).toBe(0);
    expect(app.read('index.js')).toMatch(/\/\/ mine\n$/);
  });
});

describe('--retire', () => {
  test('leaves the queue that the app’s own code fills', () => {
    const app = testApp();
    app.init('--queue', 'custom');
    app.commit();
    const queue = `${MODULE}/src/queue/`;
    const before = readTree(app.root);
    expect(app.run('remove', '--retire', '--yes')).toMatchObject({ code: 0, stderr: '' });
    const after = readTree(app.root);
    const inQueue = [...before.keys()].filter((path) => path.startsWith(queue));
    expect(inQueue.length).toBeGreaterThan(5);
    expect(changedPaths(before, after).filter((path) => path.startsWith(queue))).toEqual([]);
    expect(app.run('diff')).toMatchObject({ code: 0 });
    expect(app.run('remove', '--yes').code).toBe(0);
    expect([...readTree(app.root).keys()].filter((path) => path.startsWith(MODULE))).toEqual([]);
  });

  test('leaves the package that cancels, and a plain remove takes out the rest', () => {
    const app = testApp();
    app.commit();
    const before = readTree(app.root);
    app.init('--task-id', 'com.example.old');
    app.rewrite('bgsync.config.json', (text) =>
      text.replace('com.example.old', 'com.example.sync'),
    );
    expect(app.run('update', '--yes').code).toBe(0);
    const result = app.run('remove', '--retire', '--yes');
    expect(result).toMatchObject({ code: 0, stderr: '' });

    expect(app.read('index.js')).not.toContain('background-sync');
    expect(app.read('ios/HelloWorld/Info.plist')).toContain('com.example.sync');
    expect(app.read('react-native.config.js')).toContain(MODULE);
    const swift = app.read(`${MODULE}/ios/Retirement.swift`);
    expect(swift).toContain('"com.example.sync"');
    expect(swift).toContain('"com.example.old"');
    expect(readdirSync(join(app.root, MODULE, 'ios')).sort()).toEqual([
      'BackgroundSyncLaunch.mm',
      'Retirement.swift',
      'RetirementBridge.swift',
    ]);
    expect(app.read(`${MODULE}/package.json`)).not.toContain('codegenConfig');

    // A second time, and the commands that follow the config, change nothing.
    const retired = readTree(app.root);
    expect(app.run('remove', '--retire', '--yes')).toMatchObject({ code: 0 });
    expect(app.run('update', '--yes')).toMatchObject({ code: 0 });
    expect(app.run('diff')).toMatchObject({ code: 0 });
    expect(changedPaths(retired, readTree(app.root))).toEqual([]);

    expect(app.run('remove', '--yes')).toMatchObject({ code: 0, stderr: '' });
    const ours = (path: string): boolean => !path.startsWith('.git/');
    // The config was changed by hand, and was never committed.
    expect(changedPaths(before, readTree(app.root)).filter(ours)).toEqual(['bgsync.config.json']);
  });

  test('with windows of refresh: their id is cancelled too, and all of it goes in the end', () => {
    const app = testApp();
    const plist = 'ios/HelloWorld/Info.plist';
    const before = readTree(app.root);
    app.init();
    const setRefresh = (): void =>
      app.rewrite('bgsync.config.json', (text) =>
        JSON.stringify({ ...(JSON.parse(text) as object), ios: { refresh: true } }),
      );
    setRefresh();
    expect(app.run('update', '--yes')).toMatchObject({ code: 0 });
    expect(app.read(plist)).toContain('<string>fetch</string>');
    expect(app.run('remove', '--retire', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(app.read(`${MODULE}/ios/Retirement.swift`)).toContain('"dev.bgsync.refresh"');
    // Without its id a registration is refused, and the pending request would end the app.
    expect(app.read(plist)).toContain('<string>dev.bgsync.refresh</string>');
    expect(app.run('remove', '--yes')).toMatchObject({ code: 0 });
    expect(changedPaths(before, readTree(app.root))).toEqual(['bgsync.config.json']);

    app.write('bgsync.config.json', '{}\n');
    app.init();
    setRefresh();
    expect(app.run('update', '--yes')).toMatchObject({ code: 0 });
    expect(app.run(...REMOVE)).toMatchObject({ code: 0 });
    expect(changedPaths(before, readTree(app.root))).toEqual(['bgsync.config.json']);
  });

  test('init brings it back as it was', () => {
    const app = testApp();
    app.init();
    const before = readTree(app.root);
    expect(app.run('remove', '--retire', '--yes').code).toBe(0);
    expect(app.run('init', '--yes')).toMatchObject({ code: 0 });
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test('finds the import of the handler again where git brought it back', () => {
    const app = testApp();
    app.commit();
    const before = readTree(app.root);
    app.init();
    app.git('add', '-A');
    app.git('commit', '-qm', 'sync');
    expect(app.run('remove', '--retire', '--yes').code).toBe(0);
    app.git('checkout', '-q', '--', 'index.js');
    expect(app.run('remove', '--retire', '--yes').code).toBe(0);
    expect(app.read('index.js')).not.toContain('background-sync');

    app.git('checkout', '-q', '--', 'index.js');
    expect(app.run('remove', '--yes').code).toBe(0);
    const ours = (path: string): boolean => !path.startsWith('.git/');
    expect(changedPaths(before, readTree(app.root)).filter(ours)).toEqual([]);
  });

  test('refuses where a changed file would be lost', () => {
    const app = testApp();
    app.init();
    app.rewrite(`${MODULE}/ios/EventLog.swift`, (text) => `${text}// mine\n`);
    const before = readTree(app.root);
    const result = app.run('remove', '--retire', '--yes');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('EventLog.swift');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test('one platform', () => {
    const app = testApp();
    app.init('--platform', 'android');
    const result = app.run('remove', '--retire', '--yes');
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('1. Build and ship this release.');
    expect(existsSync(join(app.root, MODULE, 'ios'))).toBe(false);
    expect(
      app.read(`${MODULE}/android/src/main/java/dev/bgsync/BackgroundSyncWorker.kt`),
    ).toContain('Retirement.cancel');
  });
});
