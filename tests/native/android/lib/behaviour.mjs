import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { HOSTS, classpathOf, compilerOf } from './matrix.mjs';
import { filesUnder, kotlinOf, packageIn } from './package.mjs';
import { BUILD, HERE, ROOT, jar } from './tools.mjs';

/** The host that the behaviour runs on: the newest. */
const HOST = HOSTS.at(-1);
const DIRECTORY = join(BUILD, `rn-${HOST.react}-${HOST.architecture}`);
const SPEC = join(DIRECTORY, 'spec/classes');
const SHIMS = join(BUILD, 'shims');
export const TESTS = join(BUILD, 'behaviour');

export const PACKAGE = packageIn(DIRECTORY);
export const GENERATED = join(DIRECTORY, 'debug');
export const EVENTS = join(BUILD, 'events.log');
export const VECTORS = join(ROOT, 'tests/vectors/schedule-policy.json');

/** Compiles the generated package once more, from other sources, for a mutation. */
export function compileGenerated(sources, out, options) {
  const compiler = compilerOf(HOST.kotlin);
  return compiler.compile({
    sources,
    classpath: classpathOf(HOST, SPEC, compiler),
    out,
    ...options,
  });
}

export const generatedSources = () => kotlinOf(PACKAGE, 'debug');

export async function compileTests() {
  mkdirSync(SHIMS, { recursive: true });
  const compiler = compilerOf(HOST.kotlin);
  const classpath = classpathOf(HOST, SPEC, compiler);
  await exec('javac', [
    '-nowarn',
    '-proc:none',
    '-d',
    SHIMS,
    '-cp',
    classpath.join(':'),
    ...filesUnder(join(HERE, 'shims'), '.java'),
  ]);
  const { errors } = await compiler.compileOnce({
    sources: filesUnder(join(HERE, 'behaviour'), '.kt'),
    classpath: [SHIMS, GENERATED, ...classpath],
    out: TESTS,
    module: 'background-sync-tests',
    friend: GENERATED,
    lenient: true,
  });
  if (errors !== '') throw new Error(`The behaviour tests do not compile:\n${errors}`);
  const services = join(TESTS, 'META-INF/services');
  mkdirSync(services, { recursive: true });
  writeFileSync(
    join(services, 'kotlinx.coroutines.internal.MainDispatcherFactory'),
    'dev.bgsync.tests.TestMainDispatcherFactory\n',
  );
}

/** Runs the behaviour tests against compiled classes of the generated package. */
export const runTests = ({ generated = GENERATED, vectors = VECTORS, events = EVENTS } = {}) =>
  runJvm('dev.bgsync.tests.RunnerKt', [vectors, events], [], generated);

/** @param first stands in front of everything else on the class path */
export async function runJvm(main, args, first, generated = GENERATED) {
  const compiler = compilerOf(HOST.kotlin);
  const classpath = [...first, TESTS, SHIMS, generated, ...classpathOf(HOST, SPEC, compiler)];
  try {
    const output = await exec('java', [
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Dkotlinx.coroutines.fast.service.loader=false',
      '-cp',
      classpath.join(':'),
      main,
      ...args,
    ]);
    return { ok: true, output };
  } catch (error) {
    return { ok: false, output: error.message };
  }
}
