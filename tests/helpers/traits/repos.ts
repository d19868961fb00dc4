import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { makeTemplateApp, runCli } from '../template-app.ts';
import { readTree } from '../tree.ts';
import { change, changePackageJson, lines, write, snippetOf } from './files.ts';
import type { Trait } from './trait.ts';

const packageJson = (data: object): string => `${JSON.stringify(data, null, 2)}\n`;

/** Packages of a workspace that are no apps; some use React Native all the same. */
function writePackages(root: string, folder: string, count: number): void {
  for (let index = 1; index <= count; index += 1) {
    const isNative = index % 5 === 0;
    write(root, {
      [`${folder}/lib-${index}/package.json`]: packageJson({
        name: `@acme/lib-${index}`,
        ...(isNative ? { dependencies: { 'react-native': '*' } } : {}),
      }),
    });
    // A library of native code, which is no app.
    if (isNative) write(root, { [`${folder}/lib-${index}/android/build.gradle`]: '' });
  }
}

const installed = (version: string): Record<string, string> => ({
  'node_modules/react-native/package.json': packageJson({ name: 'react-native', version }),
});

const asked = (): void => {
  // The refusal asks for a flag alone.
};

/** What a commit hook does: the repo's own Prettier over everything that it knows. */
const prettier = (root: string): void => {
  const bin = createRequire(import.meta.url).resolve('prettier/bin/prettier.cjs');
  const args = ['--write', '--log-level=warn', '**/*.{js,ts,tsx,json,md}'];
  execFileSync(process.execPath, [bin, ...args], { cwd: root });
};

const STYLES: readonly (readonly [string, object])[] = [
  ['with-tabs-and-double-quotes', { useTabs: true, printWidth: 60, proseWrap: 'always' }],
  [
    'without-semicolons',
    { semi: false, singleQuote: true, printWidth: 140, trailingComma: 'none' },
  ],
  ['with-crlf', { endOfLine: 'crlf', singleQuote: true, arrowParens: 'avoid' }],
];

function expectDone(args: readonly string[], cwd: string): void {
  const { code, stderr } = runCli(args, cwd);
  if (code !== 0) throw new Error(stderr);
}

/** Two apps of a workspace, of which the first has its sync. */
function makeTwoApps(root: string): void {
  write(root, {
    'package.json': packageJson({ name: 'acme', private: true, workspaces: ['apps/*'] }),
  });
  for (const name of ['customer', 'driver']) makeTemplateApp('0.87', join(root, 'apps', name));
  expectDone(['init', '--yes', '--task-id', 'com.acme.customer.sync'], join(root, 'apps/customer'));
}

export const REPO_TRAITS: readonly Trait[] = [
  {
    name: 'repo-one-app-among-25-packages',
    make(root) {
      write(root, {
        'package.json': packageJson({
          name: 'acme',
          private: true,
          packageManager: 'npm@11.0.0',
          workspaces: { packages: ['./packages/*', 'apps/**', '!apps/old/**'] },
          devDependencies: { 'react-native': '0.87.1' },
        }),
        ...installed('0.87.1'),
        'apps/old/client/package.json': packageJson({ dependencies: { 'react-native': '0.60.0' } }),
        'apps/old/client/android/app/build.gradle': '',
        'apps/web/package.json': packageJson({ name: '@acme/web' }),
        'packages/broken/package.json': '{',
      });
      writePackages(root, 'packages', 24);
      makeTemplateApp('0.87', join(root, 'apps/clients/mobile'));
      changePackageJson(join(root, 'apps/clients/mobile'), ({ dependencies }) => {
        dependencies['react-native'] = '*';
      });
    },
    app: 'apps/clients/mobile',
    exit: 0,
  },
  {
    name: 'repo-several-apps-pnpm',
    make(root) {
      write(root, {
        'package.json': packageJson({ name: 'acme', private: true }),
        'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
        'pnpm-workspace.yaml': lines(
          '# Apps, and what they share.',
          'packages:',
          '  - "apps/*"   # two of them',
          "  - 'packages/*'",
          'catalog:',
          '  react: 19.2.3',
          '  react-native: ^0.87.1',
        ),
      });
      for (const name of ['customer', 'driver app']) {
        makeTemplateApp('0.87', join(root, 'apps', name));
        changePackageJson(join(root, 'apps', name), ({ dependencies }) => {
          dependencies['react-native'] = 'catalog:';
        });
      }
    },
    app: 'apps/driver app',
    exit: 2,
    byHand: asked,
    argsAfter: (root) => ['--cwd', join(root, 'apps/driver app')],
  },
  {
    name: 'repo-a-second-app-gets-a-sync-of-its-own',
    make: makeTwoApps,
    cwd: 'apps/driver',
    exit: 0,
  },
  {
    name: 'repo-several-apps-each-with-a-sync',
    make(root) {
      makeTwoApps(root);
      expectDone(['init', '--yes', '--platform', 'android'], join(root, 'apps/driver'));
    },
    app: 'apps/customer',
    exit: 2,
    byHand: asked,
    argsAfter: (root) => ['--cwd', join(root, 'apps/customer')],
  },
  {
    name: 'repo-react-native-in-the-root-alone',
    make(root) {
      write(root, {
        'package.json': packageJson({
          private: true,
          workspaces: ['apps/*'],
          dependencies: { react: '19.2.3', 'react-native': '0.87.1' },
        }),
        ...installed('0.87.1'),
      });
      makeTemplateApp('0.87', join(root, 'apps/mobile'));
      changePackageJson(join(root, 'apps/mobile'), ({ dependencies }) => {
        Reflect.deleteProperty(dependencies, 'react-native');
      });
    },
    cwd: 'apps/mobile',
    exit: 2,
    byHand(app) {
      changePackageJson(app, ({ dependencies }) => {
        dependencies['react-native'] = '0.87.1';
      });
    },
  },
  {
    name: 'repo-yarn-without-node-modules-from-a-subfolder',
    make(root) {
      write(root, {
        'package.json': packageJson({ private: true, workspaces: ['mobile'] }),
        'yarn.lock': '__metadata:\n  version: 8\n',
        '.yarnrc.yml': lines('nodeLinker: pnp', 'catalog:', '  react-native: "npm:0.83.10"'),
        '.pnp.cjs': '',
      });
      makeTemplateApp('0.83', join(root, 'mobile'));
      changePackageJson(join(root, 'mobile'), ({ dependencies }) => {
        dependencies['react-native'] = 'catalog:';
      });
      write(root, { 'mobile/src/screens/Home.tsx': 'export {};\n' });
    },
    cwd: 'mobile/src/screens',
    app: 'mobile',
    exit: 0,
  },
  {
    name: 'repo-a-package-beside-the-app-lerna',
    make(root) {
      write(root, {
        'package.json': packageJson({ private: true }),
        'lerna.json': packageJson({ packages: ['packages/{ui,app}'], version: '1.0.0' }),
        'packages/ui/package.json': packageJson({ name: 'ui' }),
        ...installed('0.85.3'),
      });
      makeTemplateApp('0.85', join(root, 'packages/app'));
    },
    cwd: 'packages/ui',
    app: 'packages/app',
    exit: 2,
    byHand: asked,
    argsAfter: (root) => ['--cwd', join(root, 'packages/app')],
  },
  {
    // create-react-native-library: Yarn, TypeScript and the tsconfig are the workspace's, and nothing is installed yet.
    name: 'repo-of-a-library-whose-example-is-typed-by-the-root',
    make(root) {
      write(root, {
        'package.json': packageJson({
          name: 'react-native-thing',
          workspaces: ['example'],
          packageManager: 'yarn@4.11.0',
          peerDependencies: { react: '*', 'react-native': '*' },
          devDependencies: { 'react-native': '0.87.1', typescript: '^6.0.3' },
        }),
        'tsconfig.json': packageJson({ compilerOptions: { strict: true, noEmit: true } }),
        'src/index.tsx': 'export {};\n',
      });
      const example = join(root, 'example');
      makeTemplateApp('0.87', example);
      for (const name of ['tsconfig.json', '__tests__']) {
        rmSync(join(example, name), { recursive: true });
      }
      mkdirSync(join(example, 'src'));
      renameSync(join(example, 'App.tsx'), join(example, 'src/App.tsx'));
      change(example, 'index.js', (text) => text.replace('./App', './src/App'));
      changePackageJson(example, ({ devDependencies }) => {
        Reflect.deleteProperty(devDependencies, 'typescript');
      });
      write(example, {
        'react-native.config.js': lines(
          "const path = require('path');",
          "const pkg = require('../package.json');",
          '',
          'module.exports = {',
          '  dependencies: {',
          '    [pkg.name]: {',
          "      root: path.join(__dirname, '..'),",
          '      platforms: { ios: {}, android: {} },',
          '    },',
          '  },',
          '};',
        ),
      });
    },
    cwd: 'example/ios',
    app: 'example',
    exit: 0,
  },
  {
    // Nx: the versions stand in the workspace's package.json, and the app takes any.
    name: 'repo-whose-app-takes-any-version',
    make(root) {
      write(root, {
        'package.json': packageJson({
          name: 'acme',
          private: true,
          workspaces: ['apps/*'],
          dependencies: { react: '^19.2.3', 'react-native': '~0.87.1' },
        }),
      });
      const app = join(root, 'apps/mobile');
      makeTemplateApp('0.87', app);
      changePackageJson(app, ({ dependencies }) => {
        for (const name of Object.keys(dependencies)) dependencies[name] = '*';
      });
    },
    app: 'apps/mobile',
    exit: 0,
  },
  {
    name: 'repo-of-a-library-with-its-example',
    make(root) {
      write(root, {
        'package.json': packageJson({
          name: 'react-native-thing',
          workspaces: ['example'],
          peerDependencies: { react: '*', 'react-native': '*' },
          devDependencies: { 'react-native': '0.87.1' },
        }),
        'android/build.gradle': 'apply plugin: "com.android.library"\n',
        'ios/Thing.xcodeproj/project.pbxproj': '',
        'ios/Thing.m': '',
      });
      makeTemplateApp('0.87', join(root, 'example'));
    },
    app: 'example',
    exit: 2,
    byHand: asked,
    argsAfter: (root) => ['--cwd', join(root, 'example')],
  },
  {
    name: 'repo-ignores-debug-folders',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, '.gitignore', (text) => `${text}\n# Visual Studio\n[Dd]ebug/\n[Bb]in/\n`);
    },
    exit: 0,
  },
  {
    name: 'repo-ignores-above-the-app',
    make(root) {
      makeTemplateApp('0.87', join(root, 'apps/mobile'));
      write(root, { '.gitignore': 'node_modules\n*.podspec\n' });
      write(join(root, 'apps'), { '.gitignore': '**/modules/*\n' });
      execFileSync('git', ['init', '-q', root]);
    },
    cwd: 'apps/mobile',
    exit: 3,
    byHand(app, steps) {
      for (const path of ['../.gitignore', '../../.gitignore']) {
        change(app, path, (text) => `${text}${snippetOf(steps, path)}\n`);
      }
    },
  },
  {
    name: 'repo-react-native-in-dev-dependencies',
    make(root) {
      makeTemplateApp('0.87', root);
      changePackageJson(root, (data) => {
        const { 'react-native': version = '', ...rest } = data.dependencies;
        data.dependencies = rest;
        data.devDependencies['react-native'] = version;
      });
    },
    exit: 0,
  },
  {
    name: 'repo-every-dependency-in-dev-dependencies',
    make(root) {
      makeTemplateApp('0.85', root);
      changePackageJson(root, (data) => {
        data.devDependencies = { ...data.devDependencies, ...data.dependencies };
        data.dependencies = {};
      });
    },
    exit: 0,
  },
  {
    name: 'repo-example-in-a-library-with-dev-dependencies',
    make(root) {
      write(root, {
        'package.json': packageJson({
          name: 'react-native-thing',
          peerDependencies: { react: '*', 'react-native': '*' },
          devDependencies: { 'react-native': '0.87.1' },
        }),
        'android/build.gradle': 'apply plugin: "com.android.library"\n',
        'ios/Thing.xcodeproj/project.pbxproj': '',
      });
      makeTemplateApp('0.87', join(root, 'example'));
      changePackageJson(join(root, 'example'), (data) => {
        data.devDependencies = { ...data.devDependencies, ...data.dependencies };
        data.dependencies = {};
      });
    },
    cwd: 'example',
    exit: 0,
  },
  {
    name: 'repo-path-with-spaces-and-cyrillic',
    make(root) {
      const app = join(root, 'мой проект/app [1] & co');
      makeTemplateApp('0.87', app);
      write(app, { 'исходники/.keep': '' });
    },
    cwd: 'мой проект/app [1] & co',
    args: ['--handler', 'исходники/фоновая синхронизация.ts', '--module-dir', 'модули/фон #1'],
    exit: 0,
  },
  {
    name: 'repo-crlf-in-every-file',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, { 'react-native.config.js': 'module.exports = {\n  assets: [],\n};\n' });
      for (const [path, bytes] of readTree(root)) {
        if (bytes.includes(0)) continue;
        write(root, { [path]: bytes.toString('utf8').replace(/\r?\n/g, '\r\n') });
      }
    },
    args: ['--pin'],
    exit: 0,
  },
  {
    name: 'repo-module-folder-taken',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, { 'modules/background-sync/package.json': packageJson({ name: 'ours' }) });
    },
    exit: 2,
    byHand: asked,
    argsAfter: () => ['--module-dir', 'native/background-sync'],
  },
  {
    name: 'repo-package-json-with-a-byte-order-mark',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'package.json', (text) => `\uFEFF${text}`);
    },
    args: ['--pin'],
    exit: 0,
  },
  {
    name: 'repo-package-json-in-conflict',
    make(root) {
      makeTemplateApp('0.87', root);
      change(root, 'package.json', (text) => `<<<<<<< HEAD\n${text}`);
    },
    exit: 2,
    byHand(app) {
      change(app, 'package.json', (text) => text.replace('<<<<<<< HEAD\n', ''));
    },
  },
  {
    name: 'repo-files-that-are-links-within-the-app',
    make(root) {
      makeTemplateApp('0.87', root);
      mkdirSync(join(root, 'js'));
      renameSync(join(root, 'index.js'), join(root, 'js/entry.js'));
      change(root, 'js/entry.js', (text) =>
        text.replaceAll("'./App", "'../App").replaceAll("'./app", "'../app"),
      );
      symlinkSync('js/entry.js', join(root, 'index.js'));
      // Xcode's build reads through it.
      renameSync(join(root, 'ios/HelloWorld/Info.plist'), join(root, 'ios/Shared.plist'));
      symlinkSync('../Shared.plist', join(root, 'ios/HelloWorld/Info.plist'));
    },
    exit: 0,
  },
  {
    name: 'repo-entry-is-a-link-out-of-the-repo',
    make(root) {
      makeTemplateApp('0.87', join(root, 'app'));
      renameSync(join(root, 'app/index.js'), join(root, 'index.js'));
      symlinkSync('../index.js', join(root, 'app/index.js'));
    },
    cwd: 'app',
    exit: 2,
    byHand(app) {
      rmSync(join(app, 'index.js'));
      renameSync(join(app, '../index.js'), join(app, 'index.js'));
    },
  },
  {
    name: 'repo-folders-that-are-links',
    make(root) {
      makeTemplateApp('0.87', join(root, 'app'));
      mkdirSync(join(root, 'elsewhere'));
      symlinkSync('../elsewhere', join(root, 'app/modules'));
      // A cycle, which a walk must not follow.
      symlinkSync('.', join(root, 'app/ios/again'));
      symlinkSync('gone.js', join(root, 'app/ios/broken.swift'));
    },
    cwd: 'app',
    exit: 2,
    byHand: asked,
    argsAfter: () => ['--module-dir', 'native/background-sync'],
  },
  {
    // As create-react-native-library makes it: the example links the library that it lies in.
    name: 'repo-example-that-links-its-library',
    make(root) {
      write(root, {
        'package.json': packageJson({
          name: 'react-native-thing',
          version: '1.0.0',
          workspaces: ['example'],
          peerDependencies: { react: '*', 'react-native': '*' },
          devDependencies: { 'react-native': '0.87.1' },
        }),
        'android/build.gradle': 'apply plugin: "com.android.library"\n',
      });
      makeTemplateApp('0.87', join(root, 'example'));
      write(root, {
        'example/react-native.config.js': lines(
          "const path = require('path');",
          "const pkg = require('../package.json');",
          '',
          'module.exports = {',
          '  project: {',
          '    ios: { automaticPodsInstallation: true },',
          '  },',
          '  dependencies: {',
          '    [pkg.name]: {',
          "      root: path.join(__dirname, '..'),",
          '      platforms: { ios: {}, android: {} },',
          '    },',
          '  },',
          '};',
        ),
      });
    },
    cwd: 'example',
    exit: 0,
  },
  {
    name: 'repo-ignores-below-the-app',
    make(root) {
      makeTemplateApp('0.87', root);
      write(root, { 'modules/.gitignore': '*\n!.gitignore\n!ours/**\n' });
    },
    exit: 3,
    byHand(app, steps) {
      change(
        app,
        'modules/.gitignore',
        (text) => `${text}${snippetOf(steps, 'modules/.gitignore')}\n`,
      );
    },
  },
  ...STYLES.map(([name, style]): Trait => ({
    name: `repo-formatted-${name}`,
    make(root) {
      makeTemplateApp('0.87', root);
      for (const own of ['.prettierrc.js', '.prettierrc.json']) {
        rmSync(join(root, own), { force: true });
      }
      write(root, { '.prettierrc': packageJson(style) });
      prettier(root);
    },
    commitHook: prettier,
    exit: 0,
  })),
];
