import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRuntimeTsconfig } from '../../../src/devices/local/tsconfig.ts';
import { fileSystem } from '../../../src/file-system.ts';

let top: string;
let root: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'bgsync-tsconfig-')));
  root = join(top, 'apps/app');
  mkdirSync(root, { recursive: true });
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const write = (path: string, value: unknown): void => {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), typeof value === 'string' ? value : JSON.stringify(value));
};

const optionsOf = async (): Promise<Record<string, unknown>> => {
  const text = await createRuntimeTsconfig(fileSystem, root);
  return (JSON.parse(text) as { compilerOptions: Record<string, unknown> }).compilerOptions;
};

describe('what it extends is found', () => {
  const base = { compilerOptions: { experimentalDecorators: true } };

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['above the app, without its ending', '../../base', { 'base.json': base }],
    ['in a package, by a path', 'pkg/x.json', { 'apps/app/node_modules/pkg/x.json': base }],
    ['in a package, without the ending', 'pkg/x', { 'node_modules/pkg/x.json': base }],
    ['in a package', '@a/pkg', { 'node_modules/@a/pkg/tsconfig.json': base }],
    [
      'by what a package exports',
      'pkg',
      {
        'node_modules/pkg/package.json': { exports: { '.': './a.json' } },
        'node_modules/pkg/a.json': base,
      },
    ],
    [
      'by a path that a package exports',
      'pkg/strict',
      {
        'node_modules/pkg/package.json': { exports: { './strict': { default: './a.json' } } },
        'node_modules/pkg/a.json': base,
      },
    ],
    [
      'by what a package says of itself',
      'pkg',
      { 'node_modules/pkg/package.json': { tsconfig: 'a.json' }, 'node_modules/pkg/a.json': base },
    ],
  ])('%s', async (_where, name, files) => {
    write('apps/app/tsconfig.json', { extends: name });
    for (const [path, value] of Object.entries(files)) write(path, value);
    expect(await optionsOf()).toEqual({ experimentalDecorators: true, jsx: 'react' });
  });

  it('and the nearer one wins, with paths from where they stand', async () => {
    write('base.json', {
      compilerOptions: { baseUrl: '.', paths: { a: ['x'] }, experimentalDecorators: true },
    });
    write('apps/app/tsconfig.json', {
      extends: ['../../base.json'],
      compilerOptions: {
        paths: { ['__proto__']: ['y'], b: ['z', 1] },
        experimentalDecorators: false,
      },
    });
    expect(await optionsOf()).toEqual({
      baseUrl: top,
      paths: { b: [join(top, 'z')] },
      experimentalDecorators: false,
      jsx: 'react',
    });
  });
});

describe.runIf(process.platform !== 'win32')(
  'what would hang or fill the memory is refused',
  () => {
    const pipe = (path: string): void => {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      execFileSync('mkfifo', [join(top, path)]);
    };

    it('as the app’s own', async () => {
      pipe('apps/app/tsconfig.json');
      await expect(optionsOf()).rejects.toThrow('is a named pipe, where a file is expected');
    });

    it.each(['../../base.json', 'pkg/x.json'])('as %s, which it extends', async (name) => {
      write('apps/app/tsconfig.json', { extends: name });
      pipe('base.json');
      pipe('node_modules/pkg/x.json');
      await expect(optionsOf()).rejects.toThrow('is a named pipe');
    });

    it('as the manifest of a package that it extends', async () => {
      write('apps/app/tsconfig.json', { extends: 'pkg' });
      pipe('node_modules/pkg/package.json');
      await expect(optionsOf()).rejects.toThrow('is a named pipe');
    });

    it('as a device that a link leads to', async () => {
      symlinkSync('/dev/zero', join(root, 'tsconfig.json'));
      await expect(optionsOf()).rejects.toThrow('is a device');
    });

    it('as one of more than 2 MB', async () => {
      write('apps/app/tsconfig.json', `{}${' '.repeat(2 << 20)}`);
      await expect(optionsOf()).rejects.toThrow('bgsync reads up to');
    });
  },
);

it.each([
  ['itself', { 'apps/app/tsconfig.json': { extends: './tsconfig.json' } }],
  [
    'itself twice, in each of many levels',
    { 'apps/app/tsconfig.json': { extends: ['./tsconfig.json', './tsconfig.json', './tsconfig'] } },
  ],
  ['a name with NUL', { 'apps/app/tsconfig.json': { extends: 'a\0b' } }],
  ['a package without a name', { 'apps/app/tsconfig.json': { extends: '' } }],
  ['100,000 levels', { 'apps/app/tsconfig.json': '{"extends":'.repeat(100_000) }],
])('one that extends %s is read to an end', async (_what, files) => {
  for (const [path, value] of Object.entries(files)) write(path, value);
  expect(await optionsOf()).toEqual({ jsx: 'react' });
});
