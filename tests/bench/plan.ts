/**
 * What `bgsync init --dry-run` takes in a git repository of 100,000 files, against the app template alone:
 * `npm run bench`. Ends with 3 where it is more than 1.5 times as long: the plan reads what it needs, not the repository.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BIN, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

const FILES = 100_000;
const LIMIT = 1.5;
const ROUNDS = 9;

const scratch = scratchFolder();
const small = join(scratch, 'template');
const large = join(scratch, 'large');

function commit(folder: string): void {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', '-c', 'gc.auto=0', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  };
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'app');
}

/** Source files beside the app's own, some levels deep, as in a repository of many packages. */
function addFiles(folder: string): void {
  const perFolder = 100;
  for (let index = 0; index < FILES / perFolder; index += 1) {
    const path = join(folder, 'packages', `p${index % 25}`, 'src', `f${index}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < perFolder; file += 1) {
      writeFileSync(
        join(path, `m${file}.ts`),
        `export const value = ${index * perFolder + file};\n`,
      );
    }
  }
}

/** @returns milliseconds */
function time(folder: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'init', '--dry-run'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`init --dry-run ended with ${status ?? 'a signal'}: ${stderr}`);
  return performance.now() - start;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

try {
  for (const folder of [small, large]) {
    mkdirSync(folder, { recursive: true });
    makeTemplateApp('0.87', folder);
  }
  addFiles(large);
  commit(small);
  commit(large);
  time(small);
  time(large);
  const times: Record<'small' | 'large', number[]> = { small: [], large: [] };
  // In turn, so that a busy machine slows both.
  for (let round = 0; round < ROUNDS; round += 1) {
    times.small.push(time(small));
    times.large.push(time(large));
  }
  const [a, b] = [median(times.small), median(times.large)];
  const ratio = b / a;
  console.log(`init --dry-run, median of ${ROUNDS}`);
  console.log(`  in the template:               ${a.toFixed(0)} ms`);
  console.log(`  in a repository of ${FILES} files: ${b.toFixed(0)} ms`);
  console.log(`  ratio: ${ratio.toFixed(2)} (at most ${LIMIT})`);
  if (ratio > LIMIT) process.exitCode = 3;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
