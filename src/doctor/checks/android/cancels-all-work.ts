import type { Check, Finding } from '../../check.ts';
import { callsOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { placeOfStart, startOf } from '../../code/kotlin-starts.ts';
import { othersWork } from './uses-work.ts';

/** In one file. */
const MOST = 20;

const EFFECT = {
  cancelAllWork: 'cancels the background sync, too',
  pruneWork: 'forgets how the background sync’s finished runs went, too',
} as const;

export const cancelsAllWork: Check = {
  id: 'A39',
  title: 'The app’s start leaves the work of others alone',
  severity: 'warning',
  tells: true,
  why: 'WorkManager keeps one list for the whole app. cancelAllWork() takes the background sync out of it as well, and nothing puts it back before JavaScript runs again.',
  source: 'https://developer.android.com/reference/androidx/work/WorkManager#cancelAllWork()',
  fix: 'Cancel the app’s own work alone: cancelAllWorkByTag or cancelUniqueWork.',
  explain: [
    'cancelAllWork() means every work of the app, whoever enqueued it: the background sync, and what libraries enqueue. Android’s documentation says of it: “Use this method with extreme caution!” In onCreate of the Application it runs at each start of the process, that by WorkManager for a run included: the run that is about to begin is cancelled, and the schedule with it.',
    'pruneWork() takes every finished work out of the list: modules and libraries can no longer observe how theirs went. WorkManager does so by itself after a while.',
    'Cancel by what is yours:\n\n    WorkManager.getInstance(this).cancelAllWorkByTag("com.example.upload")\n    WorkManager.getInstance(this).cancelUniqueWork("upload")',
    'doctor follows onCreate of the Application and of activities, and what it calls in the app’s own code. Behind a condition, or anywhere else, such as a log-out, cancelAllWork() may be meant: that is told as information.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, Object.keys(EFFECT));
    if (files.length === 0) return [];
    const other = await othersWork(repo);
    if (other === undefined) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      for (const name of ['cancelAllWork', 'pruneWork'] as const) {
        for (const call of callsOf(file, name).slice(0, MOST)) {
          // WorkManager’s own has none, and it is called on something.
          const before = file.code.slice(Math.max(0, call.start - 300), call.start);
          if (call.arguments.length > 0 || !/\.\s*$/.test(before)) continue;
          if (await isUnreleased(repo, file, call.start)) continue;
          const start = await startOf(repo, call);
          const place = { file: file.path, line: file.line(call.start) };
          if (start?.isAlways === true) {
            const message = `${name}() at each start of the app ${EFFECT[name]}`;
            findings.push({ ...place, message, evidence: [placeOfStart(start), other] });
          } else if (name === 'cancelAllWork') {
            const around = functionAround(file, call.start)?.name;
            const message = `${name}()${around === undefined ? '' : ` in ${around}`} ${EFFECT[name]}`;
            findings.push({ ...place, message, severity: 'info', evidence: [other] });
          }
        }
      }
    }
    return findings;
  },
};
