/**
 * The Android side, compiled by the hosts' own compilers and run on the JVM, on the real androidx.work and Android under
 * Robolectric: `npm run test:android`. Needs a JDK 17 and Maven; everything else it fetches into .cache.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkApi } from './lib/api.mjs';
import {
  GENERATED,
  PACKAGE,
  SEQUENCES,
  closeSandboxes,
  compileTests,
  eventsOf,
  runTests,
} from './lib/behaviour.mjs';
import { exec } from './lib/exec.mjs';
import { evaluateGradle } from './lib/gradle.mjs';
import { ktlint } from './lib/ktlint.mjs';
import { HOSTS, closeCompilers, compileMatrix, directoryOf } from './lib/matrix.mjs';
import { shareBetween, shareOf } from '../../share.mjs';
import { inLanes } from '../lanes.mjs';
import { runMutations } from './lib/mutations.mjs';
import { packageIn } from './lib/package.mjs';
import { debugTracesInRelease, longFiles } from './lib/release.mjs';
import { compileRetired, retiredNames, runRetiredTests } from './lib/retired.mjs';
import { WORK_VERSIONS, levels } from './lib/sandbox.mjs';
import { BUILD, ROOT, install, requireJdk } from './lib/tools.mjs';

/** Random sequences on each androidx.work: blocks of so many, by the first seed of each; the versions have them in turn. */
const BLOCK = 34;
const BLOCKS = [0, 1, 2].map((block) => 1 + block * BLOCK * WORK_VERSIONS.length);

const log = (text) => console.log(text);
const failures = [];
let passed = 0;

/** Counts one check: its problems, or its passing. */
function check(name, problems) {
  if (problems.length === 0) passed++;
  else failures.push(`${name}\n${problems.join('\n')}`);
  log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
}

/** What the runs of one world wrote must be what the CLI reads. */
async function verifyEvents(events, world) {
  const name = `bgsync logs --verify accepts the events of all runs on ${world}`;
  const bundle = join(ROOT, 'dist/main.js');
  if (!existsSync(bundle)) {
    log(`SKIPPED ${name}: the CLI is not built (npm run build)`);
    return;
  }
  try {
    const args = [join(ROOT, 'bin/bgsync.js'), 'logs', '--input', events, '--verify'];
    const output = await exec(process.execPath, args);
    check(name, []);
    log(`     ${output.trim().split('\n').at(-1)}`);
  } catch (error) {
    check(name, [error.message]);
  }
}

/** Runs a suite, counts what passed and reports it. @returns whether `isComplete` of the counts, and nothing failed */
async function runCounted(name, options, isComplete) {
  const started = Date.now();
  const { ok, output } = await runTests(options);
  const counts = /^(\d+) passed, (\d+) failed$/m.exec(output);
  passed += Number(counts?.[1] ?? 0);
  const isGreen = ok && counts !== null && isComplete(Number(counts[1]));
  if (!isGreen) {
    const lines = output.trim().split('\n');
    failures.push(`${name}\n${lines.filter((line) => !line.startsWith('ok ')).join('\n')}`);
  }
  log(
    `${isGreen ? 'ok  ' : 'FAIL'} ${name}: ${counts?.[0] ?? 'no result'} (${Math.round((Date.now() - started) / 1000)} s)`,
  );
  return isGreen;
}

/** The whole behaviour on one androidx.work and Android level. @returns whether all passed */
async function runBehaviour({ work, level, lane }) {
  const world = `androidx.work ${work}, Android API ${level}`;
  const events = eventsOf(work, level);
  const isGreen = await runCounted(
    `the behaviour on ${world}`,
    { work, level, events, lane },
    (count) => count > 0,
  );
  await verifyEvents(events, world);
  return isGreen;
}

/** Random sequences of what can happen to the generated code, against a model of its contract. @returns whether all passed */
function runSequences({ work, lane, count, first }) {
  // Each version has others: what is wrong in one is wrong in most.
  const seed = first + WORK_VERSIONS.indexOf(work) * count;
  return runCounted(
    `random sequences ${seed} to ${seed + count - 1} on androidx.work ${work}`,
    { work, lane, suite: SEQUENCES, args: [String(count), String(seed)] },
    (passes) => passes === count,
  );
}

/** The default androidx.work on every Android level of this share, the others on one; sequences on each. @returns whether all passed */
async function runOnAll() {
  const { runnable, missing } = levels();
  const [byDefault, ...others] = WORK_VERSIONS;
  if (missing.length > 0)
    log(
      `SKIPPED Android API ${missing.join(' and ')}: Robolectric needs a Java 21 or newer for them; install one under /usr/lib/jvm, or set BGSYNC_JAVA_21`,
    );
  // The generated code asks only whether a level is reached: the oldest and the newest play both answers.
  const versions = [
    {
      work: byDefault,
      on: shareBetween(runnable, 'Android levels between the oldest and the newest'),
    },
    ...others.map((work) => ({ work, on: [35] })),
  ];
  // One JVM for each lane, one suite in it after the other.
  const blocks = shareOf(BLOCKS, `blocks of ${BLOCK} random sequences`);
  const all = await inLanes([...versions, undefined], async (version, lane) => {
    if (version === undefined) return checkText();
    const { work, on } = version;
    let isGreen = true;
    for (const level of on) isGreen = (await runBehaviour({ work, level, lane })) && isGreen;
    for (const first of isGreen ? blocks : [])
      isGreen = (await runSequences({ work, lane, count: BLOCK, first })) && isGreen;
    return isGreen;
  });
  return all.every((isGreen) => isGreen);
}

/** What needs no run: the bytecode, the text, build.gradle. @returns true: whatever it finds, the behaviour is another thing */
async function checkText() {
  check(
    'the bytecode uses public Android API only, guarded where it is newer than minSdk, and androidx.work as published',
    [
      ...(await checkApi(GENERATED)),
      ...(await checkApi(
        join(directoryOf(HOSTS.find(({ architecture }) => architecture === 'old')), 'debug'),
      )),
    ],
  );
  check(
    'a release build holds no trace of the debug receiver',
    debugTracesInRelease(PACKAGE, GENERATED.replace(/debug$/, 'release')),
  );
  check('no generated file is longer than 250 lines', longFiles(PACKAGE));
  const gradle = await evaluateGradle(log);
  check(`build.gradle, ${gradle.count} hosts`, gradle.failures);

  const retired = await compileRetired();
  for (const { label, errors } of retired) check(label, errors === '' ? [] : [errors]);
  const packages = HOSTS.map((host) => packageIn(directoryOf(host)));
  check(
    "ktlint's standard rules, on the retired package, too",
    await ktlint([...packages, ...retired.map(({ packageDir }) => packageDir)]),
  );
  check('the retired package cancels the work of the full one', retiredNames(retired.at(-1)));
  return true;
}

const HELP = `node tests/native/android/run.mjs [options]

  --no-mutations    leave out the mutations, for a quick look
  --sequences N     nothing but N random sequences on each androidx.work
  --first SEED      the first of their seeds: those that a run named, again (default: the clock)
  --help            print this

  ONLY=pattern      some of the behaviour tests
  DEBUG=1           what they print, as they run`;

/** @returns what was asked for @throws on anything else, since whoever asked for it wants no run of everything */
function optionsOf(args) {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', default: false },
      'no-mutations': { type: 'boolean', default: false },
      sequences: { type: 'string' },
      first: { type: 'string' },
    },
  });
  for (const flag of ['sequences', 'first'])
    if (values[flag] !== undefined && !/^[1-9]\d*$/.test(values[flag]))
      throw new Error(`--${flag} ${values[flag]}: a positive whole number is needed`);
  if (values.first !== undefined && values.sequences === undefined)
    throw new Error('--first is for --sequences');
  return values;
}

async function main(options) {
  const started = Date.now();
  mkdirSync(BUILD, { recursive: true });
  log(`JDK: ${await requireJdk()}`);
  await install(log);

  const hosts = options.sequences === undefined ? HOSTS : HOSTS.slice(-1);
  for (const { label, errors } of await compileMatrix(hosts))
    check(label, errors === '' ? [] : [errors]);
  if (failures.length > 0) return;
  if (options.sequences !== undefined) {
    await compileTests();
    // Each night has seeds of its own, and says them.
    const first = Number(options.first ?? Date.now());
    const count = Number(options.sequences);
    await inLanes(WORK_VERSIONS, (work, lane) => runSequences({ work, lane, count, first }));
    return;
  }

  await compileTests();
  const ok = await runOnAll();
  const retirement = await runRetiredTests();
  log(retirement.output.trim());
  passed += Number(/^(\d+) passed/m.exec(retirement.output)?.[1] ?? 0);
  if (!retirement.ok) failures.push(`the retired package\n${retirement.output}`);

  if (ok && !options['no-mutations']) {
    const mutations = await runMutations(log);
    passed += mutations.count - mutations.failures.length;
    failures.push(...mutations.failures);
  }
  log(`took ${Math.round((Date.now() - started) / 1000)} s`);
}

let options;
try {
  options = optionsOf(process.argv.slice(2));
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(2);
}
if (options.help) console.log(HELP);
else
  main(options)
    .catch((error) => failures.push(error.stack ?? String(error)))
    .finally(() => {
      closeCompilers();
      closeSandboxes();
      for (const failure of failures) console.error(`\nFAILED ${failure}`);
      console.log(`\n${passed} passed, ${failures.length} failed`);
      process.exitCode = failures.length === 0 ? 0 : 1;
    });
