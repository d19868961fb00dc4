/**
 * The language border: the real `core.ts` in Node against the compiled Swift and the compiled Kotlin, through every
 * method of the native module, and the real `core.dart` in a Dart VM against those of Flutter, in the bytes of its standard
 * codec: `npm run test:border [-- SCENARIO…]`. Needs a Swift 6 toolchain, a JDK 17 and Maven; Dart as `npm run test:flutter`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shareOf } from '../share.mjs';
import { besideDart, buildDartKotlin, buildDartSwift } from './build-dart.mjs';
import { buildKotlin, buildSwift, closeKotlin } from './build.mjs';
import { DART_MUTATIONS } from './dart-mutations.mjs';
import { DART_SCENARIOS } from './dart-scenarios.mjs';
import { withFlutter } from './dart.mjs';
import { methodsOf } from './javascript.mjs';
import { Android, KotlinWorld } from './kotlin.mjs';
import { MUTATIONS } from './mutations.mjs';
import { SCENARIOS } from './scenarios.mjs';
import { IPhone, SwiftWorld } from './swift.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'bgsync-border-run-'));
const failures = [];
let passed = 0;

const arguments_ = process.argv.slice(2);
const isWanted = (name) =>
  arguments_.filter((one) => !one.startsWith('--')).every((one) => name.includes(one));
const skipsMutations = arguments_.includes('--no-mutations');

function check(name, problem) {
  console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${name}`);
  if (problem === undefined) passed++;
  else failures.push(`${name}\n${problem}`);
}

/** The generated TypeScript of a package, as Node loads it. */
async function coreOf(directory, text) {
  const methods = methodsOf(readFileSync(join(directory, 'src/NativeBackgroundSync.ts'), 'utf8'));
  const source = join(directory, 'src/core.ts');
  let file = source;
  if (text !== undefined) {
    file = join(scratch, `core-${Math.random().toString(36).slice(2)}.ts`);
    writeFileSync(file, text);
  }
  const { BackgroundSyncWorker } = await import(pathToFileURL(file).href);
  return { methods, Worker: BackgroundSyncWorker };
}

/** What the CLI reads of a log. @returns what it says against it */
function verify(lines) {
  const file = join(scratch, 'events.log');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin/bgsync.js'), 'logs', '--input', file, '--verify'],
    { encoding: 'utf8' },
  );
  return status === 0 ? undefined : `bgsync logs --verify: exit ${status}\n${stdout}${stderr}`;
}

/** Of `core.ts` nothing rejects where nobody waits for it. */
let strays = [];
process.on('unhandledRejection', (error) => strays.push(error));

/** @returns why it failed; undefined where it passed */
async function play(scenario, device, called) {
  strays = [];
  try {
    await device.begin(scenario);
    await scenario.run(device);
    const lines = await device.lines();
    const { warnings = [], strays: ofDart = [] } = device.js ?? {};
    if (warnings.length > 0) throw new Error(`the core warned: ${warnings.join('; ')}`);
    await device.quit();
    strays.push(...ofDart);
    if (strays.length > 0) throw strays[0];
    for (const name of device.called) called?.add(name);
    return verify(lines);
  } catch (error) {
    const lines = await device.lines().catch(() => []);
    await device.quit().catch(() => {});
    return `${error.stack ?? error}\n${lines.join('\n')}`;
  } finally {
    device.close();
  }
}

/** A core against a native side: what builds both, and what is played. */
const SIDES = {
  swift: {
    build: async () => withCore(await buildSwift(root)),
    World: SwiftWorld,
    Phone: IPhone,
    scenarios: SCENARIOS,
    mutations: MUTATIONS.filter(({ sides }) => sides.includes('swift')),
  },
  kotlin: {
    build: async () => withCore(await buildKotlin(root)),
    World: KotlinWorld,
    Phone: Android,
    scenarios: SCENARIOS,
    mutations: MUTATIONS.filter(({ sides }) => sides.includes('kotlin')),
  },
  'dart-swift': {
    build: () => buildDartSwift(root),
    World: besideDart(SwiftWorld),
    Phone: withFlutter(IPhone),
    scenarios: DART_SCENARIOS,
    mutations: DART_MUTATIONS.filter(({ sides }) => sides.includes('swift')),
  },
  'dart-kotlin': {
    build: () => buildDartKotlin(root),
    World: besideDart(KotlinWorld),
    Phone: withFlutter(Android),
    scenarios: DART_SCENARIOS,
    mutations: DART_MUTATIONS.filter(({ sides }) => sides.includes('kotlin')),
  },
};
const only = Object.keys(SIDES).filter((side) => arguments_.includes(`--${side}`));

/** With the generated TypeScript of what was built. */
async function withCore(build) {
  const core = await coreOf(build.package);
  const mutant = (mutation) => build.mutant(mutation, (text) => coreOf(build.package, text));
  return { ...build, core, mutant };
}

/** Plays scenarios against what was built. @param report gets each scenario, and a function that plays it */
async function playAll(side, scenarios, { run, core }, report) {
  const { World, Phone } = SIDES[side];
  const world = new World();
  await world.open(run);
  for (const scenario of scenarios) {
    await report(scenario, (called) => play(scenario, new Phone(world, core), called));
  }
  return world.close();
}

async function prove(side, build) {
  const { scenarios } = SIDES[side];
  const called = new Set();
  const said = await playAll(
    side,
    scenarios.filter(({ name }) => isWanted(name)),
    build,
    async (scenario, play) => check(`${side}: ${scenario.name}`, await play(called)),
  );
  if (scenarios.every(({ name }) => isWanted(name))) {
    const missing = [...build.core.methods.keys()].filter((name) => !called.has(name));
    check(
      `${side}: every method was called`,
      missing.length === 0 ? undefined : `not called: ${missing.join(', ')}`,
    );
  }
  if (said !== undefined) failures.push(`the ${side} side\n${said}`);
}

/** Every one must turn its scenario red. */
async function mutate(side, build) {
  const { scenarios, mutations } = SIDES[side];
  for (const mutation of shareOf(mutations)) {
    const scenario = scenarios.find(({ name }) => name.startsWith(mutation.scenario));
    if (scenario === undefined) throw new Error(`no scenario ${mutation.scenario}`);
    if (!isWanted(scenario.name)) continue;
    const name = `${side}: ${mutation.file}: ${mutation.name}`;
    try {
      const mutant = await build.mutant(mutation);
      let problem;
      await playAll(side, [scenario], mutant, async (_, play) => {
        problem = await play();
      });
      check(`red: ${name}`, problem === undefined ? 'it survived' : undefined);
      if (process.env.DEBUG) console.log(`     ${problem?.split('\n').slice(0, 4).join(' ')}`);
    } catch (error) {
      check(`red: ${name}`, error.stack);
    }
  }
}

const started = Date.now();
try {
  for (const side of Object.keys(SIDES).filter((one) => only.length === 0 || only.includes(one))) {
    const build = await SIDES[side].build();
    await prove(side, build);
    if (!skipsMutations) await mutate(side, build);
    build.close?.();
  }
} catch (error) {
  failures.push(error.stack ?? String(error));
} finally {
  closeKotlin();
  rmSync(scratch, { recursive: true, force: true });
}
for (const failure of failures) console.error(`\nFAILED ${failure}`);
console.log(
  `\nborder: ${passed} passed, ${failures.length} failed, ${Math.round((Date.now() - started) / 1000)} s`,
);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
