import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exec } from './exec.mjs';

export const HERE = dirname(dirname(fileURLToPath(import.meta.url)));
export const ROOT = join(HERE, '../../..');
export const CACHE = join(HERE, '.cache');
export const BUILD = join(HERE, 'build');

const NPM = join(CACHE, 'npm');
const MAVEN = join(CACHE, 'maven');
const REACT = join(CACHE, 'react-android');

/** The androidx libraries as published: manifests, rules for R8, metadata. */
export const AARS = join(CACHE, 'aar');

export const hash = (...parts) => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex').slice(0, 16);
};

/** Runs `make` once for each state of the files: a marker with their hash says that it ran to its end. */
export async function once(name, files, make) {
  const marker = join(CACHE, `${name}.done`);
  const wanted = hash(...files.map((file) => readFileSync(join(HERE, file))));
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  await make();
  writeFileSync(marker, wanted);
}

export async function requireJdk() {
  let version;
  try {
    version = await exec('javac', ['-version']);
  } catch {
    throw new Error(
      'These tests need a JDK, version 17 or newer: javac is not on the PATH.\nDebian: apt-get install openjdk-17-jdk-headless',
    );
  }
  const major = Number(/javac (\d+)/.exec(version)?.[1]);
  if (!(major >= 17))
    throw new Error(`These tests need a JDK, version 17 or newer; javac says "${version.trim()}".`);
  return version.trim();
}

/** Compilers and code generators from npm, jars from Maven Central. */
export async function install(log) {
  mkdirSync(CACHE, { recursive: true });
  await once('npm', ['package-lock.json'], async () => {
    log('installing the Kotlin compilers and React Native codegen (npm)');
    mkdirSync(NPM, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(HERE, file), join(NPM, file));
    await exec('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: NPM });
  });
  await once('maven', ['pom.xml', 'lib/Framework.java'], async () => {
    await exec('mvn', ['-version']).catch(() => {
      throw new Error(
        'These tests need Maven: mvn is not on the PATH.\nDebian: apt-get install maven',
      );
    });
    log(
      'fetching the Android frameworks, react-android, androidx.work, Robolectric, ktlint and Groovy (Maven Central; about 2 GB)',
    );
    await exec('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), 'dependency:copy']);
    mkdirSync(REACT, { recursive: true });
    mkdirSync(AARS, { recursive: true });
    for (const file of readdirSync(MAVEN).filter((name) => name.endsWith('.aar'))) {
      const isReact = file.startsWith('react-android-');
      // Only the classes of react-android: its native libraries are most of the 130 MB.
      await exec('jar', ['xf', join(MAVEN, file), 'classes.jar'], { cwd: REACT });
      const target = isReact
        ? join(REACT, reactFile(/\d+\.\d+\.\d+/.exec(file)[0]))
        : join(MAVEN, file.replace(/aar$/, 'jar'));
      renameSync(join(REACT, 'classes.jar'), target);
      if (!isReact) renameSync(join(MAVEN, file), join(AARS, file));
      rmSync(join(MAVEN, file), { force: true });
    }
    const all = readdirSync(MAVEN).find((name) => name.startsWith('android-all-'));
    await exec('java', [join(HERE, 'lib/Framework.java'), join(MAVEN, all), FRAMEWORK]);
    rmSync(join(MAVEN, all));
  });
}

export const FRAMEWORK = join(CACHE, 'android-framework.jar');

const reactFile = (version) => `react-android-${version}.jar`;

export const npmPackage = (name) => join(NPM, 'node_modules', name);

export const reactJar = (version) => join(REACT, reactFile(version));

/** @param prefix an artifact's name, its version added where there are several */
export function jar(prefix) {
  const found = readdirSync(MAVEN).find(
    (name) =>
      name.endsWith('.jar') &&
      name.startsWith(prefix) &&
      /^(?:-\d.*)?\.jar$/.test(name.slice(prefix.length)),
  );
  if (found === undefined) throw new Error(`pom.xml fetches no ${prefix}`);
  return join(MAVEN, found);
}
