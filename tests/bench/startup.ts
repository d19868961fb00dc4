/**
 * Start-up time as ratios to `node -e 0`, and doctor in a repository of 100,000 files to doctor in the template, whole
 * processes. Prints the medians; ends with 3 where one exceeds its budget.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BIN, makeTemplateApp, spawnCli, scratchFolder } from '../helpers/template-app.ts';
import { FILES, addFiles } from './large-repo.ts';
import { compare, mediansOf } from './rounds.ts';

const ROUNDS = 21;

const scratch = scratchFolder();
const app = join(scratch, 'template');
const large = join(scratch, 'large');
try {
  mkdirSync(app);
  makeTemplateApp('0.87', app);
  if (spawnCli(['init', '--yes'], app).code !== 0) throw new Error('init failed');
  cpSync(app, large, { recursive: true });
  addFiles(large);

  const [node = NaN, version = NaN, doctor = NaN, doctorInLarge = NaN] = mediansOf(
    [
      { name: 'node -e 0', args: ['-e', '0'], cwd: app },
      { name: 'bgsync --version', args: [BIN, '--version'], cwd: app },
      { name: 'bgsync doctor', args: [BIN, 'doctor'], cwd: app },
      { name: 'bgsync doctor, large', args: [BIN, 'doctor'], cwd: large },
    ],
    ROUNDS,
  );
  console.log(`start-up, medians of ${ROUNDS}; node -e 0: ${node.toFixed(1)} ms`);
  compare('bgsync --version to node -e 0', version, node, 1.4);
  compare('bgsync doctor in the template to node -e 0', doctor, node, 2);
  compare(`bgsync doctor among ${FILES} files to that in the template`, doctorInLarge, doctor, 1.5);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
