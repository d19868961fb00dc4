import { execFileSync } from 'node:child_process';
import { makeExpoFixture } from '../expo-app.ts';
import type { Workflow } from '../expo-app.ts';
import { change, lines, snippetOf } from './files.ts';
import type { Trait } from './trait.ts';

const PLUGINS = `plugins: ['./plugins/other.js'],`;
const OTHER = 'module.exports = (config) => config;\n';

/** An app whose config is these files; nothing else of it is out of the way. */
const withConfig =
  (files: Readonly<Record<string, string | null>>, workflow: Workflow = 'cng') =>
  (root: string): void => {
    makeExpoFixture(root, {
      workflow,
      files: {
        'plugins/other.js': OTHER,
        ...('app.json' in files ? {} : { 'app.json': null }),
        ...files,
      },
    });
  };

/** An app whose native folders git has. */
const inGit =
  (files: Readonly<Record<string, string | null>> = {}) =>
  (root: string): void => {
    makeExpoFixture(root, { workflow: 'committed-config', files });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args]);
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'app');
  };

const BASE = [
  "  name: 'Demo',",
  "  slug: 'demo',",
  "  ios: { bundleIdentifier: 'com.example.demo' },",
];

/** The shapes of an app config that Expo's own reader takes; tests/configs asks it about eighty. */
export const EXPO_TRAITS: readonly Trait[] = [
  {
    name: 'expo-config-default-export-of-expo',
    make: withConfig({
      'app.config.ts': lines(
        "import type { ExpoConfig } from 'expo/config';",
        '',
        'export default {',
        '  expo: {',
        ...BASE.map((line) => `  ${line}`),
        `    ${PLUGINS}`,
        '  } satisfies ExpoConfig,',
        '};',
      ),
    }),
    exit: 0,
  },
  {
    name: 'expo-config-a-function-around-app-json',
    make(root) {
      makeExpoFixture(root, {
        files: {
          'app.config.js': lines(
            'module.exports = ({ config }) => ({',
            '  ...config,',
            "  name: process.env.STAGE === 'production' ? 'Demo' : 'Demo (dev)',",
            '});',
          ),
        },
      });
    },
    exit: 0,
  },
  {
    name: 'expo-config-a-function-that-drops-app-json',
    make(root) {
      makeExpoFixture(root, {
        files: {
          'app.config.ts': lines(
            'export default () => ({',
            '  expo: {',
            ...BASE.map((line) => `  ${line}`),
            '  },',
            '});',
          ),
        },
      });
    },
    exit: 0,
  },
  {
    name: 'expo-config-in-a-wrapper',
    make: withConfig({
      'app.config.js': lines(
        "const { withStage } = require('./config/stage');",
        '',
        'module.exports = withStage({',
        ...BASE,
        `  ${PLUGINS}`,
        '});',
      ),
      'config/stage.js':
        'exports.withStage = (config) => ({ ...config, extra: { stage: process.env.STAGE } });\n',
    }),
    exit: 3,
    byHand(app, steps) {
      const snippet = snippetOf(steps, 'app.config.js');
      change(app, 'app.config.js', (text) => text.replace(`  ${PLUGINS}`, snippet));
    },
  },
  {
    name: 'expo-config-a-base-that-is-spread',
    make: withConfig({
      'app.config.js': lines(
        'const base = {',
        ...BASE,
        `  ${PLUGINS}`,
        '};',
        '',
        'module.exports = {',
        '  ...base,',
        "  version: '2.0.0',",
        '};',
      ),
    }),
    exit: 0,
  },
  {
    name: 'expo-config-a-base-that-is-imported',
    make: withConfig({
      'app.config.ts': lines(
        "import { base } from './config/base';",
        '',
        'export default { ...base, version: "2.0.0" };',
      ),
      'config/base.ts': lines('export const base = {', ...BASE, `  ${PLUGINS}`, '};'),
    }),
    exit: 0,
  },
  {
    name: 'expo-config-json-that-code-requires',
    make: withConfig({
      'app.json': `${JSON.stringify({ expo: { name: 'Demo', slug: 'demo', plugins: ['./plugins/other.js'] } }, null, 2)}\n`,
      'app.config.js': lines(
        "const { expo } = require('./app.json');",
        '',
        'module.exports = () => {',
        '  return { ...expo, extra: { stage: process.env.STAGE } };',
        '};',
      ),
    }),
    exit: 0,
  },
  {
    name: 'expo-config-module-exports-of-a-constant',
    make: withConfig({
      'app.config.cjs': lines(
        "/** @type {import('expo/config').ExpoConfig} */",
        'const config = {',
        ...BASE,
        '};',
        '',
        'module.exports = config;',
      ),
    }),
    exit: 0,
  },
  {
    name: 'expo-config-plugins-that-are-computed',
    make: withConfig({
      'app.config.js': lines(
        "const { pluginsFor } = require('./config/plugins');",
        '',
        'module.exports = {',
        ...BASE,
        '  plugins: pluginsFor(process.env.STAGE),',
        '};',
      ),
      'config/plugins.js': "exports.pluginsFor = () => ['./plugins/other.js'];\n",
    }),
    exit: 3,
    byHand(app, steps) {
      const snippet = snippetOf(steps, 'app.config.js');
      change(app, 'app.config.js', (text) =>
        text.replace('  plugins: pluginsFor(process.env.STAGE),', snippet),
      );
    },
  },
  {
    name: 'expo-committed-folders-with-the-cli-app-json',
    make: withConfig(
      { 'app.json': '{\n  "name": "Demo",\n  "displayName": "Demo"\n}\n' },
      'committed',
    ),
    exit: 0,
  },
  {
    // No repository: prebuild may have made them just now.
    name: 'expo-committed-folders-with-an-app-config',
    make(root) {
      makeExpoFixture(root, { workflow: 'committed-config' });
    },
    exit: 0,
  },
  {
    name: 'expo-committed-folders-and-no-prebuild',
    make: inGit({
      'app.json': `${JSON.stringify({ expo: { name: 'Demo', slug: 'demo', ios: { infoPlist: { UIBackgroundModes: ['audio'] } } } }, null, 2)}\n`,
    }),
    exit: 0,
  },
  {
    name: 'expo-committed-folders-and-an-app-config-that-is-code',
    make: inGit({
      'app.json': null,
      'app.config.ts': lines('export default {', ...BASE, '};'),
      'eas.json': '{ "build": { "production": { "autoIncrement": true } } }\n',
    }),
    exit: 0,
  },
  {
    name: 'expo-committed-folders-and-a-build-that-runs-prebuild',
    make: inGit({
      '.github/workflows/ios.yml': lines(
        'jobs:',
        '  ios:',
        '    steps:',
        '      # npx expo prebuild writes what is not committed',
        '      - run: npx expo prebuild --platform ios --clean',
      ),
    }),
    exit: 0,
  },
  {
    name: 'expo-committed-ios-alone',
    make(root) {
      makeExpoFixture(root, {
        workflow: 'committed-config',
        files: {
          'android/app/build.gradle': null,
          '.gitignore': 'node_modules/\n/android\n',
          'eas.json':
            '{\n  "build": { "production": { "prebuildCommand": "prebuild -p android" } }\n}\n',
        },
      });
    },
    exit: 0,
  },
  {
    // create-expo-stack: the rules for what prebuild makes have no slash in front.
    name: 'expo-ignores-native-folders-at-any-depth',
    make: (root) =>
      makeExpoFixture(root, {
        files: {
          '.gitignore': lines(
            'node_modules/',
            '.expo/',
            '',
            '# expo router',
            'expo-env.d.ts',
            '',
            '.env',
            '',
            'ios',
            'android',
            '',
            '# macOS',
            '.DS_Store',
          ),
        },
      }),
    exit: 0,
  },
];
