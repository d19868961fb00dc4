/**
 * What `--version` and `doctor` take, whole processes, on each Node that is supported for long: beside React Native's CLI
 * in the same run, and beside `node -e 0`, of which newer Nodes make a third. Then doctor among 100,000 files beside that
 * in the template, and in an app of 5,000 native and JavaScript files. Prints medians; ends with 3 where one exceeds its
 * budget.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { share } from '../share.mjs';
import { BIN, makeTemplateApp, spawnCli, scratchFolder } from '../helpers/template-app.ts';
import { FILES, SOURCES, addFiles, addSources } from './large-repo.ts';
import { fetchPeers } from './peers.ts';
import { compare, mediansOf, verdict } from './rounds.ts';

/** A run that plays a share (`tests/share.mjs`) shows where things stand; a whole one measures. */
const isWhole = share().of === 1;
/** Of each Node; React Native's doctor alone takes more than a second. */
const ROUNDS = isWhole ? 5 : 3;
const ROUNDS_OF_LARGE = isWhole ? 7 : 3;

const VERSION_BUDGET = 0.6;
const DOCTOR_BUDGET = 1 / 6;
/** Milliseconds of CPU above `node -e 0`, on this Node and newer. */
const CPU_BUDGET = { ms: 120, from: 24 };
/** Milliseconds. */
const SOURCES_BUDGET = 3000;

const scratch = scratchFolder();
const app = join(scratch, 'template');
const large = join(scratch, 'large');
const sources = join(scratch, 'sources');
try {
  mkdirSync(app);
  makeTemplateApp('0.87', app);
  if (spawnCli(['init', '--yes'], app).code !== 0) throw new Error('init failed');

  const { nodes, reactNativeCli } = fetchPeers();
  for (const { major, path } of nodes) {
    const timed = (name: string, ...args: string[]) => ({ name, args, cwd: app, node: path });
    const [empty, version, doctor, theirVersion, theirDoctor] = mediansOf(
      [
        timed('node -e 0', '-e', '0'),
        timed('bgsync --version', BIN, '--version'),
        timed('bgsync doctor', BIN, 'doctor'),
        timed('react-native --version', reactNativeCli, '--version'),
        timed('react-native doctor', reactNativeCli, 'doctor'),
      ],
      ROUNDS,
    );
    const ms = (one: { readonly ms: number } | undefined): number => one?.ms ?? NaN;
    const ratio = (one: typeof version): string => (ms(one) / ms(empty)).toFixed(2);
    console.log(
      `Node ${major}, medians of ${ROUNDS}; node -e 0: ${ms(empty).toFixed(1)} ms; to it --version ${ratio(version)} ×, doctor ${ratio(doctor)} ×`,
    );
    compare('--version to React Native’s', ms(version), ms(theirVersion), VERSION_BUDGET);
    compare('doctor in the template to React Native’s', ms(doctor), ms(theirDoctor), DOCTOR_BUDGET);
    const above = (doctor?.cpu ?? NaN) - (empty?.cpu ?? NaN);
    verdict(
      'doctor’s CPU above node -e 0',
      above <= CPU_BUDGET.ms || major < CPU_BUDGET.from,
      `${above.toFixed(0)} ms${major < CPU_BUDGET.from ? '' : ` (budget ${CPU_BUDGET.ms} ms)`}`,
    );
  }

  cpSync(app, large, { recursive: true });
  addFiles(large);
  cpSync(app, sources, { recursive: true });
  addSources(sources);
  const [inTemplate, inLarge, inSources] = mediansOf(
    [
      { name: 'doctor', args: [BIN, 'doctor'], cwd: app },
      { name: 'doctor, large', args: [BIN, 'doctor'], cwd: large },
      // There is something to find.
      { name: 'doctor, sources', args: [BIN, 'doctor'], cwd: sources, code: 1 },
    ],
    ROUNDS_OF_LARGE,
  );
  compare(
    `doctor among ${FILES} files to that in the template`,
    inLarge?.ms ?? NaN,
    inTemplate?.ms ?? NaN,
    1.5,
  );
  verdict(
    `doctor in an app of ${SOURCES} native and JavaScript files`,
    (inSources?.ms ?? NaN) <= SOURCES_BUDGET,
    `${inSources?.ms.toFixed(0)} ms (budget ${SOURCES_BUDGET} ms)`,
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
