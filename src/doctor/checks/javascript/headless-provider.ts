import type { Node } from '../../../formats/javascript.ts';
import type { Check, Finding } from '../../check.ts';
import { REGISTER_HEADLESS } from '../../code/task-libraries.ts';

/** Both take the provider second. */
const NAMES = [REGISTER_HEADLESS.name, 'registerCancellableHeadlessTask'];

export const headlessProvider: Check = {
  id: 'J21',
  title: 'registerHeadlessTask gets a function that gives the task',
  severity: 'error',
  why: 'React Native calls the second argument without data, and calls what it gives with the data. The task itself is run once for nothing there, and what it gives is no function: the run ends with a TypeError, and native code waits until its timeout.',
  source:
    'https://github.com/react/react-native/blob/main/packages/react-native/Libraries/ReactNative/AppRegistryImpl.js',
  fix: 'Hand over a function that gives the task: () => sync.',
  explain: [
    "AppRegistry.startHeadlessTask does `taskProvider()(data).then(…)`: two calls. With `registerHeadlessTask('Sync', sync)` the first one runs the task, without its data, and the second one calls a promise.",
    "    // wrong\n    AppRegistry.registerHeadlessTask('Sync', sync);\n    AppRegistry.registerHeadlessTask('Sync', () => sync());\n    AppRegistry.registerHeadlessTask('Sync', async () => sync);\n    AppRegistry.registerHeadlessTask('Sync', () => require('./sync')); // export default\n\n    // right\n    AppRegistry.registerHeadlessTask('Sync', () => sync);\n    AppRegistry.registerHeadlessTask('Sync', () => require('./sync').default);",
    'BackgroundFetch.registerHeadlessTask of react-native-background-fetch is another one: it takes the task itself.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends('react-native'),
  async run(repo) {
    if ((await repo.sourcesContaining('javascript', NAMES)).length === 0) return [];
    const [{ callsOf, lineIn, scriptsContaining }, { taskGivenBy }] = await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-headless.ts'),
    ]);
    const findings: Finding[] = [];
    for (const script of await scriptsContaining(repo, NAMES)) {
      for (const name of NAMES) {
        for (const call of callsOf(script, { ...REGISTER_HEADLESS, name })) {
          const provider: Node | undefined = call.arguments[1];
          const wrong = provider && (await taskGivenBy(repo, script, provider));
          if (!wrong) continue;
          const file = script.path;
          const line = lineIn(script, provider);
          const at = { file: wrong.script.path, line: lineIn(wrong.script, wrong.at) };
          const isElsewhere = at.file !== file || at.line !== line;
          const evidence = isElsewhere ? [{ ...at, says: 'is what it comes to' }] : [];
          const message = `${name} ${SAYS[wrong.how]}`;
          findings.push({ file, line, message, evidence });
        }
      }
    }
    return findings;
  },
};

const SAYS = {
  task: 'gets the task itself: React Native calls it for the task, without data, and then calls its promise',
  promise: 'gets a function that gives a promise, where React Native asks it for the task',
  nothing: 'gets a function that gives nothing, where React Native asks it for the task',
  module: 'gets a function that gives a whole module, where React Native asks it for the task',
  value: 'gets a function that gives no function, where React Native asks it for the task',
  noFunction: 'gets no function',
} as const;
