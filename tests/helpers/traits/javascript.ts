import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTemplateApp } from '../template-app.ts';
import type { TemplateVersion } from '../template-app.ts';
import { change, changePackageJson, lines, write, snippetOf } from './files.ts';
import type { Trait } from './trait.ts';

const withTabs = (text: string): string =>
  text.replace(/^(?: {2})+/gm, (indent) => '\t'.repeat(indent.length / 2));

function removeTypeScript(root: string): void {
  rmSync(join(root, 'tsconfig.json'));
  changePackageJson(root, (data) => {
    data.devDependencies = Object.fromEntries(
      Object.entries(data.devDependencies).filter(([name]) => !/typescript|@types\//.test(name)),
    );
  });
  renameSync(join(root, 'App.tsx'), join(root, 'App.js'));
}

/** What a config file's snippet has above its property: the imports that it needs. */
const importsOf = (snippet: string): string => /^(?:import .*\n+)*/.exec(snippet)?.[0] ?? '';

function moveFolder(root: string, from: string, to: string): void {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  renameSync(join(root, from), join(root, to));
}

const movedProject = (platform: string, value: string): string =>
  lines(
    'module.exports = {',
    '  project: {',
    `    ${platform}: { sourceDir: ${value} },`,
    '  },',
    '};',
  );

/** An app of which TypeScript is given these settings. */
const withTsconfig =
  (version: TemplateVersion, settings: object) =>
  (root: string): void => {
    makeTemplateApp(version, root);
    write(root, {
      'tsconfig.json': `${JSON.stringify({ extends: '@react-native/typescript-config', ...settings }, null, 2)}\n`,
      'src/main.ts': 'export const main = 1;\n',
    });
  };

export const JAVASCRIPT_TRAITS: readonly Trait[] = [
  {
    name: 'js-no-typescript-tabs-no-semicolons',
    make(root) {
      makeTemplateApp('0.81', root);
      removeTypeScript(root);
      write(root, {
        'index.js': lines(
          'import { AppRegistry } from "react-native"',
          'import App from "./App"',
          'import { name } from "./app.json"',
          '',
          'AppRegistry.registerComponent(name, () => App)',
        ),
      });
      change(root, 'package.json', (text) => withTabs(text).trimEnd());
    },
    args: ['--pin'],
    exit: 0,
  },
  {
    name: 'js-flow-docblock-and-shims-first',
    make(root) {
      makeTemplateApp('0.79', root);
      removeTypeScript(root);
      write(root, {
        'index.js': lines(
          '/**',
          ' * Copyright (c) the authors of this app.',
          ' *',
          ' * @flow strict-local',
          ' * @format',
          ' */',
          '',
          "'use strict';",
          '',
          '// Has to stay first: https://docs.swmansion.com/react-native-gesture-handler/',
          "import 'react-native-gesture-handler';",
          "import 'react-native-get-random-values'; // before uuid",
          "import './shim';",
          '',
          "import type { ComponentType } from 'react';",
          "import { AppRegistry, LogBox } from 'react-native';",
          '',
          "import App from './App';",
          "import { name as appName } from './app.json';",
          '',
          "LogBox.ignoreLogs(['Require cycle:']);",
          'const Root: ComponentType<{}> = App;',
          'AppRegistry.registerComponent(appName, () => Root);',
        ),
        'shim.js': 'global.Buffer = global.Buffer ?? {};\n',
      });
    },
    exit: 0,
  },
  {
    name: 'js-require-lines-only-crlf',
    make(root) {
      makeTemplateApp('0.83', root);
      const text = lines(
        '// Polyfills come first.',
        "require('react-native-gesture-handler');",
        "const { AppRegistry } = require('react-native');",
        "const { name } = require('./app.json');",
        '',
        'if (__DEV__) {',
        "  require('./reactotron');",
        '}',
        "AppRegistry.registerComponent(name, () => require('./App').default);",
      );
      write(root, { 'index.js': text.replaceAll('\n', '\r\n'), 'reactotron.js': '' });
      change(root, 'package.json', (json) => json.replaceAll('\n', '\r\n'));
    },
    args: ['--pin'],
    exit: 0,
  },
  {
    name: 'js-main-in-a-folder-tsx',
    make(root) {
      makeTemplateApp('0.87', root);
      mkdirSync(join(root, 'app'));
      rmSync(join(root, 'index.js'));
      changePackageJson(root, (data) => {
        data.main = './app/main';
      });
      write(root, {
        'app/main.tsx': lines(
          "import { AppRegistry } from 'react-native';",
          "import App from '../App';",
          "import { name as appName } from '../app.json';",
          '',
          'AppRegistry.registerComponent<{ flag?: boolean }>(appName, () => App);',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'js-an-entry-for-each-platform',
    make(root) {
      makeTemplateApp('0.85', root);
      rmSync(join(root, 'index.js'));
      write(root, {
        'index.android.js': lines(
          "const { AppRegistry } = require('react-native');",
          "AppRegistry.registerComponent('HelloWorld', () => require('./App').default);",
        ),
        'index.ios.js': lines(
          "import {AppRegistry} from 'react-native';",
          "import App from './App';",
          '',
          "AppRegistry.registerComponent('HelloWorld', () => App);",
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'js-entry-files-that-the-builds-name',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'android/app/build.gradle', (text) =>
        text.replace(
          'react {\n',
          'react {\n    entryFile = file("../../native/main.android.js")\n',
        ),
      );
      change(root, 'ios/.xcode.env', (text) => `${text}\nexport ENTRY_FILE="native/main.ios.ts"\n`);
      const entry = lines(
        "import { AppRegistry } from 'react-native';",
        "import App from '../App';",
        '',
        "AppRegistry.registerComponent('HelloWorld', () => App);",
      );
      write(root, { 'native/main.android.js': entry, 'native/main.ios.ts': entry });
    },
    exit: 0,
  },
  {
    name: 'js-entry-file-from-the-environment',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'android/app/build.gradle', (text) =>
        text.replace('react {\n', 'react {\n    entryFile = file(System.getenv("ENTRY") ?: "x")\n'),
      );
      change(root, 'ios/.xcode.env', (text) => `${text}\nexport ENTRY_FILE=gone.js\n`);
    },
    exit: 0,
  },
  {
    name: 'js-entry-loads-the-handler-in-a-condition',
    make(root) {
      makeTemplateApp('0.87', root);
      change(
        root,
        'index.js',
        (text) => `${text}\nif (!__DEV__) {\n  require('./src/background-sync');\n}\n`,
      );
    },
    exit: 3,
    namesHandler: true,
    byHand(app, steps) {
      change(app, 'index.js', (text) => {
        const line = snippetOf(steps, 'index.js');
        const own = /\nif \(!__DEV__\) \{[^}]*\}\n/;
        return text.replace(own, '').replace("'./app.json';\n", `'./app.json';\n${line}\n`);
      });
    },
  },
  {
    name: 'js-entry-that-cannot-be-parsed',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'index.js', (text) => `<<<<<<< HEAD\n${text}=======\n>>>>>>> main\n`);
    },
    exit: 3,
    byHand(app, steps) {
      change(app, 'index.js', (text) => {
        const line = snippetOf(steps, 'index.js');
        return text
          .replace(/^(?:<<<<<<<|=======|>>>>>>>).*\n/gm, '')
          .replace("'./app.json';\n", `'./app.json';\n${line}\n`);
      });
    },
  },
  {
    name: 'js-handler-path-taken',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, { 'src/background-sync.ts': 'export const queue: string[] = [];\n' });
    },
    exit: 2,
    byHand() {
      // The refusal asks for a flag alone.
    },
    argsAfter: () => ['--handler', 'src/sync/handler.ts'],
  },
  {
    name: 'js-handler-shadowed-by-a-twin',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, { 'src/background-sync.ios.js': 'module.exports = [];\n' });
    },
    exit: 2,
    byHand() {
      // The refusal asks for a flag alone.
    },
    argsAfter: () => ['--handler', 'src/drain-queue.tsx'],
  },
  {
    name: 'js-index-in-js-and-in-ts',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'index.ts': "throw new Error('index.js is what a build takes');\n",
        'react-native.config.js': 'module.exports = {};\n',
        'react-native.config.ts': 'export default {};\n',
      });
    },
    exit: 0,
  },
  {
    name: 'config-platforms-null-and-spreads',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.js': lines(
          "const path = require('node:path')",
          "const shared = require('./tools/shared')",
          '',
          'module.exports = {',
          '\t...shared.base,',
          "\tassets: ['./assets/fonts/'],",
          '\tdependencies: {',
          '\t\t...shared.dependencies,',
          "\t\t'react-native-vector-icons': {",
          '\t\t\tplatforms: { ios: null }, // fonts are linked by hand',
          '\t\t},',
          "\t\t[process.env.SKIP || 'unused']: { platforms: { android: null } }",
          '\t},',
          '}',
        ),
        'tools/shared.js': 'module.exports = { base: {}, dependencies: {} };\n',
      });
    },
    exit: 0,
  },
  {
    name: 'config-the-result-of-a-call',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.js': lines(
          "const { withShared } = require('./tools/shared');",
          '',
          'module.exports = withShared({',
          "  assets: ['./assets'],",
          '});',
        ),
        'tools/shared.js': 'exports.withShared = (config) => config;\n',
      });
    },
    exit: 3,
    byHand(app, steps) {
      change(app, 'react-native.config.js', (text) =>
        text.replace('});', `${snippetOf(steps, 'react-native.config.js')}\n});`),
      );
    },
  },
  {
    name: 'config-set-piece-by-piece',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.js': lines(
          'exports.dependencies = {};',
          "exports.dependencies['some-library'] = { platforms: { android: null } };",
        ),
      });
    },
    exit: 3,
    byHand(app, steps) {
      // The snippet is a whole file; what it exports takes the place of the pieces.
      const snippet = snippetOf(steps, 'react-native.config.js');
      change(app, 'react-native.config.js', () =>
        snippet.replace(
          'dependencies: {\n',
          "dependencies: {\n    'some-library': { platforms: { android: null } },\n",
        ),
      );
    },
  },
  {
    name: 'config-es-module-in-typescript',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.ts': lines(
          "import type { Config } from '@react-native-community/cli-types';",
          '',
          'const config = {',
          '  project: { ios: {}, android: {} },',
          '} satisfies Partial<Config>;',
          '',
          'export default config;',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'config-es-module-of-a-function',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.mjs': lines(
          'const makeConfig = () => ({',
          "  assets: ['./assets'],",
          '});',
          '',
          'export default makeConfig();',
        ),
      });
    },
    exit: 3,
    byHand(app, steps) {
      const snippet = snippetOf(steps, 'react-native.config.mjs');
      const imports = importsOf(snippet);
      change(
        app,
        'react-native.config.mjs',
        (text) => imports + text.replace('\n});', `\n${snippet.slice(imports.length)}\n});`),
      );
    },
  },
  {
    name: 'config-cjs-in-one-line-esm-package',
    make(root) {
      makeTemplateApp('0.87', root);
      changePackageJson(root, (data) => {
        data.type = 'module';
      });
      write(root, {
        'react-native.config.cjs':
          "module.exports = {dependencies: {'a': {platforms: {ios: null}}}}",
      });
    },
    exit: 0,
  },
  {
    name: 'react-native-as-an-alias',
    make(root) {
      makeTemplateApp('0.81', root);
      changePackageJson(root, ({ dependencies }) => {
        dependencies['react-native'] = 'npm:react-native-tvos@~0.81.4-0';
      });
    },
    exit: 0,
  },
  {
    name: 'react-native-at-a-git-commit',
    make(root) {
      makeTemplateApp('0.83', root);
      changePackageJson(root, ({ dependencies }) => {
        dependencies['react-native'] = 'github:our-fork/react-native#83ab10f';
      });
    },
    exit: 2,
    byHand(app) {
      // What installing does.
      write(app, {
        'node_modules/react-native/package.json': '{"name":"react-native","version":"0.83.2"}',
      });
    },
  },
  {
    name: 'react-native-patched-by-yarn',
    make(root) {
      makeTemplateApp('0.85', root);
      changePackageJson(root, (data) => {
        data.packageManager = 'yarn@4.9.1';
        data.dependencies['react-native'] =
          'patch:react-native@npm%3A0.85.3#~/.yarn/patches/react-native-npm-0.85.3-1a2b3c.patch';
      });
    },
    exit: 0,
  },
  {
    name: 'config-dependencies-from-a-call',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.js': lines(
          "const { linked } = require('./tools/linked');",
          '',
          'module.exports = {',
          "  assets: ['./assets'],",
          "  dependencies: linked(['react-native-vector-icons']),",
          '};',
        ),
        'tools/linked.js':
          'exports.linked = (names) => Object.fromEntries(names.map((name) => [name, {}]));\n',
      });
    },
    exit: 3,
    byHand(app, steps) {
      change(app, 'react-native.config.js', (text) =>
        text.replace(/^ {2}dependencies: .*$/m, () => snippetOf(steps, 'react-native.config.js')),
      );
    },
  },
  {
    name: 'config-dependencies-that-a-file-has',
    make(root) {
      makeTemplateApp('0.85', root);
      write(root, {
        'react-native.config.js': lines(
          "const dependencies = require('./tools/dependencies');",
          '',
          'module.exports = { dependencies };',
        ),
        'tools/dependencies.js': lines(
          'module.exports = {',
          "  'react-native-vector-icons': { platforms: { ios: null } },",
          '};',
        ),
      });
    },
    exit: 3,
    byHand(app, steps) {
      change(app, 'react-native.config.js', (text) =>
        text.replace(
          '{ dependencies }',
          () => `{\n${snippetOf(steps, 'react-native.config.js')}\n}`,
        ),
      );
    },
  },
  {
    name: 'config-dependencies-that-are-spread-last',
    make(root) {
      makeTemplateApp('0.83', root);
      write(root, {
        'react-native.config.js': lines(
          "const shared = require('./tools/shared');",
          '',
          'module.exports = {',
          '  dependencies: {',
          "    'react-native-vector-icons': { platforms: { ios: null } },",
          '    ...shared.dependencies,',
          '  },',
          '};',
        ),
        'tools/shared.js': "exports.dependencies = JSON.parse(process.env.LINKED ?? '{}');\n",
      });
    },
    exit: 0,
  },
  ...(
    [
      ['android', 'native/droid', "'./native/droid'"],
      ['ios', 'apple', "require('path').join(__dirname, 'apple')"],
    ] as const
  ).map(([platform, to, value]): Trait => ({
    name: `config-the-${platform}-project-is-elsewhere`,
    make(root) {
      makeTemplateApp('0.87', root);
      moveFolder(root, platform, to);
      write(root, { 'react-native.config.js': movedProject(platform, value) });
    },
    exit: 2,
    byHand(app) {
      moveFolder(app, to, platform);
      write(app, { 'react-native.config.js': 'module.exports = {};\n' });
    },
  })),
  {
    name: 'config-the-android-project-is-where-the-environment-says',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, {
        'react-native.config.js': movedProject('android', "process.env.ANDROID_DIR ?? './android'"),
      });
    },
    exit: 0,
  },
  {
    name: 'ts-composite-with-a-narrow-include',
    make: withTsconfig('0.87', { compilerOptions: { composite: true }, include: ['src'] }),
    exit: 0,
  },
  {
    name: 'ts-a-root-folder',
    make: withTsconfig('0.81', {
      compilerOptions: { rootDir: './src', outDir: 'build' },
      include: ['src/**/*'],
    }),
    exit: 0,
  },
  {
    name: 'ts-a-narrow-include-alone',
    make: withTsconfig('0.85', { compilerOptions: { noEmit: true }, include: ['src/**/*.ts'] }),
    exit: 0,
  },
];
