import { execFile, execFileSync } from 'node:child_process';
import { createTwoFilesPatch } from 'diff';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../src/plan/plan.ts';
import { underLintHeader } from '../../src/templates/render.ts';
import { appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import {
  BIN,
  TEMPLATE_VERSIONS,
  makeTemplateApp,
  runCli,
  scratchFolder,
} from '../helpers/template-app.ts';
import { testApp } from '../helpers/app.ts';
import type { TemplateVersion } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const TEMPLATES = join(import.meta.dirname, '../../templates');
const MODULE = 'modules/background-sync';

function templateApp(version: TemplateVersion = '0.87'): string {
  const app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeTemplateApp(version, app);
  return app;
}

const read = (app: string, path: string): string => readFileSync(join(app, path), 'utf8');
const write = (app: string, path: string, text: string): void => {
  mkdirSync(join(app, path, '..'), { recursive: true });
  writeFileSync(join(app, path), text);
};
const rewrite = (app: string, path: string, change: (text: string) => string): void =>
  write(app, path, change(read(app, path)));

/** The lock file without its compressed texts, which differ between versions of Node's zlib; each is checked instead. */
function readableLock(app: string): string {
  const lock = JSON.parse(read(app, `${MODULE}/bgsync.lock.json`)) as {
    files: Record<string, { base: string; sha256: string }>;
    edits: { path: string; sha256: string; base?: string }[];
  };
  const decode = (base: string): string =>
    inflateRawSync(Buffer.from(base, 'base64')).toString('utf8');
  for (const [path, file] of Object.entries(lock.files)) {
    const text = decode(file.base);
    expect(text).toBe(read(app, `${MODULE}/${path}`));
    expect(file.sha256).toBe(sha256(text));
    lock.files[path] = { sha256: '…', base: '…' };
  }
  for (const edit of lock.edits) {
    if (edit.base === undefined) continue;
    expect(sha256(decode(edit.base))).toBe(edit.sha256);
    edit.base = '…';
  }
  return `${JSON.stringify(lock, null, 2)}\n`;
}

const EDITED = ['index.js', 'ios/HelloWorld/Info.plist', 'react-native.config.js'];

describe.each(TEMPLATE_VERSIONS)('in the template of React Native %s', (version) => {
  test('adds only what is meant, removes nothing, and changes nothing the second time', async () => {
    const app = templateApp(version);
    const before = readTree(app);
    const first = runCli(['init', '--yes'], app);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const after = readTree(app);

    const changed = changedPaths(before, after).filter((path) => !path.startsWith(`${MODULE}/`));
    expect(changed).toEqual([...EDITED, 'bgsync.config.json', 'src/background-sync.ts'].sort());

    let patch = '';
    for (const path of EDITED) {
      const [old, now] = [before.get(path)?.toString() ?? '', after.get(path)!.toString()];
      const diff = createTwoFilesPatch(path, path, old, now, '', '', { context: 1 });
      expect(diff.split('\n').filter((line) => /^-(?!--)/.test(line))).toEqual([]);
      patch += diff;
    }
    const name = `rn-${version.replace('.', '')}.diff`;
    await expect(patch).toMatchFileSnapshot(join(GOLDEN, 'edits', name));

    const second = runCli(['init', '--yes'], app);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('Nothing to do');
    expect(changedPaths(after, readTree(app))).toEqual([]);

    expect(runCli(['doctor'], app)).toMatchObject({ code: 0 });
  });
});

/** Of the golden files: the paths of those that are a template as it stands, of which a second copy would say nothing. */
const COPIES = 'copies-of-templates.txt';

/** The texts of the templates that a generated file may be a copy of: each layer's folder is one inside the package. */
const templatesOf = (path: string): string[] => {
  if (!path.startsWith(`${MODULE}/`)) return [];
  const inside = path.slice(`${MODULE}/`.length);
  const [folder = '', ...rest] = inside.split('/');
  const layer = { src: 'typescript', android: 'android', ios: 'ios' }[folder];
  const layers = layer === undefined ? [] : [layer, `react-native-${layer}`];
  const names = [
    ...['package', 'react-native'].map((name) => `${name}/${inside}`),
    ...layers.map((name) => `${name}/${rest.join('/')}`),
  ];
  return names
    .map((name) => join(TEMPLATES, name))
    .flatMap((file) =>
      existsSync(file) ? [underLintHeader(file, readFileSync(file, 'utf8'))] : [],
    );
};

test('writes these files, byte by byte', async () => {
  const app = templateApp('0.87');
  const before = readTree(app);
  runCli(['init', '--yes'], app);
  const paths = changedPaths(before, readTree(app));
  const golden = join(GOLDEN, 'rn-087');
  const copies: string[] = [];
  for (const path of paths) {
    const text = path.endsWith('bgsync.lock.json') ? readableLock(app) : read(app, path);
    if (templatesOf(path).some((template) => template === text)) copies.push(path);
    else await expect(text).toMatchFileSnapshot(join(golden, path));
  }
  await expect(`${copies.join('\n')}\n`).toMatchFileSnapshot(join(golden, COPIES));
  expect([...readTree(golden).keys(), ...copies].sort()).toEqual([COPIES, ...paths].sort());
});

describe('keeps a file’s own form', () => {
  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no final newline', (text: string) => text.replace(/\n$/, '')],
    ['tabs', (text: string) => text.replace(/^(?: {2})+/gm, (run) => '\t'.repeat(run.length / 2))],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('%s', (_name, change) => {
    const app = templateApp();
    write(app, 'react-native.config.js', 'module.exports = {\n  assets: [],\n};\n');
    for (const path of EDITED) rewrite(app, path, change);
    const before = readTree(app);
    expect(runCli(['init', '--yes'], app)).toMatchObject({ code: 0, stderr: '' });
    const after = readTree(app);
    for (const path of EDITED) {
      const [old, now] = [before.get(path)!.toString(), after.get(path)!.toString()];
      expect(now).not.toBe(old);
      // What was there is there still, in order: the edit is insertions alone.
      let at = 0;
      for (const char of old) {
        at = now.indexOf(char, at);
        expect(at).not.toBe(-1);
        at += 1;
      }
      const isCrlf = (text: string): boolean => !/(?<!\r)\n/.test(text);
      expect(isCrlf(now)).toBe(isCrlf(old));
      expect(now.endsWith('\n')).toBe(old.endsWith('\n'));
      expect(now.startsWith('\uFEFF')).toBe(old.startsWith('\uFEFF'));
    }
    expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
    expect(changedPaths(after, readTree(app))).toEqual([]);
    expect(runCli(['doctor'], app).code).toBe(0);
  });
});

test('start-up code that cancels everybody’s work is warned of, and found by doctor', () => {
  const app = templateApp();
  const source = 'android/app/src/main/java/com/helloworld/MainApplication.kt';
  rewrite(app, source, (text) =>
    text.replace(
      'super.onCreate()',
      'super.onCreate()\n    androidx.work.WorkManager.getInstance(this).cancelAllWork()',
    ),
  );
  const { code, stderr } = runCli(['init', '--yes'], app);
  expect(code).toBe(0);
  expect(stderr).toMatch(/warning: A39 \(\S+MainApplication\.kt:\d+\): cancelAllWork\(\) at each/);
  expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
  const { stdout } = runCli(['doctor'], app);
  expect(stdout).toContain('A39');
});
describe('an existing react-native.config.js', () => {
  test.each([
    [
      'CommonJS with dependencies',
      "const path = require('path');\nmodule.exports = {\n  dependencies: {\n    'react-native-x': { platforms: { ios: null } }, // keep\n  },\n};\n",
      undefined,
    ],
    ['an ES module', 'export default {\n  assets: [],\n};\n', 'module'],
  ])('%s is extended', async (name, source, type) => {
    const app = templateApp();
    write(app, 'react-native.config.js', source);
    if (type !== undefined) {
      rewrite(app, 'package.json', (text) => text.replace('{', `{\n  "type": "${type}",`));
    }
    expect(runCli(['init', '--yes'], app)).toMatchObject({ code: 0, stderr: '' });
    const file = `config-${name.toLowerCase().replaceAll(' ', '-')}.js`;
    await expect(read(app, 'react-native.config.js')).toMatchFileSnapshot(
      join(GOLDEN, 'edits', file),
    );
    expect(runCli(['doctor'], app).code).toBe(0);
  });

  test('that is no literal is left alone: the rest is done, the step is printed, exit 3', () => {
    const app = templateApp();
    const source = "module.exports = require('./config').create();\n";
    write(app, 'react-native.config.js', source);
    const result = runCli(['init', '--yes'], app);
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('react-native.config.js: links the generated package');
    expect(result.stdout).toContain('background-sync');
    expect(read(app, 'react-native.config.js')).toBe(source);
    expect(read(app, 'index.js')).toContain('./src/background-sync');
    expect(runCli(['doctor'], app)).toMatchObject({ code: 1 });
  });
});

describe('asks or is told', () => {
  test('without a terminal and without --yes: exit 2, nothing written', () => {
    const app = templateApp();
    const before = readTree(app);
    const result = runCli(['init'], app);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('--yes');
    expect(runCli(['init', '--json'], app).code).toBe(2);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('--dry-run shows the plan and writes nothing', () => {
    const app = templateApp();
    const before = readTree(app);
    const result = runCli(['init', '--dry-run'], app);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('+import');
    expect(result.stdout).toContain('Dry run');
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('--json is one document', () => {
    const app = templateApp();
    const result = runCli(['init', '--json', '--dry-run'], app);
    const plan = JSON.parse(result.stdout) as {
      applied: boolean;
      changes: { path: string; kind: string; sha256Before: string | null; removed: number }[];
    };
    expect(plan.applied).toBe(false);
    expect(plan.changes.find(({ path }) => path === 'index.js')).toMatchObject({
      kind: 'edit',
      removed: 0,
      sha256Before: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(JSON.parse(runCli(['init', '--json', '--yes'], app).stdout)).toMatchObject({
      applied: true,
    });
  });

  test('flags choose the names, and cannot change them later', () => {
    const app = templateApp();
    const flags = ['--task-id', 'com.example.sync', '--module-dir', 'packages/sync/'];
    const result = runCli(
      ['init', '--yes', ...flags, '--handler', './app/sync/handler.js', '--pin'],
      app,
    );
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(read(app, 'ios/HelloWorld/Info.plist')).toContain('<string>com.example.sync</string>');
    expect(read(app, 'index.js')).toContain("import './app/sync/handler';");
    expect(read(app, 'app/sync/handler.js')).toContain("'../../packages/sync/src'");
    expect(read(app, 'package.json')).toMatch(/"bgsync": "\d+\.\d+\.\d+"/);
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0 });
    expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
    const other = runCli(['init', '--yes', '--task-id', 'com.example.other'], app);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('bgsync.config.json');
  });

  test.each([
    ['--task-id', 'a"; system("x")'],
    ['--module-dir', '../outside'],
    ['--module-dir', '/tmp/outside'],
    ['--handler', 'src/handler.rb'],
    ['--platform', 'windows'],
  ])('refuses %s %s', (flag, value) => {
    const app = templateApp();
    const before = readTree(app);
    const result = runCli(['init', '--yes', flag, value], app);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(flag);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });
});

describe('says what it does not support', () => {
  const refused = (change: (app: string) => void): string => {
    const app = templateApp();
    change(app);
    const before = readTree(app);
    const result = runCli(['init', '--yes'], app);
    expect(result.code).toBe(2);
    expect(result.stdout).not.toContain('Done');
    expect(changedPaths(before, readTree(app))).toEqual([]);
    return result.stderr;
  };
  const dependency = (from: string, to: string) => (app: string) =>
    rewrite(app, 'package.json', (text) => text.replace(from, to));

  test('not a React Native app', () => {
    expect(refused(dependency('"react-native": "0.87.1",', ''))).toContain(
      'not a React Native app',
    );
  });
  test('too old', () => {
    expect(refused(dependency('"react-native": "0.87.1"', '"react-native": "0.76.9"'))).toContain(
      '0.77',
    );
  });
  test('no native project', () => {
    const stderr = refused((app) => {
      rmSync(join(app, 'ios'), { recursive: true });
      rmSync(join(app, 'android'), { recursive: true });
    });
    expect(stderr).toContain('neither an Android application module nor');
  });
  test('an app of react-native-test-app, wherever it is met', () => {
    const app = templateApp();
    rmSync(join(app, 'ios'), { recursive: true });
    rmSync(join(app, 'android'), { recursive: true });
    // As `init-test-app` of react-native-test-app 5.4.12 makes it: neither has a project, both name one in node_modules.
    write(app, 'ios/Podfile', 'use_test_app! :hermes_enabled => true\n');
    write(app, 'android/settings.gradle', 'applyTestAppSettings(settings)\n');
    rewrite(app, 'package.json', (text) =>
      text.replace(
        '"devDependencies": {',
        '"devDependencies": {\n    "react-native-test-app": "^5.4.12",',
      ),
    );
    const what = 'This is an app of react-native-test-app';
    for (const command of [['init', '--yes'], ['trigger', '--platform', 'local'], ['diff']]) {
      expect(runCli(command, app)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(what) as string,
      });
    }
    expect(runCli([], app).stdout).toContain(what);
    expect(runCli(['doctor'], app).stdout).toContain(`would refuse: ${what}`);
  });
  test('React Native by Swift Package Manager: refused for iOS, not for Android alone', () => {
    const marker = 'ios/HelloWorld.xcodeproj/.spm-injected.json';
    expect(refused((app) => write(app, marker, '{}'))).toContain('--platform android');
    const app = templateApp();
    write(app, marker, '{}');
    expect(runCli(['init', '--yes', '--platform', 'android'], app).code).toBe(0);
  });
  test('a folder of that name which is not ours', () => {
    expect(refused((app) => write(app, `${MODULE}/mine.ts`, ''))).toContain('--module-dir');
  });
  test.each(['index.js', 'react-native.config.js'])('a folder in the place of %s', (path) => {
    const app = templateApp();
    rmSync(join(app, path), { force: true });
    mkdirSync(join(app, path));
    const before = readTree(app);
    const { code, stderr } = runCli(['init', '--yes'], app);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`${path} is a folder`)]);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('package.json that is no JSON', () => {
    expect(refused((app) => write(app, 'package.json', '{'))).toContain('not valid JSON');
  });
});

describe('a repo with one platform', () => {
  test.each([
    ['ios', 'android'],
    ['android', 'ios'],
  ])('%s missing', (missing, present) => {
    const app = templateApp();
    rmSync(join(app, missing), { recursive: true });
    const result = runCli(['init', '--yes'], app);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/(?:Xcode project|application module) found: left out/);
    const config = JSON.parse(read(app, 'bgsync.config.json')) as { platforms: string[] };
    expect(config.platforms).toEqual([present]);
    expect(existsSync(join(app, MODULE, present))).toBe(true);
    expect(existsSync(join(app, MODULE, missing))).toBe(false);
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0 });
    const asked = runCli(['init', '--yes', '--platform', missing], app);
    expect(asked.code).toBe(2);
  });

  test('--platform leaves the other alone', () => {
    const app = templateApp();
    expect(runCli(['init', '--yes', '--platform', 'android'], app).code).toBe(0);
    expect(read(app, 'ios/HelloWorld/Info.plist')).not.toContain('BGTask');
    expect(existsSync(join(app, MODULE, 'ios'))).toBe(false);
    // Codegen would list the provider, which React Native then looks for in vain when the iOS app starts:
    // "Module provider BgsyncModule cannot be found in the runtime"
    // (https://github.com/facebook/react-native/blob/v0.87.1/packages/react-native/scripts/codegen/templates/RCTModuleProvidersMM.template).
    expect(existsSync(join(app, MODULE, 'Bgsync.podspec'))).toBe(false);
    expect(read(app, `${MODULE}/package.json`)).not.toContain('modulesProvider');
    expect(read(app, `${MODULE}/README.md`)).not.toContain('Scene-based');
  });
});

describe('an Xcode project that builds for tvOS alone', () => {
  const tvApp = (): string => {
    const app = templateApp();
    rewrite(app, 'ios/HelloWorld.xcodeproj/project.pbxproj', (text) =>
      text.replaceAll('"iphoneos iphonesimulator"', '"appletvos appletvsimulator"'),
    );
    return app;
  };

  test('iOS is left out, and refused where it is asked for', () => {
    const app = tvApp();
    const why = 'the Xcode project in ios/ builds for tvOS alone';
    const { code, stdout, stderr } = runCli(['init', '--yes'], app);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${why}: left out`);
    expect(existsSync(join(app, MODULE, 'Bgsync.podspec'))).toBe(false);
    expect(runCli(['doctor'], app).code).toBe(0);

    rewrite(app, 'bgsync.config.json', (text) => text.replace('"android"', '"android", "ios"'));
    expect(runCli(['update', '--yes'], app)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(why) as string,
    });
    expect(runCli(['doctor'], app).stdout).toContain(`platforms has ios, but ${why}`);
  });

  test('without Android there is nothing to set up', () => {
    const app = tvApp();
    rmSync(join(app, 'android'), { recursive: true });
    const { code, stderr } = runCli(['init', '--yes'], app);
    expect(code).toBe(2);
    expect(stderr).toContain('no Android application module, and the Xcode project in ios/');
  });
});

describe('run again', () => {
  test('after a change of the config, untouched files are replaced', () => {
    const app = templateApp();
    runCli(['init', '--yes'], app);
    rewrite(app, 'bgsync.config.json', (text) =>
      text.replace('"intervalMinutes": 60', '"intervalMinutes": 120'),
    );
    const result = runCli(['init', '--yes'], app);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain('replace');
    expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
  });

  test.each(['2.7.1', '2.8.1', '2.10.2', '2.10.5', '2.11.0', '2.11.1', '2.11.1-rc01', 'latest'])(
    'androidx.work %s is refused, with its place, and nothing is written',
    (version) => {
      const app = templateApp();
      runCli(['init', '--yes'], app);
      rewrite(app, 'bgsync.config.json', (text) => text.replace('2.11.2', version));
      const before = readTree(app);
      const { code, stderr } = runCli(['init', '--yes'], app);
      expect([code, stderr]).toEqual([2, expect.stringContaining('android.workRuntime')]);
      expect(stderr).toContain('2.10.2 to 2.11.1');
      expect(changedPaths(before, readTree(app))).toEqual([]);
    },
  );

  test.each(['2.9.1', '2.10.1', '2.10.20', '2.11.2', '2.11.10', '2.12.0'])(
    'androidx.work %s is taken',
    (version) => {
      const app = templateApp();
      runCli(['init', '--yes'], app);
      rewrite(app, 'bgsync.config.json', (text) => text.replace('2.11.2', version));
      expect(runCli(['init', '--dry-run'], app).code).toBe(0);
    },
  );

  test('a task id that was given up is cancelled on the device', () => {
    const app = templateApp();
    runCli(['init', '--yes'], app);
    rewrite(app, 'bgsync.config.json', (text) =>
      text.replace('dev.bgsync.processing', 'com.example.sync'),
    );
    expect(runCli(['init', '--yes'], app).code).toBe(0);
    const swift = read(app, `${MODULE}/ios/BackgroundSyncConfig.swift`);
    expect(swift).toContain('static let taskId = "com.example.sync"');
    expect(swift).toMatch(/retiredTaskIds[^=]*= \[\s*"dev\.bgsync\.processing",?\s*\]/);
    expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
    expect(runCli(['doctor'], app)).toMatchObject({ code: 0 });
  });

  test('a generated file that the user changed is kept, and doctor says so without failing', () => {
    const app = templateApp();
    runCli(['init', '--yes'], app);
    rewrite(app, `${MODULE}/src/core.ts`, (text) => `${text}// mine\n`);
    const result = runCli(['init', '--yes'], app);
    expect(result.code).toBe(0);
    expect(read(app, `${MODULE}/src/core.ts`)).toMatch(/\/\/ mine\n$/);
    const checked = runCli(['doctor', '--json', '--skip', 'X13'], app);
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      findings: [{ id: 'X01', severity: 'info', file: `${MODULE}/src/core.ts` }],
    });
  });

  test('a generated file that is gone is put back', () => {
    const app = templateApp();
    runCli(['init', '--yes'], app);
    const before = readTree(app);
    rmSync(join(app, MODULE, 'src/core.ts'));
    expect(runCli(['doctor'], app).code).toBe(1);
    expect(runCli(['init', '--yes'], app).code).toBe(0);
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('the user’s own files are never written again', () => {
    const app = templateApp();
    runCli(['init', '--yes'], app);
    write(app, 'src/background-sync.ts', read(app, 'src/background-sync.ts') + '// mine\n');
    const before = readTree(app);
    expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });
});

describe('all or nothing', () => {
  test('a file that cannot be written: the others are put back', () => {
    const app = templateApp();
    const before = readTree(app);
    // A folder where a file has to go fails in the middle of the writes, after the package was written.
    mkdirSync(join(app, 'bgsync.config.json'));
    const result = runCli(['init', '--yes'], app);
    expect(result.code).not.toBe(0);
    rmSync(join(app, 'bgsync.config.json'), { recursive: true });
    expect(changedPaths(before, readTree(app))).toEqual([]);
    expect(readdirSync(app)).not.toContain('.bgsync');
  });
});

test('git shows only lines that matter', () => {
  const app = templateApp();
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: app,
      encoding: 'utf8',
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'app');
  runCli(['init', '--yes'], app);
  expect(git('diff', '--numstat')).toBe('1\t0\tindex.js\n8\t0\tios/HelloWorld/Info.plist\n');
});

describe('changes that are not committed', () => {
  const repository = (): TestApp => {
    const app = appIn(templateApp());
    app.commit();
    return app;
  };

  test('in a file of the plan: exit 2, or beside ours with --allow-dirty', () => {
    const app = repository();
    app.rewrite('index.js', (text) => `${text}// mine\n`);
    const before = readTree(app.root);
    const result = app.run('init', '--yes');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('index.js');
    expect(result.stderr).toContain('--allow-dirty');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);
    expect(app.run('init', '--yes', '--allow-dirty')).toMatchObject({ code: 0, stderr: '' });
    expect(app.read('index.js')).toMatch(/background-sync[^]*\/\/ mine\n$/);
    // What is not committed is now bgsync's, too, and nothing is left to do.
    expect(app.run('init', '--yes')).toMatchObject({ code: 0, stderr: '' });
  });

  test.each<[string, (app: TestApp) => void]>([
    ['in another file', (app) => app.write('App.tsx', '// mine\n')],
    ['in a new file', (app) => app.write('mine.ts', '')],
    ['in none', () => undefined],
  ])('%s: they do not matter', (_name, change) => {
    const app = repository();
    change(app);
    expect(app.run('init', '--yes')).toMatchObject({ code: 0, stderr: '' });
  });
});

test('two at once: one does it, the other refuses or finds it done', async () => {
  const app = templateApp();
  const results = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<{ code: number | null; stderr: string }>((resolve) => {
          execFile(
            process.execPath,
            [BIN, 'init', '--yes'],
            { cwd: app, env: { ...process.env, NO_COLOR: '1' } },
            (error, _stdout, stderr) =>
              resolve({ code: error === null ? 0 : Number(error.code), stderr }),
          );
        }),
    ),
  );
  expect(results.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
  for (const { code, stderr } of results) {
    expect(
      code === 0 || (code === 2 && /Another bgsync|changed since|is there already/.test(stderr)),
    ).toBe(true);
  }
  expect(readdirSync(app)).not.toContain('.bgsync');
  expect(runCli(['init', '--yes'], app).stdout).toContain('Nothing to do');
});

describe('an app that declares a scene', () => {
  const SCENES = '\t<key>UIApplicationSceneManifest</key>\n\t<dict/>\n';
  const PLIST = 'ios/HelloWorld/Info.plist';

  test('for something else, and starts React Native in the app delegate: nothing is said', () => {
    const app = testApp();
    app.rewrite(PLIST, (text) => text.replace('<dict>\n', `<dict>\n${SCENES}`));
    expect(app.run('init', '--dry-run')).toMatchObject({ code: 0, stderr: '' });
  });

  test('and starts React Native in it', () => {
    const app = testApp();
    app.rewrite(PLIST, (text) => text.replace('<dict>\n', `<dict>\n${SCENES}`));
    app.write(
      'ios/HelloWorld/SceneDelegate.swift',
      'class SceneDelegate {\n  func scene(_ scene: UIScene, willConnectTo session: UISceneSession) { factory.startReactNative() }\n}\n',
    );
    expect(app.run('init', '--dry-run').stderr).toContain('React Native starts in a scene');
  });
});
