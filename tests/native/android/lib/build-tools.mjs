import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { ToolServer } from './tool-server.mjs';
import { AARS, BUILD, CACHE, HERE, once } from './tools.mjs';

const TOOLS = join(CACHE, 'build-tools');
const LIB = join(TOOLS, 'lib');
const REACT = join(TOOLS, 'react');
const UNPACKED = join(TOOLS, 'aar');

/** The sources and settings of this suite. */
export const FIXTURES = join(HERE, 'build-tools');
export const OUT = join(BUILD, 'build-tools');

/** Manifest merger, R8, D8 and Lint as the Android Gradle plugin runs them, from Maven Central; after the tests' `install`. */
export async function installBuildTools(log) {
  await once('build-tools', ['pom.xml', 'build-tools/pom.xml'], async () => {
    log("fetching the Android Gradle plugin's tools (Maven Central; about 160 MB)");
    rmSync(TOOLS, { recursive: true, force: true });
    const maven = ['-q', '-B', '-f', join(FIXTURES, 'pom.xml')];
    await exec('mvn', [...maven, 'dependency:copy-dependencies']);
    await exec('mvn', [...maven, 'dependency:copy']);
    const unpack = async (aar, name, files) => {
      const directory = join(UNPACKED, name);
      mkdirSync(directory, { recursive: true });
      await exec('jar', ['xf', aar, ...files], { cwd: directory });
    };
    for (const file of readdirSync(AARS))
      await unpack(join(AARS, file), file.replace(/\.aar$/, ''), []);
    // Its native libraries are most of the 130 MB.
    for (const file of readdirSync(REACT))
      await unpack(join(REACT, file), file.replace(/(?:-release)?\.aar$/, ''), [
        'AndroidManifest.xml',
        'proguard.txt',
      ]);
    rmSync(REACT, { recursive: true });
  });
}

/** One file of a library as published. @returns undefined where the library has none */
export function ofLibrary(name, file) {
  const path = join(UNPACKED, name, file);
  return existsSync(path) ? path : undefined;
}

/** The libraries that an app with the package has besides react-android, with androidx.work in one version. */
export const librariesOf = (work) =>
  readdirSync(UNPACKED).filter(
    (name) => !/^(?:work-runtime|monitor)-/.test(name) || name === `work-runtime-${work}`,
  );

/** One JVM for the manifest merger and Lint, one for R8 and D8: the two work side by side. */
const servers = {
  agp: new ToolServer([join(LIB, '*')]),
  r8: new ToolServer([join(LIB, '*')]),
};

/**
 * Runs one of the tools.
 *
 * @param {'agp' | 'r8'} server
 * @returns its output @throws where it fails
 */
export const tool = (server, entry, args) => servers[server].check(entry, args);

export function closeBuildTools() {
  for (const server of Object.values(servers)) server.close();
}

export const toolJar = (prefix) =>
  join(
    LIB,
    readdirSync(LIB).find((name) => name.startsWith(prefix)),
  );

let home;

/** The JDK that is on the PATH: R8 takes the classes of Java itself from there. */
export const javaHome = () =>
  (home ??= exec('java', ['-XshowSettings:properties', '-version']).then((said) =>
    /java\.home = (.+)/.exec(said)[1].trim(),
  ));
