import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { REPO } from '../helpers/cli.ts';

/** The real compiler says whether the app still compiles after `init`. */

const TSC = join(REPO, 'node_modules/typescript-7/bin/tsc');
const TYPES = readFileSync(join(REPO, 'tests/typescript/react-native.d.ts'), 'utf8');

const OPTIONS = {
  target: 'esnext',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022'],
  types: [],
  strict: true,
};

const json = (data: unknown): string => JSON.stringify(data, null, 2);

/** An app whose own code compiles, with these tsconfigs. */
function appWith(configs: Readonly<Record<string, object>>): TestApp {
  const app = testApp();
  app.write('src/main.ts', "import './background-sync';\n\nexport const main = 1;\n");
  app.write('src/types/react-native.d.ts', TYPES);
  for (const [path, config] of Object.entries(configs)) app.write(path, json(config));
  return app;
}

const tsc = (app: TestApp, ...args: string[]): string => {
  const { status, stdout } = spawnSync(process.execPath, [TSC, ...args], {
    cwd: app.root,
    encoding: 'utf8',
  });
  return status === 0 ? '' : stdout;
};

const folderOf = (app: TestApp): string =>
  (JSON.parse(app.read('bgsync.config.json')) as { moduleDir: string }).moduleDir;

const composite = { ...OPTIONS, composite: true, outDir: 'out' };

describe('a tsconfig that would refuse the package', () => {
  test.each<[string, Record<string, object>, string[], string]>([
    [
      'composite with a narrow include',
      { 'tsconfig.json': { compilerOptions: composite, include: ['src'] } },
      ['-p', '.'],
      'TS6307',
    ],
    [
      'a root folder',
      {
        'tsconfig.json': {
          compilerOptions: { ...OPTIONS, rootDir: './src', outDir: 'out' },
          include: ['src/**/*'],
        },
      },
      ['-p', '.'],
      'TS6059',
    ],
    [
      'a root folder in what it extends',
      {
        'tsconfig.json': { extends: './config/base', include: ['src/**/*.ts'] },
        'config/base.json': { compilerOptions: { ...OPTIONS, rootDir: '../src', noEmit: true } },
      },
      ['-p', '.'],
      'TS6059',
    ],
    [
      'a project that is referenced',
      {
        'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
        'tsconfig.app.json': { compilerOptions: composite, include: ['src'] },
      },
      ['-b'],
      'TS6307',
    ],
    [
      'composite, with the package excluded',
      {
        'tsconfig.json': {
          compilerOptions: composite,
          include: ['src', 'modules'],
          exclude: ['modules/*', 'node_modules'],
        },
      },
      ['-p', '.'],
      'TS6307',
    ],
  ])('%s', (_name, configs, args, code) => {
    // What it would be in the usual place: said, and so.
    const usual = appWith(configs);
    const said = usual.run('init', '--yes', '--module-dir', MODULE);
    expect(said.code).toBe(0);
    expect(said.stderr).toContain(`(${code}): tsc stops. Put the package into src/${MODULE}`);
    expect(tsc(usual, ...args)).toContain(code);

    const app = appWith(configs);
    app.init();
    expect(folderOf(app)).toBe(`src/${MODULE}`);
    expect(tsc(app, ...args)).toBe('');
    expect(app.run('init', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(app.run('doctor').code).toBe(0);
    expect(app.run('remove', '--yes', '--force').code).toBe(3);
    app.rewrite('src/main.ts', (text) => text.replace("import './background-sync';\n", ''));
    expect(tsc(app, ...args)).toBe('');
  });
});

describe('a tsconfig that takes the package in', () => {
  test.each<[string, Record<string, object>]>([
    [
      'a narrow include alone',
      { 'tsconfig.json': { compilerOptions: { ...OPTIONS, noEmit: true }, include: ['src'] } },
    ],
    [
      'composite, with all files',
      {
        'tsconfig.json': {
          compilerOptions: composite,
          exclude: ['out', 'ios', 'android', '__tests__', '*.js', '*.tsx'],
        },
      },
    ],
    [
      'the app for root folder',
      {
        'tsconfig.json': {
          compilerOptions: { ...OPTIONS, rootDir: '.', noEmit: true },
          include: ['src', 'modules'],
        },
      },
    ],
  ])('%s', (_name, configs) => {
    const app = appWith(configs);
    app.init();
    expect(folderOf(app)).toBe(MODULE);
    expect(tsc(app, '-p', '.')).toBe('');
  });

  test('the package in a folder that is listed by hand', () => {
    const app = appWith({
      'tsconfig.json': { compilerOptions: composite, include: ['src', 'modules/background-sync'] },
    });
    app.init();
    expect(folderOf(app)).toBe(MODULE);
    expect(tsc(app, '-p', '.')).toBe('');
  });

  test('one that leaves the handler out has nothing to refuse', () => {
    const app = appWith({
      'tsconfig.json': { compilerOptions: composite, include: ['lib/**/*.ts'] },
    });
    app.write('lib/a.ts', 'export {};\n');
    app.init();
    expect(folderOf(app)).toBe(MODULE);
    expect(tsc(app, '-p', '.')).toBe('');
  });
});
