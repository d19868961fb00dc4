import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mutants } from '../native/ios/steps/mutants.mjs';
import { NO_INDEX, runBeside } from '../native/ios/steps/shell.mjs';
import { shareOf } from '../share.mjs';
import { SWIFT_MUTATIONS } from './mutations.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Of the tests of React Native's Swift what knows no React Native. */
const SHARED = ['BorderProcess', 'Harness', 'Runner', 'Quiet'];

/**
 * The generated Swift of the plugin, compiled in language mode 6 over stubs of Apple's modules and of Flutter's, which are in
 * no registry, and run with played engines.
 *
 * @param {string} plugin the folder of the plugin
 * @param {string} build where it is laid out
 * @param {(name: string, problem?: string) => void} check
 */
export async function testSwift(plugin, build, check, { mutations }) {
  layOutSwift(plugin, join(build, 'ios'));
  if (!compileSwift('ios', build, 'release', check)) return;
  if (!compileSwift('ios', build, 'debug', check)) return;
  const { output } = await runSwift(build);
  const counts = CLOSING_LINE.exec(output);
  check(
    `the Swift host and plugin: ${counts?.[0] ?? 'no result'}`,
    counts?.[2] === '0' && counts[1] !== '0' ? undefined : output,
  );
  if (counts?.[2] === '0' && mutations) await mutateSwift(build, check);
}

/** What `bgsync remove --retire` leaves of the plugin, compiled. */
export function testRetiredSwift(retired, build, check) {
  layOutSwift(retired, join(build, 'ios-retired'), { tests: false });
  compileSwift('ios-retired', build, 'release', check);
}

const CLOSING_LINE = /^(\d+) passed, (\d+) failed$/m;

/** Every one must turn the suite red. */
async function mutateSwift(build, check) {
  const mutants = swiftMutants(build);
  for (const mutation of shareOf(SWIFT_MUTATIONS)) {
    const scratch = await mutants(mutation);
    const { output } = await runSwift(build, scratch, ['BGSYNC_FAIL_FAST']);
    const isRed = /^FAIL /m.test(output);
    check(`red: ${mutation.file}: ${mutation.name}`, isRed ? undefined : `it survived\n${output}`);
  }
}

/** What `swift` is given to run what was built. */
export function runArguments(build, scratch = 'swiftpm') {
  const folder = join(build, 'ios');
  const places = ['--package-path', folder, '--scratch-path', join(folder, 'build', scratch)];
  return ['run', '--skip-build', ...places, 'behaviour'];
}

function runSwift(build, scratch, flags = []) {
  const folder = join(build, 'ios');
  return runBeside('swift', [...runArguments(build, scratch), join(folder, 'events')], {
    cwd: folder,
    env: Object.fromEntries(flags.map((flag) => [flag, '1'])),
    seconds: 1200,
  });
}

/**
 * Mutants of the plugin beside what was built.
 *
 * @param {string} build where the plugin was laid out and compiled
 * @returns {(mutation: { name: string, file: string, from: string, to: string }) => Promise<string>} the scratch folder of
 *   the mutant, by its name in `ios/build`; rejects where it does not fit, or does not compile
 */
export function swiftMutants(build) {
  const folder = join(build, 'ios');
  const mutants = new Mutants({ here: folder, build: join(folder, 'build') });
  return async ({ name, file, from, to }) => {
    const path = join(folder, 'background_sync', file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`The mutation "${name}" no longer fits`);
    const built = await mutants.build(
      path,
      text.replace(from, () => to),
    );
    if (built.status !== 0) {
      throw new Error(`The mutation "${name}" does not compile\n${built.output}`);
    }
    return built.scratch;
  };
}

/** The plugin's Swift with the stubs, and its tests unless they are left out. */
export function layOutSwift(plugin, folder, { tests = true } = {}) {
  // What SwiftPM has built stays: it builds anew what has changed.
  for (const part of ['stubs', 'background_sync', 'behaviour']) {
    rmSync(join(folder, part), { recursive: true, force: true });
  }
  mkdirSync(folder, { recursive: true });
  const native = join(here, '../native/ios');
  cpSync(join(native, 'stubs'), join(folder, 'stubs'), { recursive: true });
  cpSync(join(here, 'ios/Flutter'), join(folder, 'stubs/Flutter'), { recursive: true });
  cpSync(join(here, 'ios/Package.swift'), join(folder, 'Package.swift'));
  const sources = 'ios/background_sync/Sources/background_sync';
  cpSync(join(plugin, sources), join(folder, 'background_sync'), { recursive: true });
  if (!tests) return;
  cpSync(join(here, 'ios/behaviour'), join(folder, 'behaviour'), { recursive: true });
  for (const name of SHARED) {
    cpSync(join(native, `behaviour/${name}.swift`), join(folder, `behaviour/${name}.swift`));
  }
}

/** @returns whether it compiles */
export function compileSwift(name, build, configuration, check) {
  const swift = spawnSync('swift', ['--version'], { encoding: 'utf8' });
  if (swift.status !== 0) {
    throw new Error('NOT TESTED: no usable Swift toolchain. Install Xcode, or Swift 6 for Linux.');
  }
  const folder = join(build, name);
  const scratch = join(folder, 'build', configuration === 'debug' ? 'swiftpm' : 'swiftpm-release');
  const { status, stdout, stderr } = spawnSync(
    'swift',
    [
      'build',
      '-c',
      configuration,
      '--package-path',
      folder,
      '--scratch-path',
      scratch,
      NO_INDEX,
    ].concat(
      // The tests look into the module, which only a debug build lets them.
      configuration === 'debug' ? [] : ['--target', 'BackgroundSync'],
    ),
    { encoding: 'utf8', cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  );
  check(
    `Swift in language mode 6, ${name}, ${configuration}`,
    status === 0 ? undefined : stdout + stderr,
  );
  return status === 0;
}
