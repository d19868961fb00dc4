/** `bgsync migrate` in an app whose task another package of its workspace gives: nothing outside of the app is changed. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const TASK = `import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';

const NAME = 'sync';
TaskManager.defineTask('where-am-i', async () => {});
TaskManager.defineTask(NAME, async () => BackgroundTask.BackgroundTaskResult.Success);
export const start = () => BackgroundTask.registerTaskAsync(NAME, { minimumInterval: 60 });
`;

const FETCH = `import BackgroundFetch from 'react-native-background-fetch';

export const start = () =>
  BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (id) => BackgroundFetch.finish(id));
`;

/** A workspace whose app has these dependencies, and the packages by name, each with its dependencies and one file. */
function workspace(
  library: string,
  packages: Readonly<Record<string, { readonly needs?: string[]; readonly code: string }>>,
  files: Readonly<Record<string, string>> = {},
): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const repo = appIn(root);
  repo.write('package.json', '{ "private": true, "workspaces": ["apps/*", "packages/*"] }');
  mkdirSync(join(root, 'apps/demo'), { recursive: true });
  const expo = { name: 'Demo', slug: 'demo', ios: { bundleIdentifier: 'com.demo' } };
  makeExpoFixture(join(root, 'apps/demo'), {
    dependencies: { [library]: '1.0.0', 'expo-task-manager': '1.0.0', '@acme/first': '*' },
    files: {
      'App.js': 'export default () => null;\n',
      'app.json': JSON.stringify({ expo }),
      ...files,
    },
  });
  for (const [name, { needs = [], code }] of Object.entries(packages)) {
    const dependencies = Object.fromEntries(needs.map((one) => [one, '*']));
    const manifest = JSON.stringify({ name: `@acme/${name}`, dependencies });
    repo.write(`packages/${name}/package.json`, manifest);
    repo.write(`packages/${name}/src/task.ts`, code);
  }
  return repo;
}

test('what gives the task is named with its line, over packages in between; nothing is changed', () => {
  const repo = workspace('expo-background-task', {
    first: { needs: ['@acme/second'], code: 'export * from "@acme/second";\n' },
    second: { needs: ['@acme/first'], code: TASK },
    // Of another app.
    third: { code: TASK },
  });
  const before = readTree(repo.root);
  const { code, stdout } = repo.run('migrate', '--yes', '--cwd', 'apps/demo');
  expect(code).toBe(3);
  expect(stdout).toContain('Nothing was changed: the old task cannot be moved as it is.');
  expect(stdout.match(/^\d\. .*$/gm)).toEqual([
    '1. ../../packages/second/src/task.ts:6: why the old task cannot be moved',
    '2. ../../packages/second/src/task.ts:7: why the old task cannot be moved',
  ]);
  expect(stdout).toContain('is called in @acme/second, another package of the workspace');
  expect(changedPaths(before, readTree(repo.root))).toEqual([]);
  const json = repo.run('migrate', '--json', '--yes', '--cwd', 'apps/demo');
  expect(json.code).toBe(3);
  expect(JSON.parse(json.stdout)).toMatchObject({
    applied: false,
    manual: [{ line: 6 }, { line: 7 }],
  });
  // Once it is taken out there, the rest is no matter of this.
  repo.write('packages/second/src/task.ts', 'export {};\n');
  expect(repo.run('migrate', '--yes', '--cwd', 'apps/demo').code).toBe(0);
});

test('the tasks of react-native-background-fetch are found, too', () => {
  const repo = workspace('react-native-background-fetch', { first: { code: FETCH } });
  const { code, stdout } = repo.run('migrate', '--cwd', 'apps/demo');
  expect(code).toBe(3);
  expect(stdout).toContain('../../packages/first/src/task.ts:4: why');
});

test('an app’s own task does not go while a package has one', () => {
  const packages = { first: { code: TASK } };
  const repo = workspace('expo-background-task', packages, {
    'App.js': TASK.replaceAll("'sync'", "'own'").replace(/^.*where-am-i.*\n/m, ''),
  });
  const before = readTree(repo.root);
  expect(repo.run('migrate', '--yes', '--cwd', 'apps/demo').code).toBe(3);
  expect(changedPaths(before, readTree(repo.root))).toEqual([]);
  repo.write('packages/first/src/task.ts', "import 'expo-task-manager';\n");
  const { code, stdout } = repo.run('migrate', '--yes', '--cwd', 'apps/demo');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('Done: ');
});

test('a task of the location in a package is none of these libraries', () => {
  const code = `import { defineTask } from 'expo-task-manager';\ndefineTask('where', () => {});\n`;
  const repo = workspace('expo-background-task', { first: { code } });
  const result = repo.run('migrate', '--cwd', 'apps/demo');
  expect(result.code).toBe(0);
  expect(result.stdout).toContain('Nothing to migrate');
});
