import { lineNumber } from '../../../formats/text.ts';
import type { CallExpression } from '../../../formats/javascript.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
import type { Script } from '../../code/javascript.ts';
import {
  BACKGROUND_FETCH,
  headlessStarters,
  REGISTER_HEADLESS,
  TASK_MANAGER,
} from '../../code/task-libraries.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

const SCHEDULERS = ['expo-background-task', 'expo-background-fetch'];

export const taskIsDefined: Check = {
  id: 'J03',
  title: 'A task that is started has a function under its name',
  severity: 'error',
  why: 'Native code starts a task by its name. Where JavaScript knows no such name the run ends at once, or hangs until the OS stops it.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch/issues/101',
  fix: 'Use one constant for the name on both sides.',
  explain: [
    'The name in HeadlessJsTaskConfig has to be the one that AppRegistry.registerHeadlessTask was given, and the one in registerTaskAsync the one that TaskManager.defineTask was given; case counts. Otherwise React Native warns "No task registered for key" and ends the task, and expo-task-manager has nothing to run.',
    'react-native-background-fetch starts the headless task of its own name: with `enableHeadless: true`, BackgroundFetch.registerHeadlessTask has to be called in the entry file.',
    '    class SyncService : HeadlessJsTaskService() {\n      override fun getTaskConfig(intent: Intent?) =\n        HeadlessJsTaskConfig("Sync", Arguments.createMap(), 60_000, true)\n    }\n\n    // index.js\n    AppRegistry.registerHeadlessTask(\'Sync\', () => sync);',
    'Names that are put together at run time are not compared.',
  ].join('\n\n'),
  async run(repo) {
    return [
      ...(await checkHeadless(repo)),
      ...(await checkTaskManager(repo)),
      ...(await checkBackgroundFetch(repo)),
    ];
  },
};

async function checkHeadless(repo: DoctorRepo): Promise<Finding[]> {
  const starters = await headlessStarters(repo);
  if (starters.length === 0) return [];
  const javascript = await import('../../code/javascript.ts');
  const scripts = await javascript.scriptsContaining(repo, [REGISTER_HEADLESS.name]);
  const known = namesOf(javascript, scripts, REGISTER_HEADLESS);
  // It may be registered where doctor does not look.
  if (known === undefined || known.size === 0) return [];
  return starters.flatMap(({ path, noComments, text }): Finding[] =>
    [...noComments.matchAll(/\bHeadlessJsTaskConfig\s*\(\s*"([^"\\$]*)"/g)]
      .filter(([, name = '']) => !known.has(name))
      .map(({ index, 1: name = '' }) => ({
        file: path,
        line: lineNumber(text, index),
        message: `starts the task "${name}"; registerHeadlessTask is called for ${list(known)}`,
        evidence: [...known.values()],
      })),
  );
}

async function checkTaskManager(repo: DoctorRepo): Promise<Finding[]> {
  const schedulers = SCHEDULERS.filter((name) => repo.depends(name));
  if (schedulers.length === 0) return [];
  if ((await repo.sourcesContaining('javascript', ['registerTaskAsync'])).length === 0) return [];
  const javascript = await import('../../code/javascript.ts');
  const { callsOf, lineIn, scriptsContaining, textOf } = javascript;
  const definers = await scriptsContaining(repo, ['defineTask']);
  const known = namesOf(javascript, definers, { module: TASK_MANAGER, name: 'defineTask' });
  if (known === undefined || known.size === 0) return [];
  const findings: Finding[] = [];
  for (const script of await scriptsContaining(repo, ['registerTaskAsync'])) {
    for (const module of schedulers) {
      for (const call of callsOf(script, { module, name: 'registerTaskAsync' })) {
        const name = textOf(script, call.arguments[0]);
        if (name === undefined || known.has(name)) continue;
        const message = `registers the task '${name}'; defineTask is called for ${list(known)}`;
        const evidence = [...known.values()];
        findings.push({ file: script.path, line: lineIn(script, call), message, evidence });
      }
    }
  }
  return findings;
}

async function checkBackgroundFetch(repo: DoctorRepo): Promise<Finding[]> {
  if (!repo.depends(BACKGROUND_FETCH)) return [];
  const users = await repo.sourcesContaining('javascript', ['enableHeadless']);
  const registering = await repo.sourcesContaining('javascript', ['registerHeadlessTask']);
  if (users.length === 0 || registering.length > 0) return [];
  const { callsOf, lineIn, openScript, propertyOf } = await import('../../code/javascript.ts');
  const findings: Finding[] = [];
  for (const { path } of users) {
    const script = await openScript(repo, path);
    if (script === undefined) continue;
    for (const call of callsOf(script, { module: BACKGROUND_FETCH, name: 'configure' })) {
      const setting = propertyOf(call.arguments[0], 'enableHeadless');
      if (setting?.type !== 'BooleanLiteral' || !setting.value) continue;
      const message =
        'enableHeadless is set, and BackgroundFetch.registerHeadlessTask is never called';
      const evidence = [await dependencyOf(repo, BACKGROUND_FETCH)];
      findings.push({ file: path, line: lineIn(script, setting), message, evidence });
    }
  }
  return findings;
}

/** @returns the names that a function is called with, each with a place; undefined where one of them is not known */
function namesOf(
  { callsOf, lineIn, textOf }: JavaScript,
  scripts: readonly Script[],
  api: { readonly module: string; readonly name: string },
): ReadonlyMap<string, Evidence> | undefined {
  const calls = scripts.flatMap((script) =>
    callsOf(script, api).map((call): [Script, CallExpression] => [script, call]),
  );
  const known = new Map<string, Evidence>();
  for (const [script, call] of calls) {
    const name = textOf(script, call.arguments[0]);
    if (name === undefined) return undefined;
    const says = `calls ${api.name} for ${name}`;
    known.set(name, { file: script.path, line: lineIn(script, call), says });
  }
  return known;
}

const list = (names: ReadonlyMap<string, unknown>): string =>
  [...names.keys()].map((name) => `'${name}'`).join(', ');
