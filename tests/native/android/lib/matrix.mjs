import { join } from 'node:path';
import { generateSpec } from './codegen.mjs';
import { KotlinCompiler } from './kotlin.mjs';
import { inLanes } from '../../lanes.mjs';
import { initPackage, kotlinOf } from './package.mjs';
import { WORK_VERSIONS, workClasspath } from './sandbox.mjs';
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

async function compileHost(host) {
  const results = [];
  const directory = directoryOf(host);
  const packageDir = await initPackage(directory, host);
  const spec = await generateSpec({
    packageDir,
    codegen: host.codegen,
    react: host.react,
    out: join(directory, 'spec'),
  });
  const compiler = compilerOf(host.kotlin);
  for (const variant of ['release', 'debug']) {
    const started = Date.now();
    const { errors, cached } = await compiler.compileOnce({
      sources: kotlinOf(packageDir, variant),
      classpath: classpathOf(host, spec, compiler),
      out: join(directory, variant),
    });
    const label = `React Native ${host.host}, ${host.architecture} architecture, ${variant}: Kotlin ${host.kotlin} against react-android ${host.react}, codegen's spec, android-all 17, androidx.work ${WORK_VERSIONS[0]}`;
    const effort = cached ? 'unchanged' : `${((Date.now() - started) / 1000).toFixed(1)} s`;
    results.push({ label: `${label} (${effort})`, errors });
  }
  return results;
}
