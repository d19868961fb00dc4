/**
 * Ways in which people write an app config and a react-native.config, each as a small app. What the real tools make of
 * them is recorded in verdicts.json (`npm run test:configs -- --record`); tests/unit/expo/verdicts.test.ts holds the
 * static reader to it.
 */

export interface Shape {
  readonly name: string;
  /** By path; the config under test is the only one that bgsync would edit. */
  readonly files: Readonly<Record<string, string>>;
  /** The file that is judged and edited. */
  readonly file: string;
}

const PLUGIN = './modules/background-sync/app.plugin.js';
const P = `'${PLUGIN}'`;
const IDENTITY = "name: 'Demo',\n  slug: 'demo',\n  ios: { bundleIdentifier: 'com.example.demo' },";
const APP_JSON = `${JSON.stringify({ expo: { name: 'Demo', slug: 'demo', ios: { bundleIdentifier: 'com.example.demo' }, plugins: ['./plugins/other'] } }, null, 2)}\n`;
const OTHER = 'module.exports = (config) => config;\n';
const KEYS = `infoPlist: { UIBackgroundModes: ['processing'], BGTaskSchedulerPermittedIdentifiers: ['dev.bgsync.processing'] }`;

const app = (
  name: string,
  text: string,
  {
    file = 'app.config.js',
    json = false,
    files = {},
  }: {
    file?: string;
    json?: boolean;
    files?: Readonly<Record<string, string>>;
  } = {},
): Shape => ({
  name,
  file,
  files: {
    [file]: text,
    'plugins/other.js': OTHER,
    ...(json ? { 'app.json': APP_JSON } : {}),
    ...files,
  },
});

const TS = { file: 'app.config.ts' };
const AROUND = { json: true };

export const APP_CONFIGS: readonly Shape[] = [
  app('object', `module.exports = {\n  ${IDENTITY}\n};\n`),
  app(
    'object with plugins',
    `module.exports = {\n  ${IDENTITY}\n  plugins: ['./plugins/other'],\n};\n`,
  ),
  app('object with the plugin', `module.exports = {\n  ${IDENTITY}\n  plugins: [${P}],\n};\n`),
  app(
    'object with the plugin and options',
    `module.exports = {\n  ${IDENTITY}\n  plugins: [[${P}, {}]],\n};\n`,
  ),
  app(
    'plugin without its extension',
    `module.exports = {\n  ${IDENTITY}\n  plugins: ['./modules/background-sync/app.plugin'],\n};\n`,
  ),
  app(
    'plugin by an absolute path',
    `const path = require('path');\nmodule.exports = {\n  ${IDENTITY}\n  plugins: [path.join(__dirname, 'modules/background-sync/app.plugin.js')],\n};\n`,
  ),
  app(
    'plugin as a function',
    `module.exports = {\n  ${IDENTITY}\n  plugins: [require(${P})],\n};\n`,
  ),
  app('default export of expo', `export default {\n  expo: {\n    ${IDENTITY}\n  },\n};\n`, TS),
  app(
    'expo with plugins',
    `module.exports = {\n  expo: {\n    ${IDENTITY}\n    plugins: ['./plugins/other'],\n  },\n};\n`,
  ),
  app(
    'plugin beside expo, where Expo ignores it',
    `module.exports = {\n  expo: {\n    ${IDENTITY}\n  },\n  plugins: [${P}],\n};\n`,
  ),
  app(
    'plugin in expo',
    `module.exports = {\n  expo: {\n    ${IDENTITY}\n    plugins: [${P}],\n  },\n};\n`,
  ),
  app(
    'constant with a type',
    `import type { ExpoConfig } from 'expo/config';\n\nconst config: ExpoConfig = {\n  ${IDENTITY}\n};\n\nexport default config;\n`,
    TS,
  ),
  app(
    'constant that is read elsewhere',
    `const config = {\n  ${IDENTITY}\n};\nconsole.log(config.name);\nmodule.exports = config;\n`,
  ),
  app(
    'constant that is changed',
    `const config = {\n  ${IDENTITY}\n};\nconfig.plugins = ['./plugins/other'];\nmodule.exports = config;\n`,
  ),
  app('constant in expo', `const expo = {\n  ${IDENTITY}\n};\nmodule.exports = { expo };\n`),
  app('satisfies', `export default {\n  ${IDENTITY}\n} satisfies Record<string, unknown>;\n`, TS),
  app(
    'function that spreads',
    "export default ({ config }) => ({\n  ...config,\n  name: 'Demo',\n});\n",
    { ...AROUND, ...TS },
  ),
  app(
    'function of the whole context',
    'module.exports = (context) => ({\n  ...context.config,\n});\n',
    AROUND,
  ),
  app('function that ignores app.json', `module.exports = () => ({\n  ${IDENTITY}\n});\n`, AROUND),
  app(
    'function that returns expo',
    `module.exports = ({ config }) => ({\n  expo: {\n    ...config,\n    extra: {},\n  },\n});\n`,
    AROUND,
  ),
  app(
    'function that returns what it got',
    "module.exports = ({ config }) => {\n  config.name = 'Other';\n  return config;\n};\n",
    AROUND,
  ),
  app(
    'what it got, with the plugin pushed',
    `module.exports = ({ config }) => {\n  config.plugins.push(${P});\n  return config;\n};\n`,
    AROUND,
  ),
  app(
    'what it got, with plugins set',
    `module.exports = ({ config }) => {\n  config.plugins = [...(config.plugins ?? []), ${P}];\n  return config;\n};\n`,
    AROUND,
  ),
  app(
    'function with a local constant',
    `module.exports = () => {\n  const config = {\n    ${IDENTITY}\n  };\n  return config;\n};\n`,
  ),
  app(
    'function with two returns',
    `module.exports = ({ config }) => {\n  if (process.env.EAS_BUILD_PROFILE === 'production') return { ...config, name: 'Prod' };\n  return { ...config, name: 'Dev' };\n};\n`,
    AROUND,
  ),
  app(
    'both returns with the plugin',
    `module.exports = ({ config }) => {\n  const plugins = [...config.plugins, ${P}];\n  if (process.env.EAS_BUILD_PROFILE === 'production') return { ...config, plugins, name: 'Prod' };\n  return { ...config, plugins, name: 'Dev' };\n};\n`,
    AROUND,
  ),
  app(
    'plugin in one variant alone',
    `module.exports = {\n  ${IDENTITY}\n  plugins: process.env.NO_SUCH_VARIABLE ? [${P}] : [],\n};\n`,
  ),
  app(
    'plugins with a condition in the list',
    `module.exports = {\n  ${IDENTITY}\n  plugins: [process.env.NO_SUCH_VARIABLE && 'x', './plugins/other'].filter(Boolean),\n};\n`,
  ),
  app(
    'plugins in a constant',
    `const plugins = ['./plugins/other'];\nmodule.exports = {\n  ${IDENTITY}\n  plugins,\n};\n`,
  ),
  app(
    'plugins by a function',
    `const plugins = () => ['./plugins/other'];\nmodule.exports = {\n  ${IDENTITY}\n  plugins: plugins(),\n};\n`,
  ),
  app(
    'plugins by a function, with the plugin',
    `const plugins = () => ['./plugins/other', ${P}];\nmodule.exports = {\n  ${IDENTITY}\n  plugins: plugins(),\n};\n`,
  ),
  app(
    'spread of a constant',
    `const base = {\n  ${IDENTITY}\n};\nmodule.exports = {\n  ...base,\n  version: '1.0.0',\n};\n`,
  ),
  app(
    'spread of a constant with plugins',
    `const base = {\n  ${IDENTITY}\n  plugins: ['./plugins/other'],\n};\nmodule.exports = {\n  ...base,\n  version: '1.0.0',\n};\n`,
  ),
  app(
    'spread behind plugins that brings its own',
    `const base = { plugins: ['./plugins/other'] };\nmodule.exports = {\n  ${IDENTITY}\n  plugins: [${P}],\n  ...base,\n};\n`,
  ),
  app(
    'spread behind plugins that brings none',
    `const base = { version: '1.0.0' };\nmodule.exports = {\n  ${IDENTITY}\n  plugins: ['./plugins/other'],\n  ...base,\n};\n`,
  ),
  app(
    'two spreads, both with plugins',
    `const a = { plugins: ['./plugins/other'] };\nconst b = {\n  ${IDENTITY}\n  plugins: ['./plugins/other.js'],\n};\nmodule.exports = {\n  ...a,\n  ...b,\n};\n`,
  ),
  app(
    'imported base',
    `const base = require('./config/base');\nmodule.exports = {\n  ...base,\n};\n`,
    {
      files: {
        'config/base.js': `module.exports = {\n  ${IDENTITY}\n  plugins: ['./plugins/other'],\n};\n`,
      },
    },
  ),
  app('imported base that is exported as it is', `module.exports = require('./config/base');\n`, {
    files: { 'config/base.js': `module.exports = {\n  ${IDENTITY}\n};\n` },
  }),
  app('imported base with the plugin', `module.exports = { ...require('./config/base') };\n`, {
    files: { 'config/base.js': `module.exports = {\n  ${IDENTITY}\n  plugins: [${P}],\n};\n` },
  }),
  app(
    'app.json required',
    `const { expo } = require('./app.json');\nmodule.exports = {\n  ...expo,\n  version: '2.0.0',\n};\n`,
    AROUND,
  ),
  app(
    'Object.assign',
    `module.exports = Object.assign({}, {\n  ${IDENTITY}\n}, { plugins: ['./plugins/other'] });\n`,
  ),
  app(
    'Object.assign with the plugin',
    `module.exports = Object.assign({}, {\n  ${IDENTITY}\n}, { plugins: [${P}] });\n`,
  ),
  app(
    'withPlugins',
    `const { withPlugins } = require('expo/config-plugins');\nmodule.exports = ({ config }) => withPlugins(config, [${P}]);\n`,
    AROUND,
  ),
  app(
    'wrapper of the app',
    `const wrap = (config) => ({ ...config, version: '3.0.0' });\nmodule.exports = wrap({\n  ${IDENTITY}\n});\n`,
  ),
  app(
    'wrapper of the app, with the plugin',
    `const wrap = (config) => ({ ...config, version: '3.0.0' });\nmodule.exports = wrap({\n  ${IDENTITY}\n  plugins: [${P}],\n});\n`,
  ),
  app(
    'wrapper that drops plugins',
    `const wrap = ({ plugins, ...config }) => config;\nmodule.exports = wrap({\n  ${IDENTITY}\n  plugins: [${P}],\n});\n`,
  ),
  app(
    'keys in ios.infoPlist',
    `module.exports = {\n  name: 'Demo',\n  slug: 'demo',\n  ios: {\n    bundleIdentifier: 'com.example.demo',\n    ${KEYS},\n  },\n};\n`,
  ),
  app(
    'one of the keys',
    `module.exports = {\n  name: 'Demo',\n  slug: 'demo',\n  ios: {\n    bundleIdentifier: 'com.example.demo',\n    infoPlist: { UIBackgroundModes: ['processing'] },\n  },\n};\n`,
  ),
  app(
    'switch over the variant',
    `const variant = process.env.NO_SUCH_VARIABLE ?? 'dev';\nconst name = () => {\n  switch (variant) {\n    case 'production': return 'Prod';\n    default: return 'Dev';\n  }\n};\nmodule.exports = {\n  slug: 'demo',\n  ios: { bundleIdentifier: 'com.example.demo' },\n  name: name(),\n};\n`,
  ),
  app(
    'exports.default',
    `Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = {\n  ${IDENTITY}\n  plugins: [${P}],\n};\n`,
  ),
  app(
    'named as default',
    `const config = {\n  ${IDENTITY}\n};\nexport { config as default };\n`,
    TS,
  ),
];

const ROOT = "require('path').resolve(__dirname, 'modules/background-sync')";
const OTHER_ENTRY = "other: { root: require('path').resolve(__dirname, 'packages/other') }";

const rn = (
  name: string,
  text: string,
  {
    file = 'react-native.config.js',
    files = {},
  }: {
    file?: string;
    files?: Readonly<Record<string, string>>;
  } = {},
): Shape => ({ name, file, files: { [file]: text, ...files } });

export const REACT_NATIVE_CONFIGS: readonly Shape[] = [
  rn('empty object', 'module.exports = {};\n'),
  rn('other settings', "module.exports = {\n  assets: ['./assets'],\n};\n"),
  rn('another entry', `module.exports = {\n  dependencies: {\n    ${OTHER_ENTRY},\n  },\n};\n`),
  rn(
    'our entry',
    `module.exports = {\n  dependencies: {\n    'background-sync': { root: ${ROOT} },\n  },\n};\n`,
  ),
  rn(
    'our entry by a relative path',
    "module.exports = {\n  dependencies: {\n    'background-sync': { root: './modules/background-sync' },\n  },\n};\n",
  ),
  rn(
    'our entry in another folder',
    "module.exports = {\n  dependencies: {\n    'background-sync': { root: __dirname + '/packages/other' },\n  },\n};\n",
  ),
  rn(
    'our entry turned off on iOS',
    `module.exports = {\n  dependencies: {\n    'background-sync': { root: ${ROOT}, platforms: { ios: null } },\n  },\n};\n`,
  ),
  rn(
    'computed dependencies',
    `const path = require('path');\nconst names = ['other'];\nmodule.exports = {\n  dependencies: Object.fromEntries(\n    names.map((name) => [name, { root: path.join(__dirname, 'packages', name) }]),\n  ),\n};\n`,
  ),
  rn(
    'computed dependencies with ours',
    `const path = require('path');\nconst local = { other: 'packages/other', 'background-sync': 'modules/background-sync' };\nmodule.exports = {\n  dependencies: Object.fromEntries(\n    Object.entries(local).map(([name, folder]) => [name, { root: path.join(__dirname, folder) }]),\n  ),\n};\n`,
  ),
  rn(
    'computed dependencies with ours in the wrong folder',
    `const path = require('path');\nconst names = ['other', 'background-sync'];\nmodule.exports = {\n  dependencies: Object.fromEntries(\n    names.map((name) => [name, { root: path.join(__dirname, 'packages', name) }]),\n  ),\n};\n`,
    { files: { 'packages/background-sync/package.json': '{"name":"x","version":"1.0.0"}\n' } },
  ),
  rn(
    'reduce',
    `const path = require('path');\nmodule.exports = {\n  dependencies: ['other'].reduce((all, name) => ({ ...all, [name]: { root: path.join(__dirname, 'packages', name) } }), {}),\n};\n`,
  ),
  rn(
    'spread dependencies',
    `const shared = { ${OTHER_ENTRY} };\nmodule.exports = {\n  dependencies: {\n    ...shared,\n  },\n};\n`,
  ),
  rn(
    'spread dependencies with ours behind',
    `const shared = { ${OTHER_ENTRY} };\nmodule.exports = {\n  dependencies: {\n    ...shared,\n    'background-sync': { root: ${ROOT} },\n  },\n};\n`,
  ),
  rn(
    'ours overridden by a spread',
    `const shared = { 'background-sync': { root: require('path').resolve(__dirname, 'packages/other') } };\nmodule.exports = {\n  dependencies: {\n    'background-sync': { root: ${ROOT} },\n    ...shared,\n  },\n};\n`,
  ),
  rn('imported base', `module.exports = {\n  ...require('./config/base'),\n};\n`, {
    files: {
      'config/base.js': `module.exports = { dependencies: { other: { root: require('path').resolve(__dirname, '../packages/other') } } };\n`,
    },
  }),
  rn('imported base with ours', `module.exports = {\n  ...require('./config/base'),\n};\n`, {
    files: {
      'config/base.js': `const path = require('path');\nmodule.exports = { dependencies: { 'background-sync': { root: path.resolve(__dirname, '../modules/background-sync') } } };\n`,
    },
  }),
  rn(
    'ours set later',
    `const config = { dependencies: {} };\nconfig.dependencies['background-sync'] = { root: ${ROOT} };\nmodule.exports = config;\n`,
  ),
  rn(
    'ours deleted later',
    `const config = { dependencies: { 'background-sync': { root: ${ROOT} } } };\ndelete config.dependencies['background-sync'];\nmodule.exports = config;\n`,
  ),
  rn(
    'result of a function',
    `const make = () => ({ dependencies: { ${OTHER_ENTRY} } });\nmodule.exports = make();\n`,
  ),
  rn(
    'result of a function with ours',
    `const make = () => ({ dependencies: { 'background-sync': { root: ${ROOT} } } });\nmodule.exports = make();\n`,
  ),
  rn(
    'Object.assign with ours',
    `module.exports = Object.assign({ assets: [] }, { dependencies: { 'background-sync': { root: ${ROOT} } } });\n`,
  ),
  rn(
    'constant of dependencies',
    `const dependencies = { ${OTHER_ENTRY} };\nmodule.exports = { dependencies };\n`,
  ),
  rn(
    'ES module',
    `import { fileURLToPath } from 'node:url';\n\nexport default {\n  dependencies: {\n    'background-sync': { root: fileURLToPath(new URL('./modules/background-sync', import.meta.url)) },\n  },\n};\n`,
    { file: 'react-native.config.mjs' },
  ),
  rn('ES module without', 'export default {\n  assets: [],\n};\n', {
    file: 'react-native.config.mjs',
  }),
  rn(
    'in devDependencies, which nothing reads',
    `module.exports = {\n  devDependencies: { 'background-sync': { root: ${ROOT} } },\n};\n`,
  ),
  rn('one by one', `module.exports.dependencies = { 'background-sync': { root: ${ROOT} } };\n`),
  rn(
    'TypeScript with what CommonJS has',
    `const config = {\n  dependencies: { 'background-sync': { root: ${ROOT} } },\n};\n\nexport default config;\n`,
    { file: 'react-native.config.ts' },
  ),
  rn('TypeScript', 'export default {\n  assets: [],\n};\n', { file: 'react-native.config.ts' }),
  rn('TypeScript that the CLI cannot load', 'module.exports = {\n  assets: [],\n};\n', {
    file: 'react-native.config.ts',
  }),
];
