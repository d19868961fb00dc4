import {
  BACKGROUND_FETCH,
  headlessStarters,
  REGISTER_HEADLESS,
  TASK_MANAGER,
} from '../../code/task-libraries.ts';
import { isAsLeft } from '../../code/verified.ts';
import type { Check, Finding } from '../../check.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';

export const handlerRegisters: Check = {
  id: 'J01',
  title: 'What runs in the background is registered when the bundle is loaded',
  severity: 'error',
  why: 'When the OS starts the app in the background no component is rendered. What is registered in a component, a hook or a callback is not registered then.',
  source: 'https://github.com/expo/expo/issues/29783',
  fix: 'Register at the top level of a file that the entry file imports.',
  explain: [
    'registerBackgroundSync of bgsync, defineTask of expo-task-manager and registerHeadlessTask store the function that a background run calls. In a background start the bundle is loaded and nothing is rendered: components are not mounted, hooks and effects do not run, and a callback waits for an event that does not come.',
    'A call at the top level of a file runs when the file is loaded, before any run can begin. Anywhere else the run finds no function: bgsync ends it as `skipped`, React Native says "No task registered for key", expo-task-manager unregisters a task that it does not know.',
    "    // wrong: never runs in a background start\n    function App() {\n      useEffect(() => { TaskManager.defineTask('sync', run); }, []);\n\n    // right: index.js, or a file that it imports\n    TaskManager.defineTask('sync', run);",
  ].join('\n\n'),
  appliesTo: (repo) => repo.host !== 'flutter',
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

/** The call may stand in a function of the app: it counts as late where all that is known to call that is React's. */
async function checkLibraries(repo: DoctorRepo): Promise<readonly Finding[]> {
  const apis = [
    ...(repo.depends(TASK_MANAGER) ? [{ module: TASK_MANAGER, name: 'defineTask' }] : []),
    ...(repo.depends(BACKGROUND_FETCH)
      ? [{ module: BACKGROUND_FETCH, name: 'registerHeadlessTask' }]
      : []),
    ...((await headlessStarters(repo)).length > 0 ? [REGISTER_HEADLESS] : []),
  ];
  if (apis.length === 0) return [];
  const names = apis.map(({ name }) => name);
  const files = await repo.sourcesContaining('javascript', names);
  if (files.length === 0) return [];
  const [{ callsOf, lineIn, openScript, renderedIn }, { moduleGraph }, { calledIn }] =
    await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-modules.ts'),
      import('../../code/js-called.ts'),
    ]);
  const graph = await moduleGraph(repo);
  const findings: Finding[] = [];
  for (const { path } of files) {
    const script = await openScript(repo, path);
    if (script === undefined) continue;
    for (const api of apis) {
      for (const call of callsOf(script, api)) {
        const place = renderedIn(script, call) ?? (await calledIn(repo, script, call));
        const line = lineIn(script, call);
        if (place !== undefined) {
          const message = `${api.name} is called in ${place}, which a background start never renders`;
          findings.push({ file: path, line, message });
          continue;
        }
        if (graph === undefined || graph.loaded.has(path) || graph.mayMean(path)) continue;
        const lazy = graph.lazy.get(path);
        // A file that nothing imports may be one that doctor does not see imported.
        if (lazy === undefined) continue;
        const message = `${api.name} is called here, and the file is loaded in a function of ${lazy.file} alone, which a background start does not call`;
        const evidence = [{ ...lazy, says: `loads ${path} when it runs` }];
        const fix = `Import ${path} at the top level of the entry file.`;
        findings.push({ file: path, line, message, evidence, fix });
      }
    }
  }
  return findings;
}
