/**
 * Records what this bgsync leaves in apps: `tsx tests/locks/record.ts`, once for each release, after `npm run build`.
 * Every later bgsync has to update it and to remove it (tests/cli/locks.test.ts). What is recorded is never changed.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LOCK_FILE } from '../../src/plan/lock-file.ts';
import { VERSION } from '../../src/version.ts';
import { scratchFolder } from '../helpers/template-app.ts';
import { readTree } from '../helpers/tree.ts';
import { LOCK_CASES, integrate } from './cases.ts';

for (const one of LOCK_CASES) {
  const folder = join(import.meta.dirname, VERSION, one.name);
  if (existsSync(folder)) continue;
  const [untouched, root] = [scratchFolder(), scratchFolder()];
  one.make(untouched);
  integrate(one, root);
  const [before, after] = [readTree(untouched), readTree(root)];
  const lock = [...after.keys()].find((path) => path.endsWith(LOCK_FILE)) ?? '';
  const module = `${dirname(lock)}/`;
  for (const [path, text] of after) {
    // The lock file holds what was generated.
    if (before.get(path)?.equals(text) === true) continue;
    if (path.startsWith(module) && path !== lock) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of [untouched, root]) rmSync(path, { recursive: true });
}
