import type { Check, Finding } from '../../check.ts';
import { dartCalls } from '../../code/dart.ts';
import {
  callsOf,
  classesOf,
  codeOf,
  kotlinAndJava,
  membersOf,
} from '../../code/kotlin-declarations.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';
import type { DoctorRepo } from '../../repo.ts';
import {
  classOf,
  declaredClasses,
  hasActivity,
  isManifestOpen,
  mergedManifests,
  releasedElements,
} from './merged-manifests.ts';

/** In one file. */
const MOST = 20;

/** What an Intent is for, by how the code goes on with it, and the classes that Android makes for it. */
const KINDS = [
  {
    element: 'service',
    uses: /\b(?:startService|startForegroundService|bindService|getService|getForegroundService)\s*\(/,
    bases:
      /^(?:HeadlessJsTaskService|(?:Lifecycle|Intent)?Service|FirebaseMessagingService|HeadlessJsMediaService)$/,
    effect: 'Android finds none, and starts nothing',
  },
  {
    element: 'receiver',
    uses: /\b(?:getBroadcast|sendBroadcast|sendOrderedBroadcast)\s*\(/,
    bases: /^(?:BroadcastReceiver|WakefulBroadcastReceiver)$/,
    effect: 'Android delivers it to nobody',
  },
] as const;

export const componentDeclared: Check = {
  id: 'A45',
  title: 'A service or receiver that the app names in an Intent is in the manifest',
  severity: 'error',
  why: 'Android makes components that a manifest has, and no others. startService gives null for the rest and writes one line, “Unable to start service Intent … not found”; an alarm for such a receiver comes due and is dropped. No exception says so.',
  source: 'https://developer.android.com/guide/topics/manifest/service-element',
  fix: 'Declare it in the manifest: <service android:name=".SyncService" /> or <receiver android:name=".SyncReceiver" android:exported="false" />, inside of <application>.',
  explain: [
    'A headless task of React Native has three sides that meet by names: the service that getTaskConfig is in, its element in the manifest, and registerHeadlessTask in JavaScript (J03). The element is the one that no compiler asks for. It is the same for a receiver that an alarm, a PendingIntent or sendBroadcast names by its class.',
    '    <service android:name="com.example.SyncService" />\n    <receiver android:name="com.example.AlarmReceiver" android:exported="false" />',
    'A receiver that code registers with registerReceiver gets no Intent that names its class.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, ['Service', 'Receiver']);
    const ofPlugin = await ofAlarmManager(repo);
    if (files.length === 0) return ofPlugin;
    if (!(await hasActivity(repo))) return ofPlugin;
    const findings = new Map<string, Finding>();
    for (const { element, uses, bases, effect } of KINDS) {
      const classes = await classesWith(repo, bases);
      if (classes.length === 0) continue;
      const declared = await declaredClasses(repo, element);
      const missing = classes.filter(({ name }) => !declared.has(name));
      if (missing.length === 0) continue;
      for (const file of files) {
        if (!uses.test(file.code)) continue;
        for (const call of callsOf(file, 'Intent').slice(0, MOST)) {
          const [, named] = call.arguments;
          const text = named === undefined ? '' : codeOf(file, named);
          const name = /^(?:\w+\.)*(\w+)\s*(?:::\s*class\s*\.\s*java|\.\s*class)$/.exec(text)?.[1];
          const found = missing.find((one) => one.name === name);
          if (found === undefined || (await isUnreleased(repo, file, call.start))) continue;
          const message = `the Intent names ${found.name}, and no manifest has a ${element} of that class: ${effect}`;
          const says = `${found.name} is a ${found.supertypes.find((base) => bases.test(base)) ?? element}`;
          const evidence = [{ file: found.file.path, line: found.file.line(found.start), says }];
          const at = { file: file.path, line: file.line(call.start) };
          if (!findings.has(found.name)) findings.set(found.name, { ...at, message, evidence });
        }
      }
    }
    for (const one of await ofMessages(repo)) findings.set(one.message, one);
    if (findings.size > 0 && (await isManifestOpen(repo))) return ofPlugin;
    return [...findings.values(), ...ofPlugin];
  },
};

const MESSAGING = 'FirebaseMessagingService';

/** Services that Firebase is to call for a message, and does not find: https://firebase.google.com/docs/cloud-messaging/android/client#manifest */
async function ofMessages(repo: DoctorRepo): Promise<Finding[]> {
  const files = await kotlinAndJava(repo, [MESSAGING]);
  if (files.length === 0) return [];
  const merged = await mergedManifests(repo);
  const declared = await declaredClasses(repo, 'service');
  const elements = await releasedElements(repo, 'service');
  const hears = ({ actions }: ManifestElement): boolean => actions.includes(MESSAGE);
  const all = files.flatMap((file) => classesOf(file).slice(0, MOST));
  const findings: Finding[] = [];
  for (const one of all) {
    const { file, name, start, supertypes } = one;
    const told = membersOf(one).find((member) => member.name === 'onMessageReceived');
    if (!supertypes.includes(MESSAGING) || told === undefined) continue;
    // A base class, one of debug builds, one of a package whose manifest is not seen.
    if (/\babstract\b[^;{}\n]*$/.test(file.code.slice(Math.max(0, start - 80), start))) continue;
    const [folder = ''] = file.path.split(/(?<=\/src\/)/);
    if (/\/src\/\w*debug\w*\//i.test(file.path)) continue;
    if (!merged.some(({ path }) => path.startsWith(folder))) continue;
    const own = elements.filter((element) => classOf(element) === name);
    const [element] = own;
    const first = elements.find(hears);
    if (declared.has(name) && (element === undefined || (own.some(hears) && first === element))) {
      continue;
    }
    const isSecond = element !== undefined && own.some(hears) && first !== undefined;
    if (isSecond && (first.manifest !== element.manifest || isSwitched(first, element))) continue;
    const message = isSecond
      ? `${classOf(first)} and ${name} both wait for messages, and Firebase calls one service alone`
      : `${name} gets no message: ${element === undefined ? 'no manifest has a service of that class' : `its element has no intent filter for ${MESSAGE}`}`;
    const at = { file: file.path, line: file.line(start) };
    const other = isSecond ? first : element;
    const evidence = [
      other === undefined
        ? { file: file.path, line: file.line(told.start), says: 'is to be called for a message' }
        : { file: other.manifest.path, line: other.line, says: `declares ${classOf(other)}` },
    ];
    const rest = isSecond
      ? { fix: SECOND_FIX, severity: 'warning' as const }
      : { fix: MESSAGE_FIX };
    if (!(await isExtended(repo, name))) findings.push({ ...at, message, evidence, ...rest });
  }
  return findings;
}

const isExtended = async (repo: DoctorRepo, name: string): Promise<boolean> =>
  (await kotlinAndJava(repo, [name])).some((file) =>
    classesOf(file).some(({ supertypes }) => supertypes.includes(name)),
  );

/** Whether code, a priority or the user decides which of two services Firebase finds. */
const isSwitched = (...two: readonly ManifestElement[]): boolean =>
  two.some(
    ({ attributes, manifest }) =>
      attributes['android:enabled'] !== undefined || manifest.mentions('android:priority'),
  );

const MESSAGE = 'com.google.firebase.MESSAGING_EVENT';
const MESSAGE_FIX = `Declare it in the manifest as a <service android:exported="false"> with an <intent-filter> for ${MESSAGE}.`;
const SECOND_FIX = 'Take messages in one service, and hand them on from there.';

/** Its own manifest is empty: https://pub.dev/packages/android_alarm_manager_plus */
const ALARM_MANAGER = 'android_alarm_manager_plus';

async function ofAlarmManager(repo: DoctorRepo): Promise<Finding[]> {
  const isService = (await declaredClasses(repo, 'service')).has('AlarmService');
  const isReceiver = (await declaredClasses(repo, 'receiver')).has('AlarmBroadcastReceiver');
  if (isService === isReceiver && (isService || !(await hasActivity(repo)))) return [];
  for (const file of await dartUsing(repo, ALARM_MANAGER)) {
    const [call] = dartCalls(file, /\bAndroidAlarmManager\s*\.\s*(?:oneShot|oneShotAt|periodic)/);
    if (call === undefined) continue;
    const what = isService ? 'receiver of AlarmBroadcastReceiver' : 'service of AlarmService';
    const message = `the alarm needs what ${ALARM_MANAGER} leaves to the app, and no manifest has a ${what}: it comes due, and nothing runs`;
    const evidence = [await pubDependencyOf(repo, ALARM_MANAGER)];
    return [{ file: file.path, line: file.line(call.offset), message, evidence, fix: ALARM_FIX }];
  }
  return [];
}

const ALARM_FIX = `Declare dev.fluttercommunity.plus.androidalarmmanager.AlarmService, AlarmBroadcastReceiver and RebootBroadcastReceiver, as the README of ${ALARM_MANAGER} has them.`;

/** The app's own classes of such a base, through classes of its own, too. */
async function classesWith(repo: DoctorRepo, bases: RegExp): Promise<readonly KotlinClass[]> {
  const all = (await kotlinAndJava(repo, ['Service', 'Receiver'])).flatMap((file) =>
    classesOf(file).slice(0, MOST),
  );
  const byName = new Map(all.map((one) => [one.name, one]));
  const isOne = (one: KotlinClass, seen: ReadonlySet<KotlinClass>): boolean =>
    one.supertypes.some((name) => {
      const own = byName.get(name);
      if (own === undefined) return bases.test(name);
      return !seen.has(own) && isOne(own, new Set([...seen, own]));
    });
  return all.filter((one) => isOne(one, new Set([one])));
}
