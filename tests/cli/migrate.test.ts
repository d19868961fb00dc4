import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODULE, appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';
import { REFUSED, SHAPES } from './migrate/shapes.ts';
import type { Shape } from './migrate/shapes.ts';

const isExpo = (library: string): boolean => library.startsWith('expo-');

/** An Expo app without native folders that has a library, and its plugin. */
function appWith({ library, files }: Shape): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const plugins = ['expo-font', library];
  const expo = { name: 'Demo', slug: 'demo', plugins, ios: { bundleIdentifier: 'com.demo' } };
  makeExpoFixture(root, {
    dependencies: {
      [library]: '1.0.0',
      ...(isExpo(library) && { 'expo-task-manager': '1.0.0' }),
    },
    files: {
      'App.js': 'App.tsx' in files ? null : 'export default () => null;\n',
      'app.json': `${JSON.stringify({ expo }, null, 2)}\n`,
      ...files,
    },
  });
  return appIn(root);
}

/** `init`, which says that the app has a second scheduler from then on. */
function initBeside(app: TestApp, library: string): void {
  const { code, stderr } = app.run('init', '--yes');
  expect(code).toBe(0);
  expect(stderr).toContain(`${library} is installed beside bgsync`);
}

/** The user's own files that a command changed, as one text. */
function changesOf(before: Map<string, Buffer>, app: TestApp): string {
  const after = readTree(app.root);
  return changedPaths(before, after)
    .filter((path) => !path.startsWith(`${MODULE}/`) && path !== 'react-native.config.js')
    .map((path) => `=== ${path}\n${after.get(path)?.toString() ?? '(gone)\n'}`)
    .join('')
    .replaceAll('\r', '␍')
    .replaceAll('\uFEFF', '␂');
}

const slug = (name: string): string => name.replaceAll(/[^a-z]+/gi, '-').toLowerCase();

describe('moves', () => {
  test.each(Object.entries(SHAPES))('%s', async (name, shape) => {
    const app = appWith(shape);
    const before = readTree(app.root);
    const dry = app.run('migrate', '--dry-run');
    expect(changedPaths(before, readTree(app.root))).toEqual([]);

    const { code, stdout, stderr } = app.run('migrate', '--yes');
    expect(dry.code).toBe(code);
    await expect(changesOf(before, app)).toMatchFileSnapshot(`../golden/migrate/${slug(name)}.txt`);
    expect(code, stdout + stderr).toBe(name.includes('is left') ? 3 : 0);
    // Nothing is said of a library that the app no longer has.
    if (code === 0) expect(stderr).not.toContain(shape.library);
    expect(stdout).toContain('Done: ');

    const after = readTree(app.root);
    const again = app.run('migrate', '--yes');
    expect(again.code).toBe(code);
    if (code === 0) expect(again.stdout).toContain('Nothing to migrate');
    expect(changedPaths(after, readTree(app.root))).toEqual([]);
    const update = app.run('update', '--yes');
    expect({ code: update.code, stderr: update.stderr }).toEqual({ code: 0, stderr: '' });
    expect(changedPaths(after, readTree(app.root))).toEqual([]);
    const doctor = app.run('doctor', '--json');
    expect(doctor.code, doctor.stdout).toBe(0);
  });
});

describe('refuses, with every place, and changes nothing:', () => {
  test.each(Object.entries(REFUSED))('%s', (_, shape) => {
    const app = appWith(shape);
    const before = readTree(app.root);
    const { code, stdout } = app.run('migrate', '--yes');
    for (const words of shape.says) expect(stdout).toContain(words);
    expect(stdout).toContain('Nothing was changed');
    expect(code).toBe(3);
    expect(changedPaths(before, readTree(app.root))).toEqual([]);

    const json = app.run('migrate', '--json');
    expect(json.code).toBe(3);
    const { applied, manual } = JSON.parse(json.stdout) as { applied: boolean; manual: object[] };
    expect(applied).toBe(false);
    expect(manual.length).toBeGreaterThan(0);
  });
});

test('what a retired id needs is made: the old request is taken and cancelled', () => {
  const app = appWith(SHAPES['two tasks']!);
  expect(app.run('migrate', '--yes').code).toBe(0);
  const id = 'com.expo.modules.backgroundtask.processing';
  expect(app.read(`${MODULE}/ios/BackgroundSyncConfig.swift`)).toContain(`["${id}"]`);
  expect(app.read('app.json')).toContain(id);
  expect(app.run('update', '--yes', '--forget-ids').code).toBe(0);
  expect(app.read('app.json')).not.toContain(id);
});

test('remove leaves the code that was moved, and says so', () => {
  const app = appWith(SHAPES['two tasks']!);
  expect(app.run('migrate', '--yes').code).toBe(0);
  const handler = app.read('src/background-sync.ts');
  const { code, stdout } = app.run('remove', '--yes', '--force');
  expect(code).toBe(3);
  expect(stdout).toContain('the code in it is yours');
  expect(app.read('src/background-sync.ts')).toBe(handler);
});

test('an app that bgsync is in already gets the task in a handler that nobody changed, and in no other', () => {
  const shape = SHAPES['two tasks']!;
  const app = appWith({ library: shape.library, files: { 'tsconfig.json': '{}\n' } });
  initBeside(app, shape.library);
  app.write(
    'src/tasks.ts',
    shape.files['src/tasks.ts']!.replace(/TaskManager.defineTask\('UP[^]*?\n}\);\n/, '').replace(
      /.*UPLOAD_PHOTOS.*\n/,
      '',
    ),
  );
  const config = app.read('bgsync.config.json');
  const text = app.read('src/background-sync.ts');
  app.write('src/background-sync.ts', `${text}// mine\n`);
  const refused = app.run('migrate', '--yes');
  expect(refused.code).toBe(3);
  expect(refused.stdout).toContain('it is yours already');
  expect(app.read('src/background-sync.ts')).toBe(`${text}// mine\n`);

  app.write('src/background-sync.ts', text);
  const { code, stdout } = app.run('migrate', '--yes');
  expect(code, stdout).toBe(0);
  expect(app.read('src/background-sync.ts')).toContain("await fetch('https://example.com/sync');");
  expect(app.read('bgsync.config.json')).toBe(config);
  expect(stdout).toContain('Compare bgsync.config.json with the old interval, 30 minutes');
});

test('in an app that has bgsync, a function that stays is called by the handler that was there', () => {
  const shape = SHAPES['a body that uses its own file stays in it']!;
  const app = appWith({ library: shape.library, files: { 'tsconfig.json': '{}\n' } });
  initBeside(app, shape.library);
  app.write('src/outbox.ts', shape.files['src/outbox.ts']!);
  expect(app.run('migrate', '--yes').code).toBe(0);
  expect(app.read('src/background-sync.ts')).toContain('return backgroundTask();');
});

test('a second task, which the settings that are there do not have, is refused', () => {
  const shape = SHAPES['two tasks']!;
  const app = appWith({ library: shape.library, files: { 'tsconfig.json': '{}\n' } });
  initBeside(app, shape.library);
  app.write('src/tasks.ts', shape.files['src/tasks.ts']!);
  const before = readTree(app.root);
  const { code, stdout } = app.run('migrate', '--yes');
  expect(code).toBe(3);
  expect(stdout).toContain('it has no task upload-photos');
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});

test('a use of a library in which no task is found is named', () => {
  const app = appWith({
    library: 'expo-background-task',
    files: {
      'src/task.js': `import * as BackgroundTask from 'expo-background-task';

export const { registerTaskAsync } = BackgroundTask;
`,
    },
  });
  const { code, stdout } = app.run('migrate', '--yes');
  expect(code).toBe(3);
  expect(stdout).toContain('src/task.js:3: ');
  expect(stdout).toContain('no task of it was found');
});

test('a question for a task that is gone is named with its line of then', () => {
  const app = appWith({
    library: 'expo-background-task',
    files: {
      'src/task.js': `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

TaskManager.defineTask('sync', async () => BackgroundTask.BackgroundTaskResult.Success);
BackgroundTask.registerTaskAsync('sync');

export const isOn = () => TaskManager.isTaskRegisteredAsync('sync');
`,
    },
  });
  const { code, stdout } = app.run('migrate', '--yes');
  expect(code).toBe(3);
  expect(stdout).toContain('src/task.js:3: ');
  expect(stdout).toContain('it asks for a task that is gone');
  expect(app.read('src/task.js')).toBe(`import * as TaskManager from 'expo-task-manager';

export const isOn = () => TaskManager.isTaskRegisteredAsync('sync');
`);
});

test('comments that speak of the file stay where an import below them goes', () => {
  const app = appWith({
    library: 'expo-background-task',
    files: {
      'src/task.js': `// @ts-check
/* eslint-disable no-console */
import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

export const before = 1; // before

// About the task.
TaskManager.defineTask('sync', async () => {
  return BackgroundTask.BackgroundTaskResult.Success;
});

BackgroundTask.registerTaskAsync('sync');

/** After. */
export const after = 2;
`,
    },
  });
  expect(app.run('migrate', '--yes').code).toBe(0);
  expect(app.read('src/task.js')).toBe(`// @ts-check
/* eslint-disable no-console */

export const before = 1; // before

/** After. */
export const after = 2;
`);
});

test('an app without any of the libraries is told so', () => {
  const app = appWith({ library: 'expo-battery', files: {} });
  const { code, stdout } = app.run('migrate');
  expect(code).toBe(0);
  expect(stdout).toContain('Nothing to migrate');
  expect(app.run('migrate', '--json').code).toBe(0);
});

test('a library that has no task is left to its owner', () => {
  const app = appWith({ library: 'expo-background-task', files: {} });
  const { code, stdout } = app.run('migrate', '--yes');
  expect(code).toBe(0);
  expect(stdout).toContain('no code in its folder that gives it a task');
  expect(stdout).toContain('Packages of a workspace that the app does not depend on');
});

test('files with changes that are not committed are changed only where that is asked for', () => {
  const app = appWith(SHAPES['two tasks']!);
  app.commit();
  app.write('src/tasks.ts', `// mine\n\n${app.read('src/tasks.ts')}\nexport const mine = 1;\n`);
  expect(app.run('migrate', '--yes').code).toBe(2);
  expect(app.run('migrate', '--yes', '--allow-dirty').code).toBe(0);
  expect(app.read('src/tasks.ts')).toBe('// mine\n\nexport const mine = 1;\n');
});

const TSC = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');

const TYPES = `declare module 'react' { export function useState<T>(v: T): [T, (v: T) => void]; export function useEffect(f: () => void, d: unknown[]): void; }
declare module 'react-native' { export function Text(props: { children: string }): null; }
declare module 'expo-location' { export function startLocationUpdatesAsync(name: string): Promise<void>; }
declare module 'expo-task-manager' { export function defineTask(name: string, f: (body: { data: unknown; error: unknown }) => Promise<unknown>): void; }
declare module 'expo-background-task' { export enum BackgroundTaskStatus { Restricted = 1, Available = 2 } export function getStatusAsync(): Promise<BackgroundTaskStatus>; }
declare namespace JSX { interface IntrinsicElements { [name: string]: unknown } interface ElementChildrenAttribute { children: {} } }
`;

test('the compiler takes what every TypeScript app has become', () => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const typed = Object.entries(SHAPES).filter(([, { files }]) =>
    Object.keys(files).every((path) => /\.tsx?$/.test(path)),
  );
  expect(typed.length).toBeGreaterThan(10);
  for (const [name, shape] of typed) {
    const app = appWith(shape);
    app.run('migrate', '--yes');
    for (const [path, bytes] of readTree(app.root)) {
      if (!/\.tsx?$/.test(path)) continue;
      const target = join(root, slug(name), path);
      mkdirSync(join(target, '..'), { recursive: true });
      writeFileSync(target, bytes);
    }
  }
  const native = join(import.meta.dirname, '../typescript/react-native.d.ts');
  writeFileSync(join(root, 'types.d.ts'), TYPES);
  const options = {
    target: 'esnext',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022', 'dom'],
    jsx: 'preserve',
    strict: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const tsconfig = { compilerOptions: options, include: ['.'], files: [native] };
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(tsconfig));
  const { stdout } = spawnSync(process.execPath, [TSC, '-p', '.'], { cwd: root, encoding: 'utf8' });
  expect(stdout).toBe('');
}, 120_000);
