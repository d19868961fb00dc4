import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readClasses } from './api.mjs';
import { HOSTS, classpathOf, compilerOf } from './matrix.mjs';
import { filesUnder, kotlinOf, packageIn } from './package.mjs';
import { Sandbox, WORK_VERSIONS, compileBoot, robolectricClasspath } from './sandbox.mjs';
import { jdk } from './tool-server.mjs';
import { BUILD, HERE, ROOT, jar, reactJar } from './tools.mjs';

/** The host that the behaviour runs on: the newest. */
const HOST = HOSTS.at(-1);
const DIRECTORY = join(BUILD, `rn-${HOST.react}-${HOST.architecture}`);
const SPEC = join(DIRECTORY, 'spec/classes');
const SHIMS = join(BUILD, 'shims');
export const TESTS = join(BUILD, 'behaviour');

export const PACKAGE = packageIn(DIRECTORY);
export const GENERATED = join(DIRECTORY, 'debug');
/** The events of all runs of the behaviour on one androidx.work and Android level. */
export const eventsOf = (work, level) => join(BUILD, `events-${work}-${level}.log`);
/** The suite of random sequences. */
export const SEQUENCES = 'dev.bgsync.tests.Sequences';
export const VECTORS = join(ROOT, 'tests/vectors/schedule-policy.json');

function compileGenerated(sources, out, { beside = [], ...options }) {
  const compiler = compilerOf(HOST.kotlin);
  return compiler.compile({
    sources,
    classpath: [...beside, ...classpathOf(HOST, SPEC, compiler)],
    out,
    lenient: true,
    ...options,
  });
}

/**
 * Compiles the generated package with one file changed: that file alone, against the classes of the others, where it
 * shows them what it did before; else everything.
 *
 * @param path the file of the package that is changed
 * @param text what it is to hold
 * @param directory for what comes of it
 * @returns {Promise<{ errors: string, changed?: string, classpath?: string[] }>} what the compiler said; where the
 *   classes are that are not those of the package, and the whole
 */
export async function compileMutant({ path, text, directory }) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const file = join(directory, basename(path));
  writeFileSync(file, text);
  const changed = join(directory, 'changed');
  const others = join(directory, 'others');
  const before = (await readClasses(GENERATED)).filter((one) => one.source === basename(path));
  cpSync(GENERATED, others, { recursive: true });
  for (const { name } of before) rmSync(join(others, `${name}.class`));
  // The callers of an inline function have it in themselves.
  if (!/\binline\b/.test(text)) {
    const errors = await compileGenerated([file], changed, { beside: [others], friend: others });
    if (errors === '' && showsTheSame(before, await readClasses(changed)))
      return { errors, changed, classpath: [changed, others] };
  }
  const sources = kotlinOf(PACKAGE, 'debug').map((one) => (one === path ? file : one));
  const errors = await compileGenerated(sources, changed, {});
  return errors === '' ? { errors, changed, classpath: [changed] } : { errors };
}

/** Whether the others find in the classes of a file all that they found before; what is private or has no name is its own. */
function showsTheSame(before, after) {
  const now = new Map(after.map((one) => [one.name, one]));
  return before
    .filter(({ name }) => !/\$\d/.test(name))
    .every((one) => {
      const shown = now.get(one.name)?.signatures;
      return shown !== undefined && [...one.signatures].every((signature) => shown.has(signature));
    });
}

export async function compileTests() {
  rmSync(SHIMS, { recursive: true, force: true });
  mkdirSync(SHIMS, { recursive: true });
  const compiler = compilerOf(HOST.kotlin);
  const classpath = classpathOf(HOST, SPEC, compiler);
  await jdk('javac', [
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

/** The JVM of one lane; the newest Android levels have one with a newer Java. */
function sandboxOf(level, lane) {
  const newer = level >= 36;
  const key = `${newer} ${lane}`;
  if (!sandboxes.has(key)) {
    const classpath = [
      SHIMS,
      SPEC,
      reactJar(HOST.react),
      jar('infer-annotation'),
      jar('proguard-annotations'),
      compilerOf(HOST.kotlin).stdlib,
    ];
    sandboxes.set(key, new Sandbox(classpath, { newer }));
  }
  return sandboxes.get(key);
}

export function closeSandboxes() {
  for (const sandbox of sandboxes.values()) sandbox.close();
  sandboxes.clear();
}

/** Runs the behaviour tests against compiled classes of the generated package, on the real androidx.work. */
export const runTests = ({
  generated = [GENERATED],
  vectors = VECTORS,
  work = WORK_VERSIONS[0],
  level = 35,
  events = eventsOf(work, level),
  lane = 0,
  suite = 'dev.bgsync.tests.RunnerKt',
  first = [],
  args = [vectors, events],
} = {}) =>
  sandboxOf(level, lane).run({
    level,
    work,
    suite,
    classpath: [...first, TESTS, ...generated],
    args,
  });
