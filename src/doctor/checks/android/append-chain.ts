import type { Check, Finding } from '../../check.ts';
import { callsOf, codeOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';

/** In one file. */
const MOST = 50;

export const appendChain: Check = {
  id: 'A15',
  title: 'Unique work is not appended to what may have failed',
  severity: 'warning',
  why: 'With ExistingWorkPolicy.APPEND, work that follows a failed or cancelled one fails at once, and so does all that follows: the name is dead until the app’s data are cleared.',
  source: 'https://github.com/ABausG/home_widget/pull/404',
  fix: 'Use ExistingWorkPolicy.APPEND_OR_REPLACE, or periodic work where it repeats.',
  explain: [
    'APPEND makes the new work wait for what is enqueued under the same name. Where that failed or was cancelled, the new work gets the same state without being run. The state is in WorkManager’s database: it outlives the process, a force stop and a restart of the phone. One `Result.failure()` ends the sync for good.',
    'Work that enqueues its own successor under its own name meets it first: the successor depends on the run that is still going on.',
    'APPEND_OR_REPLACE begins a new chain in that case:\n\n    workManager.enqueueUniqueWork("upload", ExistingWorkPolicy.APPEND_OR_REPLACE, request)',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['APPEND'])) {
      for (const name of ['enqueueUniqueWork', 'beginUniqueWork']) {
        for (const call of callsOf(file, name).slice(0, MOST)) {
          const [unique] = call.arguments;
          const appended = call.arguments.find((one) =>
            /\bExistingWorkPolicy\s*\.\s*APPEND$|^APPEND$/.test(codeOf(file, one)),
          );
          if (appended === undefined || unique === undefined) continue;
          if (await isUnreleased(repo, file, call.start)) continue;
          // A name of its own each time: there is nothing to append to.
          const written = file.noComments.slice(unique.start, unique.end);
          if (/currentTimeMillis|nanoTime|randomUUID/.test(written)) continue;
          findings.push({
            file: file.path,
            line: file.line(appended.end - 1),
            message: 'once a work of this name fails or is cancelled, APPEND fails every later one',
          });
        }
      }
    }
    return findings;
  },
};
