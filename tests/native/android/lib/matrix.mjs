import { cpSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { generateSpec } from './codegen.mjs';
import { KotlinCompiler } from './kotlin.mjs';
import { inLanes } from '../../lanes.mjs';
import { filesUnder, initPackages, kotlinOf, packageIn } from './package.mjs';
import { WORK_VERSIONS, workClasspath } from './sandbox.mjs';
import { closeJdk } from './tool-server.mjs';
import { BUILD, FRAMEWORK, jar, reactJar } from './tools.mjs';

/**
 * What each React Native compiles with. Maven Central has no react-android 0.77: its neighbours on both sides, 0.76.5
 * and 0.79.7 (Kotlin 2.0.21 like 0.77), stand for it.
 */
export const HOSTS = [
  { host: '0.77', react: '0.76.5', codegen: 'codegen-077', kotlin: '2.0.21', architecture: 'new' },
  { host: '0.77', react: '0.76.5', codegen: 'codegen-077', kotlin: '2.0.21', architecture: 'old' },
  { host: '0.79', react: '0.79.7', codegen: 'codegen-079', kotlin: '2.0.21', architecture: 'new' },
  { host: '0.81', react: '0.81.6', codegen: 'codegen-081', kotlin: '2.1.20', architecture: 'new' },
  { host: '0.81', react: '0.81.6', codegen: 'codegen-081', kotlin: '2.1.20', architecture: 'old' },
  { host: '0.87', react: '0.87.1', codegen: 'codegen-087', kotlin: '2.2.0', architecture: 'new' },
];

const compilers = new Map();

export function compilerOf(version) {
  if (!compilers.has(version)) compilers.set(version, new KotlinCompiler(version));
  return compilers.get(version);
}

export function closeCompilers() {
  for (const compiler of compilers.values()) compiler.close();
  compilers.clear();
  closeJdk();
}

export const classpathOf = (host, spec, compiler) => [
  spec,
  reactJar(host.react),
  ...workClasspath(WORK_VERSIONS[0]),
  jar('jsr305'),
  jar('infer-annotation'),
  jar('proguard-annotations'),
  FRAMEWORK,
  compiler.stdlib,
];

export const directoryOf = ({ react, architecture, variant = architecture }) =>
  join(BUILD, `rn-${react}-${variant}`);

/** Compiles both variants for each host, warnings as errors. @returns each with what the compiler said */
export async function compileMatrix(hosts = HOSTS) {
  await initPackages(hosts.map((host) => ({ directory: directoryOf(host), ...host })));
  // A compiler takes one at a time.
  const versions = [...new Set(hosts.map(({ kotlin }) => kotlin))];
  const groups = versions.map((version) => hosts.filter(({ kotlin }) => kotlin === version));
  const results = await inLanes(groups, async (group) => {
    const compiled = [];
    for (const host of group) compiled.push(...(await compileHost(host)));
    return compiled;
  });
  return results.flat();
}

/**
 * Compiles the package as a release has it, then what a debug build adds, on top of that: it is the same text, and the
 * debug source set sees what is internal to the other as in a build of both.
 */
async function compileHost(host) {
  const directory = directoryOf(host);
  const packageDir = packageIn(directory);
  const spec = await generateSpec({
    packageDir,
    codegen: host.codegen,
    react: host.react,
    out: join(directory, 'spec'),
  });
  const compiler = compilerOf(host.kotlin);
  const classpath = classpathOf(host, spec, compiler);
  const compile = async (variant, options) => {
    const started = Date.now();
    const { errors, cached } = await compiler.compileOnce(options);
    const label = `React Native ${host.host}, ${host.architecture} architecture, ${variant}: Kotlin ${host.kotlin} against react-android ${host.react}, codegen's spec, android-all 17, androidx.work ${WORK_VERSIONS[0]}`;
    const effort = cached ? 'unchanged' : `${((Date.now() - started) / 1000).toFixed(1)} s`;
    return { label: `${label} (${effort})`, errors };
  };

  const main = kotlinOf(packageDir, 'release');
  const release = join(directory, 'release');
  const ofRelease = await compile('release', { sources: main, classpath, out: release });
  if (ofRelease.errors !== '') return [ofRelease];
  const added = join(directory, 'added');
  const ofDebug = await compile('debug', {
    sources: kotlinOf(packageDir, 'debug').filter((file) => !main.includes(file)),
    classpath: [release, ...classpath],
    out: added,
    friend: release,
  });
  if (ofDebug.errors === '') merge(release, added, join(directory, 'debug'));
  return [ofRelease, ofDebug];
}

/** Puts two directories of classes into one; none may be in both. */
function merge(release, added, out) {
  rmSync(out, { recursive: true, force: true });
  cpSync(release, out, { recursive: true });
  for (const file of filesUnder(added, '.class'))
    cpSync(file, join(out, relative(added, file)), { errorOnExist: true, force: false });
}
