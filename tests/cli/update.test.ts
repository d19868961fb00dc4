import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { olderBgsync } from '../helpers/older-bgsync.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const PLIST = 'ios/HelloWorld/Info.plist';
const CORE = `${MODULE}/src/core.ts`;
const UPDATE = ['update', '--yes'];

const setConfig = (app: TestApp, change: (config: Record<string, unknown>) => void): void =>
  app.rewrite('bgsync.config.json', (text) => {
    const config = JSON.parse(text) as Record<string, unknown>;
    change(config);
    return `${JSON.stringify(config, null, 2)}\n`;
  });

/** A second time there is nothing left to do, and nothing differs. */
function isSettled(app: TestApp): void {
  const before = readTree(app.root);
  expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
  expect(app.run('init', '--yes')).toMatchObject({ code: 0 });
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
}

test('where nothing differs it does nothing', () => {
  const app = testApp();
  app.init();
  expect(app.run('diff')).toMatchObject({ code: 0, stderr: '' });
  expect(app.run(...UPDATE).stdout).toContain('Nothing to do');
  isSettled(app);
});

test('before init it says so', () => {
  const app = testApp();
  for (const command of ['update', 'diff']) {
    const result = app.run(command);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('bgsync init');
  }
});

describe('after a change of the config', () => {
  test('the generated files follow, and remove finds them', () => {
    const app = testApp();
    const pristine = readTree(app.root);
    app.init();
    const original = app.read('bgsync.config.json');
    setConfig(app, (config) => (config.schedule = { intervalMinutes: 120 }));
    const shown = app.run('diff');
    expect(shown.code).toBe(4);
    expect(shown.stdout).toMatch(/BackgroundSyncConfig\.kt +the config changed/);
    expect(shown.stdout).toMatch(/^ {2}\+.*7200/m);
    expect(app.run(...UPDATE)).toMatchObject({ code: 0, stderr: '' });
    expect(app.run('diff').code).toBe(0);
    isSettled(app);
    app.write('bgsync.config.json', original);
    expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0 });
    expect(changedPaths(pristine, readTree(app.root))).toEqual([]);
  });

  test('in a file of mixed line endings the new lines end as the old ones did', () => {
    const app = testApp();
    app.rewrite(PLIST, (text) => text.replace('\n', '\r\n'));
    const before = readTree(app.root);
    app.init();
    const text = app.read(PLIST);
    setConfig(app, (config) => (config.taskId = 'com.example.sync'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    const both = (line: string): string =>
      line.replace('dev.bgsync.processing', 'com.example.sync') + line;
    expect(app.read(PLIST)).toBe(text.replace(/.*dev\.bgsync\.processing.*\n/, both));
    expect(app.run(...UPDATE, '--forget-ids')).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toBe(text.replace('dev.bgsync.processing', 'com.example.sync'));
    app.remove('bgsync.config.json');
    app.run('remove', '--yes', '--force');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test('an id that was shipped stays permitted, with a handler, until no device has it', () => {
    const app = testApp();
    app.init();
    const swift = 'modules/background-sync/ios/BackgroundSyncConfig.swift';
    setConfig(app, (config) => (config.taskId = 'com.example.sync'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toContain('<string>dev.bgsync.processing</string>');
    expect(app.read(PLIST)).toContain('<string>com.example.sync</string>');
    expect(app.read(swift)).toContain('retiredTaskIds: [String] = ["dev.bgsync.processing"]');
    isSettled(app);
    // The one of refresh, too: it was on, and is off again.
    setConfig(app, (config) => (config.ios = { refresh: true }));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toMatch(/<string>processing<\/string>\s*<string>fetch<\/string>/);
    setConfig(app, (config) => delete config.ios);
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toContain('<string>dev.bgsync.refresh</string>');
    expect(app.read(PLIST)).not.toContain('<string>fetch</string>');
    expect(app.read(swift)).toContain('["dev.bgsync.processing", "dev.bgsync.refresh"]');
    expect(app.run(...UPDATE, '--forget-ids')).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).not.toContain('dev.bgsync.');
    expect(app.read(swift)).toContain('retiredTaskIds: [String] = []');
    isSettled(app);
  });

  test('the task id is changed where it stands, once no device has the old one', () => {
    const app = testApp();
    const before = app.read(PLIST);
    app.init();
    app.rewrite(PLIST, (text) => text.replace('<dict>\n', '<dict>\n\t<!-- mine -->\n'));
    const extended = app.read(PLIST);
    setConfig(app, (config) => (config.taskId = 'com.example.sync'));
    expect(app.run(...UPDATE, '--forget-ids')).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toBe(extended.replace('dev.bgsync.processing', 'com.example.sync'));
    isSettled(app);
    app.run('remove', '--yes', '--force');
    expect(app.read(PLIST)).toBe(before.replace('<dict>\n', '<dict>\n\t<!-- mine -->\n'));
  });

  test('beside the user’s own id the old one goes, and remove takes the new one out', () => {
    const app = testApp();
    const before = app.read(PLIST);
    app.init();
    const mine = '\t\t<string>mine</string>\n';
    app.rewrite(PLIST, (text) => text.replace('dev.bgsync.processing</string>\n', `$&${mine}`));
    const extended = app.read(PLIST);
    setConfig(app, (config) => (config.taskId = 'com.example.sync'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toBe(
      extended.replace(mine, `${mine}\t\t<string>com.example.sync</string>\n`),
    );
    expect(app.run(...UPDATE, '--forget-ids')).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toBe(
      extended
        .replace('\t\t<string>dev.bgsync.processing</string>\n', '')
        .replace(mine, `${mine}\t\t<string>com.example.sync</string>\n`),
    );
    isSettled(app);
    expect(app.run('remove', '--yes', '--force', '--allow-dirty').code).toBe(0);
    const left = `\t<key>BGTaskSchedulerPermittedIdentifiers</key>\n\t<array>\n${mine}\t</array>\n`;
    expect(app.read(PLIST)).toBe(before.replace('</dict>\n</plist>', `${left}$&`));
  });

  test('an id that the app permitted before stays through every change, and remove names it', () => {
    const app = testApp();
    app.rewrite(PLIST, (text) =>
      text.replace(
        '<dict>\n',
        '<dict>\n\t<key>BGTaskSchedulerPermittedIdentifiers</key>\n\t<array>\n\t\t<string>com.example.feed</string>\n\t\t<string>com.example.sync</string>\n\t</array>\n',
      ),
    );
    const own = app.read(PLIST);
    app.init('--task-id', 'com.example.sync');
    setConfig(app, (config) => (config.taskId = 'com.example.next'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    setConfig(app, (config) => (config.tasks = [{ name: 'photos' }]));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    setConfig(app, (config) => Reflect.deleteProperty(config, 'tasks'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    isSettled(app);
    expect(app.read(PLIST)).toContain('<string>com.example.feed</string>');

    const { code, stdout } = app.run('remove', '--yes', '--force', '--json');
    const { manual } = JSON.parse(stdout) as { manual: readonly { snippet: string }[] };
    // It has had a background sync of ours: whether it goes as well is the user's to say.
    expect(manual.map(({ snippet }) => snippet.trim())).toEqual([
      '<string>com.example.sync</string>',
    ]);
    expect(code).toBe(3);
    expect(app.read(PLIST)).toBe(own);
  });

  test('the edits of a moved package and handler follow, and the old folder goes', () => {
    const app = testApp();
    const pristine = readTree(app.root);
    app.init();
    setConfig(app, (config) => {
      config.moduleDir = 'packages/sync';
      config.handler = 'app/sync.ts';
    });
    app.rewrite(CORE, (text) => `${text}// mine\n`);
    const first = app.run(...UPDATE);
    expect(first.code).toBe(3);
    expect(first.stdout).toContain('app/sync.ts: move your handler here');
    expect(existsSync(join(app.root, 'modules'))).toBe(false);
    const { $schema } = JSON.parse(app.read('bgsync.config.json')) as { $schema: string };
    expect($schema).toBe('./packages/sync/config.schema.json');
    expect(app.read('packages/sync/src/core.ts')).toMatch(/\/\/ mine\n$/);
    expect(app.read('react-native.config.js')).toContain("'packages/sync'");
    expect(app.read('index.js')).toContain("import './app/sync';");
    expect(app.read('index.js')).not.toContain('background-sync');
    // As the step says.
    mkdirSync(join(app.root, 'app'));
    renameSync(join(app.root, 'src/background-sync.ts'), join(app.root, 'app/sync.ts'));
    app.rewrite('app/sync.ts', (text) =>
      text.replace('../modules/background-sync/src', '../packages/sync/src'),
    );
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    isSettled(app);
    expect(app.run('doctor')).toMatchObject({ code: 0 });
    app.run('remove', '--yes', '--force');
    const left = changedPaths(pristine, readTree(app.root));
    expect(left).toEqual(['app/sync.ts', 'bgsync.config.json', 'packages/sync/src/core.ts']);
  });

  test('a moved package does not ask to commit the config first, and its other lines stay', () => {
    const app = testApp();
    app.init();
    app.rewrite('bgsync.config.json', (text) => `// ours\n${text}`.replaceAll('\n', '\r\n'));
    app.commit();
    app.rewrite('bgsync.config.json', (text) =>
      text.replace('"modules/background-sync"', '"packages/sync"'),
    );
    const before = app.read('bgsync.config.json');
    expect(app.run('diff').stdout).toContain('./packages/sync/config.schema.json');
    expect(app.run(...UPDATE)).toMatchObject({ code: 0, stderr: '' });
    expect(app.read('bgsync.config.json')).toBe(
      before.replace('./modules/background-sync/', './packages/sync/'),
    );
    isSettled(app);
  });

  test('a platform that is given up goes, and comes back', () => {
    const app = testApp();
    const plist = app.read(PLIST);
    app.init();
    const both = readTree(app.root);
    const config = app.read('bgsync.config.json');
    setConfig(app, (data) => (data.platforms = ['android']));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(existsSync(join(app.root, MODULE, 'ios'))).toBe(false);
    expect(app.read(PLIST)).toBe(plist);
    isSettled(app);
    app.write('bgsync.config.json', config);
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(changedPaths(both, readTree(app.root))).toEqual([]);
  });
});

describe('with a newer bgsync', () => {
  test('files that no one touched are replaced', () => {
    const app = testApp();
    app.init('--pin');
    const today = readTree(app.root);
    olderBgsync(app, { [CORE]: (text) => `// an old line\n${text}` });
    const shown = app.run('diff');
    expect(shown.code).toBe(4);
    expect(shown.stdout).toMatch(/core\.ts +bgsync 0\.0\.1 → /);
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(changedPaths(today, readTree(app.root))).toEqual([]);
  });

  test('the user’s lines and the new ones are merged', () => {
    const app = testApp();
    app.init();
    const today = app.read(CORE);
    olderBgsync(app, { [CORE]: (text) => `// an old line\n${text}` });
    app.rewrite(CORE, (text) => `${text}// mine\n`);
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(app.read(CORE)).toBe(`${today}// mine\n`);
    const shown = app.run('diff');
    expect(shown.code).toBe(4);
    expect(shown.stdout).toMatch(/core\.ts +you changed it/);
    isSettled(app);
  });

  test('a conflict is marked and listed, and nothing of either side is lost', () => {
    const app = testApp();
    app.init();
    const [first = '', ...rest] = app.read(CORE).split('\n');
    olderBgsync(app, { [CORE]: () => ['// an old line', ...rest].join('\n') });
    app.rewrite(CORE, (text) => text.replace('// an old line', '// my line'));
    const result = app.run(...UPDATE);
    expect(result.code).toBe(4);
    expect(result.stdout).toContain('1 conflict to settle');
    expect(result.stdout).toContain(CORE);
    expect(app.read(CORE)).toBe(
      ['<<<<<<< yours', '// my line', '=======', first, '>>>>>>> bgsync', ...rest].join('\n'),
    );
    // Until it is settled it is not touched again, and no command calls it done.
    const marked = app.read(CORE);
    expect(app.run(...UPDATE).code).toBe(4);
    expect(app.run('diff').code).toBe(4);
    expect(app.read(CORE)).toBe(marked);
    app.write(CORE, [first, '// my line', ...rest].join('\n'));
    expect(app.run(...UPDATE).code).toBe(0);
  });

  test('a file that is no longer generated goes', () => {
    const app = testApp();
    app.init();
    const today = readTree(app.root);
    olderBgsync(app, { [`${MODULE}/src/old/gone.ts`]: () => 'old\n' });
    expect(app.run('diff').stdout).toContain('gone.ts');
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(changedPaths(today, readTree(app.root))).toEqual([]);
    expect(existsSync(join(app.root, MODULE, 'src/old'))).toBe(false);
  });
});

describe('what the user changed', () => {
  test('an edit of ours that is gone is put back, and the plan says so', () => {
    const app = testApp();
    app.init();
    const before = readTree(app.root);
    app.rewrite('index.js', (text) => text.replace("import './src/background-sync';\n", ''));
    app.remove(CORE);
    app.remove('src/background-sync.ts');
    const shown = app.run('diff', '--json');
    expect(shown.code).toBe(4);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      differences: [
        { path: CORE, why: ['missing'] },
        { path: 'src/background-sync.ts', why: ['missing'] },
        { path: 'index.js', why: ['edit gone'] },
      ],
    });
    const result = app.run(...UPDATE);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain('it was gone');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
  });

  test('line endings that git converted are no change', () => {
    const app = testApp();
    app.init();
    for (const path of readTree(app.root).keys()) {
      if (/\.(?:ts|js|json|kt|swift|mm|plist|xml|gradle|md|podspec)$/.test(path)) {
        app.rewrite(path, (text) => text.replaceAll(/\r?\n/g, '\r\n'));
      }
    }
    expect(app.run('diff')).toMatchObject({ code: 0 });
    isSettled(app);
    setConfig(app, (config) => (config.schedule = { intervalMinutes: 120 }));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    const kotlin = app.read(`${MODULE}/android/src/main/java/dev/bgsync/BackgroundSyncConfig.kt`);
    expect(kotlin).toContain('7200,\r\n');
    expect(app.run('remove', '--yes', '--force').stdout).not.toContain(CORE);
    expect(app.read('index.js')).not.toContain('background-sync');
  });

  test('a renamed entry file keeps its record', () => {
    const app = testApp();
    const before = app.read('index.js');
    app.init();
    renameSync(join(app.root, 'index.js'), join(app.root, 'index.tsx'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0 });
    expect(app.read('index.tsx')).toBe(before);
  });

  test('an extra file beside the generated ones is named by diff and left', () => {
    const app = testApp();
    app.init();
    app.write(`${MODULE}/src/mine.ts`, '');
    app.write(`${MODULE}/android/build/output.jar`, '');
    const shown = app.run('diff');
    expect(shown.code).toBe(4);
    expect(shown.stdout).toContain('mine.ts');
    expect(shown.stdout).not.toContain('build');
    isSettled(app);
  });

  test('a pin in another version is theirs', () => {
    const app = testApp();
    app.init('--pin');
    app.rewrite('package.json', (text) => text.replace(/"bgsync": ".*"/, '"bgsync": "^9.0.0"'));
    isSettled(app);
  });
});

describe('changes that are not committed', () => {
  test('of bgsync’s own do not stand in the way', () => {
    const app = testApp();
    app.commit();
    app.init();
    setConfig(app, (config) => (config.taskId = 'com.example.sync'));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0, stderr: '' });
  });

  test('of the user’s do, and only in files of the plan', () => {
    const app = testApp();
    app.init();
    app.commit();
    app.rewrite('App.tsx', (text) => `${text}// mine\n`);
    setConfig(app, (config) => (config.schedule = { intervalMinutes: 120 }));
    expect(app.run(...UPDATE)).toMatchObject({ code: 0 });
    app.commit();
    app.rewrite(PLIST, (text) => text.replace('<dict>\n', '<dict>\n\t<!-- mine -->\n'));
    setConfig(app, (config) => (config.taskId = 'com.example.sync'));
    const result = app.run(...UPDATE);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(PLIST);
    expect(result.stderr).not.toContain('App.tsx');
    expect(app.run(...UPDATE, '--allow-dirty')).toMatchObject({ code: 0 });
    expect(app.read(PLIST)).toContain('<!-- mine -->');
  });
});

test('--dry-run and --json write nothing unasked', () => {
  const app = testApp();
  app.init();
  setConfig(app, (config) => (config.taskId = 'com.example.sync'));
  const before = readTree(app.root);
  expect(app.run('update').code).toBe(2);
  expect(app.run('update', '--dry-run').stdout).toContain('+\t\t<string>com.example.sync');
  const plan = JSON.parse(app.run('update', '--dry-run', '--json').stdout) as {
    changes: { path: string }[];
  };
  expect(plan.changes.map(({ path }) => dirname(path))).toContain('ios/HelloWorld');
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});
