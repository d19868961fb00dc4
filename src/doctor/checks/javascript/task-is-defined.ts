import { lineNumber } from '../../../formats/text.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
import type { Script } from '../../code/javascript.ts';
import { kotlinText } from '../../code/kotlin-constants.ts';
import { callsOf as kotlinCallsOf } from '../../code/kotlin-declarations.ts';
import { nearestName } from '../../code/near-names.ts';
import {
  BACKGROUND_FETCH,
  GEOLOCATION,
  headlessStarters,
  REGISTER_HEADLESS,
  TASK_MANAGER,
  TASK_STARTERS,
} from '../../code/task-libraries.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

export const taskIsDefined: Check = {
  id: 'J03',
  title: 'A task that is started has a function under its name',
  severity: 'error',
  why: 'Native code starts a task by its name. Where JavaScript knows no such name the run ends at once, or hangs until the OS stops it.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch/issues/101',
  fix: 'Use one constant for the name on both sides.',
  explain: [
    'The name in HeadlessJsTaskConfig has to be the one that AppRegistry.registerHeadlessTask was given, and the one in registerTaskAsync (of expo-notifications, too), startLocationUpdatesAsync and startGeofencingAsync the one that TaskManager.defineTask was given; case counts. Otherwise React Native warns "No task registered for key" and ends the task, and expo-task-manager has nothing to run.',
    'react-native-background-fetch and react-native-background-geolocation start the headless task of their own name: with `enableHeadless: true`, their registerHeadlessTask has to be called in the entry file.',
    '    class SyncService : HeadlessJsTaskService() {\n      override fun getTaskConfig(intent: Intent?) =\n        HeadlessJsTaskConfig("Sync", Arguments.createMap(), 60_000, true)\n    }\n\n    // index.js\n    AppRegistry.registerHeadlessTask(\'Sync\', () => sync);',
    'Names are followed through constants, objects, enums and template strings, over the app’s files. Names that only a run knows are not compared.',
  ].join('\n\n'),
  async run(repo) {
    return [
      ...(await checkHeadless(repo)),
      ...(await checkTaskManager(repo)),
      ...(await checkEnabled(repo)),
    ];
  },
};

async function checkHeadless(repo: DoctorRepo): Promise<Finding[]> {
  const starters = await headlessStarters(repo);
  if (starters.length === 0) return [];
  const javascript = await import('../../code/javascript.ts');
  const scripts = await javascript.scriptsContaining(repo, [REGISTER_HEADLESS.name]);
  const known = await namesOf(repo, javascript, scripts, REGISTER_HEADLESS);
  if (known === undefined) return [];
  // A library that registers one of its own may be what is started.
  if (known.size === 0 && (await mayBeDefinedElsewhere(repo, REGISTER_HEADLESS.name))) return [];
  const findings: Finding[] = [];
  for (const file of starters) {
    for (const call of kotlinCallsOf(file, 'HeadlessJsTaskConfig')) {
      const [argument] = call.arguments;
      const name = argument && (await kotlinText(repo, file, argument));
      if (name === undefined || known.has(name)) continue;
      const near = nearestName(name, known.keys());
      const others =
        known.size === 0
          ? 'AppRegistry.registerHeadlessTask is never called'
          : `registerHeadlessTask is called for ${list(known)}`;
      const message = `starts the task "${name}"; ${others}${near === undefined ? '' : `: did you mean '${near}'?`}`;
      const evidence = known.size === 0 ? [await entryOf(repo)] : [...known.values()];
      findings.push({
        file: file.path,
        line: lineNumber(file.text, call.start),
        message,
        evidence,
      });
    }
  }
  return findings;
}

/** Where what is missing would stand. */
async function entryOf(repo: DoctorRepo): Promise<Evidence> {
  const [entry] = await repo.entries();
  return { file: entry?.path ?? 'package.json', says: 'starts the bundle, and defines no task' };
}

async function checkTaskManager(repo: DoctorRepo): Promise<Finding[]> {
  const starters = TASK_STARTERS.filter(({ module }) => repo.depends(module));
  const names = [...new Set(starters.map(({ name }) => name))];
  if (names.length === 0) return [];
  if ((await repo.sourcesContaining('javascript', names)).length === 0) return [];
  const [javascript, { constantOf }] = await Promise.all([
    import('../../code/javascript.ts'),
    import('../../code/js-resolve.ts'),
  ]);
  const { callsOf, lineIn, scriptsContaining } = javascript;
  const definers = await scriptsContaining(repo, ['defineTask']);
  const api = { module: TASK_MANAGER, name: 'defineTask' };
  const known = await namesOf(repo, javascript, definers, api);
  if (known === undefined) return [];
  if (known.size === 0) {
    if (!repo.depends(TASK_MANAGER) || (await mayBeDefinedElsewhere(repo, api.name))) return [];
  }
  const findings: Finding[] = [];
  for (const script of await scriptsContaining(repo, names)) {
    for (const starter of starters) {
      for (const call of callsOf(script, starter)) {
        const name = await constantOf(repo, script, call.arguments[0]);
        if (known.size > 0 ? typeof name !== 'string' || known.has(name) : false) continue;
        const task = name === undefined ? 'a task' : `the task '${name}'`;
        const near = nearestName(String(name ?? ''), known.keys());
        const others =
          known.size === 0
            ? 'TaskManager.defineTask is never called'
            : `defineTask is called for ${list(known)}`;
        const verb = starter.name === 'registerTaskAsync' ? 'registers' : 'starts';
        const message = `${verb} ${task}; ${others}${near === undefined ? '' : `: did you mean '${near}'?`}`;
        const evidence = known.size === 0 ? [await entryOf(repo)] : [...known.values()];
        findings.push({ file: script.path, line: lineIn(script, call), message, evidence });
      }
    }
  }
  return findings;
}

/** Whether a package that the app's JavaScript imports may define a task, or a file that is not looked at. */
async function mayBeDefinedElsewhere(repo: DoctorRepo, name: string): Promise<boolean> {
  if ((await repo.sourcesContaining('javascript', [name])).length > 0) return true;
  const graph = await import('../../code/js-modules.ts').then((one) => one.moduleGraph(repo));
  return graph === undefined || graph.importsUnknown;
}

/** Transistor's libraries, and what sets them up. */
const HEADLESS = [
  { module: BACKGROUND_FETCH, owner: 'BackgroundFetch', name: 'configure' },
  ...GEOLOCATION.map((module) => ({ module, owner: 'BackgroundGeolocation', name: 'ready' })),
];

async function checkEnabled(repo: DoctorRepo): Promise<Finding[]> {
  const libraries = HEADLESS.filter(({ module }) => repo.depends(module));
  if (libraries.length === 0) return [];
  const users = await repo.sourcesContaining('javascript', ['enableHeadless']);
  const registering = await repo.sourcesContaining('javascript', ['registerHeadlessTask']);
  if (users.length === 0 || registering.length > 0) return [];
  const { callsOf, lineIn, openScript, propertyOf } = await import('../../code/javascript.ts');
  const findings: Finding[] = [];
  for (const { path } of users) {
    const script = await openScript(repo, path);
    if (script === undefined) continue;
    for (const { module, owner, name } of libraries) {
      for (const call of callsOf(script, { module, name })) {
        const [options] = call.arguments;
        // Version 5 of the geolocation has it in a group of its own.
        const setting = [options, propertyOf(options, 'app')]
          .map((one) => propertyOf(one, 'enableHeadless'))
          .find((one) => one !== undefined);
        if (setting?.type !== 'BooleanLiteral' || !setting.value) continue;
        const message = `enableHeadless is set, and ${owner}.registerHeadlessTask is never called`;
        const evidence = [await dependencyOf(repo, module)];
        findings.push({ file: path, line: lineIn(script, setting), message, evidence });
      }
    }
  }
  return findings;
}

/** @returns the names that a function is called with, each with a place; undefined where one of them is not known */
async function namesOf(
  repo: DoctorRepo,
  { callsOf, lineIn }: JavaScript,
  scripts: readonly Script[],
  api: { readonly module: string; readonly name: string },
): Promise<ReadonlyMap<string, Evidence> | undefined> {
  const { constantOf } = await import('../../code/js-resolve.ts');
  const known = new Map<string, Evidence>();
  for (const script of scripts) {
    for (const call of callsOf(script, api)) {
      const name = await constantOf(repo, script, call.arguments[0]);
      if (typeof name !== 'string') return undefined;
      const says = `calls ${api.name} for ${name}`;
      known.set(name, { file: script.path, line: lineIn(script, call), says });
    }
  }
  return known;
}

const list = (names: ReadonlyMap<string, unknown>): string =>
  [...names.keys()].map((name) => `'${name}'`).join(', ');
