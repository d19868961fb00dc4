import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUT, librariesOf, ofLibrary, tool } from './build-tools.mjs';
import { exec } from './exec.mjs';
import { ROOT } from './tools.mjs';

/** What the package and androidx.work bring into an app. */
const BROUGHT = {
  debugReceiver: 'android:name="dev.bgsync.BackgroundSyncDebugReceiver"',
  jobService: 'android:name="androidx.work.impl.background.systemjob.SystemJobService"',
  initializer: 'android:name="androidx.work.WorkManagerInitializer"',
  boot: 'android:name="android.permission.RECEIVE_BOOT_COMPLETED"',
  network: 'android:name="android.permission.ACCESS_NETWORK_STATE"',
  wakeLock: 'android:name="android.permission.WAKE_LOCK"',
};
const ALWAYS = Object.keys(BROUGHT).filter((name) => name !== 'debugReceiver');

/** `into`: what the app's manifest has besides the template's; `lacks`: what it takes out; `doctor`: what says so. */
const HOSTS = [
  { name: 'the template', lacks: [], doctor: [] },
  {
    name: 'tools:replace on what libraries do not have, and tools:ignore',
    application: 'tools:replace="android:allowBackup" tools:ignore="MissingClass"',
    lacks: [],
    doctor: [],
  },
  {
    name: 'tools:node="remove" on RECEIVE_BOOT_COMPLETED',
    permission:
      '<uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" tools:node="remove" />',
    lacks: ['boot'],
    doctor: ['A10'],
  },
  {
    name: 'tools:node="remove" on the initializer',
    component: `<provider android:name="androidx.startup.InitializationProvider"
        android:authorities="\${applicationId}.androidx-startup" tools:node="merge">
        <meta-data android:name="androidx.work.WorkManagerInitializer" android:value="androidx.startup" tools:node="remove" />
      </provider>`,
    lacks: ['initializer'],
    doctor: ['A06'],
  },
  {
    name: 'tools:node="remove" on the whole provider',
    component: `<provider android:name="androidx.startup.InitializationProvider"
        android:authorities="\${applicationId}.androidx-startup" tools:node="remove" />`,
    lacks: ['initializer'],
    doctor: ['A06', 'A09'],
  },
  {
    name: 'tools:node="remove" on the debug receiver',
    component:
      '<receiver android:name="dev.bgsync.BackgroundSyncDebugReceiver" tools:node="remove" />',
    lacks: ['debugReceiver'],
    doctor: [],
  },
];

function manifestOf(template, { application = '', permission = '', component = '' }) {
  return template
    .replace('<manifest ', '<manifest xmlns:tools="http://schemas.android.com/tools" ')
    .replace('<application', () => `${permission}\n    <application ${application}`)
    .replace('</application>', () => `${component}\n    </application>`);
}

/** Warnings of the merger are failures. */
async function merge(args) {
  const said = await tool('agp', 'com.android.manifmerger.Merger#process', [
    ...args,
    ...['--remove-tools-declarations', '--log', 'WARNING'],
  ]);
  if (said.trim() !== '') throw new Error(said);
}

/**
 * Merges the package's source sets into one library manifest, as the Android Gradle plugin does.
 *
 * @param sources the package's manifests, the main one first
 * @returns {Promise<string>} the file with it
 */
async function mergeLibrary(name, [main, ...overlays]) {
  const library = join(OUT, `${name}-library.xml`);
  await merge([
    ...['--main', main],
    ...(overlays.length > 0 ? ['--overlays', overlays.join(':')] : []),
    ...['--property', 'PACKAGE=dev.bgsync', '--property', 'MIN_SDK_VERSION=24', '--out', library],
  ]);
  return library;
}

/**
 * Merges that of the package, the libraries' and the app's.
 *
 * @returns {Promise<string>} the file with the app's merged manifest
 */
async function mergeManifest({ name, app, library, work }) {
  const merged = join(OUT, `${name}-merged.xml`);
  const libraries = ['react-android-0.87.1', ...librariesOf(work)]
    .map((one) => ofLibrary(one, 'AndroidManifest.xml'))
    .filter(Boolean);
  await merge([
    ...['--main', app, '--libs', [library, ...new Set(libraries)].join(':')],
    ...['--property', 'PACKAGE=com.example', '--property', 'MIN_SDK_VERSION=24'],
    ...['--property', 'TARGET_SDK_VERSION=36', '--placeholder', 'usesCleartextTraffic=false'],
    ...['--out', merged],
  ]);
  return merged;
}

/** @returns what a merged manifest has and should not, and what it lacks */
function wrongIn(merged, { lacks }, variant) {
  const text = readFileSync(merged, 'utf8');
  const expected = [...ALWAYS, ...(variant === 'debug' ? ['debugReceiver'] : [])].filter(
    (name) => !lacks.includes(name),
  );
  return Object.entries(BROUGHT).flatMap(([name, needle]) => {
    const has = text.includes(needle);
    return has === expected.includes(name) ? [] : [`${has ? 'holds' : 'lacks'} ${name}: ${needle}`];
  });
}

/** A receiver that anybody could call is no hook but a hole. */
function unguarded(merged) {
  const receiver = /<receiver\s[^>]*BackgroundSyncDebugReceiver[^>]*>/.exec(
    readFileSync(merged, 'utf8'),
  )?.[0];
  return receiver === undefined || receiver.includes('android:permission="android.permission.DUMP"')
    ? []
    : ['the debug receiver asks its callers for no permission'];
}

/** The codes that doctor gives this app's manifest, of those that speak of what WorkManager brings. */
async function doctorSays(app) {
  const report = join(OUT, 'doctor.json');
  const doctor = `"${process.execPath}" "${join(ROOT, 'bin/bgsync.js')}" doctor --json --only A06,A09,A10`;
  // Findings end it with 1, which is no failure here.
  await exec('sh', ['-c', `${doctor} >"${report}" || [ $? = 1 ]`], { cwd: app });
  const { findings } = JSON.parse(readFileSync(report, 'utf8'));
  return [...new Set(findings.map(({ id }) => id))].sort();
}

/**
 * The package's manifests in several apps, merged for both variants.
 *
 * @param appDirectory the template app with the package in it
 * @returns {Promise<{name: string, problems: string[]}[]>}
 */
export async function checkManifests({ appDirectory, packageDir, work }) {
  mkdirSync(OUT, { recursive: true });
  const manifest = 'android/app/src/main/AndroidManifest.xml';
  const template = readFileSync(join(appDirectory, manifest), 'utf8');
  const app = join(OUT, 'app');
  cpSync(appDirectory, app, { recursive: true });
  const main = join(packageDir, 'android/src/main/AndroidManifest.xml');
  const debug = join(packageDir, 'android/src/debug/AndroidManifest.xml');
  const variants = {
    release: await mergeLibrary('release', [main]),
    debug: await mergeLibrary('debug', [main, debug]),
  };
  const results = [];
  for (const [index, host] of HOSTS.entries()) {
    writeFileSync(join(app, manifest), manifestOf(template, host));
    for (const [variant, library] of Object.entries(variants)) {
      const name = `${variant}-${index}`;
      const merged = await mergeManifest({ name, app: join(app, manifest), library, work });
      results.push({
        name: `the merged manifest, ${variant}: ${host.name}`,
        problems: [...wrongIn(merged, host, variant), ...unguarded(merged)],
      });
    }
    const said = await doctorSays(app);
    results.push({
      name: `doctor says of it what the merger does: ${host.name}`,
      problems:
        said.join() === host.doctor.join()
          ? []
          : [`says ${said.join()}, expected ${host.doctor.join()}`],
    });
  }

  // A debug receiver in the main source set must be seen.
  writeFileSync(join(app, manifest), template);
  const left = await mergeManifest({
    name: 'seeded',
    app: join(app, manifest),
    library: await mergeLibrary('seeded', [debug]),
    work,
  });
  results.push({
    name: 'seeded: a debug receiver in the release manifest is seen',
    problems: wrongIn(left, { lacks: [] }, 'release').some((line) => line.includes('debugReceiver'))
      ? []
      : ['nothing was said'],
  });
  return results;
}

/** The merged manifests of the template, as the other tools take them. */
export const mergedManifest = (variant) => join(OUT, `${variant}-0-merged.xml`);
