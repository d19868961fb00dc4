import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shareBetween } from '../../../share.mjs';
import { run, tail } from './shell.mjs';

/** Apple's modules, as stubs. On a Mac the real ones of these are there. */
const MODULES = ['BackgroundTasks', 'UIKit', 'os', 'Network', 'notify'];
const STUBS =
  process.platform === 'darwin'
    ? MODULES.filter((name) => !['os', 'Network', 'notify'].includes(name))
    : MODULES;

/** What an older compiler must not see, and what is seen with this one in place of it. */
export const XCODE_27 = { guard: 'compiler(>=6.4)', opened: 'compiler(>=6.0)' };

export function swiftFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.swift'))
    .sort()
    .map((name) => join(folder, name));
}

const stubs = new Map();

/**
 * Builds the stubs as their callers see Apple's modules: in language mode 5, like everything that is Objective-C. Once for
 * all steps of a run.
 */
export function compileStubs(context, name = 'modules', flags = []) {
  if (!stubs.has(name)) stubs.set(name, buildStubs(context, name, flags));
  return stubs.get(name);
}

function buildStubs({ here, build }, name, flags) {
  const out = join(build, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const module of STUBS) {
    const { status, output } = run('swiftc', [
      '-emit-module',
      '-parse-as-library',
      '-swift-version',
      '5',
      '-module-name',
      module,
      '-o',
      join(out, `${module}.swiftmodule`),
      ...flags,
      ...swiftFiles(join(here, 'stubs', module)),
    ]);
    if (status !== 0) throw new Error(`The stub of ${module} does not compile:\n${tail(output)}`);
  }
  return out;
}

const builds = new Map();

/** The builds of an app of today, in language mode 5: what they hold is looked at, too. */
const BUILDS = { debug: ['-Onone', '-DDEBUG'], release: ['-O'] };

/** Compiles one of {@link BUILDS}, once for all steps of a run. @returns what {@link compile} does, and its `object` */
function buildOf(context, name) {
  if (!builds.has(name)) {
    const object = join(context.build, `${name}.o`);
    const files = swiftFiles(join(context.package, 'ios'));
    const result = compile(files, compileStubs(context), object, 5, BUILDS[name]);
    builds.set(name, { ...result, object });
  }
  return builds.get(name);
}

/**
 * Compiles down to an object file: data-flow errors (a value that is sent to another thread and used) come after
 * type-checking.
 */
export function compile(files, stubs, object, mode, flags) {
  return run('swiftc', [
    '-emit-object',
    '-whole-module-optimization',
    '-parse-as-library',
    '-warnings-as-errors',
    '-swift-version',
    String(mode),
    '-strict-concurrency=complete',
    '-module-name',
    'Bgsync',
    '-I',
    stubs,
    '-o',
    object,
    ...flags,
    ...files,
  ]);
}

export function compileSwift(context) {
  const problems = [];
  const sources = join(context.package, 'ios');
  const today = compileStubs(context);
  const ios27 = compileStubs(context, 'modules-ios27', ['-DIOS27_SDK']);

  // As Xcode 27 sees it: this compiler is older, so the guard is lowered to let it in.
  const opened = join(context.build, 'ios27');
  rmSync(opened, { recursive: true, force: true });
  cpSync(sources, opened, { recursive: true });
  const scheduler = join(opened, 'WindowScheduler.swift');
  const text = readFileSync(scheduler, 'utf8');
  if (!text.includes(XCODE_27.guard)) {
    problems.push(`WindowScheduler.swift has no #if ${XCODE_27.guard}`);
  }
  writeFileSync(scheduler, text.replaceAll(XCODE_27.guard, XCODE_27.opened));

  const variants = [
    { sdk: 'iOS 26 and older', folder: sources, stubs: today },
    { sdk: 'iOS 27 (guard opened)', folder: opened, stubs: ios27 },
  ];
  const object = join(context.build, 'BackgroundSync.o');
  const all = variants.flatMap((variant) =>
    [5, 6].flatMap((mode) =>
      Object.entries(BUILDS).map(([name, flags]) => ({ ...variant, mode, name, flags })),
    ),
  );
  // The first have builds that other steps take, too; together with the last they have each mode, build and SDK.
  const played = shareBetween(all, 'builds between the first and the last', 2);
  for (const { sdk, folder, stubs, mode, name, flags } of played) {
    const files = swiftFiles(folder);
    const { status, output } =
      folder === sources && mode === 5
        ? buildOf(context, name)
        : compile(files, stubs, object, mode, flags);
    const what = `${files.length} Swift files, language mode ${mode}, complete concurrency checking, warnings as errors, ${flags.join(' ')}, SDK ${sdk}`;
    console.log(`${status === 0 ? 'compiled' : 'REFUSED'}: ${what}`);
    if (status !== 0) problems.push(`${what}\n${tail(output)}`);
  }
  console.log(
    process.platform === 'darwin'
      ? 'BackgroundSyncBridge.swift was compiled too'
      : 'not compiled here: what stands behind `#if canImport(ObjectiveC)`, BackgroundSyncBridge.swift; step objective-c type-checks it',
  );
  return problems;
}

/** Names and strings that only the debug hook has. */
const DEBUG_ONLY = [
  'BackgroundSyncDebug',
  'bgsync.trigger',
  'bgsync.status',
  'BGSYNC_RUN',
  'notify_',
  'ack',
];

export function releaseIsClean(context) {
  const problems = [];
  const files = swiftFiles(join(context.package, 'ios'));
  const found = {};
  for (const name of Object.keys(BUILDS)) {
    const { status, output, object } = buildOf(context, name);
    if (status !== 0) return [tail(output)];
    // Latin-1 keeps one character per byte: Swift symbols and C strings are ASCII.
    const text = readFileSync(object, 'latin1');
    // Short strings stand in the code itself, as words of eight bytes: as text all the same. Whole words only.
    found[name] = DEBUG_ONLY.filter((word) =>
      word.length > 7 || word.endsWith('_')
        ? text.includes(word)
        : new RegExp(`(?<![A-Za-z_])${word}(?![A-Za-z_])`).test(text),
    );
    console.log(
      `${name} build: ${found[name].length === 0 ? 'nothing of the debug hook' : found[name].join(', ')}`,
    );
  }
  if (found.debug.length < 4)
    problems.push('The debug build lacks them too: this check sees nothing');
  if (found.release.length > 0)
    problems.push(`The release build contains ${found.release.join(', ')}`);

  // No part of a private selector, in any build: https://developer.apple.com/documentation/backgroundtasks/starting-and-terminating-tasks-during-development
  for (const file of files) {
    const private_ = /_?simulate|performSelector|sharedScheduler/i.exec(readFileSync(file, 'utf8'));
    if (private_ !== null) problems.push(`${file} contains ${private_[0]}`);
    // Required-reason APIs need a privacy manifest: https://developer.apple.com/documentation/bundleresources/describing-use-of-required-reason-api
    const reason =
      /UserDefaults|systemUptime|mach_absolute_time|(?:creation|modification)Date|volumeAvailable|\b[fl]?stat\(|activeInputModes/.exec(
        readFileSync(file, 'utf8'),
      );
    if (reason !== null) problems.push(`${file} uses a required-reason API: ${reason[0]}`);
  }
  return problems;
}

export function format({ here, package: generated }) {
  const problems = [];
  const files = [
    ...swiftFiles(join(generated, 'ios')),
    ...MODULES.flatMap((name) => swiftFiles(join(here, 'stubs', name))),
    ...swiftFiles(join(here, 'behaviour')),
    ...swiftFiles(join(here, 'bridge')),
    join(here, 'Package.swift'),
  ];
  const { status, output } = run('swift-format', ['lint', '--strict', ...files]);
  if (status !== 0) problems.push(`swift-format, default rules:\n${tail(output)}`);
  else console.log(`swift-format, default rules: ${files.length} files`);
  for (const file of readdirSync(join(generated, 'ios'))) {
    const lines = readFileSync(join(generated, 'ios', file), 'utf8')
      .trimEnd()
      .split('\n').length;
    if (lines > 250) problems.push(`${file} has ${lines} lines, 250 at most`);
  }
  return problems;
}
