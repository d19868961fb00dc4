import type { Check, Evidence, Finding } from '../../check.ts';
import { functionAround } from '../../code/apple-functions.ts';
import { waysTo } from '../../code/apple-reach.ts';
import type { Way } from '../../code/apple-reach.ts';
import { hasCondition } from '../../code/conditions.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file. */
const MOST = 20;
const CALL = /\bBGTaskScheduler\b[\s\S]{0,40}?(?<![\w])cancelAllTaskRequests(?:\s*\(\s*\)|\s*\])/g;

/** Libraries that submit requests of their own. */
const LIBRARIES = [
  'expo-background-task',
  'expo-background-fetch',
  'react-native-background-fetch',
];

export const cancelsAllRequests: Check = {
  id: 'I38',
  title: 'The app’s launch leaves the requests of others alone',
  severity: 'warning',
  tells: true,
  why: 'BGTaskScheduler keeps one list for the whole app. cancelAllTaskRequests() takes the background sync’s request out of it as well, and no window comes before JavaScript has run again.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/cancelalltaskrequests()',
  fix: 'Cancel the app’s own requests alone: cancel(taskRequestWithIdentifier:).',
  explain: [
    'cancelAllTaskRequests() means every request of the app, whoever submitted it: the background sync’s, and those of libraries. At the launch it runs each time that iOS starts the app, that for a task included: what was asked for is gone, and comes back only where the code that asks runs again.',
    'Cancel by what is yours:\n\n    BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: "com.example.refresh")\n\nTo submit a request anew cancels nothing: one of the same identifier takes the place of the earlier.',
    'doctor follows the calls of the app’s own code from what UIKit and SwiftUI call at the launch, closures included. Behind a condition, or anywhere else, such as a log-out, the call may be meant: that is told as information.',
  ].join('\n\n'),
  async run(repo) {
    const files = await appleSourcesContaining(repo, ['cancelAllTaskRequests']);
    if (files.length === 0) return [];
    const other = await othersRequests(repo);
    if (other === undefined) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      for (const { 0: text, index } of [...file.code.matchAll(CALL)].slice(0, MOST)) {
        const offset = index + text.indexOf('cancelAllTaskRequests');
        const ways = await waysTo(repo, file, offset);
        if (ways.every(({ kind, isDebug }) => isDebug || kind === 'never')) continue;
        const place = { file: file.path, line: file.line(offset) };
        const around = functionAround(file, offset);
        const isAtLaunch = ways.some(
          ({ kind, isDebug }) => !isDebug && (kind === 'launch' || kind === 'deferred'),
        );
        const begin = ways.find(
          ({ at, isDebug, kind }) => at !== undefined && !isDebug && kind !== 'never',
        );
        const from = begin?.at === undefined ? [] : [{ ...begin.at, says: sayOf(begin) }];
        const evidence = [...from, other];
        if (isAtLaunch && !hasCondition(file, offset)) {
          const message =
            'cancelAllTaskRequests() at each launch of the app cancels the background sync, too';
          findings.push({ ...place, message, evidence });
        } else {
          const where = around === undefined ? '' : ` in ${around.name}`;
          const message = `cancelAllTaskRequests()${where} cancels the background sync, too`;
          findings.push({ ...place, message, severity: 'info', evidence });
        }
      }
    }
    return findings;
  },
};

const sayOf = ({ kind, through }: Way): string =>
  kind === 'late' ? `${through}: the way to it begins here` : 'iOS calls this at each launch';

/** Requests that are not the app's own: the background sync's, or a library's; undefined where none is known. */
async function othersRequests(repo: DoctorRepo): Promise<Evidence | undefined> {
  if (runningConfig(repo)?.platforms.includes('ios') === true) {
    return settingOf(repo, 'platforms', 'the background sync asks BGTaskScheduler for its windows');
  }
  const library = LIBRARIES.find((name) => repo.depends(name));
  return library === undefined ? undefined : dependencyOf(repo, library);
}
