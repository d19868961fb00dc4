/**
 * What the Android Gradle plugin does to the generated package, by the tools that it calls: manifest merger, Lint, R8, D8,
 * aapt2: `npm run test:android-tools`. Needs a JDK 17 and Maven; aapt2 from Debian's package aapt. Each part has a seeded
 * fault that must be seen. What `doctor` holds of androidx.work's versions is compared with their AARs, what it says of
 * services and headless tasks with Android's, React Native's and androidx.work's classes.
 */
import { mkdirSync } from 'node:fs';
import { inLanes } from '../lanes.mjs';
import { checkAars } from './lib/aar-facts.mjs';
import { closeBuildTools, installBuildTools } from './lib/build-tools.mjs';
import { checkLint } from './lib/lint.mjs';
import { checkManifests, mergedManifest } from './lib/manifests.mjs';
import {
  HOSTS,
  classpathOf,
  closeCompilers,
  compileMatrix,
  compilerOf,
  directoryOf,
} from './lib/matrix.mjs';
import { kotlinOf, packageIn } from './lib/package.mjs';
import { checkResources } from './lib/resources.mjs';
import { R_CLASSES, WORK_VERSIONS, compileResourceClasses } from './lib/sandbox.mjs';
import { checkShrunk } from './lib/shrink.mjs';
import { checkServices } from './lib/service-facts.mjs';
import { BUILD, FRAMEWORK, install, jar, reactJar, requireJdk } from './lib/tools.mjs';
import { join } from 'node:path';

/** With several syncs and constraints of each: more than what an app has at first. */
const HOST = { ...HOSTS.at(-1), variant: 'several' };
const WORK = WORK_VERSIONS[0];
const failures = [];
let passed = 0;

function report(results) {
  for (const { name, problems } of results) {
    if (problems.length === 0) passed++;
    else failures.push(`${name}\n${problems.join('\n')}`);
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  }
}

async function main() {
  const started = Date.now();
  mkdirSync(BUILD, { recursive: true });
  console.log(`JDK: ${await requireJdk()}`);
  await install(console.log);
  await installBuildTools(console.log);
  report(checkAars());
  report(
    await checkServices({
      framework: FRAMEWORK,
      react: reactJar(HOST.react),
      work: jar(`work-runtime-${WORK}`),
    }),
  );

  const compiled = await compileMatrix([HOST]);
  report(
    compiled.map(({ label, errors }) => ({ name: label, problems: errors === '' ? [] : [errors] })),
  );
  if (failures.length > 0) return;
  const compiler = compilerOf(HOST.kotlin);
  await compileResourceClasses();
  const directory = directoryOf(HOST);
  const packageDir = packageIn(directory);
  const spec = join(directory, 'spec/classes');

  const classes = { release: join(directory, 'release'), debug: join(directory, 'debug') };
  const shrink = async () =>
    report(
      await checkShrunk({
        ...classes,
        spec,
        stubs: R_CLASSES,
        stdlib: compiler.stdlib,
        react: HOST.react,
        work: WORK,
      }),
    );
  // Lint reads the merged manifest.
  const manifestsAndLint = async () => {
    report(await checkManifests({ appDirectory: join(directory, 'app'), packageDir, work: WORK }));
    const resources = await checkResources(WORK);
    if (resources === undefined)
      console.log('SKIPPED aapt2: it is not on the PATH. Debian: apt-get install aapt');
    else report(resources);
    report(
      await checkLint({
        packageDir,
        manifest: mergedManifest('debug'),
        sources: kotlinOf(packageDir, 'debug'),
        classpath: classpathOf(HOST, spec, compiler),
        work: WORK,
      }),
    );
  };
  await inLanes([shrink, manifestsAndLint], (part) => part());
  console.log(`took ${Math.round((Date.now() - started) / 1000)} s`);
}

main()
  .catch((error) => failures.push(error.stack ?? String(error)))
  .finally(() => {
    closeCompilers();
    closeBuildTools();
    for (const failure of failures) console.error(`\nFAILED ${failure}`);
    console.log(`\n${passed} passed, ${failures.length} failed`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  });
