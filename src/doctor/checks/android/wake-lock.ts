import { asksForLibrary } from '../../../project/gradle-libraries.ts';
import type { Check, Finding } from '../../check.ts';
import { callsOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { pubPackagesOf } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';
import { asksFor, isManifestOpen, mergedManifests, prebuildFix } from './merged-manifests.ts';
import { usesWork } from './uses-work.ts';

const PERMISSION = 'android.permission.WAKE_LOCK';
const CALLS = ['newWakeLock', 'createWifiLock', 'startWakefulService'];
/** Libraries whose manifest brings it, or that cannot be told from such. */
const MAY_BRING =
  /firebase|gms|play|push|notif|messag|background|foreground|headless|work|audio|video|media|exoplayer|music|sound|track|locat|alarm|download|upload|call|voip|sip|sms|ble\b|bluetooth|beacon|wake|awake|sync|service|ads|analytics|expo/i;

export const wakeLock: Check = {
  id: 'A65',
  title: 'A wake lock has its permission',
  severity: 'error',
  why: 'Without it acquire() throws SecurityException, “Neither user … nor current process has android.permission.WAKE_LOCK”, before the work begins.',
  source: 'https://developer.android.com/reference/android/Manifest.permission#WAKE_LOCK',
  fix: 'Add <uses-permission android:name="android.permission.WAKE_LOCK" /> to the manifest.',
  explain:
    'It is for PowerManager.newWakeLock, WifiManager.createWifiLock and WakefulBroadcastReceiver, and no user is asked. androidx.work, Firebase and many libraries bring it: where one that does is among the dependencies, doctor says nothing.',
  async run(repo) {
    const files = await kotlinAndJava(repo, CALLS);
    if (files.length === 0) return [];
    const merged = await mergedManifests(repo);
    const [main] = (await repo.manifests()).filter(({ sourceSet }) => sourceSet === 'main');
    const asked = asksFor(merged, PERMISSION);
    if (main === undefined || asked === 'yes') return [];
    // A10 speaks of one that is taken out of an app with WorkManager.
    if ((await usesWork(repo)) || (asked === 'no' && (await mayBeBrought(repo)))) return [];
    const findings: Finding[] = [];
    const evidence = [{ file: main.path, says: `does not ask for ${PERMISSION}` }];
    for (const file of files) {
      for (const { name, start } of CALLS.flatMap((one) => callsOf(file, one))) {
        if (/^(?:new|create)/.test(name) && !/\.\s?acquire\s?\(/.test(file.code)) continue;
        if (await isUnreleased(repo, file, start)) continue;
        const message = `${name} takes a wake lock, and the app does not ask for WAKE_LOCK`;
        findings.push({
          ...{ file: file.path, line: file.line(start), message, evidence },
          ...prebuildFix(merged, PERMISSION),
        });
        break;
      }
    }
    return findings.length > 0 && (await isManifestOpen(repo)) ? [] : findings;
  },
};

async function mayBeBrought(repo: DoctorRepo): Promise<boolean> {
  const names = [
    ...Object.keys(repo.packageJson?.dependencies ?? {}),
    ...Object.keys((await pubPackagesOf(repo))?.spec.dependencies ?? {}),
  ];
  if (names.some((name) => MAY_BRING.test(name))) return true;
  const project = await repo.android();
  return project === undefined || asksForLibrary(project, MAY_BRING);
}
