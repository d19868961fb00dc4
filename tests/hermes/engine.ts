/**
 * The Hermes that React Native ships, on Linux: that of its Android libraries for x86_64, between glibc and a few functions of
 * Android's C library. Needs g++, Maven, and the headers of libc++ 14, the C++ library of Android.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { must } from '../helpers/must.ts';

const HERE = import.meta.dirname;
export const CACHE = join(HERE, '../../.cache/hermes');
const HEADERS = '/usr/lib/llvm-14/include/c++/v1';

/** By its line: the library of Hermes, the React Native whose JSI and C++ library it is linked with, and its Babel preset. */
export const ENGINES = {
  legacy: { hermes: '0.76.5', reactNative: '0.76.5', preset: '0.76.9' },
  v1: { hermes: '250829098.0.14', reactNative: '0.87.1', preset: '0.87.1' },
} as const;

export type Line = keyof typeof ENGINES;

const run = (command: string, args: readonly string[]): string => must(command, args, CACHE);

function requireTools(): void {
  const { platform, arch } = process;
  const missing = [
    ...(platform === 'linux' && arch === 'x64'
      ? []
      : [`Linux on x64; this is ${platform} on ${arch}`]),
    ...['g++', 'gcc', 'mvn', 'unzip'].filter(
      (name) => spawnSync(name, ['--version']).error !== undefined,
    ),
    ...(existsSync(HEADERS) ? [] : [`${HEADERS} (apt-get install libc++-14-dev)`]),
  ];
  if (missing.length > 0) throw new Error(`NOT TESTED: no ${missing.join(', no ')}`);
}

const IS_DYNAMIC = 2;
/** DT_VERSYM, DT_VERDEF, DT_VERDEFNUM, DT_VERNEED, DT_VERNEEDNUM. */
const VERSIONS = new Set([0x6ffffff0n, 0x6ffffffcn, 0x6ffffffdn, 0x6ffffffen, 0x6fffffffn]);
/** A tag that no loader knows. */
const NOTHING = 0x6000_0fffn;

/** Takes the versions of symbols out of a library: those of Android's C library are `LIBC`, which glibc has not. */
function withoutVersions(from: string, to: string): void {
  const file = readFileSync(from);
  const headers = Number(file.readBigUInt64LE(0x20));
  const size = file.readUInt16LE(0x36);
  for (let index = 0; index < file.readUInt16LE(0x38); index++) {
    const at = headers + index * size;
    if (file.readUInt32LE(at) !== IS_DYNAMIC) continue;
    const start = Number(file.readBigUInt64LE(at + 8));
    const end = start + Number(file.readBigUInt64LE(at + 32));
    for (let entry = start; entry < end; entry += 16) {
      if (VERSIONS.has(file.readBigUInt64LE(entry))) file.writeBigUInt64LE(NOTHING, entry);
    }
  }
  writeFileSync(to, file);
}

/** Libraries by the names that Android's have: one of the functions that glibc lacks, the others without content. */
function buildBionic(folder: string): void {
  const shared = ['-shared', '-fPIC', '-w', '-O1'];
  const named = (name: string): string[] => [`-Wl,-soname,${name}`, '-o', join(folder, name)];
  run('gcc', [...shared, join(HERE, 'bionic.c'), ...named('libc.so')]);
  writeFileSync(join(CACHE, 'empty.c'), '');
  for (const name of ['libdl.so', 'liblog.so', 'libandroid.so']) {
    run('gcc', [...shared, 'empty.c', ...named(name)]);
  }
  run('gcc', [...shared, 'empty.c', ...named('libm.so'), '-Wl,--no-as-needed', '-lm']);
}

function build(line: Line): void {
  const { hermes, reactNative } = ENGINES[line];
  const out = join(CACHE, line);
  mkdirSync(out, { recursive: true });
  const libraries: string[] = [];
  const includes: string[] = [];
  for (const [name, only] of [
    [`hermes-android-${hermes}`, /./],
    [`react-android-${reactNative}`, /^lib(?:jsi|fbjni|c\+\+_shared)\.so$/],
  ] as const) {
    const from = join(CACHE, 'unpacked', name);
    mkdirSync(from, { recursive: true });
    const aar = join(CACHE, 'aar', `${name}-release.aar`);
    run('unzip', ['-oq', aar, 'jni/x86_64/*', 'prefab/modules/*/include/*', '-d', from]);
    const modules = join(from, 'prefab/modules');
    includes.push(...readdirSync(modules).map((module) => join(modules, module, 'include')));
    const native = join(from, 'jni/x86_64');
    for (const file of readdirSync(native).filter((one) => only.test(one))) {
      withoutVersions(join(native, file), join(out, file));
      libraries.push(join(out, file));
    }
  }
  run('g++', [
    ...['-std=c++20', '-w', '-O1', '-fno-exceptions', '-nostdinc++', '-isystem', HEADERS],
    // The namespace of Android's C++ library.
    '-D_LIBCPP_ABI_NAMESPACE=__ndk1',
    ...includes.map((folder) => `-I${folder}`),
    join(HERE, 'host.cpp'),
    ...['-nodefaultlibs', ...libraries, '-lc', '-lm', '-lgcc_s', '-Wl,--allow-shlib-undefined'],
    ...['-o', join(out, 'host')],
  ]);
  // Last: the compiler would take its libc.so for its own.
  buildBionic(out);
}

/**
 * Fetches and builds what is not there yet.
 *
 * @throws where a tool is absent
 */
export function buildEngines(log: (text: string) => void): void {
  requireTools();
  const sources = ['bionic.c', 'host.cpp', 'pom.xml', 'engine.ts'];
  const wanted = sources.map((name) => readFileSync(join(HERE, name), 'utf8')).join('\n');
  const stamp = join(CACHE, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  log('fetching Hermes and JSI of React Native (Maven Central; about 450 MB)');
  run('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), 'dependency:copy']);
  for (const line of Object.keys(ENGINES) as Line[]) build(line);
  for (const folder of ['aar', 'unpacked']) rmSync(join(CACHE, folder), { recursive: true });
  writeFileSync(stamp, wanted);
}

export interface Ran {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

/**
 * Evaluates scripts, one after the other, in a new Hermes.
 *
 * @param answer what `ask` of the scripts returns, by what it is given
 */
export function evaluate(
  line: Line,
  files: readonly string[],
  answer: (text: string) => string = () => '',
): Promise<Ran> {
  const folder = join(CACHE, line);
  const child = spawn(join(folder, 'host'), files, {
    env: { LD_LIBRARY_PATH: folder, ...(process.env.TZ && { TZ: process.env.TZ }) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, stdout, stderr, asked, answers] = child.stdio as [
    null,
    Readable,
    Readable,
    Readable,
    Writable,
  ];
  // It may have ended: its code says so.
  answers.on('error', () => undefined);
  createInterface(asked).on('line', (text) => answers.write(`${answer(text)}\n`));
  const lines: string[] = [];
  createInterface(stdout).on('line', (text) => lines.push(text));
  let errors = '';
  stderr.on('data', (text: Buffer) => (errors += text.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, lines, errors: signal === null ? errors : `${errors}\nended by ${signal}` }),
    );
  });
}
