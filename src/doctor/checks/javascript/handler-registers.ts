import { runsReactNative } from '../../../project/host.ts';
import {
  BACKGROUND_FETCH,
  GEOLOCATION_TASKS,
  headlessStarters,
  PUSHES,
  REGISTER_HEADLESS,
  TASK_MANAGER,
} from '../../code/task-libraries.ts';
import { isAsLeft } from '../../code/verified.ts';
import type { Check, Finding } from '../../check.ts';
import { runningConfig } from '../../repo.ts';
import type { JsWay } from '../../code/js-reach.ts';
import type { DoctorRepo } from '../../repo.ts';

export const handlerRegisters: Check = {
  id: 'J01',
  title: 'What runs in the background is registered when the bundle is loaded',
  severity: 'error',
  why: 'When the OS starts the app in the background no component is rendered. What is registered in a component, a hook or a callback is not registered then.',
  source: 'https://github.com/expo/expo/issues/29783',
  fix: 'Register at the top level of a file that the entry file imports.',
  explain: [
    'registerBackgroundSync of bgsync, defineTask of expo-task-manager and registerHeadlessTask store the function that a background run calls; so do setBackgroundMessageHandler of React Native Firebase, and onBackgroundEvent and registerForegroundService of Notifee. In a background start the bundle is loaded and nothing is rendered: components are not mounted, hooks and effects do not run, and a callback waits for an event that does not come.',
    'A call at the top level of a file runs when the file is loaded, before any run can begin. Anywhere else the run finds no function: bgsync ends it as `skipped`, React Native says "No task registered for key", expo-task-manager unregisters a task that it does not know.',
    "    // wrong: never runs in a background start\n    function App() {\n      useEffect(() => { TaskManager.defineTask('sync', run); }, []);\n\n    // right: index.js, or a file that it imports\n    TaskManager.defineTask('sync', run);",
  ].join('\n\n'),
  appliesTo: runsReactNative,
  async run(repo) {
    const own = await checkHandler(repo);
    return [...own, ...(await checkLibraries(repo))];
  },
};

async function checkHandler(repo: DoctorRepo): Promise<readonly Finding[]> {
  const config = runningConfig(repo);
  if (config === undefined) return [];
  const file = config.handler;
  const text = await repo.read(file);
  if (text === undefined || (await isAsLeft(repo, file))) return [];
  const { findTopLevelCall } = await import('../../../formats/entry.ts');
  const call = findTopLevelCall(text, 'registerBackgroundSync', undefined, file);
  const fix = 'Call registerBackgroundSync({ queue }) at the top level of the file.';
  switch (call.status) {
    case 'top-level':
      return [];
    case 'nested': {
      const message = 'registerBackgroundSync is called inside a function, not at the top level';
      return [{ file, line: call.line, message, fix }];
    }
    case 'absent':
      return [{ file, message: 'registerBackgroundSync is never called', fix }];
    case 'unreadable':
      return [{ file, message: 'the file cannot be parsed' }];
  }
}

/** Libraries that hand the function to registerHeadlessTask: background-task 0.2, background-job 2.3. */
const OLDER = [
  { module: 'react-native-background-task', name: 'define' },
  { module: 'react-native-background-job', name: 'register' },
];

/** Kept beside the function of a push: https://notifee.app/react-native/docs/android/foreground-service */
const SERVICES = [{ module: '@notifee/react-native', name: 'registerForegroundService' }];
const isPush = (api: { readonly module: string }): boolean =>
  PUSHES.some(({ module }) => module === api.module);

/** What keeps a call from being made while the bundle is loaded, by the ways that lead to it. */
function whyLate(
  name: string,
  ways: readonly JsWay[],
): Pick<Finding, 'message' | 'severity'> | undefined {
  const way = ways.find(({ isDev }) => !isDev) ?? ways[0];
  if (way === undefined) return undefined;
  if (way.isDev) return { message: `${name} is called in development builds alone (__DEV__)` };
  switch (way.kind) {
    case 'rendered':
      return {
        message: `${name} is called in ${way.through}, which a background start never renders`,
      };
    case 'event':
      return {
        message: `${name} is called in ${way.through}, which waits for what does not happen in a background start`,
      };
    case 'never':
      return { message: `${name} is not called: ${way.through}` };
    case 'background':
      return {
        message: `${name} is called in what ${way.through} gets, which a run calls that needs it already`,
      };
    case 'deferred':
      return {
        message: `${name} is called behind ${way.through}: a run that begins before it finds nothing`,
        severity: 'warning',
      };
    default:
      return undefined;
  }
}

/** The call may stand in a function of the app: it counts as late where no way that is known to lead to it is the load's. */
async function checkLibraries(repo: DoctorRepo): Promise<readonly Finding[]> {
  const apis = [
    ...(repo.depends(TASK_MANAGER) ? [{ module: TASK_MANAGER, name: 'defineTask' }] : []),
    ...(repo.depends(BACKGROUND_FETCH)
      ? [{ module: BACKGROUND_FETCH, name: 'registerHeadlessTask' }]
      : []),
    ...((await headlessStarters(repo)).length > 0 ? [REGISTER_HEADLESS] : []),
    ...[...PUSHES, ...SERVICES, ...GEOLOCATION_TASKS, ...OLDER].filter(({ module }) =>
      repo.depends(module),
    ),
  ];
  if (apis.length === 0) return [];
  const names = apis.map(({ name }) => name);
  const files = await repo.sourcesContaining('javascript', names);
  if (files.length === 0) return [];
  const [{ callsOf, lineIn, openScript }, { moduleGraph }, { jsWaysTo }] = await Promise.all([
    import('../../code/javascript.ts'),
    import('../../code/js-modules.ts'),
    import('../../code/js-reach.ts'),
  ]);
  const graph = await moduleGraph(repo);
  const findings: Finding[] = [];
  for (const { path } of files) {
    const script = await openScript(repo, path);
    if (script === undefined) continue;
    for (const api of apis) {
      for (const call of callsOf(script, api)) {
        const ways = await jsWaysTo(repo, script, call);
        if (ways.some(({ kind, isDev }) => !isDev && (kind === 'load' || kind === 'unknown'))) {
          continue;
        }
        const line = lineIn(script, call);
        const lazy = graph?.lazy.get(path);
        // A file that nothing imports may be one that doctor does not see imported.
        if (lazy === undefined || !ways.some(({ kind }) => kind === 'lazy')) {
          const why = whyLate(api.name, ways);
          if (why === undefined) continue;
          const severity = isPush(api) ? 'warning' : why.severity;
          findings.push({ file: path, line, ...why, ...(severity && { severity }) });
          continue;
        }
        const message = `${api.name} is called here, and the file is loaded in a function of ${lazy.file} alone, which a background start does not call`;
        const evidence = [{ ...lazy, says: `loads ${path} when it runs` }];
        const fix = `Import ${path} at the top level of the entry file.`;
        const severity = isPush(api) ? 'warning' : undefined;
        findings.push({ file: path, line, message, evidence, fix, ...(severity && { severity }) });
      }
    }
  }
  return findings;
}
