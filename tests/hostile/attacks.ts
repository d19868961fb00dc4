/**
 * The grammar of attacks: what a repo, an archive or a container can hold in place of what bgsync expects. Each production
 * changes one tree; a tree gets one to three.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createHash } from 'node:crypto';
import type { Layout } from './layouts.ts';
import type { Random } from './random.ts';

/** One tree with its surroundings. Paths are absolute. */
export interface World {
  /** The repo: the commands are run in it. */
  readonly root: string;
  readonly layout: Layout;
  /** Beside it, with secrets: nothing of it may be read, printed or changed. */
  readonly outside: string;
  /** What a program that the repo names leaves there. */
  readonly pwned: string;
  /** Whether the commands are run by one whom permissions bind. */
  readonly isBound: boolean;
}

/** In names, in text, in values. */
const STRINGS = [
  '\u001b[31mred\u001b[2J',
  '\u001b]8;;http://evil.example\u0007link',
  '\u009b2J',
  '\u202egnp.exe',
  '\u2066a\u2069',
  'a\nb',
  'a\rb',
  '$(touch PWNED)',
  '`touch PWNED`',
  "'; touch PWNED; '",
  '"; touch PWNED; "',
  '-rf',
  '--upload-pack=touch PWNED',
  '__proto__',
  'constructor',
  'CON',
  'a'.repeat(200),
  'e\u0301',
  '\ufeff',
  ' ',
  '%2e%2e%2f',
  '::error file=a::b',
  '${jndi:ldap://x}',
  '<script>alert(1)</script>',
];

/** Ways out, as a repo can write them. */
function wayOut({ root, outside, layout }: World, random: Random, file: string): string {
  const up = relative(join(root, layout.app), outside);
  const fromModule = relative(join(root, layout.module), outside);
  return random.pick([
    `${up}/${file}`,
    `a/../${up}/${file}`,
    `./${up}/${file}`,
    `${relative(join(root, layout.app), join(root, layout.module))}/${fromModule}/${file}`,
    join(outside, file),
    `..\\outside\\${file}`,
    `../../../../../../../../${join(outside, file)}`,
    `${root}/../outside/${file}`,
    `file://${join(outside, file)}`,
    `~/.npmrc`,
    `.git/config`,
    `.git/hooks/post-checkout`,
    `.GIT/config`,
    `link-out/${file}`,
    `\0../outside/${file}`,
    '',
    '.',
    '..',
    '/',
    `C:\\outside\\${file}`,
    `//outside/${file}`,
  ]);
}

const SECRETS = [
  '.npmrc',
  '.zshenv',
  'App.tsx',
  'Info.plist',
  'package.json',
  'empty',
  '.gitignore',
];

function clear(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
}

/** What is on the way may be a file by now. */
function put(path: string, content: string | Buffer): void {
  try {
    clear(path);
    writeFileSync(path, content);
  } catch {
    // Another attack is in the way: the tree is hostile enough.
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const read = (path: string): string => {
  try {
    return lstatSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
};

type Attack = (world: World, random: Random) => string;

const link: Attack = (world, random) => {
  const place = random.pick([...world.layout.files, ...world.layout.folders]);
  const secret = random.pick(SECRETS);
  const target = random.pick([
    join(world.outside, secret),
    world.outside,
    join(world.outside, 'empty'),
    '/dev/zero',
    '/dev/random',
    '/dev/tty',
    '/dev/stdin',
    '/proc/self/environ',
    '/proc/self/mem',
    '/proc/kmsg',
    '.',
    '..',
    '../..',
    '../outside',
    world.root,
    '/',
    join(world.root, place),
    'nowhere',
    join(world.root, '.git/config'),
    join(world.root, '.git'),
    join(world.outside, 'fifo'),
  ]);
  const path = join(world.root, place);
  clear(path);
  symlinkSync(target, path);
  return `${place} -> ${target}`;
};

const linkChain: Attack = (world, random) => {
  const place = random.pick(world.layout.files);
  const path = join(world.root, place);
  clear(path);
  symlinkSync(join(world.root, 'chain0'), path);
  for (let n = 0; n < 3; n += 1) {
    rmSync(join(world.root, `chain${n}`), { force: true });
    symlinkSync(`chain${n + 1}`, join(world.root, `chain${n}`));
  }
  rmSync(join(world.root, 'chain3'), { force: true });
  symlinkSync(join(world.outside, random.pick(SECRETS)), join(world.root, 'chain3'));
  return `${place} over four links to a secret`;
};

const special: Attack = (world, random) => {
  const place = random.pick(world.layout.files);
  const path = join(world.root, place);
  clear(path);
  const kind = random.pick(['fifo', 'socket', 'device', 'folder', 'empty']);
  if (kind === 'fifo') execFileSync('mkfifo', [path]);
  else if (kind === 'folder') mkdirSync(join(path, 'inside'), { recursive: true });
  else if (kind === 'empty') writeFileSync(path, '');
  else if (kind === 'socket') {
    // A socket outlives the process that made it.
    const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    try {
      execFileSync(process.execPath, ['-e', script, path], { stdio: 'ignore' });
    } catch {
      // Killed, as meant.
    }
  } else {
    try {
      execFileSync('mknod', [path, 'c', '1', '5'], { stdio: 'ignore' });
    } catch {
      writeFileSync(path, '');
    }
  }
  return `${kind} at ${place}`;
};

const fileAsFolder: Attack = (world, random) => {
  const place = random.pick(world.layout.folders);
  put(join(world.root, place), 'a file');
  return `a file at ${place}`;
};

const size: Attack = (world, random) => {
  const place = random.pick([...world.layout.files, ...world.layout.sources]);
  const path = join(world.root, place);
  const kind = random.pick(['sparse', 'line', 'lines', 'words']);
  if (kind === 'sparse') {
    put(path, '');
    if (existsSync(path)) truncateSync(path, 200 << 20);
  } else if (kind === 'line') put(path, 'a'.repeat(3 << 20));
  else if (kind === 'lines') put(path, '\n'.repeat(3 << 20));
  else put(path, `${read(path)}\n${'implementation("a:b:1") // { } \n'.repeat(60_000)}`);
  return `${kind} of size at ${place}`;
};

const encoding: Attack = (world, random) => {
  const place = random.pick(world.layout.files);
  const path = join(world.root, place);
  const text = read(path);
  const kind = random.pick(['utf16', 'latin1', 'nul', 'boms', 'invalid', 'binary', 'half', 'cr']);
  const bytes = {
    utf16: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    latin1: Buffer.from(`${text}\u00e9\u00ff`, 'latin1'),
    nul: Buffer.from(text.replace(/./, '\0$&')),
    boms: Buffer.from(`\ufeff\ufeff${text}`),
    invalid: Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28, 0xf0, 0x9f])]),
    binary: Buffer.from(Array.from({ length: 3000 }, () => random.below(256))),
    half: Buffer.from(text.slice(0, random.below(text.length + 1))),
    cr: Buffer.from(text.replaceAll('\n', '\r')),
  }[kind];
  put(path, bytes ?? '');
  return `${kind} in ${place}`;
};

const name: Attack = (world, random) => {
  const text = random.pick(STRINGS).replaceAll('PWNED', 'pwned').replaceAll('/', '\u2215');
  const place = random.pick(world.layout.names(text));
  const similar = read(join(world.root, world.layout.pbxproj));
  put(
    join(world.root, place),
    place.endsWith('pbxproj')
      ? similar
      : 'class A : Worker() { fun doWork() { BGTaskScheduler } }\n',
  );
  return `a name: ${JSON.stringify(place)}`;
};

const inCode: Attack = (world, random) => {
  const text = random.pick(STRINGS);
  const place = random.pick(world.layout.sources);
  const lines = random.pick([
    `class ${text} : CoroutineWorker(a, b) { override suspend fun doWork(): Result = Result.success() }`,
    `BGTaskScheduler.shared.register(forTaskWithIdentifier: "${text}", using: nil) { task in`,
    `registerHeadlessTask('${text}', () => async () => { await a(); });`,
    `PeriodicWorkRequestBuilder<${text}>(15, TimeUnit.MINUTES).build()`,
    `import BackgroundFetch from 'react-native-background-fetch'; BackgroundFetch.registerHeadlessTask(${text});`,
  ]);
  put(join(world.root, place), `${lines}\n`);
  return `${JSON.stringify(text)} in ${place}`;
};

const journal: Attack = (world, random) => {
  const target = wayOut(world, random, random.pick(SECRETS));
  const content = read(join(world.outside, '.npmrc'));
  const whole = {
    version: 1,
    entries: [
      {
        path: target,
        before: 'echo pwned\n',
        mode: 0o4755,
        afterSha256: random.pick([null, sha256(content), 'x']),
      },
      {
        path: '.git/hooks/post-checkout',
        before: `#!/bin/sh\ntouch ${world.pwned}\n`,
        mode: 0o755,
        afterSha256: null,
      },
    ],
    folders: [random.pick(['../outside/empty', wayOut(world, random, 'empty')])],
  };
  const text = random.pick([
    JSON.stringify(whole),
    JSON.stringify({
      ...whole,
      entries: [null, 1, 'x', [], { path: 1 }, { path: 'a\0b', before: '' }],
    }),
    JSON.stringify({ version: 2, entries: {}, folders: 'x' }),
    JSON.stringify({
      ...whole,
      entries: [{ path: 'ios', before: '', mode: 'rwx', afterSha256: null }],
    }),
    '[]',
    'null',
    '{',
    '['.repeat(100_000),
    '{"__proto__":{"entries":[],"folders":[]},"version":1}',
  ]);
  const place = random.pick([
    join(world.layout.app, '.bgsync/journal.json'),
    '.git/bgsync/journal.json',
    join(world.layout.app, '.bgsync/journal-1.json'),
  ]);
  put(join(world.root, place), text);
  if (random.chance(0.5)) {
    put(
      join(world.root, world.layout.app, '.bgsync/lock'),
      random.pick([
        '{"pid":1,"since":1,"token":"x"}',
        '{}',
        'x',
        `{"pid":${process.pid},"since":${Date.now()},"token":"x"}`,
      ]),
    );
  }
  return `a journal in ${place}: ${text.slice(0, 120)}`;
};

const lock: Attack = (world, random) => {
  const path = join(world.root, world.layout.lock);
  let value: Record<string, unknown> = {};
  try {
    value = JSON.parse(read(path)) as Record<string, unknown>;
  } catch {
    // Another attack was here.
  }
  const out = wayOut(world, random, random.pick(SECRETS));
  const files = { ...(value.files as object | undefined) };
  const edits = [...((value.edits as unknown[] | undefined) ?? [])];
  const content = read(join(world.outside, '.npmrc'));
  const kind = random.pick(['files', 'edits', 'moduleDir', 'shape', 'proto', 'deep', 'text']);
  switch (kind) {
    case 'files':
      value.files = { ...files, [out]: { sha256: sha256(content), text: 'x' } };
      break;
    case 'edits':
      value.edits = [
        ...edits,
        {
          id: 'plist',
          path: out,
          reason: 'x',
          sha256: sha256(content),
          pieces: [{ text: 'x', before: '', after: '' }],
          record: { inserted: 'x' },
        },
        ...edits.map((edit) => ({ ...(edit as object), path: out })),
      ];
      break;
    case 'moduleDir':
      value.moduleDir = out;
      break;
    case 'shape':
      value = Object.fromEntries(
        Object.keys(value).map((key) => [
          key,
          random.pick([null, 1, [], {}, 'x', [[]], { a: null }]),
        ]),
      );
      break;
    case 'proto':
      put(
        path,
        read(path).replace(
          '{',
          '{"__proto__":{"files":{"../../outside/.npmrc":{}}},"constructor":1,',
        ),
      );
      return 'a lock file with __proto__';
    case 'deep':
      put(path, `{"files":${'['.repeat(100_000)}`);
      return 'a lock file 100,000 deep';
    default:
      value = JSON.parse(
        JSON.stringify(value).replaceAll('background', random.pick(['\\u001b[31m', '../..', 'a'])),
      ) as Record<string, unknown>;
  }
  put(path, JSON.stringify(value));
  return `a lock file: ${kind} ${JSON.stringify(out)}`;
};

const config: Attack = (world, random) => {
  const key = random.pick([
    'moduleDir',
    'handler',
    'taskId',
    'local',
    'schedule',
    'platforms',
    '__proto__',
    '$schema',
  ]);
  const out = wayOut(world, random, random.pick(SECRETS));
  const value = random.pick([
    out,
    random.pick(STRINGS),
    null,
    1e308,
    [],
    {},
    { alias: { a: out } },
    { intervalMinutes: -1 },
  ]);
  const text = random.pick([
    `{${JSON.stringify(key)}: ${JSON.stringify(value)}}`,
    `{"handler": ${JSON.stringify(out)}, "moduleDir": ${JSON.stringify(out)}}`,
    `{"local": {"alias": {"a": ${JSON.stringify(out)}}}}`,
    '['.repeat(100_000),
    '[]',
    'null',
  ]);
  put(join(world.root, world.layout.config), text);
  return `a config: ${text.slice(0, 120)}`;
};

/** Names that other files hold, which are followed. */
const reference: Attack = (world, random) => {
  const out = wayOut(world, random, random.pick(SECRETS));
  const [place, text] = random.pick(REFERENCES[world.layout.host](out, random));
  put(join(world.root, world.layout.app, place), text);
  return `${place} names ${JSON.stringify(out)}`;
};

type Production = readonly [place: string, text: string];

const REFERENCES: Record<
  World['layout']['host'],
  (out: string, random: Random) => readonly Production[]
> = {
  'react-native': (out, random) => [
    [
      'package.json',
      JSON.stringify({
        name: 'a',
        main: out,
        workspaces: [out, '../**', '../../*', '**/**/**'],
        dependencies: { 'react-native': '0.87.2', a: `file:${out}`, b: `link:${out}` },
      }),
    ],
    [
      'package.json',
      JSON.stringify({
        name: random.pick(STRINGS),
        main: 'a\0b',
        dependencies: {
          'react-native': random.pick([
            'workspace',
            '0.x',
            '*',
            'latest',
            'npm:x@1',
            `file:${out}`,
          ]),
        },
      }),
    ],
    [
      'node_modules/react-native/package.json',
      JSON.stringify({
        version: random.pick(['workspace', '0.x', '', 'v0.87', '0.87.2\u001b[31m']),
      }),
    ],
    [
      'react-native.config.js',
      `module.exports = { project: { android: { sourceDir: ${JSON.stringify(out)} }, ios: { sourceDir: ${JSON.stringify(out)} } }, dependencies: { a: { root: ${JSON.stringify(out)} } } };\n`,
    ],
    [
      'android/settings.gradle',
      `include ':app'\ninclude ':out'\nproject(':app').projectDir = file('${out}')\nincludeBuild('${out}')\n`,
    ],
    ['android/settings.gradle', `include ':${out}'\napply from: '${out}'\n`],
    [
      'android/app/build.gradle',
      `apply plugin: "com.android.application"\napply from: "${out}"\nreact { entryFile = file("../../${out}"); root = file("../../../outside") }\nandroid { namespace "a"; compileSdk 35\n defaultConfig { applicationId "${random.pick(STRINGS)}"; minSdk 24 } }\n`,
    ],
    ['android/local.properties', `sdk.dir=${out}\n`],
    ['android/gradle.properties', `newArchEnabled=true\na=${out}\n`],
    ['ios/Podfile', `pod 'A', :path => '${out}'\nrequire '${out}'\n`],
    ['tsconfig.json', `{ "extends": ${JSON.stringify(out)}, "files": [${JSON.stringify(out)}] }`],
    [
      'app.json',
      JSON.stringify({
        name: random.pick(STRINGS),
        expo: { name: 'a', plugins: [out, './../outside/App.tsx'], ios: { infoPlist: out } },
      }),
    ],
    ['app.config.js', `module.exports = require(${JSON.stringify(out)});\n`],
    [
      'index.js',
      `import ${JSON.stringify(out)};\nimport App from ${JSON.stringify(out)};\nrequire(${JSON.stringify(`./${out}`)});\n`,
    ],
    ['.gitignore', `${out}\n!${out}\n/**/${random.pick(STRINGS)}\n${'*'.repeat(60)}a\n[[[[\n`],
    ['pnpm-workspace.yaml', `packages:\n  - '${out}'\n  - ../**\n  - &a [*a]\n`],
    [
      'ios/HelloWorld/Config.xcconfig',
      `#include "${out}"\n#include? "Config.xcconfig"\nINFOPLIST_FILE = ${out}\n`,
    ],
  ],
  flutter: (out, random) => [
    [
      'pubspec.yaml',
      `name: counter\nenvironment: {sdk: ^3.9.0}\ndependencies: {flutter: {sdk: flutter}, a: {path: ${JSON.stringify(out)}}}\nflutter: {assets: [${JSON.stringify(out)}]}\n`,
    ],
    [
      'pubspec.yaml',
      `name: counter\nenvironment:\n  sdk: ^3.9.0\nworkspace: [${JSON.stringify(out)}, '../**', '../../*', '**/**/**']\ndependencies:\n  flutter:\n    sdk: flutter\n  background_sync:\n    path: ${JSON.stringify(out)}\n`,
    ],
    [
      'pubspec.yaml',
      `name: ${JSON.stringify(random.pick(STRINGS))}\ndependencies:\n  flutter:\n    sdk: flutter\n`,
    ],
    [
      'pubspec.yaml',
      `name: counter\nenvironment:\n  sdk: ${JSON.stringify(random.pick(STRINGS))}\n  flutter: ${JSON.stringify(random.pick(STRINGS))}\ndependencies:\n  flutter:\n    sdk: flutter\n`,
    ],
    [
      'pubspec.lock',
      `packages:\n  drift:\n    source: path\n    description: {path: ${JSON.stringify(out)}}\n    version: ${JSON.stringify(random.pick(STRINGS))}\n`,
    ],
    ['.fvmrc', JSON.stringify({ flutter: random.pick(['3.x', out, ...STRINGS]) })],
    ['melos.yaml', `name: a\npackages:\n  - ${JSON.stringify(out)}\n  - '../**'\n  - &a [*a]\n`],
    [
      '.dart_tool/package_config.json',
      JSON.stringify({
        configVersion: 2,
        packages: [
          { name: 'counter', rootUri: out, packageUri: out },
          { name: 'background_sync', rootUri: `file://${out}`, packageUri: 'lib/' },
        ],
      }),
    ],
    [
      'lib/main.dart',
      `import ${JSON.stringify(out)};\nexport ${JSON.stringify(out)} show backgroundSyncMain;\npart ${JSON.stringify(out)};\nvoid main() {}\n`,
    ],
    [
      'lib/background_sync.dart',
      `export ${JSON.stringify(out)};\nimport 'package:counter/${out}';\n`,
    ],
    ['lib/main_dev.dart', `import ${JSON.stringify(out)} as a;\nvoid main() => a.main();\n`],
    [
      'android/settings.gradle.kts',
      `include(":app")\ninclude(":out")\nproject(":app").projectDir = file("${out}")\nincludeBuild("${out}")\n`,
    ],
    [
      'android/app/build.gradle.kts',
      `apply(from = "${out}")\nandroid {\n  namespace = "a"\n  defaultConfig { applicationId = "${random.pick(STRINGS)}"; minSdk = flutter.minSdkVersion }\n}\nflutter { source = "${out}" }\n`,
    ],
    ['android/local.properties', `sdk.dir=${out}\nflutter.sdk=${out}\n`],
    ['ios/Podfile', `pod 'A', :path => '${out}'\nrequire '${out}'\n`],
    [
      'ios/Flutter/Debug.xcconfig',
      `#include "${out}"\n#include? "Debug.xcconfig"\nINFOPLIST_FILE = ${out}\n`,
    ],
    ['.gitignore', `${out}\n!${out}\n/**/${random.pick(STRINGS)}\n${'*'.repeat(60)}a\n[[[[\n`],
  ],
};

const pbxproj: Attack = (world, random) => {
  const path = join(world.root, world.layout.pbxproj);
  const out = wayOut(world, random, 'Info.plist').replaceAll('"', '');
  const text = read(path);
  const kind = random.pick(['plist', 'deep', 'name']);
  if (kind === 'plist')
    put(path, text.replaceAll(/INFOPLIST_FILE = [^;]*;/g, `INFOPLIST_FILE = "${out}";`));
  else if (kind === 'deep') put(path, `// !$*UTF8*$!\n${'{ a = '.repeat(50_000)}`);
  else
    put(
      path,
      text.replaceAll(/HelloWorld|Runner/g, JSON.stringify(random.pick(STRINGS)).slice(1, -1)),
    );
  return `pbxproj: ${kind} ${JSON.stringify(out)}`;
};

type Depths = (deep: number) => readonly Production[];

const DEPTHS: Record<World['layout']['host'], Depths> = {
  'react-native': (deep) => [
    ['package.json', `{"a":${'['.repeat(deep)}`],
    [
      'package.json',
      `{"__proto__":{"name":"x","dependencies":{"react-native":"0.87.2"}},"constructor":{"prototype":{}},"dependencies":{"__proto__":"1","react-native":"0.87.2"}}`,
    ],
    ['app.json', '{"expo":'.repeat(deep)],
    ['tsconfig.json', '{"compilerOptions":'.repeat(deep)],
    ['android/app/build.gradle', 'android {\n'.repeat(deep)],
    ['android/app/build.gradle', `implementation(${'('.repeat(deep)}`],
    ['android/settings.gradle', "include '".repeat(deep)],
    ['react-native.config.js', `module.exports = ${'['.repeat(deep)}`],
    ['react-native.config.js', `module.exports = ${'{a:'.repeat(3000)}1${'}'.repeat(3000)};`],
    ['index.js', '('.repeat(deep)],
    ['index.js', `import ${'{'.repeat(deep)}`],
    ['index.js', '`${'.repeat(deep)],
    ['src/background-sync.ts', `registerBackgroundSync(${'a('.repeat(deep)}`],
    ['yarn.lock', '"a@'.repeat(deep)],
    ['pnpm-workspace.yaml', `packages: ${'['.repeat(deep)}`],
  ],
  flutter: (deep) => [
    ['pubspec.yaml', `name: counter\ndependencies: ${'['.repeat(deep)}`],
    ['pubspec.yaml', `name: counter\n${'  '.repeat(2000)}a:\n`],
    ['pubspec.yaml', Array.from({ length: 2000 }, (_, n) => `${' '.repeat(n)}a${n}:\n`).join('')],
    [
      'pubspec.yaml',
      `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]\n`).join('')}name: counter\ndependencies: *a12\n`,
    ],
    [
      'pubspec.yaml',
      `__proto__: {name: x}\nconstructor: {prototype: {}}\nname: counter\ndependencies:\n  __proto__: 1\n  flutter:\n    sdk: flutter\n`,
    ],
    ['pubspec.lock', `packages:\n${'  a: {'.repeat(deep)}`],
    ['melos.yaml', `packages: ${'['.repeat(deep)}`],
    ['.fvmrc', '{"flutter":'.repeat(deep)],
    ['.dart_tool/package_config.json', '{"packages":['.repeat(deep)],
    ['android/app/build.gradle.kts', 'android {\n'.repeat(deep)],
    ['android/settings.gradle.kts', `include(${'"a", '.repeat(deep)}`],
    ['lib/main.dart', '{'.repeat(deep)],
    ['lib/main.dart', "import 'a.dart' show ".repeat(5000)],
    ['lib/main.dart', `void main() { print('${'${'.repeat(deep)}`],
    ['lib/main.dart', "'''".repeat(20_001)],
    ['lib/main.dart', '/*'.repeat(deep)],
    ['lib/background_sync.dart', `@pragma(${'('.repeat(deep)}`],
    ['lib/background_sync.dart', "@pragma('vm:entry-point') ".repeat(10_000)],
    ['lib/sync.dart', 'Workmanager().registerPeriodicTask('.repeat(10_000)],
    ['lib/sync.dart', `class ${'A<'.repeat(deep)}`],
    ['lib/sync.dart', `@pragma('vm:entry-point')\nvoid a() => ${'() => '.repeat(deep)}`],
  ],
};

/** Depth, entities, prototypes, and what makes a careless pattern slow. */
const content: Attack = (world, random) => {
  const deep = random.pick([100_000, 20_000]);
  const { app, host, plist, sources } = world.layout;
  const own = (path: string): string => join(app, path);
  const source = random.pick(sources);
  const [place, text] = random.pick<Production>([
    ...DEPTHS[host](deep).map(([path, deepText]): Production => [own(path), deepText]),
    [
      plist,
      `<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 12 }, (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? '' : n - 1};`.repeat(10)}">`).join('')}]><plist version="1.0"><dict><key>CFBundleIdentifier</key><string>&a11;</string></dict></plist>`,
    ],
    [
      plist,
      `<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file://${world.outside}/.npmrc">]><plist version="1.0"><dict><key>UIBackgroundModes</key><array><string>&x;</string></array></dict></plist>`,
    ],
    [plist, `<plist version="1.0">${'<dict><key>a</key>'.repeat(deep)}`],
    [own('android/app/src/main/AndroidManifest.xml'), '<manifest>'.repeat(deep)],
    [
      own('android/app/src/main/AndroidManifest.xml'),
      `<!DOCTYPE m [<!ENTITY x SYSTEM "file://${world.outside}/.npmrc">]><manifest xmlns:android="http://schemas.android.com/apk/res/android"><application android:name="&x;"/></manifest>`,
    ],
    [own('android/gradle/libs.versions.toml'), `[versions]\n${'a = { b = '.repeat(deep)}`],
    [source, '{'.repeat(deep)],
    [source, '/*'.repeat(deep)],
    [source, '"\\('.repeat(deep)],
    [source, `class ${'A<'.repeat(deep)}`],
    [source, `class A : ${' '.repeat(deep)}`],
    [source, 'BGTaskScheduler.shared.register(forTaskWithIdentifier: '.repeat(5000)],
    [source, 'fun doWork() { '.repeat(20_000)],
    [source, `${'a.'.repeat(deep)}allCases`],
    [source, 'enqueueUniquePeriodicWork('.repeat(10_000)],
    [own('ios/Podfile.lock'), `PODS:\n${'  - A ('.repeat(deep)}`],
    [own('.gitignore'), `${'**/'.repeat(5000)}a\n${'*a'.repeat(200)}\n`],
    [own('bgsync.baseline.json'), '{"findings":'.repeat(deep)],
  ]);
  put(join(world.root, place), text);
  return `${place}: ${JSON.stringify(text.slice(0, 60))}…`;
};

const git: Attack = (world, random) => {
  const folder = join(world.root, '.git');
  const program = `touch ${world.pwned}`;
  const script = join(world.root, 'evil.sh');
  put(script, `#!/bin/sh\n${program}\ncat\n`);
  if (existsSync(script)) chmodSync(script, 0o755);
  const [kind, text] = random.pick<readonly [string, string]>([
    ['fsmonitor', `[core]\n\tfsmonitor = ${script}\n`],
    ['hooks', `[core]\n\thooksPath = ${world.root}/hooks\n`],
    [
      'filter',
      `[filter "evil"]\n\tclean = ${script}\n\tsmudge = ${script}\n\tprocess = ${script}\n\trequired = true\n`,
    ],
    [
      'promisor',
      `[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\turl = ext::${script}\n\tpromisor = true\n\tuploadpack = ${script}\n[protocol]\n\tallow = always\n[protocol "ext"]\n\tallow = always\n`,
    ],
    [
      'ssh',
      `[core]\n\tsshCommand = ${script}\n\taskPass = ${script}\n\tgitProxy = ${script}\n\tpager = ${script}\n\teditor = ${script}\n[credential]\n\thelper = ${script}\n`,
    ],
    [
      'diff',
      `[diff]\n\texternal = ${script}\n[diff "evil"]\n\ttextconv = ${script}\n\tcommand = ${script}\n[merge "evil"]\n\tdriver = ${script}\n`,
    ],
    ['worktree', `[core]\n\tworktree = ${world.outside}\n`],
    ['include', `[include]\n\tpath = ${world.outside}/.npmrc\n`],
    [
      'alias',
      `[alias]\n\tstatus = !${script}\n\trev-parse = !${script}\n\tcheck-ignore = !${script}\n`,
    ],
    ['bare', '[core]\n\tbare = true\n'],
    ['broken', '[core\n'],
    [
      'excludes',
      `[core]\n\texcludesFile = ${world.outside}/.gitignore\n\tattributesFile = ${world.outside}/.npmrc\n`,
    ],
    ['format', '[core]\n\trepositoryformatversion = 99\n'],
  ]);
  try {
    if (!existsSync(join(folder, 'config'))) return `no git to attack`;
    appendFileSync(join(folder, 'config'), text);
    mkdirSync(join(world.root, 'hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'pre-commit', 'post-index-change', 'fsmonitor-watchman']) {
      put(join(world.root, 'hooks', hook), `#!/bin/sh\n${program}\n`);
      chmodSync(join(world.root, 'hooks', hook), 0o755);
      put(join(folder, 'hooks', hook), `#!/bin/sh\n${program}\n`);
      chmodSync(join(folder, 'hooks', hook), 0o755);
    }
    put(join(world.root, '.gitattributes'), '* filter=evil diff=evil merge=evil\n');
    if (random.chance(0.2)) put(join(folder, 'objects/info/alternates'), `${world.outside}\n`);
    if (random.chance(0.2)) put(join(folder, 'info/exclude'), '*\n');
    if (kind === 'promisor') rmSync(join(folder, 'objects/pack'), { recursive: true, force: true });
    if (random.chance(0.1)) put(join(folder, 'index'), 'DIRC\0\0');
    if (random.chance(0.1)) put(join(folder, 'HEAD'), 'ref: refs/heads/../../../outside\n');
  } catch {
    // Another attack is in the way.
  }
  return `git: ${kind}`;
};

const gitFile: Attack = (world, random) => {
  const text = random.pick([
    `gitdir: ${world.outside}`,
    'gitdir: ../outside',
    'gitdir: .git',
    'gitdir: ',
    'x',
    '\0',
  ]);
  put(join(world.root, '.git'), text);
  return `.git is a file: ${JSON.stringify(text)}`;
};

/** As root has left it from a container. */
const permission: Attack = (world, random) => {
  const place = random.pick([...world.layout.files, ...world.layout.folders]);
  const path = join(world.root, place);
  if (!existsSync(path) || lstatSync(path).isSymbolicLink()) return `nothing at ${place}`;
  const mode = random.pick([0o000, 0o444, 0o555, 0o111, 0o222, 0o333]);
  chmodSync(path, mode);
  return `${place} has mode ${mode.toString(8)}`;
};

const many: Attack = (world, random) => {
  const folder = join(
    world.root,
    random.pick([...world.layout.sources.map((path) => dirname(path)), world.layout.module]),
  );
  const kind = random.pick(['wide', 'deep']);
  try {
    if (kind === 'wide') {
      mkdirSync(join(folder, 'wide'), { recursive: true });
      for (let n = 0; n < 1500; n += 1)
        writeFileSync(join(folder, 'wide', `File${n}.kt`), 'class A : Worker\n');
    } else
      mkdirSync(join(folder, ...Array.from({ length: 300 }, () => 'deep')), { recursive: true });
  } catch {
    // Another attack is in the way, or the name is too long here.
  }
  return `${kind} below ${folder.slice(world.root.length + 1)}`;
};

/** By how often each is taken. */
const ATTACKS: readonly (readonly [number, Attack])[] = [
  [5, link],
  [1, linkChain],
  [3, special],
  [1, fileAsFolder],
  [2, size],
  [2, encoding],
  [2, name],
  [2, inCode],
  [3, journal],
  [4, lock],
  [2, config],
  [5, reference],
  [1, pbxproj],
  [4, content],
  [3, git],
  [1, gitFile],
  [1, many],
];

/** Every kind of attack, by its name; `permission` is for users whom permissions bind. */
export const KINDS: readonly string[] = [...ATTACKS.map(([, { name }]) => name), permission.name];

/** What was done to a tree: the kind, and the case for a person. */
export interface Done {
  readonly kind: string;
  readonly text: string;
}

/** Makes a tree hostile: one to three attacks, and two on permissions where these bind. */
export function attack(world: World, random: Random): Done[] {
  const total = ATTACKS.reduce((sum, [weight]) => sum + weight, 0);
  const done: Done[] = [];
  const make = (chosen: Attack): void => {
    try {
      done.push({ kind: chosen.name, text: chosen(world, random) });
    } catch (error) {
      // The one before is in the way: ENOTDIR, ELOOP …
      done.push({
        kind: 'none',
        text: `nothing: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
      });
    }
  };
  const count = 1 + random.below(3);
  for (let n = 0; n < count; n += 1) {
    let at = random.next() * total;
    make(ATTACKS.find(([weight]) => (at -= weight) < 0)?.[1] ?? link);
  }
  if (world.isBound) for (let n = 0; n < 2; n += 1) make(permission);
  return done;
}
