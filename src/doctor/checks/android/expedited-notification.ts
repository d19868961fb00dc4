import type { Check } from '../../check.ts';
import { membersOf } from '../../code/kotlin-declarations.ts';
import { requestsOf, workersOf } from '../../code/kotlin-workers.ts';
import type { WorkerClass } from '../../code/kotlin-workers.ts';

/** From Android 12 on expedited work is an expedited job, and shows no notification. */
const NO_NOTIFICATION_FROM = 31;

export const expeditedNotification: Check = {
  id: 'A46',
  title: 'A worker that is run expedited has a notification for Android 11 and older',
  severity: 'error',
  why: 'Below Android 12 WorkManager runs expedited work in a foreground service, and asks the worker for its notification. One that has none fails each time: “Not implemented”, or “Expedited WorkRequests require a ListenableWorker to provide an implementation for `getForegroundInfoAsync()`”.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/getting-started/define-work#backwards-compat',
  fix: 'Override getForegroundInfo() of a CoroutineWorker, or getForegroundInfoAsync(); or drop setExpedited, which a background sync does not need.',
  explain: [
    'setExpedited has two forms: an expedited job on Android 12 and later, and a foreground service before. For the second one WorkManager calls getForegroundInfo before doWork. Whoever tests on a new phone never sees it.',
    '    override suspend fun getForegroundInfo() =\n        ForegroundInfo(NOTIFICATION_ID, notification())',
  ].join('\n\n'),
  async run(repo) {
    const requests = (await requestsOf(repo)).filter(
      ({ file, end, chainEnd, isPeriodic }) =>
        !isPeriodic && /\bsetExpedited\s*\(/.test(file.code.slice(end, chainEnd)),
    );
    if (requests.length === 0) return [];
    const least = (await repo.androidBuild())?.minSdk;
    if (least === undefined || least.value >= NO_NOTIFICATION_FROM) return [];
    const workers = await workersOf(repo);
    return requests.flatMap(({ file, end, chainEnd, worker }) => {
      const own = workers.filter(({ name }) => name === worker);
      const [found] = own;
      if (found === undefined || own.length > 1 || mayShow(found, workers)) return [];
      const at = end + file.code.slice(end, chainEnd).search(/\bsetExpedited\s*\(/);
      const message = `${worker} is run expedited, and has no getForegroundInfo: below Android 12 each run fails`;
      const evidence = [
        {
          file: found.file.path,
          line: found.file.line(found.start),
          says: `${worker} is the worker`,
        },
        { file: least.file, line: least.line, says: `minSdk is ${least.value}` },
      ];
      return [{ file: file.path, line: file.line(at), message, evidence }];
    });
  },
};

/** Whether a worker gives a notification, or a class of the app that it extends. */
function mayShow(worker: WorkerClass, workers: readonly WorkerClass[]): boolean {
  const seen = new Set([worker]);
  for (const one of seen) {
    if (membersOf(one).some(({ name }) => /^getForegroundInfo(?:Async)?$/.test(name))) return true;
    for (const name of one.supertypes) {
      for (const above of workers.filter((other) => other.name === name)) seen.add(above);
    }
  }
  return false;
}
