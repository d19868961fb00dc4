import type { Check, Evidence, Finding } from '../../check.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { onlyUnregisters } from '../../code/task-libraries.ts';
import { PERMITTED_KEY, permissionsOf } from './permissions.ts';

const CALLS = /\b(setMinimumBackgroundFetchInterval|performFetchWithCompletionHandler)\b/g;

export const legacyBackgroundFetch: Check = {
  id: 'I25',
  title: 'Nothing relies on the old background fetch beside BGTaskScheduler',
  severity: 'warning',
  tells: true,
  why: 'Once an app lists ids in BGTaskSchedulerPermittedIdentifiers, iOS 13 and later ignore setMinimumBackgroundFetchInterval and never call performFetchWithCompletionHandler.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler',
  fix: 'Move that work into a BGAppRefreshTask, or into the handler of the sync, and take the old calls out; `npx bgsync migrate` does it with a task of expo-background-fetch.',
  explain: [
    'The fetch API of iOS 7 and BGTaskScheduler exclude each other: the key BGTaskSchedulerPermittedIdentifiers in the Info.plist turns the old one off. Code that still waits for performFetchWithCompletionHandler stops running on the day that a library or a second task adds the key; nothing is logged.',
    'expo-background-fetch uses the old API. Beside a task of BGTaskScheduler it does not run on iOS any more; expo-background-task is its successor.',
  ].join('\n\n'),
  async run(repo) {
    const evidence = (await permissionsOf(repo)).flatMap(({ plist, permitted }): Evidence[] =>
      permitted.status === 'ok' && permitted.values.length > 0
        ? [{ file: plist.path, line: permitted.line, says: `has ${PERMITTED_KEY}` }]
        : [],
    );
    if (evidence.length === 0) return [];
    const findings: Finding[] = [];
    const needles = ['setMinimumBackgroundFetchInterval', 'performFetchWithCompletionHandler'];
    for (const file of await appleSourcesContaining(repo, needles)) {
      // What older versions of react-native-background-fetch asked for: it is dead, and does no harm.
      if (file.code.includes('TSBackgroundFetch')) continue;
      const [match] = file.code.matchAll(CALLS);
      if (match === undefined) continue;
      const message = `${match[1] ?? ''} has no effect: the Info.plist has BGTaskSchedulerPermittedIdentifiers`;
      findings.push({ file: file.path, line: file.line(match.index), message, evidence });
    }
    if (
      repo.depends('expo-background-fetch') &&
      !(await onlyUnregisters(repo, 'expo-background-fetch'))
    ) {
      for (const file of await repo.sourcesContaining('javascript', ['expo-background-fetch'])) {
        const at = file.strings.find(({ text }) => text === 'expo-background-fetch')?.offset;
        if (at === undefined) continue;
        const message =
          'expo-background-fetch does not run on iOS: the Info.plist has BGTaskSchedulerPermittedIdentifiers';
        findings.push({ file: file.path, line: file.line(at), message, evidence });
        break;
      }
    }
    return findings;
  },
};
