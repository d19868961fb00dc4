/**
 * `npm run test:pack`: what npm would publish is packed, installed into an app and used there, so that a file which is
 * missing from the package, or a dependency that is only here, shows.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { fillInFile } from '../helpers/fill-in.ts';
import { REPO, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

/** Bytes of the package as npm sends it. */
const PACKED_BUDGET = 940_000;

let passed = 0;

function run(cwd: string, expected: number, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== expected) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status ?? 'a signal'}\n${stdout}${stderr}`,
    );
  }
  passed += 1;
  console.log(`ok   ${command} ${args.join(' ')}`);
  return stdout;
}

/** Packages that the sources import: what is bundled of them goes with its licence. */
function importedPackages(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const found = new Set<string>();
  for (const file of readdirSync(join(REPO, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(REPO, 'src', file), 'utf8');
    for (const [, type, name = ''] of text.matchAll(
      /^(?:import|export)( type)? [^;]*?from '((?:@[\w.-]+\/)?[\w-]+)[^']*';/gm,
    )) {
      if (type === undefined && !name.startsWith('node') && !(name in dependencies)) {
        found.add(name);
      }
    }
  }
  return [...found];
}

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs what a workflow or an action would run, as the runner does it: `bash` with its options for a step's script
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax), inputs in its environment.
 */
function runSteps(
  cwd: string,
  expected: number,
  steps: readonly Step[],
  inputs: Readonly<Record<string, string>>,
): string {
  const ran = steps.filter((step) => step.run !== undefined);
  if (ran.length === 0) throw new Error('no step runs anything');
  return ran
    .map(({ run: script = '', env = {} }) => {
      const words = Object.entries(env).map(([name, text]) => {
        const value = text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => {
          const given = inputs[input];
          if (given === undefined) throw new Error(`there is no input ${input}`);
          return given;
        });
        return `${name}=${value}`;
      });
      return run(cwd, expected, 'env', ...words, 'bash', '-eo', 'pipefail', '-c', script);
    })
    .join('');
}

/** The action of this repository, and the workflow that `bgsync ci install` writes. */
function runInCi(app: string, tarball: string): void {
  const action = parse(readFileSync(join(REPO, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default: string }>;
    runs: { steps: Step[] };
  };
  const { version } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as {
    version: string;
  };
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, input.default]),
  );
  if (defaults.package !== `bgsync@${version}`) throw new Error('the action runs another version');
  const inputs = { ...defaults, package: tarball };
  const { steps } = action.runs;
  runSteps(app, 0, steps, inputs);
  const report = join(app, 'report of $HOME.json');
  runSteps(app, 0, steps, { ...inputs, format: 'json', output: report, strict: 'true' });
  if (!Array.isArray((JSON.parse(readFileSync(report, 'utf8')) as { findings: unknown }).findings))
    throw new Error('the report has no findings');
  rmSync(report);

  const workflow = parse(readFileSync(join(app, '.github/workflows/bgsync.yml'), 'utf8')) as {
    jobs: { doctor: { steps: Step[] } };
  };
  const own = workflow.jobs.doctor.steps.map((step) => ({
    ...step,
    run: step.run?.replace(`bgsync@${version}`, `--package ${tarball} bgsync`),
  }));
  runSteps(app, 0, own, {});

  // What breaks is an annotation at its line, and the step fails; what is in a baseline does not count.
  rmSync(join(app, 'modules/background-sync/android/build.gradle'));
  const broken = runSteps(app, 1, steps, inputs);
  if (!/^::error file=/m.test(broken)) throw new Error(`no annotation in:\n${broken}`);
  runSteps(app, 1, own, {});
  run(
    app,
    0,
    'npx',
    '--yes',
    '--package',
    tarball,
    '--',
    'bgsync',
    'doctor',
    '--write-baseline',
    'b',
  );
  runSteps(app, 0, steps, { ...inputs, baseline: 'b' });
}

/** Throws where the package outgrows its budget, or the maps of its names are in it. */
function weigh(tarball: string): void {
  const bytes = statSync(tarball).size;
  console.log(`     ${bytes} bytes packed (budget ${PACKED_BUDGET})`);
  if (bytes > PACKED_BUDGET) throw new Error('the package is larger than its budget');
  const maps = run(REPO, 0, 'tar', '-tzf', tarball).match(/^.*\.map$/gm);
  if (maps !== null) throw new Error(`in the package: ${maps.join(', ')}`);
}

/** A bug in the package that is installed: its report names the sources again, with the maps of the repo. */
function readStack(installed: string, app: string): void {
  const index = JSON.stringify(pathToFileURL(join(installed, 'dist/index.js')).href);
  const report = spawnSync(
    process.execPath,
    [
      ...['--input-type=module', '-e'],
      `import { realOutside, run } from ${index};
       process.exitCode = await run(['doctor'], { ...realOutside(), fs: undefined });`,
    ],
    { cwd: app, encoding: 'utf8' },
  );
  if (report.status !== 70) throw new Error(`no bug, but ${report.status}\n${report.stderr}`);
  const { stdout } = spawnSync(process.execPath, [join(REPO, 'stack.mjs')], {
    input: report.stderr,
    encoding: 'utf8',
  });
  const [, file = '', line] =
    /^ +at openRepo \((src\/[\w/-]+\.ts):(\d+):\d+\)$/m.exec(stdout) ?? [];
  const source = file === '' ? [] : readFileSync(join(REPO, file), 'utf8').split('\n');
  // What openRepo calls first with the file system.
  if (!source[Number(line) - 1]?.includes('findHostApp('))
    throw new Error(`no names in the stack:\n${stdout}\nof\n${report.stderr}`);
  passed += 1;
  console.log('ok   the stack of a bug, read with the maps');
}

const folder = scratchFolder();
try {
  const app = join(folder, 'app');
  mkdirSync(app);
  makeTemplateApp('0.87', app);
  run(REPO, 0, 'npm', 'pack', '--silent', '--pack-destination', folder);
  // Only bgsync itself: the app's own packages are not needed for what follows.
  const prefix = join(folder, 'installed');
  mkdirSync(prefix);
  const tarball = join(folder, `bgsync-${process.env.npm_package_version ?? '0.1.0'}.tgz`);
  weigh(tarball);
  run(prefix, 0, 'npm', 'install', '--no-audit', '--no-fund', '--prefix', prefix, tarball);
  const bgsync = join(prefix, 'node_modules/.bin/bgsync');
  const text = readFileSync(
    join(prefix, 'node_modules/bgsync/dist/THIRD-PARTY-LICENSES.txt'),
    'utf8',
  );
  const imported = importedPackages();
  const missing = imported.filter((name) => !text.includes(`\n${name} `));
  if (imported.length < 10 || missing.length > 0) {
    throw new Error(`bundled without their licence: ${missing.join(', ')} (of ${imported.length})`);
  }
  readStack(join(prefix, 'node_modules/bgsync'), app);
  run(app, 0, bgsync, '--version');
  run(app, 0, bgsync, '--help');
  run(app, 2, bgsync, 'init');
  run(app, 0, bgsync, 'init', '--yes');
  run(app, 0, bgsync, 'doctor');
  const log = run(app, 0, bgsync, 'trigger', '--platform', 'local', '--json');
  if (!log.includes('"run.end"')) throw new Error(`the local run left no end:\n${log}`);
  fillInFile(join(app, 'src/background-sync.ts'));
  run(app, 0, 'git', 'init', '-q');
  run(app, 0, bgsync, 'ci', 'install', '--yes');
  runInCi(app, tarball);
  console.log(`\n${passed} passed, 0 failed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
