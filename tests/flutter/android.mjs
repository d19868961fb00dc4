import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exec } from '../native/android/lib/exec.mjs';
import { evaluateFlutterGradle } from '../native/android/lib/gradle.mjs';
import { ktlint } from '../native/android/lib/ktlint.mjs';
import { HOSTS, closeCompilers, compilerOf } from '../native/android/lib/matrix.mjs';
import { filesUnder, kotlinOf } from '../native/android/lib/package.mjs';
import {
  Sandbox,
  WORK_VERSIONS,
  compileBoot,
  robolectricClasspath,
  workClasspath,
} from '../native/android/lib/sandbox.mjs';
import { BUILD, FRAMEWORK, HERE, install, jar, requireJdk } from '../native/android/lib/tools.mjs';
import { shareOf } from '../share.mjs';
import { KOTLIN_MUTATIONS } from './mutations.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Of the other suite what knows no React Native. */
const SHARED = [
  'BorderWorld',
  'World',
  'VirtualTime',
  'MainLooper',
  'PlayedSystem',
  'RealWorkManager',
];

/**
 * The generated Kotlin, compiled against stubs of Flutter's embedding, which is in no registry, and run on the real
 * androidx.work under Robolectric, with played engines.
 *
 * @param {string} plugin the folder of the plugin; `retired` is that of what `bgsync remove --retire` leaves of it
 * @param {(name: string, problem?: string) => void} check
 */
export async function testKotlin(plugin, check, options) {
  try {
    await compileAndRun(plugin, check, options);
  } finally {
    closeCompilers();
  }
}

/**
 * Compiles the Kotlin and its tests once.
 *
 * @param {string} plugin the folder of the plugin
 * @param {(name: string, problem?: string) => void} check
 * @param {string[]} variants that must compile; the suites run on the last
 * @returns what compiles other sources of the plugin, its classes, what runs a suite on them, and what ends its JVM;
 *   undefined where the plugin does not compile
 */
export async function buildKotlin(plugin, check, variants = ['debug']) {
  mkdirSync(BUILD, { recursive: true });
  await requireJdk();
  await install((text) => console.log(text));
  const compiler = compilerOf(HOSTS.at(-1).kotlin);
  const stubs = join(BUILD, 'flutter-stubs');
  const base = [...workClasspath(WORK_VERSIONS[0]), FRAMEWORK, compiler.stdlib];
  rmSync(stubs, { recursive: true, force: true });
  mkdirSync(stubs, { recursive: true });
  const java = filesUnder(join(here, 'android/stubs'), '.java');
  await exec('javac', ['-nowarn', '-proc:none', '-d', stubs, '-cp', base.join(':'), ...java]);

  const compile = (sources, out, options) =>
    compiler.compile({ sources, classpath: [stubs, ...base], out, ...options });
  const classes = join(BUILD, 'flutter-classes');
  for (const variant of variants) {
    const errors = await compile(kotlinOf(plugin, variant), classes);
    check(`Kotlin ${compiler.version}, ${variant}`, errors === '' ? undefined : errors);
    if (errors !== '') return undefined;
  }
  const tests = join(BUILD, 'flutter-tests');
  const boot = await compileBoot(compiler);
  const shared = SHARED.map((name) => join(HERE, 'behaviour', `${name}.kt`));
  // The list of cases, without the suite that fills it.
  const runner = readFileSync(join(HERE, 'behaviour/Runner.kt'), 'utf8');
  const list = join(BUILD, 'FlutterRunner.kt');
  writeFileSync(list, runner.slice(0, runner.indexOf('/** The suite, on the main thread')));
  const errors = await compiler.compile({
    sources: [...shared, list, ...filesUnder(join(here, 'android/tests'), '.kt')],
    classpath: [boot, stubs, classes, ...robolectricClasspath(), ...base],
    out: tests,
    module: 'background-sync-tests',
    friend: classes,
    lenient: true,
  });
  if (errors !== '') throw new Error(`The tests of the Kotlin do not compile:\n${errors}`);

  const sandbox = new Sandbox([compiler.stdlib, stubs]);
  const run = (generated, suite = 'FlutterSuiteKt', args = ['']) =>
    sandbox.run({
      level: 35,
      suite: `dev.bgsync.tests.${suite}`,
      classpath: [tests, generated],
      args,
    });
  return { compile, classes, run, close: () => sandbox.close() };
}

async function compileAndRun(plugin, check, { mutations, retired }) {
  const built = await buildKotlin(plugin, check, ['release', 'debug']);
  if (built === undefined) return;
  const { compile, classes, run } = built;
  try {
    const left = await compile(kotlinOf(retired, 'release'), join(BUILD, 'flutter-retired'));
    check('Kotlin of the retired plugin', left === '' ? undefined : left);
    const gradle = await evaluateFlutterGradle(plugin);
    check(
      `build.gradle, evaluated by Groovy for ${gradle.count} hosts`,
      gradle.failures.length === 0 ? undefined : gradle.failures.join('\n'),
    );
    const style = await ktlint([plugin, retired]);
    check("ktlint's standard rules", style.length === 0 ? undefined : style.join('\n'));
    const { ok, output } = await run(classes);
    const counts = /^(\d+) passed, 0 failed$/m.exec(output);
    check(
      `the Kotlin host and plugin: ${counts?.[0] ?? 'no result'}`,
      ok && counts ? undefined : output,
    );
    if (ok && mutations) await mutate(plugin, built, check);
  } finally {
    built.close();
  }
}

/** Every one must turn the suite red. */
async function mutate(plugin, built, check) {
  const out = join(BUILD, 'flutter-mutant');
  for (const mutation of shareOf(KOTLIN_MUTATIONS)) {
    await compileKotlinMutant(plugin, mutation, built.compile, out);
    const { output } = await built.run(out);
    const isRed = /^FAIL /m.test(output);
    const { file, name } = mutation;
    check(`red: ${file}: ${name}`, isRed ? undefined : `it survived\n${output}`);
  }
}

/**
 * Compiles the plugin with one file changed.
 *
 * @param {{ name: string, file: string, from: string, to: string }} mutation
 * @param compile see {@link buildKotlin}
 * @param {string} out the folder of its classes
 * @throws where the mutation does not fit, or does not compile
 */
export async function compileKotlinMutant(plugin, { name, file, from, to }, compile, out) {
  const sources = kotlinOf(plugin, 'debug');
  const path = sources.find((one) => one.endsWith(`/${file}`));
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`The mutation "${name}" no longer fits`);
  const changed = join(BUILD, `flutter-mutant-source/${file}`);
  mkdirSync(join(changed, '..'), { recursive: true });
  writeFileSync(
    changed,
    text.replace(from, () => to),
  );
  const errors = await compile(
    sources.map((one) => (one === path ? changed : one)),
    out,
    { lenient: true },
  );
  if (errors !== '') throw new Error(`The mutation "${name}" does not compile\n${errors}`);
}
