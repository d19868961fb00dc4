import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RefusedError, fileSystem, limitOf } from '../../../src/file-system.ts';
import { at, installed, namedByUser } from '../../../src/place.ts';
import { changedPaths, readTree } from '../../helpers/tree.ts';

let top = '';
let root = '';
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'bgsync-door-'));
  root = join(top, 'app');
  mkdirSync(join(root, '.git'), { recursive: true });
  mkdirSync(join(root, 'sub'));
  mkdirSync(join(top, 'outside'));
  writeFileSync(join(top, 'outside/secret'), 'secret');
  writeFileSync(join(root, '.git/config'), 'secret');
  writeFileSync(join(root, 'sub/file'), 'text');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const refusal = async (path: string): Promise<unknown> =>
  fileSystem.read(at(root, path)).then(
    (bytes) => bytes?.toString(),
    (error: unknown) => (error instanceof RefusedError ? error.why : error),
  );

describe('reading', () => {
  it('follows links that stay inside', async () => {
    symlinkSync('sub/file', join(root, 'link'));
    symlinkSync('sub', join(root, 'folder'));
    expect(await refusal('link')).toBe('text');
    expect(await refusal('folder/file')).toBe('text');
  });

  it('works below a root that is a link itself', async () => {
    symlinkSync('app', join(top, 'alias'));
    expect((await fileSystem.read(at(join(top, 'alias'), 'sub/file')))?.toString()).toBe('text');
  });

  it.each([
    ['a file outside', '../outside/secret', 'link'],
    ['a folder outside', '../outside', 'link/secret'],
    ['git’s own', '.git/config', 'link'],
    ['git’s folder', '.git', 'link/config'],
    ['a device', '/dev/zero', 'link'],
  ])('refuses a link to %s', async (_name, target, path) => {
    symlinkSync(target, join(root, 'link'));
    expect(await refusal(path)).toBe('link');
  });

  it('takes a link that leads nowhere, or round, for absent', async () => {
    symlinkSync('gone', join(root, 'gone'));
    symlinkSync('b', join(root, 'a'));
    symlinkSync('a', join(root, 'b'));
    for (const path of ['gone', 'a', 'sub/file/x', 'x'.repeat(5000)]) {
      expect(await refusal(path)).toBeUndefined();
    }
  });

  it('refuses what is no regular file, and waits for nothing', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('pipe', join(root, 'link'));
    const server = createServer().listen(join(root, 'socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    for (const path of ['pipe', 'link', 'socket', 'sub']) expect(await refusal(path)).toBe('kind');
    server.close();
  });

  it('refuses a file beyond the limit of its kind', async () => {
    for (const name of ['index.js', 'package.json', 'p.pbxproj']) {
      const limit = limitOf(at(root, name));
      writeFileSync(join(root, name), '');
      truncateSync(join(root, name), limit + 1);
      expect(await refusal(name)).toBe('size');
      truncateSync(join(root, name), limit);
      expect(await refusal(name)).toHaveLength(limit);
    }
  });

  it('follows the links that package managers make, and those of a file that the user names', async () => {
    mkdirSync(join(root, 'node_modules'));
    symlinkSync('../../outside', join(root, 'node_modules/react-native'));
    const place = installed(root, 'react-native', 'secret')!;
    expect((await fileSystem.read(place))?.toString()).toBe('secret');
    const named = namedByUser(join(root, 'node_modules/react-native/secret'));
    expect((await fileSystem.read(named))?.toString()).toBe('secret');
  });
});

describe('writing', () => {
  it.each([
    ['a link to a file outside', 'secret', 'link'],
    ['a link to a folder outside', '', 'link/new'],
    ['a link to a folder outside, deeper', '', 'link/a/b'],
    ['a link to a file that is not there yet', 'new', 'link'],
  ])('refuses %s, for all that writes', async (_name, target, path) => {
    symlinkSync(join('../outside', target), join(root, 'link'));
    const before = readTree(top);
    const place = at(root, path);
    const below = path === 'link' ? [] : [fileSystem.mkdir(place)];
    const created = path === 'link' ? [] : [fileSystem.createExclusive(place, 'x')];
    const results = await Promise.allSettled([fileSystem.write(place, 'x'), ...below, ...created]);
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'rejected'));
    await fileSystem.remove(at(root, 'link/secret')).catch(() => undefined);
    expect(changedPaths(before, readTree(top))).toEqual([]);
  });

  it('removes and renames a link, not what it leads to', async () => {
    symlinkSync('../outside/secret', join(root, 'a'));
    await fileSystem.rename(at(root, 'a'), at(root, 'b'));
    await fileSystem.remove(at(root, 'b'));
    expect([...readTree(top).keys()]).toContain('outside/secret');
  });

  it('writes through a link that stays inside', async () => {
    symlinkSync('sub/file', join(root, 'link'));
    await fileSystem.write(at(root, 'link'), 'new');
    expect(await refusal('sub/file')).toBe('new');
    expect(await fileSystem.isSymlink(at(root, 'link'))).toBe(true);
  });
});

it('lets a signal in between two files, however many are read', async () => {
  const seen = { isIn: false };
  setImmediate(() => (seen.isIn = true));
  // Promises that are settled already: without a turn of the event loop this never ends before its time.
  const end = performance.now() + 2000;
  while (!seen.isIn && performance.now() < end) await fileSystem.read(at(root, 'sub/file'));
  expect(seen.isIn).toBe(true);
});
