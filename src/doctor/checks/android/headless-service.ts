import { TARGET_SDK } from '../../../facts.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import {
  callsOf,
  classAround,
  codeOf,
  functionAround,
  kotlinAndJava,
  valueSetOnce,
} from '../../code/kotlin-declarations.ts';
import { isUnreleased, released, waysTo } from '../../code/kotlin-reach.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';
import type { Entry, Place } from '../../code/kotlin-reach.ts';
import { isUnconditional } from '../../code/kotlin-starts.ts';
import { requestsOf, workersOf } from '../../code/kotlin-workers.ts';
import { SERVICE_LIBRARIES, mayRunInBackground } from '../../code/task-libraries.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';
import {
  asksFor,
  bootActionOf,
  classOf,
  mergedManifests,
  releasedElements,
} from './merged-manifests.ts';
import { servicesOf } from './service-starts.ts';

/** In one file. */
const MOST = 20;
const CALLS = ['startService', 'startForegroundService'];
/** What takes the refusal, or asks for the screen first. */
const CARES = /\bcatch\s*\(|\brunCatching\b|\bisAtLeast\b|\bis\w{0,40}[fF]oreground/;
/** Services that no Intent of the app starts. */
const CALLED_OTHERWISE =
  /^(?:Job|JobIntent|Tile|NotificationListener|Accessibility)Service$|MessagingService$/;

/** Whether the method runs while nothing of the app is on the screen, and the app may start no service by itself. */
const isBackground = ({ kind, name, owner }: Entry): boolean =>
  kind === 'receiver' ||
  kind === 'worker' ||
  (kind === 'service' && /^onSt(?:art|op)Job$/.test(name)) ||
  isMessage({ kind, name, owner });

/** What Firebase calls for a message: https://firebase.google.com/docs/cloud-messaging/android/message-priority */
const isMessage = ({ name, owner }: Entry): boolean =>
  name === 'onMessageReceived' &&
  owner?.supertypes.some((one) => one.endsWith('MessagingService')) === true;

export const headlessService: Check = {
  id: 'A29',
  title: 'No service is started from the background',
  severity: 'warning',
  why: 'From Android 8 on, startService in the background throws IllegalStateException, from Android 12 on startForegroundService too: the work does not run, and a receiver takes the app down with it.',
  source: 'https://github.com/vikeri/react-native-background-job/issues/52',
  fix: 'Do the work in a worker of WorkManager, without a service; start JavaScript there through ReactHost.',
  explain: [
    'An app that has nothing on the screen may not start one since Android 8: "Not allowed to start service Intent … app is in background". HeadlessJsTaskService of React Native is a plain service, too. A receiver or a worker mostly runs just then. On the desk it works, as the app was used a moment ago.',
    'startForegroundService needs a notification, and Android 12 refuses that in the background too, but for a receiver of BOOT_COMPLETED and some others. What holds is a worker that does the work itself: for JavaScript, one that starts the ReactHost and waits for the task there, as bgsync’s own does.',
    'A message of Firebase lets the app start one where its priority is high, and Android lowers that of messages that show nothing: ask message.priority first. setForeground of a worker is such a start as well: periodic work begins in the background, and where nothing catches the exception, it fails.',
    'Of the app’s other services doctor looks at what a worker, a job, a message, a receiver of a restart and one of an alarm start; what a notification’s button starts is allowed.',
  ].join('\n\n'),
  run: async (repo) => [
    ...(await ofStarts(repo)),
    ...(await ofPeriodic(repo)),
    ...(await ofAlarms(repo)),
    ...(await ofLibraries(repo)),
    ...(await ofPlaces(repo)),
  ],
};

const LOCATION = 'expo-location';

/** Of expo-location, which refuses it by itself: LocationModule.kt of 16 to 19. */
async function ofPlaces(repo: DoctorRepo): Promise<Finding[]> {
  if (!repo.depends(LOCATION) || (await repo.manifests()).length === 0) return [];
  const needles = ['startLocationUpdatesAsync'];
  if ((await repo.sourcesContaining('javascript', needles)).length === 0) return [];
  const [{ startsOnLeaving }, { lineIn }] = await Promise.all([
    import('../../code/js-service-starts.ts'),
    import('../../code/javascript.ts'),
  ]);
  const findings: Finding[] = [];
  for (const { library, script, call } of await startsOnLeaving(repo, LOCATION, needles)) {
    const message =
      'the foreground service of expo-location is started once the app has left the screen: Android’s part refuses it, and no place comes';
    const evidence = [await dependencyOf(repo, library)];
    const at = { file: script.path, line: lineIn(script, call) };
    const fix = 'Start the updates while the app is active; they go on when it leaves.';
    findings.push({ ...at, message, evidence, fix });
  }
  return findings;
}

async function ofLibraries(repo: DoctorRepo): Promise<Finding[]> {
  const isUsed = SERVICE_LIBRARIES.some(({ name }) => repo.depends(name));
  if (!isUsed || !(await mayRunInBackground(repo))) return [];
  if ((await repo.manifests()).length === 0 || (await isExempt(repo))) return [];
  const [{ libraryStarts }, { lineIn }] = await Promise.all([
    import('../../code/js-service-starts.ts'),
    import('../../code/javascript.ts'),
  ]);
  const findings: Finding[] = [];
  for (const { library, script, call } of await libraryStarts(repo)) {
    const message = `a run in the background has ${library} start its foreground service, which Android refuses then`;
    const evidence = [await dependencyOf(repo, library)];
    const at = { file: script.path, line: lineIn(script, call) };
    findings.push({ ...at, message, evidence, fix: LIBRARY_FIX });
  }
  return findings;
}

const LIBRARY_FIX =
  'Do the work in the run itself; start the service while the app is on the screen.';

async function ofStarts(repo: DoctorRepo): Promise<Finding[]> {
  const files = await kotlinAndJava(repo, CALLS);
  if (files.length === 0) return [];
  const services = (await servicesOf(repo)).filter(
    ({ supertypes }) => !supertypes.some((name) => CALLED_OTHERWISE.test(name)),
  );
  if (services.length === 0) return [];
  const target = (await repo.androidBuild())?.targetSdk?.value ?? 0;
  const findings: Finding[] = [];
  for (const file of files) {
    for (const call of CALLS.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
      const isForeground = call.name === 'startForegroundService';
      if (isForeground && (target < TARGET_SDK.foregroundRefused || (await isExempt(repo)))) {
        continue;
      }
      const around = functionAround(file, call.start);
      if (around === undefined) continue;
      const ways = released(await waysTo(repo, file, call.start));
      const entry = ways.find(({ entry: one }) => one !== undefined && isBackground(one))?.entry;
      if (entry === undefined) continue;
      const owner = classAround(file, call.start);
      const code = file.code.slice(
        (owner ?? around).body.start,
        Math.max((owner ?? around).body.end, around.body.end),
      );
      const service = services.find(({ name }) => new RegExp(`\\b${name}\\b`).test(code));
      if (service === undefined) continue;
      const isHeadless = service.supertypes.includes('HeadlessJsTaskService');
      if (isForeground && entry.kind === 'receiver') continue;
      const isOfMessage = isMessage(entry);
      if (!isHeadless || isOfMessage) {
        if (CARES.test(file.code.slice(around.body.start, around.body.end))) continue;
        if (isOfMessage && /\b(?:getP|p|P)(?:riority|RIORITY_HIGH)\b/.test(code)) continue;
        if (entry.kind === 'receiver' && !(await isOfSystem(repo, entry))) continue;
      }
      const message = `${entry.owner?.name ?? entry.name} starts ${service.name}, which Android refuses while the app is in the background${isOfMessage ? ', unless the message is of high priority' : ''}`;
      const evidence = [
        ...(entry.owner === undefined
          ? []
          : [placeOf(entry.owner, `${entry.owner.name} runs while nothing is on the screen`)]),
        placeOf(
          service,
          `${service.name} is a ${isHeadless ? 'HeadlessJsTaskService' : 'service'}`,
        ),
      ];
      findings.push({ file: file.path, line: file.line(call.start), message, evidence });
    }
  }
  return findings;
}

/** Periodic work that goes into the foreground: no person has just opened the app, and it cannot be expedited. */
async function ofPeriodic(repo: DoctorRepo): Promise<Finding[]> {
  const files = await kotlinAndJava(repo, ['setForeground']);
  if (files.length === 0) return [];
  const target = (await repo.androidBuild())?.targetSdk?.value ?? 0;
  if (target < TARGET_SDK.foregroundRefused || (await isExempt(repo))) return [];
  const periodic = (await requestsOf(repo)).filter(({ isPeriodic }) => isPeriodic);
  const findings: Finding[] = [];
  for (const { file, name, body } of periodic.length > 0 ? await workersOf(repo) : []) {
    const request = periodic.find(({ worker }) => worker === name);
    if (request === undefined) continue;
    for (const call of callsOf(file, 'setForeground', body).slice(0, MOST)) {
      const ways = released(await waysTo(repo, file, call.start));
      if (!ways.some((way) => way.kind === 'worker' && way.calls.every(isUncaught))) continue;
      const message = `${name} is run periodically, and setForeground throws in the background from Android 12 on: the work fails`;
      const at = { file: file.path, line: file.line(call.start) };
      const line = request.file.line(request.start);
      const evidence = [{ file: request.file.path, line, says: 'asks for the periodic work' }];
      findings.push({ ...at, message, evidence, fix: PERIODIC_FIX });
    }
  }
  return findings;
}

const PERIODIC_FIX =
  'Leave setForeground out: a worker has ten minutes without it. Or catch IllegalStateException around it.';

/** Whether each run comes to a place, and nothing there takes an exception. */
function isUncaught({ file, offset }: Place): boolean {
  const around = functionAround(file, offset);
  return (
    around !== undefined &&
    isUnconditional(file, offset, around) &&
    !CARES.test(file.code.slice(around.body.start, around.body.end))
  );
}

/** Alarms that are neither exact nor for idle times: those let the app start what it likes for some seconds. */
const ALARMS = ['set', 'setRepeating', 'setInexactRepeating'];

async function ofAlarms(repo: DoctorRepo): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['AlarmManager'])) {
    for (const call of ALARMS.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
      const [type, pending] = [call.arguments[0], call.arguments.at(-1)];
      if (type === undefined || pending === undefined) continue;
      if (!/\b(?:RTC|ELAPSED_REALTIME)(?:_WAKEUP)?$/.test(codeOf(file, type))) continue;
      const made = valueSetOnce(file, pending) ?? pending;
      if (!/^PendingIntent\s*\.\s*getService\s*\(/.test(codeOf(file, made))) continue;
      if (await isUnreleased(repo, file, call.start)) continue;
      const message =
        'the alarm starts a service, which Android refuses while the app is in the background';
      const at = { file: file.path, line: file.line(call.start) };
      const says = 'makes the PendingIntent, of a service';
      const evidence = [{ file: file.path, line: file.line(made.start), says }];
      findings.push({ ...at, message, evidence, fix: ALARM_FIX });
    }
  }
  return findings;
}

const ALARM_FIX =
  'Let the alarm call a receiver, PendingIntent.getBroadcast, that enqueues work of WorkManager; or use periodic work alone.';

/** Whether a receiver waits for a restart, or for an alarm: a notification’s button would let it start a service. */
async function isOfSystem(repo: DoctorRepo, { owner }: Entry): Promise<boolean> {
  const name = owner?.name ?? '';
  const receivers = await releasedElements(repo, 'receiver');
  if (receivers.some((one) => classOf(one) === name && bootActionOf(one) !== undefined))
    return true;
  return (await kotlinAndJava(repo, ['AlarmManager'])).some(
    ({ code }) => /\bgetBroadcast\b/.test(code) && new RegExp(`\\b${name}\\b`).test(code),
  );
}

/** Permissions whose holders may start foreground services from the background, once the user gave them. */
async function isExempt(repo: DoctorRepo): Promise<boolean> {
  const merged = await mergedManifests(repo);
  return ['SYSTEM_ALERT_WINDOW', 'REQUEST_IGNORE_BATTERY_OPTIMIZATIONS'].some(
    (name) => asksFor(merged, `android.permission.${name}`) === 'yes',
  );
}

const placeOf = ({ file, start }: KotlinClass, says: string): Evidence => ({
  file: file.path,
  line: file.line(start),
  says,
});
