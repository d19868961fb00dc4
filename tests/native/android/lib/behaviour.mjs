import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { HOSTS, classpathOf, compilerOf } from './matrix.mjs';
import { filesUnder, kotlinOf, packageIn } from './package.mjs';
import { Sandbox, WORK_VERSIONS, compileBoot, robolectricClasspath } from './sandbox.mjs';
import { BUILD, HERE, ROOT, jar, reactJar } from './tools.mjs';

/** The host that the behaviour runs on: the newest. */
const HOST = HOSTS.at(-1);
const DIRECTORY = join(BUILD, `rn-${HOST.react}-${HOST.architecture}`);
const SPEC = join(DIRECTORY, 'spec/classes');
const SHIMS = join(BUILD, 'shims');
export const TESTS = join(BUILD, 'behaviour');

export const PACKAGE = packageIn(DIRECTORY);
export const GENERATED = join(DIRECTORY, 'debug');
export const EVENTS = join(BUILD, 'events.log');
/** The suite of random sequences. */
export const SEQUENCES = 'dev.bgsync.tests.Sequences';
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
  rmSync(SHIMS, { recursive: true, force: true });
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
  const boot = await compileBoot(compiler);
  const { errors } = await compiler.compileOnce({
    sources: filesUnder(join(HERE, 'behaviour'), '.kt'),
    classpath: [SHIMS, boot, GENERATED, ...robolectricClasspath(), ...classpath],
    out: TESTS,
    module: 'background-sync-tests',
    friend: GENERATED,
    lenient: true,
  });
  if (errors !== '') throw new Error(`The behaviour tests do not compile:\n${errors}`);
}

const sandboxes = new Map();

/** The JVM of one androidx.work; the newest Android levels have one with a newer Java. */
function sandboxOf(work, level) {
  const newer = level >= 36;
  const key = `${work} ${newer}`;
  if (!sandboxes.has(key)) {
    const classpath = [
      SHIMS,
      SPEC,
      reactJar(HOST.react),
      jar('infer-annotation'),
      jar('proguard-annotations'),
      compilerOf(HOST.kotlin).stdlib,
    ];
    sandboxes.set(key, new Sandbox(work, classpath, { newer }));
  }
  return sandboxes.get(key);
}

export function closeSandboxes() {
  for (const sandbox of sandboxes.values()) sandbox.close();
  sandboxes.clear();
}

/** Runs the behaviour tests against compiled classes of the generated package, on the real androidx.work. */
export const runTests = ({
  generated = GENERATED,
  vectors = VECTORS,
  events = EVENTS,
  work = WORK_VERSIONS[0],
  level = 35,
  suite = 'dev.bgsync.tests.RunnerKt',
  first = [],
  args = [vectors, events],
} = {}) =>
  sandboxOf(work, level).run({ level, suite, classpath: [...first, TESTS, generated], args });
