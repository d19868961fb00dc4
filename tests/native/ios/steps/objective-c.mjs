import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run, tail } from './shell.mjs';

/** Of the names that JavaScript allows for a method. https://en.cppreference.com/w/cpp/keyword */
const CPP_KEYWORDS = new Set(
  'alignas alignof and asm auto bitand bitor bool char compl concept const constexpr decltype double explicit extern float friend goto inline int long mutable namespace noexcept not nullptr operator or private protected public register requires short signed sizeof static struct template typedef typeid typename union unsigned using virtual void volatile wchar_t xor'.split(
    ' ',
  ),
);

/** Installs the heavy tools of this folder's own package.json beside it, once. */
export function installTools({ here }) {
  const cache = join(here, '.cache');
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  const stamp = join(cache, 'installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    cpSync(join(here, 'package.json'), join(cache, 'package.json'));
    cpSync(join(here, 'package-lock.json'), join(cache, 'package-lock.json'));
    const { status, output } = run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      ['ci', '--no-audit', '--no-fund', '--ignore-scripts'],
      { cwd: cache },
    );
    if (status !== 0) throw new Error(`npm ci in ${cache}: ${tail(output)}`);
    writeFileSync(stamp, lock);
  }
  return createRequire(join(cache, 'package.json'));
}

/** The header that React Native's own codegen writes for the spec. */
function generateSpec(context, require) {
  const { TypeScriptParser } = require('@react-native/codegen/lib/parsers/typescript/parser');
  const generator = require('@react-native/codegen/lib/generators/RNCodegen');
  const out = join(context.build, 'codegen');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const schema = new TypeScriptParser().parseFile(
    join(context.package, 'src/NativeBackgroundSync.ts'),
  );
  generator.generate(
    {
      libraryName: 'BackgroundSyncSpec',
      schema,
      outputDirectory: out,
      packageName: 'dev.bgsync',
      assumeNonnull: true,
    },
    { generators: ['modulesIOS', 'modulesCxx'], test: false },
  );
  return { out, schema };
}

/** The text between a `(` and the `)` that closes it. */
function parenthesized(text, open) {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return text.slice(open + 1, index);
  }
  throw new Error('unbalanced parentheses');
}

/**
 * The Objective-C surface, by the real Swift compiler: type-checked with Objective-C interoperability on, against a
 * Foundation of ours with what it needs of Apple's. It writes the header that the ObjC++ file imports, too: a call of a
 * method that Swift does not have is an error of clang.
 */
function typecheckBridge(context, header) {
  const problems = [];
  const source = readFileSync(join(context.package, 'ios/BackgroundSyncBridge.swift'), 'utf8');
  const bridge = join(context.build, 'BackgroundSyncBridge.swift');
  writeFileSync(bridge, source.replace('import Foundation\n', 'import AppleFoundation\n'));
  const folder = join(context.here, 'bridge');
  for (const mode of ['5', '6']) {
    for (const debug of [[], ['-DDEBUG']]) {
      const { status, output } = run('swiftc', [
        '-frontend',
        '-typecheck',
        '-enable-objc-interop',
        '-disable-objc-attr-requires-foundation-module',
        '-warnings-as-errors',
        '-swift-version',
        mode,
        '-strict-concurrency=complete',
        '-module-name',
        'Bgsync',
        '-emit-objc-header-path',
        header,
        '-I',
        folder,
        '-Xcc',
        '-fobjc-runtime=macosx',
        '-Xcc',
        '-fblocks',
        ...debug,
        join(folder, 'Surroundings.swift'),
        bridge,
      ]);
      const what = `BackgroundSyncBridge.swift, language mode ${mode} ${debug.join('')}`;
      console.log(`${status === 0 ? 'type-checked' : 'REFUSED'}: ${what}`);
      if (status !== 0) problems.push(`${what}\n${tail(output)}`);
    }
  }
  return problems;
}

function clang(context, headers, flags) {
  // Apple's own targets have no C++ library here; the Objective-C runtime is Apple's all the same.
  return run(process.platform === 'darwin' ? 'clang' : 'swift-clang', [
    '-x',
    'objective-c++',
    '-std=c++20',
    '-fsyntax-only',
    '-fobjc-runtime=macosx',
    '-fobjc-arc',
    '-fblocks',
    '-Wall',
    '-Werror',
    // The minimal headers have no nullability where Apple's have it.
    '-Wno-nullability-completeness',
    ...headers.flatMap((folder) => ['-I', folder]),
    ...flags,
    join(context.package, 'ios/BackgroundSyncModule.mm'),
  ]);
}

function compareMethods(context, schema) {
  const problems = [];
  const spec = new Map();
  for (const module of Object.values(schema.modules)) {
    for (const { name, typeAnnotation } of module.spec.methods) {
      const { params, returnTypeAnnotation } = typeAnnotation;
      const promise = returnTypeAnnotation.type === 'PromiseTypeAnnotation';
      spec.set(name, { params: params.length, promise });
      if (CPP_KEYWORDS.has(name)) {
        problems.push(
          `the spec's method "${name}" is a C++ keyword: codegen writes it as a C++ method, which no app can compile`,
        );
      }
    }
  }
  const module = readFileSync(join(context.package, 'ios/BackgroundSyncModule.mm'), 'utf8');
  const objc = new Map();
  for (const match of module.matchAll(/RCT_EXPORT_METHOD\((\w+)/g)) {
    const signature = parenthesized(module, match.index + 'RCT_EXPORT_METHOD'.length);
    const promise = signature.includes('RCTPromiseResolveBlock');
    objc.set(match[1], { params: signature.split(' : ').length - 1 - (promise ? 2 : 0), promise });
  }
  const kotlin = new Map();
  const kotlinFile = join(
    context.package,
    'android/src/main/java/dev/bgsync/BackgroundSyncModule.kt',
  );
  if (existsSync(kotlinFile)) {
    const text = readFileSync(kotlinFile, 'utf8');
    for (const match of text.matchAll(/override fun (\w+)\(/g)) {
      if (['getName', 'invalidate', 'initialize'].includes(match[1])) continue;
      const list = parenthesized(text, match.index + match[0].length - 1);
      const promise = list.includes('Promise');
      const params = list.split(',').filter((part) => part.trim() !== '').length;
      kotlin.set(match[1], { params: params - (promise ? 1 : 0), promise });
    }
  }
  const describe = (methods) =>
    [...methods]
      .map(([name, { params, promise }]) => `${name}(${params})${promise ? ': Promise' : ''}`)
      .sort()
      .join(' ');
  const expected = describe(spec);
  console.log(`spec: ${expected}`);
  if (describe(objc) !== expected) problems.push(`BackgroundSyncModule.mm has ${describe(objc)}`);
  if (kotlin.size === 0) console.log('NOT COMPARED: there is no Kotlin module');
  else if (describe(kotlin) !== expected) {
    problems.push(`BackgroundSyncModule.kt has ${describe(kotlin)}`);
  } else console.log('BackgroundSyncModule.mm and BackgroundSyncModule.kt have the same methods');
  return problems;
}

export function objectiveC(context) {
  const require = installTools(context);
  const { out, schema } = generateSpec(context, require);
  const problems = compareMethods(context, schema);

  const local = join(context.build, 'swift-header');
  const framework = join(context.build, 'swift-header-framework');
  mkdirSync(local, { recursive: true });
  mkdirSync(join(framework, 'Bgsync'), { recursive: true });
  const header = join(local, 'Bgsync-Swift.h');
  problems.push(...typecheckBridge(context, header));
  if (problems.length > 0) return problems;
  cpSync(header, join(framework, 'Bgsync/Bgsync-Swift.h'));

  const minimal = join(context.here, 'headers');
  for (const [what, headers, flags] of [
    ['new architecture, static library', [local], ['-DRCT_NEW_ARCH_ENABLED=1']],
    ['new architecture, use_frameworks!', [framework], ['-DRCT_NEW_ARCH_ENABLED=1']],
    ['old architecture, static library', [local], []],
  ]) {
    const { status, output } = clang(context, [minimal, out, ...headers], flags);
    console.log(
      `${status === 0 ? 'accepted' : 'REFUSED'} by clang: BackgroundSyncModule.mm, ${what}`,
    );
    if (status !== 0) problems.push(`${what}\n${tail(output, 40)}`);
  }
  const generated = readdirSync(join(out, 'BackgroundSyncSpec')).join(', ');
  console.log(`against minimal headers and what codegen wrote: ${generated}`);
  return problems;
}
