import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODULE, appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

/** What was completed by hand, or written by hand since, is no text of bgsync's: `remove` lists each place. */

interface Listed {
  readonly path: string;
  readonly line?: number;
  readonly snippet: string;
  readonly action?: string;
}

const REMOVE = ['remove', '--yes', '--force'];

/** Runs `remove`: the places that it lists, as `path:line text`. */
function left(app: TestApp): string[] {
  const dry = app.run(...REMOVE, '--dry-run', '--json');
  const { code, stdout, stderr } = app.run(...REMOVE, '--json');
  const { manual } = JSON.parse(stdout) as { manual: readonly Listed[] };
  expect(stderr).toBe('');
  expect(code).toBe(manual.length === 0 ? 0 : 3);
  expect(dry.code).toBe(code);
  expect((JSON.parse(dry.stdout) as { manual: unknown }).manual).toEqual(manual);
  for (const { path, line = 0, snippet, action } of manual) {
    expect(action).toBe('remove');
    const [first = ''] = snippet.trimStart().split('\n');
    expect(app.read(path).split(/\r?\n/)[line - 1]).toContain(first.trim());
  }
  return manual.map(({ path, line, snippet }) => `${path}:${line ?? '?'} ${snippet.trim()}`);
}

function withApp(
  change: (app: TestApp) => void,
  after: (app: TestApp) => void = () => undefined,
): TestApp {
  const app = testApp();
  change(app);
  const { code } = app.run('init', '--yes');
  expect([0, 3]).toContain(code);
  after(app);
  return app;
}

const nothing = (): undefined => undefined;

function expoApp(files: Record<string, string | null>): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeExpoFixture(root, { files });
  return appIn(root);
}

describe('an app config', () => {
  const computed = (plugins: string): string =>
    `const { plugins } = require('./plugins');\n\nmodule.exports = {\n  name: 'demo',\n  slug: 'demo',\n  plugins: [${plugins}...plugins],\n};\n`;

  test.each([
    ['a plugin', computed("\n    './modules/background-sync/app.plugin.js',\n    "), 7],
    ['a plugin without its extension', computed("'./modules/background-sync/app.plugin', "), 6],
    ['a plugin with options', computed("['./modules/background-sync/app.plugin', {}], "), 6],
  ])('%s', (_name, text, line) => {
    const app = expoApp({ 'plugins.js': 'exports.plugins = [];\n', 'app.json': null });
    app.write('app.config.js', text);
    app.run('init', '--yes');
    const found = left(app);
    expect(found).toEqual([
      expect.stringMatching(new RegExp(`^app.config.js:${line} .*app.plugin`)),
    ]);
  });

  test('a plugin in a file that it imports', () => {
    const app = expoApp({
      'app.config.js': "module.exports = { name: 'demo', plugins: require('./config/plugins') };\n",
      'config/plugins.js':
        "module.exports = [\n  '../modules/background-sync/app.plugin.js',\n];\n",
      'app.json': null,
    });
    app.run('init', '--yes');
    expect(left(app)).toContain("config/plugins.js:2 '../modules/background-sync/app.plugin.js',");
  });

  test('another plugin of that name stays unsaid', () => {
    const app = expoApp({});
    app.rewrite('app.json', (text) =>
      text.replace(
        '"expo": {',
        '"expo": {\n    "plugins": ["./plugins/background-sync/app.plugin.js"],',
      ),
    );
    app.init();
    expect(left(app)).toEqual([]);
  });
});

describe('react-native.config.js', () => {
  const FILE = 'react-native.config.js';
  const config = (entry: string): string =>
    `const path = require('path');\n\nmodule.exports = {\n  dependencies: {\n    ...require('./more'),\n${entry}  },\n};\n`;

  test.each([
    ["    'background-sync': { root: './modules/background-sync' },\n"],
    [
      "    'background-sync': {\n      root: path.join(__dirname, 'modules', 'background-sync'),\n    },\n",
    ],
    ["    ['background-' + 'sync']: { root: `${__dirname}/modules/background-sync` },\n"],
    ["    other: { root: path.resolve(__dirname, 'modules/background-sync') },\n"],
  ])('%s', (entry) => {
    const app = withApp((one) => {
      one.write('more.js', 'module.exports = {};\n');
      one.write(FILE, config(entry));
    });
    expect(left(app)).toEqual([`${FILE}:6 ${entry.trim()}`]);
  });

  test.each([
    ["    'background-sync': { root: './packages/ours' },\n"],
    ["    'background-sync-ui': { root: './packages/background-sync' },\n"],
    ["    // 'background-sync': { root: './modules/background-sync' },\n"],
  ])('someone else’s stays unsaid: %s', (entry) => {
    const app = withApp((one) => {
      one.write('more.js', 'module.exports = {};\n');
      one.write(FILE, config(entry));
    });
    expect(left(app)).toEqual([]);
  });
});

describe('code', () => {
  /** Each in a file of its own, named by `#`. */
  const NAMED: readonly (readonly [string, string])[] = [
    ['src/#.tsx', "import {\n  syncNow,\n} from '../modules/background-sync/src';"],
    ['src/#.tsx', "export * from '../modules/background-sync/src/core';"],
    ['src/deep/#.js', "const { syncNow } = require('../../modules/background-sync');"],
    ['src/#.ts', "const load = () => import('../modules/background-sync/src/index');"],
    ['__tests__/#.test.ts', "jest.mock('../modules/background-sync/src', () => ({}));"],
    ['src/#.ts', "import './background-sync';"],
    ['src/#.ts', "import type { Queue } from './background-sync.ts';"],
    ['#.tsx', "import '@/background-sync';"],
    ['#.tsx', "import 'src/background-sync';"],
    ['#.tsx', "import { syncNow } from '~/modules/background-sync/src';"],
    ['#.tsx', "import { syncNow } from 'background-sync';"],
  ];
  const UNNAMED: readonly (readonly [string, string])[] = [
    ['src/#.ts', "import { syncNow } from './other/background-sync';"],
    ['src/#.ts', "import x from '@acme/background-sync';"],
    ['src/#.ts', "// import './background-sync';"],
    ['src/#.ts', "console.log('background-sync', 'modules/background-sync');"],
    ['src/#.ts', "import { syncNow } from './background-sync-status';"],
    ['src/#.ts', "import { syncNow } from '../modules/background-sync-ui/src';"],
  ];

  test('what imports what goes away, and nothing else of that name', () => {
    const files = [...NAMED, ...UNNAMED].map(
      ([path, text], index) => [path.replace('#', `a${index + 10}`), text] as const,
    );
    const app = withApp(
      (one) =>
        one.rewrite('package.json', (text) =>
          text.replace(
            '"dependencies": {',
            '"dependencies": {\n    "@acme/background-sync": "^1.0.0",',
          ),
        ),
      (one) => {
        for (const [path, text] of files) one.write(path, `// mine\n${text}\n`);
      },
    );
    const expected = files.slice(0, NAMED.length).map(([path, text]) => `${path}:2 ${text}`);
    expect(left(app).sort()).toEqual(expected.sort());
  });

  test('the same import twice, one of them changed: both', () => {
    const app = withApp(nothing, (one) =>
      one.rewrite('index.js', (text) =>
        text.replace(/(import '.\/src\/background-sync';)\n/, '$1 setUp();\n$1 setUp();\n'),
      ),
    );
    expect(left(app).map((one) => one.split(' ')[0])).toHaveLength(2);
  });

  test('in a file that cannot be parsed', () => {
    const app = withApp(nothing, (one) =>
      one.write('src/a.ts', "import { go } from './background-sync';\n<<<<<<< HEAD\n"),
    );
    expect(left(app)).toEqual(["src/a.ts:1 import { go } from './background-sync';"]);
  });

  test('a handler that stays, and what imports it', () => {
    const app = withApp(nothing, (one) => {
      one.rewrite('src/background-sync.ts', (text) => `${text}export const mine = 1;\n`);
      one.write('src/a.ts', "import { mine } from './background-sync';\nmine();\n");
    });
    const found = left(app);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^src\/background-sync\.ts:\d+ import type/);
  });

  const LINES: readonly (readonly [string, string])[] = [
    [
      'ios/HelloWorld/AppDelegate.swift',
      'BackgroundSync.hostProvider = { [weak self] in self?.reactNativeFactory }',
    ],
    ['ios/HelloWorld/Other.swift', 'import Bgsync'],
    ['ios/HelloWorld/Older.swift', 'import BackgroundSync'],
    ['ios/HelloWorld/Legacy.mm', '#import "BackgroundSync-Swift.h"'],
    ['ios/HelloWorld/New.mm', '#import <Bgsync/Bgsync-Swift.h>'],
    ['android/app/src/main/java/com/helloworld/Sync.kt', 'import dev.bgsync.BackgroundSync'],
    [
      'android/app/src/main/java/com/helloworld/Sync.java',
      'dev.bgsync.BackgroundSync.INSTANCE.x();',
    ],
    ['ios/Podfile', "pod 'Bgsync', :path => '../modules/background-sync'"],
    ['android/settings.gradle', "include ':background-sync'"],
    ['android/app/build.gradle', "implementation project(':background-sync')"],
    ['.gitignore', '!/modules/background-sync/ios/'],
    ['pnpm-workspace.yaml', '  - modules/background-sync'],
  ];

  test('native code, build scripts, ignore files', () => {
    const app = withApp(nothing, (one) => {
      for (const [path, line] of LINES) {
        one.write(path, `${line}\n${hasFile(one, path) ? one.read(path) : ''}`);
      }
    });
    const expected = LINES.map(([path, line]) => `${path}:1 ${line.trim()}`);
    expect(left(app).sort()).toEqual(expected.sort());
  });
});

function hasFile(app: TestApp, path: string): boolean {
  try {
    app.read(path);
    return true;
  } catch {
    return false;
  }
}

describe('settings', () => {
  const FILES: readonly (readonly [string, string, string])[] = [
    [
      'tsconfig.json',
      '"@sync": ["./modules/background-sync/src"]',
      '{\n  "extends": "@react-native/typescript-config",\n  "compilerOptions": { "paths": {\n    HERE\n  } }\n}\n',
    ],
    [
      'metro.config.js',
      "watchFolders: ['modules/background-sync'],",
      'module.exports = {\n\n\n  HERE\n};\n',
    ],
    [
      'jest.config.js',
      "moduleNameMapper: { '^sync$': '<rootDir>/modules/background-sync/src' },",
      'module.exports = {\n\n\n  HERE\n};\n',
    ],
    [
      'babel.config.js',
      "alias: { sync: './modules/background-sync/src' },",
      'module.exports = {\n\n\n  HERE\n};\n',
    ],
  ];

  test('of tools', () => {
    const app = withApp(nothing, (one) => {
      for (const [path, text, around] of FILES)
        one.write(
          path,
          around.replace('HERE', () => text),
        );
    });
    const expected = FILES.map(([path, text]) => `${path}:4 ${text}`);
    expect(left(app).sort()).toEqual(expected.sort());
  });

  test('a dependency and a workspace of package.json', () => {
    const app = withApp(nothing, (one) =>
      one.rewrite('package.json', (text) =>
        text
          .replace(
            '"dependencies": {',
            '"dependencies": {\n    "background-sync": "file:modules/background-sync",',
          )
          .replace('{\n', '{\n  "workspaces": ["modules/background-sync"],\n'),
      ),
    );
    expect(left(app)).toEqual([
      'package.json:2 "workspaces": ["modules/background-sync"],',
      expect.stringContaining('"background-sync": "file:modules/background-sync",'),
    ]);
  });

  test('an identifier in an Info.plist that bgsync could not read', () => {
    const app = withApp(nothing, (one) => {
      const plist = 'ios/HelloWorld/Info.plist';
      // Written anew: no line of it stands where bgsync put it.
      one.rewrite(plist, (text) =>
        text.replace(
          /<string>dev\.bgsync\.processing<\/string>/,
          '<string>dev.bgsync.processing</string><!-- the sync -->',
        ),
      );
    });
    const found = left(app);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^ios\/HelloWorld\/Info\.plist:\d+ /);
    expect(found[0]).toContain('<string>dev.bgsync.processing</string>');
  });

  test('a longer identifier stays unsaid', () => {
    const app = withApp((one) =>
      one.rewrite('ios/HelloWorld/Info.plist', (text) =>
        text.replace(
          '<dict>\n',
          '<dict>\n\t<key>BGTaskSchedulerPermittedIdentifiers</key>\n\t<array>\n\t\t<string>dev.bgsync.processing.mine</string>\n\t</array>\n',
        ),
      ),
    );
    expect(left(app)).toEqual([]);
  });

  test('an ignore file above the app', () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    makeTemplateApp('0.87', join(root, 'apps/mobile'));
    const [repo, app] = [appIn(root), appIn(join(root, 'apps/mobile'))];
    repo.write('.gitignore', '# all\n!/apps/mobile/modules/background-sync/\n');
    repo.commit();
    app.init();
    expect(left(app)).toEqual(['../../.gitignore:2 !/apps/mobile/modules/background-sync/']);
  });
});

test('what prebuild makes is not listed: it is made anew', () => {
  const app = expoApp({});
  app.init();
  app.write(
    'ios/demo/Info.plist',
    '<plist><dict><string>dev.bgsync.processing</string></dict></plist>\n',
  );
  expect(left(app)).toEqual([]);
});

test('people see each place', () => {
  const app = withApp(nothing, (one) => {
    mkdirSync(join(one.root, 'src/ui'));
    renameSync(join(one.root, 'App.tsx'), join(one.root, 'src/ui/App.tsx'));
    one.rewrite('src/ui/App.tsx', (text) => `import '../../${MODULE}/src';\n${text}`);
  });
  const { stdout } = app.run(...REMOVE);
  expect(stdout).toContain('1 step left to you:');
  expect(stdout).toContain('src/ui/App.tsx:1: names what goes away');
  expect(stdout).toContain(`import '../../${MODULE}/src';`);
});
