import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileSystem } from '../../src/file-system.ts';
import { findJournal, recover } from '../../src/plan/journal.ts';
import { seal } from '../../src/plan/seal.ts';
import { appIn } from '../helpers/app.ts';
import { CRASH_CASES, CRASH_HOSTS } from '../helpers/crash-cases.ts';
import {
  BIN,
  makeTemplateApp,
  runCli,
  scratchFolder,
  spawnCli,
  startCli,
} from '../helpers/template-app.ts';
import type { CliResult } from '../helpers/template-app.ts';
import { changedPaths, readFolders, readTree } from '../helpers/tree.ts';
import { shareOfRuns } from '../share.mjs';

/**
 * Every operation with BGSYNC_CRASH_ALL=1 (`npm run test:crash`); here one for each command, in the middle of its writing:
 * the others are tried in crash-points.test.ts, with a file system that dies.
 */
const ALL = process.env.BGSYNC_CRASH_ALL === '1';

/** With all of them, the next command is a whole one at each of these; between them only what it begins with. */
const WHOLE_EVERY = 7;

const HOOK = pathToFileURL(join(import.meta.dirname, '../helpers/crash-hook.mjs')).href;

interface Tree {
  readonly files: Map<string, Buffer>;
  readonly folders: readonly string[];
}

const treeOf = (root: string): Tree => ({ files: readTree(root), folders: readFolders(root) });

const isSame = (a: Tree, b: Tree): boolean =>
  changedPaths(a.files, b.files).length === 0 && a.folders.join('\n') === b.folders.join('\n');

function points(count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return ALL ? all : all.filter((n) => n === Math.ceil(count / 2));
}

describe.each(CRASH_CASES)('$host.name: $name, killed', ({ host, args, prepare }) => {
  let work = '';
  beforeAll(async () => {
    work = scratchFolder();
    // The first change of all makes the key: the operations of later ones are fewer.
    await seal(fileSystem, '');
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const killed = (root: string, n: number): Promise<CliResult> =>
    startCli(args, root, {
      NODE_OPTIONS: `--import=${HOOK}`,
      BGSYNC_CRASH_AT: String(n),
      BGSYNC_CRASH_COUNT: join(work, 'count'),
    });

  test(
    'at any operation: the next command finds the old tree or the new one, and can go on',
    { timeout: ALL ? 3_600_000 : 120_000 },
    async () => {
      const pristine = join(work, 'pristine');
      mkdirSync(pristine);
      host.make(pristine);
      prepare(appIn(pristine));
      const old = treeOf(pristine);

      const fresh = (root: string): void => {
        rmSync(root, { recursive: true, force: true });
        cpSync(pristine, root, { recursive: true });
      };
      const whole = join(work, 'whole');
      fresh(whole);
      await killed(whole, 0);
      const done = treeOf(whole);
      expect(isSame(old, done)).toBe(false);
      const count = Number(readFileSync(join(work, 'count'), 'utf8'));
      expect(count).toBeGreaterThan(100);

      const ends = { old: 0, new: 0 };
      /** @returns whether the tree is the old one again */
      const killAt = async (root: string, n: number): Promise<boolean> => {
        expect([n, (await killed(root, n)).code]).toEqual([n, null]);
        const goesOn = !ALL || n % WHOLE_EVERY === 0;
        if (goesOn) {
          // It recovers, and then has no one to ask.
          const next = await startCli(['remove'], root);
          const codes = expect.toBeOneOf([0, 2]) as unknown;
          expect([n, next.code, next.stderr.includes('bug')]).toEqual([n, codes, false]);
        } else {
          await recover(fileSystem, root);
        }
        const now = treeOf(root);
        const end = isSame(old, now) ? 'old' : isSame(done, now) ? 'new' : undefined;
        if (end === undefined) {
          const differing = [old, done].map(({ files }) => changedPaths(files, now.files));
          expect([n, ...differing]).toBe('the old tree or the new one');
        } else {
          ends[end] += 1;
        }
        if (end !== 'old' || !goesOn) return end === 'old';
        await startCli(args, root);
        expect([n, isSame(done, treeOf(root))]).toEqual([n, true]);
        return false;
      };

      const waiting = points(count);
      const killAll = async (root: string): Promise<void> => {
        let isOld = false;
        for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
          if (!isOld) fresh(root);
          isOld = await killAt(root, n);
        }
      };
      const roots = Array.from({ length: availableParallelism() }, (_, n) => join(work, `app${n}`));
      await Promise.all(roots.map(killAll));
      // Both ends are met: otherwise the hook has not seen the writes.
      expect(ends.old).toBeGreaterThan(ALL ? 5 : 0);
      expect(ends.new).toBeGreaterThan(ALL ? 0 : -1);
    },
  );
});

test('doctor and diff say that a change is half done, and leave it to the next command', async () => {
  const root = scratchFolder();
  try {
    makeTemplateApp('0.87', root);
    appIn(root).init('--pin');
    const args = ['remove', '--yes', '--force'];
    spawnCli(args, root, { NODE_OPTIONS: `--import=${HOOK}`, BGSYNC_CRASH_AT: '40' });
    const half = treeOf(root);
    expect(await findJournal(fileSystem, root)).toBeDefined();
    expect(runCli(['doctor'], root).code).not.toBe(0);
    const shown = runCli(['diff'], root);
    expect(shown.stderr).toContain('interrupted');
    expect(isSame(half, treeOf(root))).toBe(true);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

describe.each(CRASH_HOSTS)('$name: several at once', ({ make, options }) => {
  const SEED = Number(process.env.BGSYNC_SEED ?? Date.now() % 1e6);
  let state = SEED;
  /** Numerical Recipes’ generator: the same seed gives the same rounds. @returns 0 to 1 */
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;

  const RUNS = [
    ['init', '--yes', ...options, '--allow-dirty'],
    ['update', '--yes', '--allow-dirty'],
    ['remove', '--yes', '--force', '--allow-dirty'],
  ];
  let root = '';
  let without: Tree;
  let whole: Tree;
  beforeAll(() => {
    root = scratchFolder();
    make(root);
    appIn(root).commit();
    without = treeOf(root);
    expect(appIn(root).run('init', '--yes', ...options).code).toBe(0);
    whole = treeOf(root);
    process.stdout.write(`BGSYNC_SEED=${SEED}\n`);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** @returns `without`, `whole`, or how it differs from both */
  const stateNow = (): string => {
    const now = treeOf(root);
    if (isSame(without, now)) return 'without';
    return isSame(whole, now)
      ? 'whole'
      : `neither: ${changedPaths(whole.files, now.files).join(', ')}; ${changedPaths(without.files, now.files).join(', ')}`;
  };

  test(
    'each tells the truth, and what is left is the app with bgsync or without it',
    { timeout: 1_800_000 },
    async () => {
      for (let round = 0; round < (ALL ? 50 : shareOfRuns(10)); round += 1) {
        const args = [pick(RUNS), pick(RUNS), pick(RUNS)];
        const ended = await Promise.all(args.map((one) => startCli(one, root)));
        for (const { code, stderr } of ended) {
          expect([SEED, round, code, stderr]).toEqual([
            SEED,
            round,
            expect.toBeOneOf([0, 2]),
            expect.not.stringContaining('bug'),
          ]);
        }
        const now = stateNow();
        expect([SEED, round, args, now]).toEqual([
          SEED,
          round,
          args,
          expect.toBeOneOf(['without', 'whole']),
        ]);
        // Whoever says that it has changed something has: the last of them is what is there.
        const changed = args.filter((_, n) => /^Done: /m.test(ended[n]!.stdout));
        if (changed.length > 0 && changed.every(([name]) => name === changed[0]![0])) {
          expect([SEED, round, now]).toEqual([
            SEED,
            round,
            changed[0]![0] === 'remove' ? 'without' : 'whole',
          ]);
        }
      }
    },
  );

  test(
    'killed at any moment: the next command leaves the app with bgsync or without it',
    { timeout: 1_800_000 },
    async () => {
      let kills = 0;
      for (let round = 0; kills < (ALL ? 150 : shareOfRuns(25)); round += 1) {
        const args = [pick(RUNS), pick(RUNS), pick(RUNS)];
        await Promise.all(
          args.map(async (one) => {
            const after = 150 + random() * 900;
            const child = spawn(process.execPath, [BIN, ...one], { cwd: root, stdio: 'ignore' });
            const timer = setTimeout(() => child.kill('SIGKILL'), after);
            const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
            clearTimeout(timer);
            if (signal === 'SIGKILL') kills += 1;
          }),
        );
        await recover(fileSystem, root);
        const now = stateNow();
        expect([SEED, round, args, now]).toEqual([
          SEED,
          round,
          args,
          expect.toBeOneOf(['without', 'whole']),
        ]);
      }
    },
  );
});
