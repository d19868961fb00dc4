import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURES, OUT, javaHome, librariesOf, ofLibrary, tool, toolJar } from './build-tools.mjs';
import { exec } from './exec.mjs';
import { jdk } from './tool-server.mjs';
import { FRAMEWORK, jar, reactJar } from './tools.mjs';
import { workClasspath } from './sandbox.mjs';

const WORKER = 'dev.bgsync.BackgroundSyncWorker';

/** What an app adds to the libraries' rules: aapt2 keeps the classes that its manifest names. */
const APP_RULES = '-keep class com.example.MainApplication { public *; }\n';

/** Of the platform and its build, in no jar that an app has; the rest must be there. */
const NOT_OF_THE_APP = ['com.android.modules.utils.**', 'org.xmlpull.v1.**']
  .map((name) => `-dontwarn ${name}\n`)
  .join('');

async function jarOf(directory, name) {
  const file = join(OUT, `${name}.jar`);
  await jdk('jar', ['cf', file, '-C', directory, '.']);
  return file;
}

/** The package, the app around it and what they are compiled with. */
async function programOf({ classes, spec, stdlib, react, work, stubs }) {
  const app = join(OUT, 'app-classes');
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  const library = [
    FRAMEWORK,
    reactJar(react),
    ...['guava', 'jsr305', 'infer-annotation', 'proguard-annotations'].map(jar),
    toolJar('annotations-13'),
  ];
  await jdk('javac', [
    ...['-d', app, '-cp', [classes, spec, ...library].join(':')],
    join(FIXTURES, 'MainApplication.java'),
  ]);
  const own = [await jarOf(classes, 'package'), await jarOf(spec, 'spec')];
  const around = [
    await jarOf(app, 'app'),
    // AGP makes R classes out of a library's resources.
    await jarOf(stubs, 'r-classes'),
    stdlib,
    ...workClasspath(work).filter((path) => !library.includes(path)),
  ];
  return { own, around, library };
}

/** R8 in full mode, into class files: what it keeps can be looked for as the running app would. */
async function shrink({ own, around, library }, rules, name) {
  const app = join(OUT, 'app.pro');
  writeFileSync(app, APP_RULES + NOT_OF_THE_APP);
  const out = join(OUT, `${name}.jar`);
  await tool('r8', 'com.android.tools.r8.R8#main', [
    ...['--release', '--classfile', '--output', out, '--lib', await javaHome()],
    ...library.flatMap((path) => ['--lib', path]),
    ...[app, ...rules].flatMap((path) => ['--pg-conf', path]),
    ...['--pg-map-output', join(OUT, `${name}.map`)],
    ...own,
    ...around,
  ]);
  return out;
}

/** @returns of each shrunk app why WorkManager could not make the worker, '' where it could */
async function missing(shrunk, library) {
  const apps = shrunk.map((app) => [app, ...library].join(':'));
  const said = await exec('java', [join(FIXTURES, 'Constructible.java'), WORKER, ...apps]);
  return said.split('\n').slice(0, -1);
}

/**
 * Shrinks an app with the package by the libraries' own rules, and makes DEX of both variants for the lowest Android.
 *
 * @returns {Promise<{name: string, problems: string[]}[]>}
 */
export async function checkShrunk({ release, debug, work, react, ...parts }) {
  const rulesOf = (names) => names.map((name) => ofLibrary(name, 'proguard.txt')).filter(Boolean);
  const libraries = [`react-android-${react}`, ...librariesOf(work)];
  const program = await programOf({ classes: release, work, react, ...parts });
  const shrunk = await shrink(program, rulesOf(libraries), 'shrunk');
  const others = libraries.filter((name) => !name.startsWith('work-runtime'));
  const without = await shrink(program, rulesOf(others), 'without-rules');
  const [why, lost] = await missing([shrunk, without], program.library);
  const results = [];
  results.push({
    name: "R8 in full mode with the libraries' own rules: WorkManager can make the worker by its name",
    problems: why === '' ? [] : [why],
  });
  const map = readFileSync(join(OUT, 'shrunk.map'), 'utf8');
  results.push({
    name: 'R8 does shrink: other classes of the package have lost their names',
    problems: /^dev\.bgsync\.(?!BackgroundSyncWorker)\w+ -> (?!dev\.bgsync\.)/m.test(map)
      ? []
      : ['no class of the package was renamed'],
  });

  results.push({
    name: `seeded: without androidx.work's rules the worker is lost, and that is seen: ${lost}`,
    problems: lost === '' ? ['the worker was found'] : [],
  });

  const dexes = {};
  for (const [variant, classes] of Object.entries({ release, debug })) {
    const out = join(OUT, `dex-${variant}`);
    mkdirSync(out, { recursive: true });
    const said = await tool('r8', 'com.android.tools.r8.D8#main', [
      ...[`--${variant}`, '--min-api', '24', '--output', out, '--lib', await javaHome()],
      ...program.library.flatMap((path) => ['--lib', path]),
      ...program.around.flatMap((path) => ['--classpath', path]),
      await jarOf(classes, `dex-${variant}`),
      program.own[1],
    ]);
    dexes[variant] = readFileSync(join(out, 'classes.dex'), 'latin1');
    results.push({
      name: `D8 for Android 7 (API 24), ${variant}: no warning`,
      problems: said.trim() === '' ? [] : [said],
    });
  }
  const hook = 'dev.bgsync.action.RUN';
  results.push({
    name: 'the debug hook is in the DEX of a debug build, and in no release',
    problems: [
      ...(dexes.debug.includes(hook) ? [] : ['the debug build has no hook']),
      ...(dexes.release.includes(hook) ? ['the release has the hook'] : []),
    ],
  });
  return results;
}
