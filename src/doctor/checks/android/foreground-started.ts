import type { Check, Finding } from '../../check.ts';
import { callsOf, classAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { kindOf } from '../../code/kotlin-reach.ts';
import type { DoctorRepo } from '../../repo.ts';
import { placeOfClass, serviceStarts, withParents } from './service-starts.ts';

/** In one file. */
const MOST = 20;

export const foregroundStarted: Check = {
  id: 'A48',
  title: 'A service that startForegroundService starts goes into the foreground',
  severity: 'error',
  why: 'Such a service has a few seconds for startForeground. Without that call Android ends the app: “Context.startForegroundService() did not then call Service.startForeground()”.',
  source:
    'https://developer.android.com/reference/android/content/Context#startForegroundService(android.content.Intent)',
  fix: 'Call startForeground with a notification in onCreate or onStartCommand of the service, or start it by startService while the app is on the screen.',
  explain: [
    'startForegroundService is a promise: the service shows its notification at once. A HeadlessJsTaskService of React Native does not keep it by itself: its base class calls startForeground nowhere, and nor does a plain Service.',
    '    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {\n        ServiceCompat.startForeground(this, 1, notification, FOREGROUND_SERVICE_TYPE_DATA_SYNC)\n        return super.onStartCommand(intent, flags, startId)\n    }',
    'A sync needs no service: a worker runs up to ten minutes without one.',
  ].join('\n\n'),
  async run(repo) {
    const starts = await serviceStarts(repo, ['startForegroundService']);
    if (starts.length === 0) return [];
    const findings = new Map<string, Finding>();
    for (const { call, service } of starts) {
      const own = await withParents(repo, service);
      if (own === undefined || findings.has(service.name)) continue;
      if (
        await goesIntoForeground(
          repo,
          own.map(({ name }) => name),
        )
      )
        continue;
      const { file, start } = call;
      const message = `${service.name} is started for the foreground here, and never calls startForeground`;
      const evidence = [placeOfClass(service, 'has no startForeground')];
      findings.set(service.name, { file: file.path, line: file.line(start), message, evidence });
    }
    return [...findings.values()];
  },
};

/** Whether a call of startForeground is in one of these classes, or where it is not known for which service it is. */
async function goesIntoForeground(repo: DoctorRepo, names: readonly string[]): Promise<boolean> {
  for (const file of await kotlinAndJava(repo, ['startForeground'])) {
    for (const { start } of callsOf(file, 'startForeground').slice(0, MOST)) {
      const owner = classAround(file, start);
      if (owner === undefined || names.includes(owner.name)) return true;
      if ((await kindOf(repo, owner)) !== 'service') return true;
    }
  }
  return false;
}
