import type { Check, Finding } from '../../check.ts';
import type { DoctorRepo } from '../../repo.ts';
import { callsOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import {
  asksFor,
  bootActionOf,
  isManifestOpen,
  mergedManifests,
  prebuildFix,
  releasedElements,
} from './merged-manifests.ts';
import { lostAlarms } from './alarm-restart.ts';
import { usesWork } from './uses-work.ts';

const PERMISSION = 'android.permission.RECEIVE_BOOT_COMPLETED';
/** Packages whose manifest, or that of an AAR in them, brings it. */
const BRINGS = [
  'react-native-background-fetch',
  'react-native-background-geolocation',
  '@transistorsoft/capacitor-background-fetch',
  '@notifee/react-native',
  '@capacitor/local-notifications',
  'expo-notifications',
  'react-native-push-notification',
];
/** In one file. */
const MOST = 20;

export const bootPermission: Check = {
  id: 'A37',
  title: 'What is to run after a restart of the device is set again, with RECEIVE_BOOT_COMPLETED',
  severity: 'error',
  why: 'Without the permission the system delivers no BOOT_COMPLETED to the app, and setPersisted(true) makes JobInfo.Builder.build or schedule throw: after a restart of the device nothing runs until the user opens the app.',
  source:
    'https://developer.android.com/reference/android/app/job/JobInfo.Builder#setPersisted(boolean)',
  fix: 'Add <uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" /> to the manifest.',
  explain: [
    'A receiver for BOOT_COMPLETED is one half, the permission the other. The system leaves out receivers of apps without it, and says nothing. For a persisted job it throws: "Requested job cannot be persisted without holding android.permission.RECEIVE_BOOT_COMPLETED permission".',
    '    <uses-permission android:name="android.permission.RECEIVE_BOOT_COMPLETED" />',
    'No alarm is kept over a restart: such a receiver has to set it again, as the RebootBroadcastReceiver of android_alarm_manager_plus does.',
    'The manifest of androidx.work brings the permission: an app with WorkManager has it.',
  ].join('\n\n'),
  async run(repo) {
    return [...(await withoutPermission(repo)), ...(await lostAlarms(repo))];
  },
};

async function withoutPermission(repo: DoctorRepo): Promise<readonly Finding[]> {
  const manifests = await repo.manifests();
  if (manifests.length === 0) return [];
  const jobs = await kotlinAndJava(repo, ['setPersisted']);
  const hasReceiver = manifests.some((one) => one.mentions('BOOT_COMPLETED'));
  if (jobs.length === 0 && !hasReceiver) return [];
  const asked = asksFor(await mergedManifests(repo), PERMISSION);
  const isBrought = asked !== 'removed' && BRINGS.some((name) => repo.depends(name));
  // A10 speaks of one that is taken out of an app with WorkManager.
  if (asked === 'yes' || isBrought || (await usesWork(repo))) return [];
  const mend = prebuildFix(manifests, PERMISSION);
  const [main] = manifests.filter(({ sourceSet }) => sourceSet === 'main');
  const evidence =
    main === undefined ? [] : [{ file: main.path, says: `does not ask for ${PERMISSION}` }];
  const findings: Finding[] = [];
  for (const file of jobs) {
    for (const call of callsOf(file, 'setPersisted').slice(0, MOST)) {
      if (!/\(\s*true\s*$/.test(file.code.slice(call.start, call.end))) continue;
      if (await isUnreleased(repo, file, call.start)) continue;
      const message = 'the job is persisted, and the app does not ask for RECEIVE_BOOT_COMPLETED';
      findings.push({ file: file.path, line: file.line(call.start), message, evidence, ...mend });
    }
  }
  for (const element of await releasedElements(repo, 'receiver')) {
    const { manifest, line } = element;
    const action = bootActionOf(element);
    if (action === undefined) continue;
    const message = `the receiver waits for ${action}, and the app does not ask for RECEIVE_BOOT_COMPLETED`;
    findings.push({ file: manifest.path, line, message, ...mend });
  }
  return findings.length > 0 && (await isManifestOpen(repo)) ? [] : findings;
}
