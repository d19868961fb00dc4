import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LOCK_FILE, decodeBase, parseLockFile } from '../../src/plan/lock-file.ts';
import type { LockFile } from '../../src/plan/lock-file.ts';
import { appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';
import { LOCK_CASES, integrate } from '../locks/cases.ts';
import type { LockCase } from '../locks/cases.ts';

const LOCKS = join(import.meta.dirname, '../locks');
const VERSIONS = readdirSync(LOCKS, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

function scratchApp(): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return appIn(root);
}

const lockPathOf = (tree: ReadonlyMap<string, Buffer>): string =>
  [...tree.keys()].find((path) => path.endsWith(`/${LOCK_FILE}`))!;

/** The app as that bgsync left it, and as it was before. */
function recordedApp(version: string, { make, name }: LockCase) {
  const app = scratchApp();
  make(app.root);
  const before = readTree(app.root);
  const recorded = readTree(join(LOCKS, version, name));
  for (const [path, text] of recorded) app.write(path, text.toString());
  const path = lockPathOf(recorded);
  const lock = parseLockFile(app.read(path))!;
  for (const [file, locked] of Object.entries(lock.files)) {
    app.write(join(dirname(path), file), decodeBase(locked)!);
  }
  return { app, before, path, lock };
}

const podsIn = ({ files }: LockFile): string[] =>
  Object.keys(files).flatMap((file) => /^(\w+)\.podspec$/.exec(file)?.[1] ?? []);

const idsIn = ({ edits }: LockFile): string[] => edits.map(({ path, id }) => `${path} ${id}`);

describe.each(VERSIONS)('what bgsync %s left', (version) => {
  const cases = LOCK_CASES.filter(({ name }) => existsSync(join(LOCKS, version, name)));

  test('is recorded', () => {
    expect(readdirSync(join(LOCKS, version)).sort()).toEqual(cases.map(({ name }) => name).sort());
  });

  test.each(cases.map((one) => [one.name, one] as const))(
    '%s: update keeps every edit, and remove leaves no trace',
    (_name, one) => {
      const { app, before, path, lock } = recordedApp(version, one);
      const linked = readTree(app.root);
      expect(app.run('diff').stdout).not.toContain('what bgsync put in is gone');
      const { code, stderr } = app.run('update', '--yes', '--allow-dirty');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const after = parseLockFile(app.read(path))!;
      expect(idsIn(after)).toEqual(idsIn(lock));
      expect(after.host).toBe(lock.host);
      // What the app's own Swift may import. Without iOS there is none, whatever an older version generated.
      const { platforms } = JSON.parse(app.read('bgsync.config.json')) as { platforms?: string[] };
      expect(podsIn(after)).toEqual(platforms?.includes('ios') === false ? [] : podsIn(lock));
      for (const pod of podsIn(after)) {
        const read = (file: string): string => app.read(join(dirname(path), file));
        expect(read(`${pod}.podspec`)).toContain(`s.name = '${pod}'`);
        const sources = Object.keys(after.files).filter((file) => file.endsWith('.mm'));
        expect(
          sources
            .map(read)
            .join('')
            .match(/import [<"].*-Swift\.h/g) ?? [],
        ).toEqual(
          sources.flatMap(() => [`import <${pod}/${pod}-Swift.h`, `import "${pod}-Swift.h`]),
        );
      }
      expect(after.edits.map(({ id }) => id)).not.toContain('unknown');
      // The files of the user's say the same; a pin names its version.
      const edited = changedPaths(linked, readTree(app.root)).filter(
        (file) => !file.startsWith(`${dirname(path)}/`) && file !== 'package.json',
      );
      expect(edited).toEqual(one.updates ?? []);
      expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0, stderr: '' });
      expect(changedPaths(before, readTree(app.root))).toEqual(one.keeps ?? []);
    },
  );

  test.each(cases.map((one) => [one.name, one] as const))(
    '%s: remove leaves no trace without an update',
    (_name, one) => {
      const { app, before } = recordedApp(version, one);
      expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0, stderr: '' });
      expect(changedPaths(before, readTree(app.root))).toEqual(one.keeps ?? []);
    },
  );
});

test.each(LOCK_CASES.map((one) => [one.name, one] as const))(
  '%s: a bgsync that words everything otherwise unhooks nothing',
  (_name, one) => {
    const app = scratchApp();
    integrate(one, app.root);
    const path = lockPathOf(readTree(app.root));
    const lock = parseLockFile(app.read(path))!;
    const edits = lock.edits.map((edit, index) => ({ ...edit, reason: `otherwise ${index}` }));
    app.write(path, `${JSON.stringify({ ...lock, edits }, null, 2)}\n`);
    const before = readTree(app.root);
    expect(app.run('update', '--yes', '--allow-dirty')).toMatchObject({ code: 0, stderr: '' });
    const changed = changedPaths(before, readTree(app.root));
    expect(changed.filter((file) => file !== path)).toEqual([]);
    expect(idsIn(parseLockFile(app.read(path))!)).toEqual(idsIn(lock));
  },
);

test('a lock file of a newer bgsync is left alone', () => {
  const app = scratchApp();
  integrate(LOCK_CASES[0]!, app.root);
  const path = lockPathOf(readTree(app.root));
  app.rewrite(path, (text) =>
    text.replace(/"lockVersion": \d+,\s+"bgsync": "[^"]*"/, '"lockVersion": 99, "bgsync": "9.1.0"'),
  );
  const before = readTree(app.root);
  for (const args of [['init', '--yes'], ['update', '--yes'], ['diff'], ['remove', '--force']]) {
    const { code, stderr } = app.run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('was written by bgsync 9.1.0, which is newer than this one');
  }
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});
