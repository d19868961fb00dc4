import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import {
  declaredVersion,
  packageVersion,
  resolveCatalog,
} from '../../../src/project/declared-version.ts';
import { scratchFolder } from '../../helpers/template-app.ts';
import { write } from '../../helpers/traits/files.ts';

describe('declaredVersion', () => {
  test.each([
    ['0.81.4', '0.81.4'],
    ['^0.81.4', '0.81.4'],
    ['~0.81', '0.81.0'],
    ['0.82.x', '0.82.0'],
    ['>=0.80.0 <0.84', '0.80.0'],
    ['0.84.0-rc.1', '0.84.0-rc.1'],
    ['npm:react-native-tvos@0.81.4-0', '0.81.4-0'],
    ['npm:@scope2/react-native@^0.83.1', '0.83.1'],
    ['npm:react-native-tvos', undefined],
    ['workspace:^0.81.0', '0.81.0'],
    ['workspace:*', undefined],
    [
      'patch:react-native@npm%3A0.85.3#~/.yarn/patches/react-native-npm-0.85.3-1a2b.patch',
      '0.85.3',
    ],
    ['patch:react-native@npm:0.85.3#./a.patch', '0.85.3'],
    ['github:facebook/react-native#v0.83.2', '0.83.2'],
    ['git+https://github.com/facebook/react-native.git#0.83-stable', '0.83.0'],
    ['facebook/react-native#semver:^0.81.0', '0.81.0'],
    ['facebook/react-native#83ab10f', undefined],
    ['facebook/react-native#0a1b2c3', undefined],
    ['https://example.org/react-native-0.81.4.tgz', '0.81.4'],
    ['file:../react-native-0.81', undefined],
    ['link:../rn', undefined],
    ['*', undefined],
    ['latest', undefined],
    ['', undefined],
    ['patch:react-native@npm%', undefined],
  ])('%s', (specifier, version) => {
    expect(declaredVersion(specifier)).toBe(version);
  });
});

describe('resolveCatalog', () => {
  const make = (files: Record<string, string>): string => {
    const root = realpathSync(scratchFolder());
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    write(root, { 'apps/mobile/package.json': '{}', ...files });
    return join(root, 'apps/mobile');
  };

  test.each<[string, Record<string, string>, string, string]>([
    [
      'pnpm, the default catalog',
      { 'pnpm-workspace.yaml': 'packages:\n  - a\ncatalog:\n  "react-native": ^0.83.0 # ours\n' },
      'catalog:',
      '^0.83.0',
    ],
    [
      'pnpm, a named catalog',
      { 'pnpm-workspace.yaml': 'catalogs:\n  next:\n    react: 20\n    react-native: 0.87.1\n' },
      'catalog:next',
      '0.87.1',
    ],
    [
      'Yarn',
      { '.yarnrc.yml': "catalog:\n  react-native: 'npm:0.81.4'\n" },
      'catalog:',
      'npm:0.81.4',
    ],
    [
      'Bun, in workspaces',
      { 'package.json': '{"workspaces":{"catalog":{"react-native":"0.84.1"}}}' },
      'catalog:',
      '0.84.1',
    ],
    [
      'a catalog without it',
      { 'pnpm-workspace.yaml': 'catalog:\n  react: 19\n' },
      'catalog:',
      'catalog:',
    ],
    ['no catalog', {}, 'catalog:next', 'catalog:next'],
    [
      'no specifier of a catalog',
      { 'pnpm-workspace.yaml': 'catalog:\n  react-native: 1\n' },
      '^0.81',
      '^0.81',
    ],
  ])('%s', async (_name, files, specifier, version) => {
    const resolved = await resolveCatalog(fileSystem, make(files), 'react-native', specifier);
    expect(resolved).toBe(version);
  });
});

describe('packageVersion: an app of a workspace that takes any version, as Nx makes it', () => {
  const versionOf = async (files: Record<string, string>, declared = '*') => {
    const root = realpathSync(scratchFolder());
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    write(root, { 'apps/mobile/package.json': '{}', ...files });
    return packageVersion(fileSystem, join(root, 'apps/mobile'), 'react-native', declared);
  };
  const rootSays = (specifier: string) => ({
    'package.json': JSON.stringify({ devDependencies: { 'react-native': specifier } }),
  });

  test.each<[string, Record<string, string>, string, string | undefined]>([
    ['the root’s own', rootSays('~0.84.1'), '*', '0.84.1'],
    ['an empty specifier', rootSays('~0.84.1'), '', '0.84.1'],
    [
      'a catalog of the root’s',
      { ...rootSays('catalog:'), 'pnpm-workspace.yaml': 'catalog:\n  react-native: 0.83.0\n' },
      '*',
      '0.83.0',
    ],
    ['a root that takes any version too', rootSays('*'), '*', undefined],
    ['a root that is no JSON', { 'package.json': '{' }, '*', undefined],
    ['a folder', rootSays('~0.84.1'), 'file:../rn', undefined],
  ])('%s', async (_name, files, declared, version) => {
    expect(await versionOf(files, declared)).toEqual({ version, isInstalled: false });
  });
});
