import type { Check, Finding } from '../../check.ts';
import { callsOf, classAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { kotlinConstant } from '../../code/kotlin-constants.ts';
import { isUnreleased, kindOf } from '../../code/kotlin-reach.ts';
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
    'The id of the notification is any number but 0: “Must not be 0”, says the documentation of startForeground. With 0 the promise is not kept, either.',
    'A sync needs no service: a worker runs up to ten minutes without one.',
  ].join('\n\n'),
  async run(repo) {
    const starts = await serviceStarts(repo, ['startForegroundService']);
    const zeros = await withoutId(repo);
    if (starts.length === 0) return zeros;
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
    return [...findings.values(), ...zeros];
  },
};

/** Notifications with the id 0, which Android takes for the end of the foreground. */
async function withoutId(repo: DoctorRepo): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['startForeground', 'ForegroundInfo'])) {
    for (const name of ['startForeground', 'ForegroundInfo']) {
      for (const call of callsOf(file, name).slice(0, MOST)) {
        const isCompat = /\bServiceCompat\s*\.\s*$/.test(
          file.code.slice(Math.max(0, call.start - 40), call.start),
        );
        const id = call.arguments[isCompat ? 1 : 0];
        const owner = classAround(file, call.start);
        if (id === undefined || owner === undefined) continue;
        if ((await kotlinConstant(repo, file, id)) !== 0) continue;
        if (await isUnreleased(repo, file, call.start)) continue;
        const message = `${name} with the id 0 does not bring ${owner.name} into the foreground: the id must not be 0`;
        const evidence = [placeOfClass(owner, 'asks for the foreground')];
        findings.push({ file: file.path, line: file.line(call.start), message, evidence });
      }
    }
  }
  return findings;
}

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
