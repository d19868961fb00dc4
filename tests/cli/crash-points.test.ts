/**
 * Each command, dying at its operations on files: the next one finds the old tree or the new one. The file system dies, not
 * a process, so that many points are tried in little time; processes are killed in crash.test.ts.
 */
import { EventEmitter } from 'node:events';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../src/file-system.ts';
import { fileSystem } from '../../src/file-system.ts';
import { seal } from '../../src/plan/seal.ts';
import { run } from '../../src/run.ts';
import { appIn } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { CRASH_CASES, REACT_NATIVE } from '../helpers/crash-cases.ts';
import type { CrashCase } from '../helpers/crash-cases.ts';
import { dyingFileSystem } from '../helpers/dying-file-system.ts';
import type { Death } from '../helpers/dying-file-system.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { quietReport, testContext } from '../helpers/test-context.ts';
import { changedPaths, readFolders, readTree } from '../helpers/tree.ts';
import { shareBetween } from '../share.mjs';
import { SHAPES } from './migrate/shapes.ts';

/** Every operation, in each way (`npm run test:crash`); here the first and last ones, and some between. */
const ALL = process.env.BGSYNC_CRASH_ALL === '1';
const DEATHS: readonly Death[] = ['before', 'half', 'after'];

interface Tree {
  readonly files: Map<string, Buffer>;
  readonly folders: readonly string[];
}

const treeOf = (root: string): Tree => ({ files: readTree(root), folders: readFolders(root) });

const isSame = (a: Tree, b: Tree): boolean =>
  changedPaths(a.files, b.files).length === 0 && a.folders.join('\n') === b.folders.join('\n');

function pointsOf(count: number, oneOf: number): (readonly [number, Death])[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  if (ALL) return all.flatMap((n) => DEATHS.map((death) => [n, death] as const));
  const some = all.filter((n) => n <= 6 || n > count - 6 || n % oneOf === 0);
  return shareBetween(some, 'operations in between', 6, 6).map(
    (n) => [n, DEATHS[n % DEATHS.length]!] as const,
  );
}

/** A task of react-native-background-fetch in two files, beside lines of the user's that stay. */
function addTask(app: TestApp): void {
  app.rewrite('package.json', (text) =>
    text.replace('"react": ', '"react-native-background-fetch": "^4.2.7",\n    "react": '),
  );
  const shape = SHAPES['one function for both, and a switch'];
  for (const [path, text] of Object.entries(shape?.files ?? {})) app.write(path, text);
  app.rewrite(
    'index.js',
    (text) => `${text.trimEnd()}\nimport { start } from './src/fetch';\nstart();\n`,
  );
}

const MIGRATE: CrashCase = {
  host: REACT_NATIVE,
  name: 'migrate',
  args: ['migrate', '--yes'],
  prepare: addTask,
};

/** @returns the exit code, and what was said to standard error */
async function bgsync(
  args: readonly string[],
  cwd: string,
  fs: FileSystem,
): Promise<{ code: number; said: string }> {
  let said = '';
  const report = quietReport({ warn: (text) => (said += `${text}\n`) });
  const context = testContext({ cwd, fs, report, env: process.env });
  const code = await run(args, { ...context, signals: new EventEmitter(), exit: () => undefined });
  return { code, said };
}

describe.each([...CRASH_CASES, MIGRATE])('$host.name: $name', ({ host, args, prepare }) => {
  let work = '';
  let pristine = '';
  beforeAll(async () => {
    work = scratchFolder();
    pristine = join(work, 'pristine');
    mkdirSync(pristine);
    host.make(pristine);
    prepare(appIn(pristine));
    // The first change of all makes the key: the operations of later ones are fewer.
    await seal(fileSystem, '');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const fresh = (): string => {
    const root = join(work, 'app');
    rmSync(root, { recursive: true, force: true });
    cpSync(pristine, root, { recursive: true });
    return root;
  };

  test(
    'dying at any operation, it leaves what the next command puts right',
    { timeout: ALL ? 3_600_000 : 300_000 },
    async () => {
      const old = treeOf(pristine);
      const counting = dyingFileSystem(0, 'before');
      let root = fresh();
      expect(await bgsync(args, root, counting)).toMatchObject({ code: 0 });
      const done = treeOf(root);
      expect(isSame(old, done)).toBe(false);
      expect(counting.operations).toBeGreaterThan(30);

      const ends = { old: 0, new: 0 };
      root = fresh();
      for (const [n, death] of pointsOf(counting.operations, host.oneOf)) {
        const at = `${death} operation ${n}`;
        await bgsync(args, root, dyingFileSystem(n, death));
        // It undoes what is half done, and then has no one to ask.
        const next = await bgsync(['remove'], root, fileSystem);
        expect([at, next.said]).toEqual([at, expect.not.stringContaining('bug')]);
        const now = treeOf(root);
        if (isSame(done, now)) {
          ends.new += 1;
          root = fresh();
          continue;
        }
        expect([at, changedPaths(old.files, now.files), now.folders]).toEqual([
          at,
          [],
          old.folders,
        ]);
        ends.old += 1;
      }
      expect((await bgsync(args, root, fileSystem)).code).toBe(0);
      expect(isSame(done, treeOf(root))).toBe(true);
      // Both ends are met: otherwise nothing was written through the door.
      expect(ends.old).toBeGreaterThan(5);
      expect(ends.new).toBeGreaterThan(0);
    },
  );
});
