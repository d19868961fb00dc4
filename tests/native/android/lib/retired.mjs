import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, PACKAGE, TESTS, runTests } from './behaviour.mjs';
import { HOSTS, classpathOf, compilerOf } from './matrix.mjs';
import { filesUnder, initPackages, kotlinOf, packageIn } from './package.mjs';
import { compileBoot, robolectricClasspath } from './sandbox.mjs';
import { BUILD, HERE } from './tools.mjs';

const RETIRED_TESTS = join(BUILD, 'retired-tests');
const directoryOf = (host) => join(BUILD, `retired-${host.react}-${host.architecture}`);
const classesOf = (host) => join(directoryOf(host), 'classes');

/** There is no codegen: the retired package compiles without a spec. */
const classpathWithoutSpec = (host, compiler) => classpathOf(host, '', compiler).filter(Boolean);

/** What `bgsync remove --retire` leaves, compiled for every host. @returns each with what the compiler said */
export async function compileRetired() {
  const results = [];
  await initPackages(
    HOSTS.map((host) => ({ ...host, directory: directoryOf(host), variant: 'retired' })),
  );
  for (const host of HOSTS) {
    const packageDir = packageIn(directoryOf(host));
    const compiler = compilerOf(host.kotlin);
    const { errors } = await compiler.compileOnce({
      sources: kotlinOf(packageDir, 'release'),
      classpath: classpathWithoutSpec(host, compiler),
      out: classesOf(host),
    });
    const label = `retired, React Native ${host.host}, ${host.architecture} architecture: Kotlin ${host.kotlin} against react-android ${host.react}`;
    results.push({ label, errors, packageDir });
  }
  return results;
}

/** Whether the retired package goes by the names that the full one has given out. */
export function retiredNames({ packageDir }) {
  const find = (text) => /const val WORK_NAME = "([^"]+)"/.exec(text)?.[1];
  const read = (folder, file) =>
    readFileSync(join(folder, 'android/src/main/java/dev/bgsync', file), 'utf8');
  const full = find(read(PACKAGE, 'BackgroundSyncConfig.kt'));
  const retired = find(read(packageDir, 'Retirement.kt'));
  return full !== undefined && full === retired
    ? []
    : [`the unique work is ${full}, and the retired package cancels ${retired}`];
}

/** Runs the retired package where the full one has been. Needs the behaviour tests to be compiled. */
export async function runRetiredTests() {
  const host = HOSTS.at(-1);
  const compiler = compilerOf(host.kotlin);
  const { errors } = await compiler.compileOnce({
    sources: filesUnder(join(HERE, 'retired'), '.kt'),
    classpath: [
      classesOf(host),
      TESTS,
      GENERATED,
      await compileBoot(compiler),
      ...robolectricClasspath(),
      ...classpathWithoutSpec(host, compiler),
    ],
    out: RETIRED_TESTS,
    module: 'background-sync-tests',
    friend: [GENERATED, TESTS].join(','),
    lenient: true,
  });
  if (errors !== '') throw new Error(`The tests of the retired package do not compile:\n${errors}`);
  return runTests({
    suite: 'dev.bgsync.tests.RetiredCasesKt',
    first: [RETIRED_TESTS, classesOf(host)],
  });
}
