/**
 * What `bgsync init --dry-run` takes in a git repository of 100,000 files, against the app template alone:
 * `npm run bench`. Ends with 3 where it is more than 1.5 times as long: the plan reads what it needs, not the repository.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BIN, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { FILES, addFiles } from './large-repo.ts';
import { compare, mediansOf } from './rounds.ts';

const LIMIT = 1.5;
const ROUNDS = 5;

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

try {
  for (const folder of [small, large]) {
    mkdirSync(folder, { recursive: true });
    makeTemplateApp('0.87', folder);
  }
  addFiles(large);
  commit(small);
  commit(large);
  const args = [BIN, 'init', '--dry-run'];
  const [inTemplate, inLarge] = mediansOf(
    [
      { name: 'init --dry-run', args, cwd: small },
      { name: 'init --dry-run, large', args, cwd: large },
    ],
    ROUNDS,
  );
  console.log(
    `init --dry-run, medians of ${ROUNDS}; in the template: ${inTemplate?.ms.toFixed(1)} ms`,
  );
  compare(
    `init --dry-run among ${FILES} files to that in the template`,
    inLarge?.ms ?? NaN,
    inTemplate?.ms ?? NaN,
    LIMIT,
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
