import { join } from 'node:path';
import { exec } from './exec.mjs';
import { renderPackage } from './package.mjs';
import { BUILD, HERE, jar } from './tools.mjs';

const KOTLIN_PLUGIN = 'apply{plugin=org.jetbrains.kotlin.android}';

/** What each host gives, and what the script must make of it. */
const CASES = [
  {
    name: 'AGP 8.7 (RN 0.77)',
    given: { agp: '8.7.2', rootKotlin: true, 'ext.compileSdkVersion': 35, 'ext.minSdkVersion': 24 },
    plugin: true,
    classpath: false,
  },
  {
    name: 'AGP 8.11 (RN 0.81)',
    given: { agp: '8.11.0', rootKotlin: true, 'ext.compileSdkVersion': 36 },
    plugin: true,
    classpath: false,
  },
  {
    name: 'AGP 8.11 without Kotlin at the root',
    given: { agp: '8.11.0', rootKotlin: false, 'ext.kotlinVersion': '2.1.0' },
    plugin: true,
    classpath: '2.1.0',
  },
  {
    name: 'AGP 8.11 without Kotlin or its version',
    given: { agp: '8.11.0', rootKotlin: false },
    plugin: true,
    classpath: '2.1.20',
  },
  {
    name: 'AGP 9.2 with builtInKotlin=false (RN 0.87)',
    given: { agp: '9.2.1', builtInKotlin: false, rootKotlin: true },
    plugin: true,
    classpath: false,
  },
  {
    name: 'AGP 9.2, built-in Kotlin',
    given: { agp: '9.2.1', rootKotlin: true },
    plugin: false,
    classpath: false,
  },
  {
    name: 'AGP 9.2, built-in Kotlin, said so',
    given: { agp: '9.2.1', builtInKotlin: true, rootKotlin: true },
    plugin: false,
    classpath: false,
  },
  {
    name: 'AGP 8.11 with built-in Kotlin',
    given: { agp: '8.11.0', builtInKotlin: true, rootKotlin: true },
    plugin: false,
    classpath: false,
  },
];

/** What apps of Flutter give; the versions are those of its templates. */
const FLUTTER_CASES = [
  { name: 'AGP 8.7 (Flutter 3.29)', given: { agp: '8.7.0' }, plugin: true },
  { name: 'AGP 8.9 (Flutter 3.35)', given: { agp: '8.9.1' }, plugin: true },
  {
    name: 'AGP 9.0 with builtInKotlin=false (Flutter 3.44)',
    given: { agp: '9.0.1', builtInKotlin: false },
    plugin: true,
  },
  { name: 'AGP 9.1, built-in Kotlin', given: { agp: '9.1.0' }, plugin: false },
  {
    name: 'AGP 10, built-in Kotlin, said so',
    given: { agp: '10.0.0', builtInKotlin: true },
    plugin: false,
  },
  {
    name: 'AGP 8.11 with built-in Kotlin',
    given: { agp: '8.11.0', builtInKotlin: true },
    plugin: false,
  },
];

/** What the script asks for in each case: one JVM for all. @returns {Promise<string[]>} */
async function record(cases) {
  const lines = cases.map(({ script, given }) =>
    [script, ...Object.entries(given).map(([key, value]) => `${key}=${value}`)].join('\t'),
  );
  const recorder = join(HERE, 'lib/GradleRecorder.java');
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', jar('groovy')];
  const output = await exec('java', [...flags, recorder], { input: lines.join('\n') });
  return output.split('end of case\n').slice(0, -1);
}

/**
 * What is wrong with what a script asked for.
 *
 * @param {Record<string, boolean>} wanted by line: whether it must be there
 */
const problemsOf = (output, wanted) => {
  const lines = output.trim().split('\n');
  return Object.entries(wanted).flatMap(([line, isWanted]) =>
    lines.includes(line) === isWanted ? [] : [`${isWanted ? 'misses' : 'must not have'} ${line}`],
  );
};

/** What both hosts ask for. */
const asksOf = (plugin) => ({
  'apply{plugin=com.android.library}': true,
  [KOTLIN_PLUGIN]: plugin,
  'kotlin.compilerOptions.jvmTarget = JVM_17': plugin,
  'android.namespace = dev.bgsync': true,
  'android.compileOptions.targetCompatibility = VERSION_17': true,
});

const countProblem = (outputs, cases) =>
  outputs.length === cases.length
    ? []
    : [`${outputs.length} of ${cases.length} cases were evaluated`];

/**
 * Evaluates the build.gradle of Flutter's plugin.
 *
 * @param {string} plugin its folder
 * @returns {Promise<{failures: string[], count: number}>}
 */
export async function evaluateFlutterGradle(plugin) {
  const script = join(plugin, 'android/build.gradle');
  const cases = FLUTTER_CASES.map((one) => ({ ...one, script }));
  const outputs = await record(cases);
  const failures = outputs.flatMap((output, index) => {
    const { name, plugin: hasPlugin } = cases[index];
    const problems = problemsOf(output, {
      ...asksOf(hasPlugin),
      'apply{plugin=com.facebook.react}': false,
      'android.compileSdk = 35': true,
      'android.defaultConfig.minSdk = 24': true,
    });
    if (!output.includes('dependencies.implementation[androidx.work:work-runtime:'))
      problems.push('misses WorkManager');
    return problems.length === 0 ? [] : [`${name}: ${problems.join('; ')}\n${output}`];
  });
  return { failures: [...countProblem(outputs, cases), ...failures], count: cases.length };
}

/** Evaluates build.gradle over the option matrix. @returns {Promise<{failures: string[], count: number}>} */
export async function evaluateGradle(log) {
  const cases = [];
  for (const architecture of ['new', 'old']) {
    const packageDir = await renderPackage(join(BUILD, `gradle-package-${architecture}`), {
      android: { architecture, workRuntime: '2.12.0' },
    });
    const script = join(packageDir, 'android/build.gradle');
    cases.push(...CASES.map((one) => ({ ...one, script, architecture })));
  }
  const outputs = await record(cases);
  const failures = countProblem(outputs, cases);
  for (const [index, output] of outputs.entries()) {
    const { name, given, plugin, classpath: wanted, architecture } = cases[index];
    const lines = output.trim().split('\n');
    const problems = problemsOf(output, {
      ...asksOf(plugin),
      'apply{plugin=com.facebook.react}': true,
      [`android.compileSdk = ${given['ext.compileSdkVersion'] ?? 35}`]: true,
      [`android.defaultConfig.minSdk = ${given['ext.minSdkVersion'] ?? 24}`]: true,
      'dependencies.implementation[androidx.work:work-runtime:2.12.0]': true,
      'dependencies.implementation[com.facebook.react:react-android]': true,
    });
    const asked = lines.find((line) => line.startsWith('buildscript.dependencies.classpath'));
    const version = asked === undefined ? false : /kotlin-gradle-plugin:([\d.]+)/.exec(asked)?.[1];
    if (version !== wanted) problems.push(`asks for the Kotlin plugin ${version}, not ${wanted}`);
    if (problems.length > 0)
      failures.push(
        `build.gradle, ${name}, ${architecture} architecture: ${problems.join('; ')}\n${output}`,
      );
  }
  log(`evaluated build.gradle by Groovy for ${cases.length} hosts (not built: no Gradle here)`);
  return { failures, count: cases.length };
}
