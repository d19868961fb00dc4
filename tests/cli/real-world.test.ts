import { createTwoFilesPatch } from 'diff';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { appIn } from '../helpers/app.ts';
import { runCli, scratchFolder } from '../helpers/template-app.ts';
import { TRAITS } from '../helpers/traits/index.ts';
import type { PrintedStep, Trait } from '../helpers/traits/trait.ts';
import { changedPaths, readFolders, readTree } from '../helpers/tree.ts';
import { shareOf } from '../share.mjs';

const GOLDEN = join(import.meta.dirname, '../golden/real-world');
const isGenerated = (path: string): boolean => path.includes('modules/background-sync/');

function makeApp({ make, cwd = '', app = cwd }: Trait): { root: string; cwd: string; app: string } {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  make(root);
  return { root, cwd: join(root, cwd), app: join(root, app) };
}

/** Without what differs from machine to machine, or with every change of a template. */
const stable = (text: string, root: string): string =>
  text
    .replaceAll(root, '<root>')
    .replaceAll(VERSION, '<version>')
    .replace(/\d+ files?, \+\d+/g, '<size>')
    .replace(/^Done: \d+ files? /m, 'Done: <size> ')
    .replace(/[ \t]+$/gm, '');

function diffOf(before: Map<string, Buffer>, after: Map<string, Buffer>): string {
  const changed = changedPaths(before, after).filter((path) => !isGenerated(path));
  return changed
    .map((path) => {
      const old = before.get(path)?.toString();
      const now = after.get(path)?.toString();
      if (old === undefined) return `created ${path}\n`;
      return createTwoFilesPatch(path, path, old, now ?? '', '', '', { context: 1 });
    })
    .join('');
}

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly file: string;
  readonly line?: number;
}

/** What `diff` and `doctor` say of an app as `init` left it. */
function saysOfIt(app: string): string {
  const diff = runCli(['diff'], app);
  // What is left to the user in the handler is the same in every one.
  const doctor = runCli(['doctor', '--json', '--skip', 'X13'], app);
  const { findings, couldNotRun } = JSON.parse(doctor.stdout) as {
    findings: readonly Found[];
    couldNotRun: readonly unknown[];
  };
  expect(couldNotRun).toEqual([]);
  const found = findings.map(
    ({ id, severity, file, line = 0 }) => `  ${severity} ${id} ${file}:${line}\n`,
  );
  return `diff: exit ${diff.code ?? 'signal'}\ndoctor: exit ${doctor.code ?? 'signal'}\n${found.join('')}`;
}

interface LeftStep extends PrintedStep {
  readonly line?: number;
}

/** Takes out what `remove` lists, by its line; from the last one on, so that the lines of the others stay right. */
function takeOut(app: string, steps: readonly LeftStep[]): void {
  for (const { path, line = 0, snippet } of steps.toReversed()) {
    const file = join(app, path);
    const lines = readFileSync(file, 'utf8').split('\n');
    const wanted = snippet.split('\n');
    const found = lines.splice(line - 1, wanted.length).map((one) => one.replace(/\r$/, ''));
    expect(found, `${path}:${line}`).toEqual(wanted);
    writeFileSync(file, lines.join('\n'));
  }
}

/** Files that still name what is gone. */
const mentions = (app: string): string[] =>
  [...readTree(app)].flatMap(([path, bytes]) =>
    /modules\/background-sync|dev\.bgsync/.test(bytes.toString()) ? [path] : [],
  );

/** The same edits, with the journal and the index in git's own folder. */
const IN_REPOSITORY = shareOf(
  TRAITS.filter(({ exit }) => exit !== 2),
  'real repos in a repository of git',
);

describe.each(TRAITS.map((trait) => [trait.name, trait] as const))('%s', (name, trait) => {
  const left = trait.namesHandler === true ? 3 : 0;

  test('init writes exactly this, and nothing the second time; remove leaves no trace', async () => {
    const { root, cwd, app } = makeApp(trait);
    const [before, folders] = [readTree(root), readFolders(root)];
    const args = ['init', '--yes', ...(trait.args ?? [])];
    const { code, stdout, stderr } = runCli(args, cwd);
    const after = readTree(root);
    const written = /^Done: (\d+) files? written/m.exec(stdout)?.[1] ?? '0';
    expect(changedPaths(before, after)).toHaveLength(Number(written));
    expect(code).toBe(trait.exit);
    if (trait.exit === 2) expect(changedPaths(before, after)).toEqual([]);

    trait.commitHook?.(app);
    const kept = readTree(root);
    const second = runCli(args, cwd);
    expect(second.code).toBe(trait.exit);
    const said = trait.exit === 2 ? '' : `--- afterwards\n${saysOfIt(app)}`;
    expect(changedPaths(kept, readTree(root))).toEqual([]);

    const golden = [
      `$ bgsync ${args.join(' ')}\nexit ${code ?? 'signal'}\n`,
      `--- standard error\n${stable(stderr, root)}`,
      `--- standard output\n${stable(stdout, root)}`,
      `--- changes\n${diffOf(before, after)}`,
      ...(said === '' ? [] : [said]),
    ].join('\n');
    await expect(golden).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));

    if (trait.exit === 2) return;
    expect(runCli(['remove', '--yes', '--force'], app)).toMatchObject({ code: left, stderr: '' });
    expect(changedPaths(before, readTree(root))).toEqual([]);
    expect(readFolders(root)).toEqual(folders);
  });

  test.runIf(IN_REPOSITORY.includes(trait))('remove leaves no trace in a repository', () => {
    const { root, cwd, app } = makeApp(trait);
    if (!existsSync(join(root, '.git'))) appIn(root).commit();
    const [files, folders] = [readTree(root), readFolders(root)];
    expect(runCli(['init', '--yes', ...(trait.args ?? [])], cwd).code).toBe(trait.exit);
    expect(runCli(['remove', '--yes', '--force'], app)).toMatchObject({ code: left, stderr: '' });
    expect(changedPaths(files, readTree(root))).toEqual([]);
    expect(readFolders(root)).toEqual(folders);
  });

  const { byHand } = trait;
  if (byHand !== undefined) {
    test('what it asks for by hand makes doctor pass', () => {
      const { root, cwd, app } = makeApp(trait);
      const args = ['init', '--yes', ...(trait.args ?? [])];
      const { stdout } = runCli([...args, '--json'], cwd);
      const { manual } = (stdout === '' ? { manual: [] } : JSON.parse(stdout)) as {
        manual: readonly PrintedStep[];
      };
      byHand(app, manual);
      const after = ['init', '--yes', ...(trait.argsAfter?.(root) ?? trait.args ?? [])];
      expect(runCli(after, cwd)).toMatchObject({ code: 0 });
      expect(runCli(['doctor'], app)).toMatchObject({ code: 0 });

      const removed = runCli(['remove', '--yes', '--force', '--json'], app);
      const listed = (JSON.parse(removed.stdout) as { manual: readonly LeftStep[] }).manual;
      expect(removed.code, removed.stdout).toBe(listed.length === 0 ? 0 : 3);
      takeOut(app, listed);
      expect(mentions(app)).toEqual([]);
    });
  }
});

test('every golden file has its project', () => {
  expect(readdirSync(GOLDEN).sort()).toEqual(TRAITS.map(({ name }) => `${name}.txt`).sort());
});
