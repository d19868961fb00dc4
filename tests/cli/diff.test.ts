import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { olderBgsync } from '../helpers/older-bgsync.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const CORE = `${MODULE}/src/core.ts`;
const PLIST = 'ios/HelloWorld/Info.plist';

interface DiffDocument {
  readonly differences: readonly { path: string; why: string[]; diff: string }[];
  readonly manual: readonly { path: string }[];
  readonly retired: boolean;
}

/** Runs `diff` for people and for programs, which have to agree and to write nothing. */
function diff(app: TestApp): DiffDocument & { code: number | null; stdout: string } {
  const before = readTree(app.root);
  const shown = app.run('diff');
  const json = app.run('diff', '--json');
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
  expect([shown.stderr, json.stderr]).toEqual(['', '']);
  expect(json.code).toBe(shown.code);
  const document = JSON.parse(json.stdout) as DiffDocument;
  const differs = document.differences.length + document.manual.length > 0;
  expect(shown.code).toBe(differs ? 4 : 0);
  return { ...document, code: shown.code, stdout: shown.stdout };
}

const whyOf = ({ differences }: DiffDocument): [string, string[]][] =>
  differences.map(({ path, why }) => [path, why]);

const asItWas = (text: string): string => text.replace('\n', '\n// as it was\n');

const setTaskId = (app: TestApp, taskId: string): void =>
  app.rewrite('bgsync.config.json', (text) => text.replace('dev.bgsync.processing', taskId));

test('nothing differs right after init', () => {
  const app = testApp();
  app.init('--pin');
  const { code, differences, manual, stdout } = diff(app);
  expect([code, differences, manual]).toEqual([0, [], []]);
  expect(stdout).toMatch(/^Everything is as bgsync \S+ generates it\.\n$/);
});

test('before init it says so', () => {
  const { code, stderr, stdout } = testApp().run('diff');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('There is no bgsync.config.json');
  expect(stderr).toContain('npx bgsync init');
});

test('a generated file that the user changed: both sides are shown', () => {
  const app = testApp();
  app.init();
  app.rewrite(CORE, (text) => `// mine\n${text}`);
  const found = diff(app);
  expect(whyOf(found)).toEqual([[CORE, ['your edit']]]);
  expect(found.differences[0]?.diff).toMatch(/^-\/\/ mine$/m);
  expect(found.stdout).toContain(`${CORE}  you changed it`);
  expect(found.stdout).toMatch(/^ {2}-\/\/ mine$/m);
});

test('a config that changed', () => {
  const app = testApp();
  app.init();
  setTaskId(app, 'com.example.sync');
  const found = diff(app);
  expect(found.differences.every(({ why }) => why.join() === 'config change')).toBe(true);
  const plist = found.differences.find(({ path }) => path === PLIST);
  // A phone that has the app may still start it for the old id.
  expect(plist?.diff).not.toContain('-\t\t<string>dev.bgsync.processing</string>');
  expect(plist?.diff).toContain('+\t\t<string>com.example.sync</string>');
  expect(found.stdout).toContain('the config changed');
  app.run('update', '--yes');
  expect(diff(app).code).toBe(0);
});

test('a newer bgsync, also in a file that the user changed', () => {
  const app = testApp();
  app.init();
  olderBgsync(app, { [`${MODULE}/README.md`]: (text) => `${text}As it was.\n`, [CORE]: asItWas });
  app.rewrite(CORE, (text) => `${text}// mine\n`);
  const found = diff(app);
  expect(whyOf(found)).toContainEqual([`${MODULE}/README.md`, ['new version']]);
  expect(whyOf(found)).toContainEqual([CORE, ['your edit', 'new version']]);
  expect(found.stdout).toMatch(/core\.ts {2,}you changed it; bgsync \S+ → \S+/);
});

test('files and edits that are gone', () => {
  const app = testApp();
  app.init();
  app.remove(CORE);
  app.remove(`${MODULE}/README.md`);
  app.rewrite('index.js', (text) => text.replace("import './src/background-sync';\n", ''));
  app.remove('src/background-sync.ts');
  const found = diff(app);
  expect(whyOf(found)).toEqual([
    [`${MODULE}/README.md`, ['missing']],
    [CORE, ['missing']],
    ['src/background-sync.ts', ['missing']],
    ['index.js', ['edit gone']],
  ]);
  expect(found.stdout).toContain('it is missing');
  expect(found.stdout).toContain('what bgsync put in is gone or changed');
});

test('a file that bgsync does not generate', () => {
  const app = testApp();
  app.init();
  app.write(`${MODULE}/src/mine.ts`, '');
  mkdirSync(join(app.root, MODULE, 'android/build/outputs'), { recursive: true });
  app.write(`${MODULE}/android/build/outputs/app.aar`, '');
  const found = diff(app);
  expect(whyOf(found)).toEqual([[`${MODULE}/src/mine.ts`, ['extra']]]);
  expect(found.stdout).toContain('bgsync does not generate it');
});

test('a conflict that is not settled', () => {
  const app = testApp();
  app.init();
  olderBgsync(app, { [CORE]: asItWas });
  app.rewrite(CORE, (text) => text.replace('// as it was', '// mine'));
  expect(app.run('update', '--yes').code).toBe(4);
  const found = diff(app);
  expect(whyOf(found)).toEqual([[CORE, ['conflict not settled']]]);
});

test('a step that is left to the user is a difference', () => {
  const app = testApp();
  app.init();
  app.rewrite('index.js', (text) => `<<<<<<< HEAD\n${text}`);
  const found = diff(app);
  expect(found.manual.map(({ path }) => path)).toEqual(['index.js']);
  expect(found.stdout).toContain('1 step left to you');
});

test('what the app retired, and an edit of it', () => {
  const app = testApp();
  app.init();
  app.run('remove', '--retire', '--yes');
  expect(diff(app)).toMatchObject({ code: 0, retired: true });
  app.rewrite(`${MODULE}/ios/Retirement.swift`, (text) => `${text}// mine\n`);
  expect(whyOf(diff(app))).toEqual([[`${MODULE}/ios/Retirement.swift`, ['your edit']]]);
});

test('names and lines of the repo cannot reach the terminal', () => {
  const app = testApp();
  app.init();
  const hostile = `\u001b[2J\u001b]0;x\u0007\u202e`;
  app.write(`${MODULE}/src/${hostile}.ts`, '');
  app.rewrite(CORE, (text) => `// ${hostile}\r${text}`);
  const found = diff(app);
  expect(found.code).toBe(4);

  expect(found.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(found.differences.map(({ path }) => path)).toContain(`${MODULE}/src/${hostile}.ts`);
});

test('an unreadable config or lock file is named', () => {
  const app = testApp();
  app.init();
  const lock = app.read(`${MODULE}/bgsync.lock.json`);
  const changes: ((data: Record<string, unknown>) => unknown)[] = [
    (data) => (data.edits = [null]),
    (data) => (data.edits = [{ path: 5 }]),
    (data) =>
      (data.edits = [{ path: 'a', kind: 'inserted', reason: '', sha256: '', pieces: [{}] }]),
    (data) => (data.files = { a: null }),
    (data) => (data.taskIds = [5]),
    (data) => (data.folders = [null]),
  ];
  const damaged = changes.map((change) => {
    const data = JSON.parse(lock) as Record<string, unknown>;
    change(data);
    return JSON.stringify(data);
  });
  for (const text of [lock.slice(0, 100), ...damaged]) {
    app.write(`${MODULE}/bgsync.lock.json`, text);
    const { code, stderr } = app.run('diff');
    expect([code, stderr]).toEqual([2, expect.stringContaining('bgsync.lock.json cannot be read')]);
    expect(app.run('remove', '--dry-run')).toMatchObject({ code: 2 });
  }
  app.write(`${MODULE}/bgsync.lock.json`, lock);
  app.write('bgsync.config.json', '{');
  expect(app.run('diff')).toMatchObject({ code: 2, stdout: '' });
  expect(app.run('diff').stderr).toContain('bgsync.config.json');
});

test('a file that a formatter rewrote is none that you changed', async () => {
  const app = testApp();
  app.init();
  const text = app.read(CORE);
  const style = { filepath: CORE, useTabs: true, singleQuote: false, printWidth: 60, semi: false };
  const formatted = await format(text, style);
  expect(formatted).not.toBe(text);
  app.write(CORE, formatted);
  expect(diff(app)).toMatchObject({ code: 0, differences: [] });
  expect(app.run('update', '--yes')).toMatchObject({ code: 0 });
  expect(app.read(CORE)).toBe(formatted);
  app.write(CORE, `${formatted}export const mine = 1\n`);
  expect(whyOf(diff(app))).toEqual([[CORE, ['your edit']]]);
});
