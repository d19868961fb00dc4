/**
 * Compiles the generated Swift with the real compiler and proves it by running it, on stubs of Apple's modules:
 * `npm run test:ios`. Needs a Swift 6 toolchain on PATH: Xcode's, or the one for Linux.
 *
 * `node tests/native/ios/run.mjs [STEP…]` runs some of the steps only; `--list` names them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  behaviour,
  behaviourInSwift5,
  behaviourOnIos27,
  threadSanitizer,
  verifyLog,
} from './steps/behaviour.mjs';
import { compileSwift, format, releaseIsClean } from './steps/compile.mjs';
import { mutations } from './steps/mutations.mjs';
import { objectiveC } from './steps/objective-c.mjs';
import { reactNativeNames } from './steps/react-native.mjs';
import { sceneTemplate } from './steps/scene-template.mjs';
import { retired } from './steps/retired.mjs';
import { stubsMatchApple } from './steps/stubs.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** In the order of what fails most often and costs least. */
const STEPS = {
  format,
  compile: compileSwift,
  release: releaseIsClean,
  'objective-c': objectiveC,
  'react-native': reactNativeNames,
  stubs: stubsMatchApple,
  sceneTemplate,
  behaviour,
  retired,
  log: verifyLog,
  'behaviour-swift5': behaviourInSwift5,
  'behaviour-ios27': behaviourOnIos27,
  'thread-sanitizer': threadSanitizer,
  mutations,
};

/** Why a tool cannot be run, or undefined where it can. */
function unusable(name) {
  const { status, error, stderr } = spawnSync(name, ['--version'], { encoding: 'utf8' });
  if (error) return `${name}: ${error.code === 'ENOENT' ? 'not on PATH' : error.message}`;
  return status === 0 ? undefined : `${name} --version failed (${status}): ${stderr.trim()}`;
}

/** Puts the package into a template app with the built CLI. */
function generate(root, app, variant) {
  const out = join(app, 'modules/background-sync');
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'tests/helpers/init-app.ts'), app, '0.87', variant],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('The package could not be generated');
  const files = readdirSync(join(out, 'ios'));
  console.log(`generated ${files.length} files of ${out}/ios`);
  return out;
}

const names = process.argv.slice(2);
if (names.includes('--list')) {
  console.log(Object.keys(STEPS).join('\n'));
  process.exit(0);
}
for (const name of names) {
  if (!(name in STEPS)) {
    console.error(`No step ${name}; there are ${Object.keys(STEPS).join(', ')}`);
    process.exit(2);
  }
}
const missing = ['swiftc', 'swift'].map(unusable).filter((reason) => reason !== undefined);
if (missing.length > 0) {
  console.error(
    `NOT TESTED: no usable Swift toolchain.\n${missing.join('\n')}\n` +
      'Install Xcode, or Swift 6 for Linux: https://www.swift.org/install/',
  );
  process.exit(1);
}

const root = join(here, '../../..');
const build = join(here, 'build');
const context = {
  here,
  root,
  build,
  // The app had another task id before.
  package: generate(root, join(build, 'app'), 'renamed'),
  retired: generate(root, join(build, 'retired-app'), 'retired'),
};
if (!existsSync(join(context.package, 'ios/BackgroundSyncWorker.swift'))) {
  throw new Error('The package has no Swift');
}

const failed = [];
for (const [name, step] of Object.entries(STEPS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const start = Date.now();
  console.log(`\n== ${name}`);
  let problems;
  try {
    problems = await step(context);
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  for (const problem of problems) console.error(`FAILED ${name}: ${problem}`);
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(`${problems.length === 0 ? 'ok' : 'NOT OK'}: ${name}, ${seconds} s`);
  if (problems.length > 0) failed.push(name);
}
console.log(
  failed.length === 0 ? '\nios: all steps passed' : `\nios: FAILED: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
