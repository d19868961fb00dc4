import type { Check, Finding } from '../../check.ts';
import { callsOf, codeOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { textsOf } from '../../code/kotlin-names.ts';
import { isUnreleased, released, waysTo } from '../../code/kotlin-reach.ts';
import type { Place } from '../../code/kotlin-reach.ts';
import { isUnconditional, placeOfStart, startOf } from '../../code/kotlin-starts.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import type { RequestBuilder } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';
import { othersWork } from './uses-work.ts';

/** In one file. */
const MOST = 20;

const EFFECT = {
  cancelAllWork: 'cancels the background sync, too',
  pruneWork: 'forgets how the background sync’s finished runs went, too',
} as const;

export const cancelsAllWork: Check = {
  id: 'A39',
  title: 'Work goes on when the app is started, and when it is left',
  severity: 'warning',
  tells: true,
  why: 'WorkManager keeps one list for the whole app. cancelAllWork() takes the background sync out of it as well, and nothing puts it back before JavaScript runs again. Periodic work that is cancelled in onStop or onDestroy runs while the app is open, if at all.',
  source: 'https://developer.android.com/reference/androidx/work/WorkManager#cancelAllWork()',
  fix: 'Cancel the app’s own work alone: cancelAllWorkByTag or cancelUniqueWork.',
  explain: [
    'cancelAllWork() means every work of the app, whoever enqueued it: the background sync, and what libraries enqueue. Android’s documentation says of it: “Use this method with extreme caution!” In onCreate of the Application it runs at each start of the process, that by WorkManager for a run included: the run that is about to begin is cancelled, and the schedule with it.',
    'pruneWork() takes every finished work out of the list: modules and libraries can no longer observe how theirs went. WorkManager does so by itself after a while.',
    'Cancel by what is yours:\n\n    WorkManager.getInstance(this).cancelAllWorkByTag("com.example.upload")\n    WorkManager.getInstance(this).cancelUniqueWork("upload")',
    'Periodic work is for the time when nothing is on the screen. onDestroy comes as the user swipes the app away, and as the phone is turned: cancelUniqueWork there ends what onCreate asked for before its first run.',
    'doctor follows onCreate of the Application and of activities, and what it calls in the app’s own code. Behind a condition, or anywhere else, such as a log-out, cancelAllWork() may be meant: that is told as information.',
  ].join('\n\n'),
  async run(repo) {
    const left = await cancelledOnLeaving(repo);
    const files = await kotlinAndJava(repo, Object.keys(EFFECT));
    const other = files.length > 0 ? await othersWork(repo) : undefined;
    if (other === undefined) return left;
    const findings: Finding[] = [...left];
    for (const file of files) {
      for (const name of ['cancelAllWork', 'pruneWork'] as const) {
        for (const call of callsOf(file, name).slice(0, MOST)) {
          // WorkManager’s own has none, and it is called on something.
          const before = file.code.slice(Math.max(0, call.start - 300), call.start);
          if (call.arguments.length > 0 || !/\.\s*$/.test(before)) continue;
          if (await isUnreleased(repo, file, call.start)) continue;
          const start = await startOf(repo, call);
          const place = { file: file.path, line: file.line(call.start) };
          if (left.some((one) => one.file === place.file && one.line === place.line)) continue;
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

/** Methods of a screen that Android calls as it is left. */
const LEFT = /^on(?:Pause|Stop|Destroy|DestroyView|Detach|Cleared)$/;

/** Periodic work that each leaving of a screen cancels. */
async function cancelledOnLeaving(repo: DoctorRepo): Promise<Finding[]> {
  const files = await kotlinAndJava(repo, ['cancelAllWork', 'cancelUniqueWork']);
  const periodic = files.length > 0 ? (await requestsOf(repo)).filter((one) => one.isPeriodic) : [];
  if (periodic.length === 0) return [];
  const findings: Finding[] = [];
  for (const file of files) {
    const calls = ['cancelAllWork', 'cancelUniqueWork', 'cancelAllWorkByTag'].flatMap((name) =>
      callsOf(file, name).slice(0, MOST),
    );
    for (const call of calls) {
      const way = released(await waysTo(repo, file, call.start)).find(
        ({ kind, entry, calls: places }) =>
          kind === 'screen' && LEFT.test(entry?.name ?? '') && places.every(isAlways),
      );
      if (way?.entry === undefined) continue;
      const cancelled = await periodicOf(repo, call, periodic);
      if (cancelled === undefined) continue;
      const { entry, calls: places } = way;
      const last = places.at(-1) ?? { file, offset: call.start };
      const message = `${call.name} in ${entry.name} ends the periodic work as ${entry.owner?.name ?? 'the screen'} is left`;
      const evidence = [
        {
          file: cancelled.file.path,
          line: cancelled.file.line(cancelled.start),
          says: 'asks for the periodic work',
        },
      ];
      if (last.file !== file || last.offset !== call.start) {
        const says = `${entry.name} comes to it`;
        evidence.push({ file: last.file.path, line: last.file.line(last.offset), says });
      }
      const fix = 'Cancel it where the user turns the sync off, or logs out.';
      findings.push({ file: file.path, line: file.line(call.start), message, evidence, fix });
    }
  }
  return findings;
}

function isAlways({ file, offset }: Place): boolean {
  const around = functionAround(file, offset);
  return around !== undefined && isUnconditional(file, offset, around);
}

/** The periodic work that a call of WorkManager cancels, where that can be told. */
async function periodicOf(
  repo: DoctorRepo,
  { file, name, arguments: [named] }: KotlinCall,
  periodic: readonly RequestBuilder[],
): Promise<KotlinCall | undefined> {
  if (named === undefined) return name === 'cancelAllWork' ? periodic[0] : undefined;
  if (name === 'cancelAllWorkByTag') {
    return periodic.find(({ worker }) => new RegExp(`^${worker}\\b`).test(codeOf(file, named)));
  }
  const texts = name === 'cancelUniqueWork' ? await textsOf(repo, file, named) : undefined;
  for (const other of texts === undefined ? [] : await kotlinAndJava(repo, [UNIQUE])) {
    for (const call of callsOf(other, UNIQUE).slice(0, MOST)) {
      const given = call.arguments[0] && (await textsOf(repo, other, call.arguments[0]));
      if (given?.some((one) => texts?.includes(one) === true) === true) return call;
    }
  }
  return undefined;
}

const UNIQUE = 'enqueueUniquePeriodicWork';
