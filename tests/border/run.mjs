/**
 * The language border: the real `core.ts` in Node against the compiled Swift and the compiled Kotlin, through every
 * method of the native module: `npm run test:border [-- SCENARIO…]`. Needs a Swift 6 toolchain, a JDK 17 and Maven.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildKotlin, buildSwift, closeKotlin } from './build.mjs';
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
const only = ['swift', 'kotlin'].find((side) => arguments_.includes(`--${side}`));

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
    const warnings = device.js?.warnings ?? [];
    if (warnings.length > 0) throw new Error(`core.ts warned: ${warnings.join('; ')}`);
    await device.quit();
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

const builds = {};
const worlds = {
  swift: { World: SwiftWorld, Phone: IPhone },
  kotlin: { World: KotlinWorld, Phone: Android },
};

/** Plays scenarios against what was built. @param report gets each scenario, and a function that plays it */
async function playAll(side, scenarios, { run, core }, report) {
  const { World, Phone } = worlds[side];
  const world = new World();
  await world.open(run);
  for (const scenario of scenarios) {
    await report(scenario, (called) => play(scenario, new Phone(world, core), called));
  }
  return world.close();
}

async function prove(side) {
  const { build } = builds[side];
  const core = await coreOf(build.package);
  const called = new Set();
  const said = await playAll(
    side,
    SCENARIOS.filter(({ name }) => isWanted(name)),
    { ...build, core },
    async (scenario, play) => check(`${side}: ${scenario.name}`, await play(called)),
  );
  if (SCENARIOS.every(({ name }) => isWanted(name))) {
    const missing = [...core.methods.keys()].filter((name) => !called.has(name));
    check(
      `${side}: every method was called`,
      missing.length === 0 ? undefined : `not called: ${missing.join(', ')}`,
    );
  }
  if (said !== undefined) failures.push(`the ${side} side\n${said}`);
}

/** Every one must turn its scenario red. */
async function mutate(side) {
  const { build } = builds[side];
  for (const mutation of MUTATIONS.filter(({ sides }) => sides.includes(side))) {
    const scenario = SCENARIOS.find(({ name }) => name.startsWith(mutation.scenario));
    if (scenario === undefined) throw new Error(`no scenario ${mutation.scenario}`);
    if (!isWanted(scenario.name)) continue;
    const name = `${side}: ${mutation.file}: ${mutation.name}`;
    try {
      const mutant = await build.mutant(mutation, (text) => coreOf(build.package, text));
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
  for (const side of ['swift', 'kotlin'].filter((one) => only === undefined || only === one)) {
    builds[side] = { build: side === 'swift' ? await buildSwift(root) : await buildKotlin(root) };
    await prove(side);
    if (!skipsMutations) await mutate(side);
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
