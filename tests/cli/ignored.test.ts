import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MODULE, appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

/** Rules meant for the app's own folders match in the generated package too; the app's ignore files take it back. */

/** What of bgsync's a clone would not have. */
const leftOut = (app: TestApp): string[] => {
  app.git('add', '--all');
  const known = new Set(app.git('ls-files').split('\n'));
  return [...readTree(app.root).keys()].filter(
    (path) => /background-sync|bgsync|react-native\.config/.test(path) && !known.has(path),
  );
};

/** `init` leaves nothing to a person, nothing for doctor and nothing for itself; `remove` leaves what was there. */
function isTakenBack(app: TestApp, at: string): void {
  const before = readTree(app.root);
  const first = app.run('init', '--yes');
  expect(first.code, first.stdout + first.stderr).toBe(0);
  expect(first.stdout).toMatch(
    new RegExp(`(?:create|edit) +${at.replaceAll('.', '\\.')} +lets what is generated reach`),
  );
  const after = readTree(app.root);
  const doctor = app.run('doctor', '--only', 'X11,E02');
  expect(doctor.code, doctor.stdout).toBe(0);
  for (const command of ['init', 'update']) expect(app.run(command, '--yes').code).toBe(0);
  expect(changedPaths(after, readTree(app.root))).toEqual([]);
  const remove = app.run('remove', '--yes', '--force');
  expect(remove.code, remove.stdout + remove.stderr).toBe(0);
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
  app.run('init', '--yes');
}

test.each([
  ['.gitignore', 'node_modules/\nios/\nandroid', '.gitignore'],
  ['.gitignore', 'modules/\r\n', '.gitignore'],
  ['.gitignore', '[Dd]ebug/\n[Rr]elease/\n', '.gitignore'],
  ['.gitignore', '*.podspec\n/src/background*\n*.config.j?\n', '.gitignore'],
  ['modules/.gitignore', '**/debug/**\n', 'modules/.gitignore'],
  ['.git/info/exclude', 'Debug/\ndebug/\n*.mm\n', '.gitignore'],
])('%s with %j', (path, text, at) => {
  const app = testApp();
  app.git('init', '-q');
  if (path === '.gitignore') app.remove(path);
  app.write(path, text);
  isTakenBack(app, at);
  expect(leftOut(app)).toEqual([]);
  // The rest of what was ignored still is.
  const other =
    text.startsWith('modules/') || path.startsWith('modules/')
      ? 'modules/other/debug/x'
      : 'other/debug/x.podspec';
  if (!text.startsWith('node_modules')) app.git('check-ignore', other);
});

test('what a user’s own excludes ignore is taken back in the app, whose ignore file is made', () => {
  const app = testApp();
  app.git('init', '-q');
  app.write('mine', '[Dd]ebug/\n');
  app.git('config', 'core.excludesFile', join(app.root, 'mine'));
  app.remove('.gitignore');
  isTakenBack(app, '.gitignore');
  expect(leftOut(app)).toEqual([]);
});

test('doctor says what init would put in; what was added by force is in the repository', () => {
  const app = testApp();
  app.git('init', '-q');
  app.rewrite('.gitignore', (text) => `${text}\n[Dd]ebug/\n`);
  app.init();
  app.rewrite('.gitignore', (text) => text.replace(/^!\/modules.*\n/gm, ''));
  const doctor = app.run('doctor', '--only', 'X11');
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain('!/modules/background-sync/android/src/debug/');
  app.git('add', '--all');
  app.git('add', '--force', `${MODULE}/android/src/debug`);
  expect(app.run('doctor', '--only', 'X11').code).toBe(0);
});

test.each(['*.kt\n', '*.swift\n*.mm\n'])('%j needs too many lines: they are printed', (rules) => {
  const app = testApp();
  app.git('init', '-q');
  app.rewrite('.gitignore', (text) => text + rules);
  const first = app.run('init', '--yes', '--json');
  expect(first.code).toBe(3);
  const { manual } = JSON.parse(first.stdout) as { manual: { path: string; snippet: string }[] };
  expect(manual.map(({ path }) => path)).toEqual(['.gitignore']);
  app.rewrite('.gitignore', (text) => `${text}${manual[0]?.snippet}\n`);
  expect(app.run('init', '--yes').code).toBe(0);
  expect(leftOut(app)).toEqual([]);
});

test('lines that stand before the rule are left to a person', () => {
  const app = testApp();
  app.git('init', '-q');
  app.rewrite('.gitignore', (text) => `${text}!/modules/background-sync/ios/\nios/\n`);
  const { code, stdout } = app.run('init', '--yes');
  expect(code).toBe(3);
  expect(stdout).toContain('Add this at its end:\n\n!/modules/background-sync/ios/\n');
});

test('a package that moves is taken back where it comes to', () => {
  const app = testApp();
  app.git('init', '-q');
  app.rewrite('.gitignore', (text) => `${text}ios/\n`);
  app.init();
  app.rewrite('bgsync.config.json', (text) => text.replaceAll(MODULE, 'native/sync'));
  app.run('update', '--yes', '--allow-dirty');
  expect(app.read('.gitignore')).toContain('!/native/sync/ios/');
  expect(app.read('.gitignore')).not.toContain(MODULE);
});

test('a repository that ignores the whole app says nothing', () => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeTemplateApp('0.87', join(root, 'apps/one'));
  const repo = appIn(root);
  repo.write('.gitignore', '/apps/\n');
  repo.git('init', '-q');
  appIn(join(root, 'apps/one')).init();
});

test('.easignore', () => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeExpoFixture(root, { files: { '.easignore': '**/background-sync\n[Dd]ebug/\n' } });
  isTakenBack(appIn(root), '.easignore');
});

test('the plugin of a Flutter app', () => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeFlutterApp(root, '3.44', { '.gitignore': '.dart_tool/\nios/\n' });
  isTakenBack(appIn(root), '.gitignore');
});
