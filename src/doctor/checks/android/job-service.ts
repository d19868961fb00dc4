import type { Check, Finding } from '../../check.ts';
import { callsOf, classesOf, codeOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { classOf, declaredClasses, isManifestOpen, releasedElements } from './merged-manifests.ts';

/** In one file. */
const MOST = 20;
/** JobIntentService runs on JobScheduler from Android 8 on. */
const SERVICES = /^Job(?:Intent)?Service$/;
const PERMISSION = 'android.permission.BIND_JOB_SERVICE';

export const jobService: Check = {
  id: 'A36',
  title: 'The service of a job is in the manifest, and JobScheduler can bind to it',
  severity: 'error',
  why: 'schedule throws IllegalArgumentException for a service that is not in the manifest, or that has no BIND_JOB_SERVICE: “No such service” or “does not require android.permission.BIND_JOB_SERVICE permission”.',
  source: 'https://developer.android.com/reference/android/app/job/JobService#PERMISSION_BIND',
  fix: 'Declare the service in the manifest with android:permission="android.permission.BIND_JOB_SERVICE".',
  explain: [
    'A job has two sides: JobInfo names a class with a ComponentName, and the manifest has a service of that class. JobScheduler binds to it from the system’s process, and takes only a service that asks for the permission which the system alone has. It is the same for a JobIntentService, which enqueueWork names.',
    '    <service\n        android:name=".SyncJob"\n        android:permission="android.permission.BIND_JOB_SERVICE"\n        android:exported="false" />',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, ['JobService', 'JobInfo', 'JobIntentService']);
    if (files.length === 0 || (await repo.manifests()).length === 0) return [];
    const services = files
      .flatMap((file) => classesOf(file).slice(0, MOST))
      .filter(({ supertypes }) => supertypes.some((name) => SERVICES.test(name)));
    if (services.length === 0) return [];
    const elements = await releasedElements(repo, 'service');
    const findings: Finding[] = [];
    for (const file of files) {
      const named = ['ComponentName', 'enqueueWork'].flatMap((name) => callsOf(file, name));
      for (const call of named.slice(0, MOST)) {
        const code = codeOf(file, { start: call.start, end: call.end });
        const service = services.find(({ name }) =>
          new RegExp(`\\b${name}\\s*(?:::\\s*class|\\.\\s*class)\\b`).test(code),
        );
        if (service === undefined) continue;
        if (call.name === 'ComponentName' && !file.code.includes('JobInfo')) continue;
        if (await isUnreleased(repo, file, call.start)) continue;
        const evidence = [
          {
            file: service.file.path,
            line: service.file.line(service.start),
            says: `${service.name} is a ${service.supertypes.find((name) => SERVICES.test(name)) ?? 'JobService'}`,
          },
        ];
        const own = elements.filter((one) => classOf(one) === service.name);
        if (own.length === 0) {
          if ((await declaredClasses(repo, 'service')).has(service.name)) continue;
          if (await isManifestOpen(repo)) continue;
          const message = `the job names ${service.name}, and no manifest has a service of that class`;
          findings.push({ file: file.path, line: file.line(call.start), message, evidence });
          continue;
        }
        for (const { manifest, attributes, line } of own) {
          if (attributes['android:permission'] === PERMISSION) continue;
          const message = `the service ${service.name} of a job does not ask for BIND_JOB_SERVICE`;
          findings.push({ file: manifest.path, line, message, evidence });
        }
      }
    }
    const byPlace = new Map(findings.map((one) => [`${one.file}:${one.line ?? 0}`, one]));
    return [...byPlace.values()];
  },
};
