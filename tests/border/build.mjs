import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GENERATED,
  PACKAGE,
  closeSandboxes,
  compileMutant,
  compileTests,
  runTests,
} from '../native/android/lib/behaviour.mjs';
import { HOSTS, closeCompilers, compileMatrix } from '../native/android/lib/matrix.mjs';
import { Mutants } from '../native/ios/steps/mutants.mjs';
import { NO_INDEX } from '../native/ios/steps/shell.mjs';
import { mutate } from '../native/android/lib/mutations.mjs';
import { BUILD, install, requireJdk } from '../native/android/lib/tools.mjs';

/** Replaces what stands exactly once. */
function replaced(text, { name, from, to }) {
  if (text.split(from).length !== 2) throw new Error(`The mutation "${name}" no longer fits`);
  return text.replace(from, () => to);
}

function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}\n${stdout}${stderr}`);
}

/** The Swift of a template app, compiled with the world of tests/native/ios. */
export async function buildSwift(root) {
  const swift = spawnSync('swift', ['--version'], { encoding: 'utf8' });
  if (swift.status !== 0) {
    throw new Error('NOT TESTED: no usable Swift toolchain. Install Xcode, or Swift 6 for Linux.');
  }
  const ios = join(root, 'tests/native/ios');
  // In the place where Package.swift has it, with the app of `npm run test:ios`.
  const app = join(ios, 'build/app');
  for (const [directory, variant] of [
    [app, 'renamed'],
    [join(ios, 'build/retired-app'), 'retired'],
  ]) {
    run(
      process.execPath,
      ['--import', 'tsx', join(root, 'tests/helpers/init-app.ts'), directory, '0.87', variant],
      { cwd: root },
    );
  }
  const scratch = join(ios, 'build/swiftpm');
  run(
    'swift',
    ['build', '--package-path', ios, '--scratch-path', scratch, NO_INDEX, '--product', 'behaviour'],
    { cwd: ios },
  );
  const directory = join(app, 'modules/background-sync');
  // By its own toolchain: on Linux the runtime libraries lie with that.
  const launchFrom = (folder) => (args) =>
    spawn(
      'swift',
      [
        'run',
        '--skip-build',
        '--package-path',
        ios,
        '--scratch-path',
        folder,
        'behaviour',
        ...args,
      ],
      { cwd: ios },
    );
  const launch = launchFrom(scratch);
  let mutants;
  return {
    package: directory,
    run: launch,
    mutant: async (mutation, coreOf) => {
      const isCore = mutation.file === 'core.ts';
      const path = join(directory, isCore ? 'src' : 'ios', mutation.file);
      const mutated = replaced(readFileSync(path, 'utf8'), mutation);
      if (isCore) return { run: launch, core: await coreOf(mutated) };
      mutants ??= new Mutants({ here: ios, build: join(ios, 'build') });
      const built = await mutants.build(path, mutated);
      if (built.status !== 0)
        throw new Error(`The mutation "${mutation.name}" does not compile\n${built.output}`);
      return { run: launchFrom(join(ios, 'build', built.scratch)), core: await coreOf() };
    },
  };
}

const suite = (generated) => (port) =>
  runTests({ generated, suite: 'dev.bgsync.tests.BorderSuite', args: [String(port)] });

/** The Kotlin of a template app, compiled by its own compiler, with the world of tests/native/android. */
export async function buildKotlin() {
  mkdirSync(BUILD, { recursive: true });
  await requireJdk();
  await install((text) => console.log(text));
  for (const { label, errors } of await compileMatrix(HOSTS.slice(-1))) {
    if (errors !== '') throw new Error(`${label}\n${errors}`);
  }
  await compileTests();
  const directory = join(BUILD, 'border-mutation');
  return {
    package: PACKAGE,
    run: suite([GENERATED]),
    mutant: async (mutation, coreOf) => {
      if (mutation.file === 'core.ts') {
        const text = readFileSync(join(PACKAGE, 'src/core.ts'), 'utf8');
        return { run: suite([GENERATED]), core: await coreOf(replaced(text, mutation)) };
      }
      const { name, file, from, to } = mutation;
      const mutant = await compileMutant({
        ...mutate({ name, file, find: from, put: to }),
        directory,
      });
      if (mutant.errors !== '')
        throw new Error(`The mutation "${name}" does not compile\n${mutant.errors}`);
      return { run: suite(mutant.classpath), core: await coreOf() };
    },
  };
}

export function closeKotlin() {
  closeCompilers();
  closeSandboxes();
}
