import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What AppRegistry.registerHeadlessTask is given: a function that gives the task, or by mistake the task. */

const registers = (
  lines: string,
  more: Readonly<Record<string, string>> = {},
  head = "import { AppRegistry } from 'react-native';",
): Pick<Situation, 'base' | 'files'> => ({
  base: 'react-native',
  files: {
    'index.js': `${head}
import App from './App';
AppRegistry.registerComponent('demo', () => App);
${lines}
`,
    ...more,
  },
});
const SYNC = {
  'sync.js':
    "export const sync = async (data) => { await fetch('https://example.com', data); };\nexport default sync;\n",
};
const COMMON = {
  'sync.js': "module.exports = async (data) => { await fetch('https://example.com', data); };\n",
};
const OWN = 'const sync = async (data) => { await send(data); };\n';

describeSituations('the task where its provider belongs (J21)', {
  'by its name': {
    ...registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', sync);`),
    finds: ['J21 index.js:5'],
    says: 'gets the task itself',
  },
  'by its name, from another file': {
    ...registers(
      "import { sync } from './sync';\nAppRegistry.registerHeadlessTask('Sync', sync);",
      SYNC,
    ),
    finds: ['J21 index.js:5'],
  },
  'written on the spot, by another name of AppRegistry': {
    ...registers(
      "Registry.registerHeadlessTask('Sync', async ({ id }) => { await send(id); });",
      {},
      "import { AppRegistry, AppRegistry as Registry } from 'react-native';",
    ),
    finds: ['J21 index.js:4'],
  },
  'without async': {
    ...registers(
      "function sync(data) { return send(data).then(() => done()); }\nAppRegistry.registerHeadlessTask('Sync', sync);",
    ),
    finds: ['J21 index.js:5'],
    says: 'gets the task itself',
  },
  'with new Promise': {
    ...registers(
      "AppRegistry.registerHeadlessTask('Sync', (data) => new Promise((resolve) => send(data, resolve)));",
    ),
    finds: ['J21 index.js:4'],
  },
  'a method of a class': {
    ...registers(
      "class Sync { static async run(data) { await send(data); } }\nAppRegistry.registerHeadlessTask('Sync', Sync.run);",
    ),
    finds: ['J21 index.js:5'],
  },
  'made by a function of the app': {
    ...registers(
      "const makeTask = (api) => async (data) => { await api.send(data); };\nAppRegistry.registerHeadlessTask('Sync', makeTask(api));",
    ),
    finds: ['J21 index.js:5'],
  },
  bound: {
    ...registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', sync.bind(null));`),
    finds: ['J21 index.js:5'],
  },
  'a task that can be cancelled': {
    ...registers(
      `${OWN}AppRegistry.registerCancellableHeadlessTask('Sync', sync, () => () => stop());`,
    ),
    finds: ['J21 index.js:5'],
    says: 'registerCancellableHeadlessTask',
  },
  'by require, of module.exports': {
    ...registers("AppRegistry.registerHeadlessTask('Sync', require('./sync'));", COMMON),
    finds: ['J21 index.js:4'],
  },
  'by require and default': {
    ...registers("AppRegistry.registerHeadlessTask('Sync', require('./sync').default);", SYNC),
    finds: ['J21 index.js:4'],
  },
});

describeSituations('a provider that gives no task (J21)', {
  'it calls the task': {
    ...registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', () => sync());`),
    finds: ['J21 index.js:5'],
    says: 'gives a promise',
  },
  'it is async': {
    ...registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', async () => sync);`),
    finds: ['J21 index.js:5'],
    says: 'gives a promise',
  },
  'a module and not its default': {
    ...registers("AppRegistry.registerHeadlessTask('Sync', () => require('./sync'));", SYNC),
    finds: ['J21 index.js:4'],
    says: 'a whole module',
  },
  'import()': {
    ...registers("AppRegistry.registerHeadlessTask('Sync', () => import('./sync'));", SYNC),
    finds: ['J21 index.js:4'],
  },
  'braces without return': {
    ...registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', () => { sync; });`),
    finds: ['J21 index.js:5'],
    says: 'gives nothing',
  },
  'the result of the task': {
    ...registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', sync({}));`),
    finds: ['J21 index.js:5'],
    says: 'gets no function',
  },
});

describeSituations('sound: what gives a task (J21)', {
  'a name': registers(`${OWN}AppRegistry.registerHeadlessTask('Sync', () => sync);`),
  'require and default': registers(
    "AppRegistry.registerHeadlessTask('Sync', () => require('./quiet').default);",
    { 'quiet.js': 'export default async () => {};\n' },
  ),
  'require of module.exports': registers(
    "AppRegistry.registerHeadlessTask('Sync', () => require('./quiet'));",
    { 'quiet.js': 'module.exports = async () => {};\n' },
  ),
  'a provider of another file': registers(
    "import { provider } from './quiet';\nAppRegistry.registerHeadlessTask('Sync', provider);",
    { 'quiet.js': 'export const provider = () => async () => {};\n' },
  ),
  'a provider of a package': registers(
    "import { backgroundTask } from 'some-package';\nAppRegistry.registerHeadlessTask('Sync', backgroundTask);",
    { 'package.json': packageJson({ 'react-native': '0.87.2', 'some-package': '1.0.0' }) },
  ),
  'a function that makes the provider': registers(
    "const make = (api) => () => async (data) => { await api.send(data); };\nAppRegistry.registerHeadlessTask('Sync', make(api));",
  ),
  'what a function of the app gives': registers(
    "const makeTask = (api) => async (data) => { await api.send(data); };\nAppRegistry.registerHeadlessTask('Sync', () => makeTask(api));",
  ),
  'one way out gives what is not known': registers(
    "import { other } from 'some-package';\nAppRegistry.registerHeadlessTask('Sync', () => { if (!ready) return; return other; });",
    { 'package.json': packageJson({ 'react-native': '0.87.2', 'some-package': '1.0.0' }) },
  ),
  'a parameter that is not used': registers(
    `${OWN}AppRegistry.registerHeadlessTask('Sync', (_) => sync);`,
  ),
  'a bound task': registers(
    `${OWN}AppRegistry.registerHeadlessTask('Sync', () => sync.bind(null));`,
  ),
  'module.exports, beside an export': registers(
    "AppRegistry.registerHeadlessTask('Sync', () => require('./quiet'));",
    { 'quiet.js': 'export const limit = 3;\nif (limit > 2) module.exports = async () => {};\n' },
  ),
  'a file that says nothing of its exports': registers(
    "AppRegistry.registerHeadlessTask('Sync', () => require('./quiet'));",
    { 'quiet.js': 'Object.assign(module, { exports: async () => {} });\n' },
  ),
  'an object of a class': registers(
    "import { Task } from 'some-package';\nAppRegistry.registerHeadlessTask('Sync', () => new Task());",
    { 'package.json': packageJson({ 'react-native': '0.87.2', 'some-package': '1.0.0' }) },
  ),
  'a generator': registers("AppRegistry.registerHeadlessTask('Sync', function* () { yield 1; });"),
  'another library takes the task itself': registers(
    'BackgroundFetch.registerHeadlessTask(async ({ taskId }) => { try { await drain(); } finally { BackgroundFetch.finish(taskId); } });',
    {
      'package.json': packageJson({
        'react-native': '0.87.2',
        '@transistorsoft/other': '1.0.0',
      }),
    },
    "import { AppRegistry } from 'react-native';\nimport BackgroundFetch from '@transistorsoft/other';",
  ),
});
