/** Where the copy that runs comes from, by where it lies: a pin on what no registry has breaks every install. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../src/file-system.ts';
import { isFromRegistry } from '../../src/project/registry.ts';
import { VERSION } from '../../src/version.ts';
import { testApp } from '../helpers/app.ts';
import { REPO } from '../helpers/cli.ts';
import { scratchFolder } from '../helpers/template-app.ts';

const scratch = (): string => {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
};

/** As npm 11 and 10 write it; what they leave out differs. */
const lockOf = (entry: object): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { 'node_modules/bgsync': { version: VERSION, integrity: 'sha512-x', ...entry } },
  });

test.each([
  ['of a registry that npm does not name', {}, true],
  [
    'of the registry',
    { resolved: `https://registry.npmjs.org/bgsync/-/bgsync-${VERSION}.tgz` },
    true,
  ],
  [
    'of a registry of one’s own',
    { resolved: `http://localhost:4873/bgsync/-/bgsync-${VERSION}.tgz` },
    true,
  ],
  ['of a tarball', { resolved: `file:../bgsync-${VERSION}.tgz` }, false],
  ['of a tarball elsewhere', { resolved: 'https://example.com/bgsync.tgz' }, false],
  [
    'of git',
    { resolved: 'git+ssh://git@github.com/a/bgsync.git#abc', integrity: undefined },
    false,
  ],
  ['of a link', { resolved: '../bgsync', link: true, integrity: undefined }, false],
  ['of another version', { version: '0.0.1' }, false],
])('what npm has %s: %j', async (_, entry, expected) => {
  const modules = join(scratch(), '_npx/f671/node_modules');
  mkdirSync(join(modules, 'bgsync'), { recursive: true });
  writeFileSync(join(modules, '.package-lock.json'), lockOf(entry));
  expect(await isFromRegistry(fileSystem, join(modules, 'bgsync'))).toBe(expected);
});

test.each([
  [`dlx/ab/node_modules/.pnpm/bgsync@${VERSION}/node_modules/bgsync`, true],
  [`dlx/ab/node_modules/.pnpm/bgsync@file+bgsync-${VERSION}.tgz/node_modules/bgsync`, false],
  [`bgsync@${VERSION}/node_modules/bgsync`, false],
  [`cache/bgsync-npm-${VERSION}-285e4fa21f-10c0.zip/node_modules/bgsync`, true],
  [`dlx-1/.yarn/unplugged/bgsync-npm-${VERSION}-285e4fa21f/node_modules/bgsync`, true],
  [`cache/bgsync-file-285e4fa21f-10c0.zip/node_modules/bgsync`, false],
  ['lib/node_modules/bgsync', false],
  ['src/bgsync', false],
])('%s', async (path, expected) => {
  expect(await isFromRegistry(fileSystem, join(scratch(), path))).toBe(expected);
});

test('a lock file that cannot be read says nothing', async () => {
  const modules = join(scratch(), 'node_modules');
  mkdirSync(join(modules, 'bgsync'), { recursive: true });
  writeFileSync(join(modules, '.package-lock.json'), '{');
  expect(await isFromRegistry(fileSystem, join(modules, 'bgsync'))).toBe(false);
});

test.each([
  ['a registry', { resolved: `https://registry.npmjs.org/bgsync/-/bgsync-${VERSION}.tgz` }, true],
  ['a tarball', { resolved: `file:bgsync-${VERSION}.tgz` }, false],
])('init --yes of a copy from %s: whether it advises the pin', (_, entry, isAdvised) => {
  const app = testApp();
  const modules = join(scratch(), 'node_modules');
  for (const part of ['bin', 'dist', 'templates', 'package.json'])
    cpSync(join(REPO, part), join(modules, 'bgsync', part), { recursive: true });
  writeFileSync(join(modules, '.package-lock.json'), lockOf(entry));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(modules, 'bgsync/bin/bgsync.js'), 'init', '--yes'],
    { cwd: app.root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  expect(stdout, stderr).toContain('Done: ');
  const advice = `npm install --save-dev --save-exact bgsync@${VERSION}   (CI then runs this version)`;
  expect(stdout.includes(advice)).toBe(isAdvised);
  if (!isAdvised) expect(stdout).not.toContain('bgsync@');
});
