import type { Check } from '../../check.ts';
import { usesWork } from './uses-work.ts';
import { isDebugSet, manifestElements } from '../../../project/manifest-elements.ts';
import { isRemoval } from '../../../project/manifests.ts';

/** What becomes of a background sync without a permission. */
export const NEEDED_PERMISSIONS: Readonly<Record<string, string>> = {
  'android.permission.ACCESS_NETWORK_STATE':
    'work with a network constraint is refused on Android 14 and later',
  'android.permission.INTERNET': 'the sync has no network',
  'android.permission.RECEIVE_BOOT_COMPLETED': 'work is not scheduled again after a restart',
  'android.permission.WAKE_LOCK': 'WorkManager throws SecurityException',
};

/** What becomes of it without a component of androidx.work: its manifest, and `setPersisted(false)` of its jobs. */
const NEEDED_PARTS: Readonly<Record<string, string>> = {
  'androidx.work.impl.background.systemjob.SystemJobService':
    'JobScheduler has nothing to start, and no work runs in the background',
  'androidx.work.impl.background.systemalarm.RescheduleReceiver':
    'work is not scheduled again after a restart',
};

export const permissionRemoved: Check = {
  id: 'A10',
  title: 'The permissions and components that WorkManager needs stay in the manifest',
  severity: 'error',
  why: 'WorkManager brings them with its own manifest. What the app removes of it is missing at run time, and nothing says so when it is built.',
  source:
    'https://developer.android.com/reference/android/app/job/JobInfo.Builder#setRequiredNetworkType(int)',
  fix: 'Take the element with tools:node="remove" out of the manifest.',
  explain: [
    'androidx.work needs WAKE_LOCK, ACCESS_NETWORK_STATE and RECEIVE_BOOT_COMPLETED, and merges them into the app. All three are normal permissions: no user is asked, and no store form mentions them. An element such as\n\n    <uses-permission\n        android:name="android.permission.ACCESS_NETWORK_STATE"\n        tools:node="remove" />\n\ntakes one out again, often to shorten a list of permissions.',
    'From Android 14 on JobScheduler refuses a job with a network constraint from an app without ACCESS_NETWORK_STATE. Without INTERNET each request of the sync fails. Without RECEIVE_BOOT_COMPLETED the schedule is gone after a restart, until the app is opened: WorkManager’s jobs are not persisted by the system. So it is without its RescheduleReceiver; without its SystemJobService no job can be made at all, and WorkManager only logs it.',
  ].join('\n\n'),
  async run(repo) {
    const removes = (await repo.manifests()).some((one) => one.mentions('tools:node'));
    const user = removes ? await usesWork(repo) : undefined;
    if (user === undefined) return [];
    const removedOf = async (element: string, needed: Readonly<Record<string, string>>) =>
      (await manifestElements(repo, element)).flatMap(({ attributes, manifest, line }) => {
        const name = attributes['android:name'] ?? '';
        const effect = Object.hasOwn(needed, name) ? needed[name] : undefined;
        const isRemoved = isRemoval(attributes);
        if (effect === undefined || !isRemoved || isDebugSet(manifest.sourceSet)) return [];
        const short = name.split('.').at(-1) ?? name;
        const isBlocked = manifest.prebuilt !== undefined && needed === NEEDED_PERMISSIONS;
        return [
          {
            file: manifest.path,
            line,
            message: `${short} is removed: ${effect}`,
            evidence: [user],
            ...(isBlocked && {
              fix: `Take ${short} out of android.blockedPermissions of the app config.`,
            }),
          },
        ];
      });
    const found = await Promise.all([
      removedOf('uses-permission', NEEDED_PERMISSIONS),
      removedOf('service', NEEDED_PARTS),
      removedOf('receiver', NEEDED_PARTS),
    ]);
    return found.flat();
  },
};
