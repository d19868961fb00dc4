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

export const permissionRemoved: Check = {
  id: 'A10',
  title: 'The permissions that WorkManager needs stay in the manifest',
  severity: 'error',
  why: 'WorkManager brings its permissions with its own manifest. One that the app removes is missing at run time, and nothing says so when it is built.',
  source:
    'https://developer.android.com/reference/android/app/job/JobInfo.Builder#setRequiredNetworkType(int)',
  fix: 'Take the element with tools:node="remove" out of the manifest.',
  explain: [
    'androidx.work needs WAKE_LOCK, ACCESS_NETWORK_STATE and RECEIVE_BOOT_COMPLETED, and merges them into the app. All three are normal permissions: no user is asked, and no store form mentions them. An element such as\n\n    <uses-permission\n        android:name="android.permission.ACCESS_NETWORK_STATE"\n        tools:node="remove" />\n\ntakes one out again, often to shorten a list of permissions.',
    'From Android 14 on JobScheduler refuses a job with a network constraint from an app without ACCESS_NETWORK_STATE. Without INTERNET each request of the sync fails. Without RECEIVE_BOOT_COMPLETED the schedule is gone after a restart, until the app is opened.',
  ].join('\n\n'),
  async run(repo) {
    const removes = (await repo.manifests()).some((one) => one.mentions('tools:node'));
    const user = removes ? await usesWork(repo) : undefined;
    if (user === undefined) return [];
    return (await manifestElements(repo, 'uses-permission')).flatMap(
      ({ attributes, manifest, line }) => {
        const name = attributes['android:name'] ?? '';
        const effect = Object.hasOwn(NEEDED_PERMISSIONS, name)
          ? NEEDED_PERMISSIONS[name]
          : undefined;
        const isRemoved = isRemoval(attributes);
        if (effect === undefined || !isRemoved || isDebugSet(manifest.sourceSet)) return [];
        const short = name.slice('android.permission.'.length);
        return [
          {
            file: manifest.path,
            line,
            message: `${short} is removed: ${effect}`,
            evidence: [user],
            ...(manifest.prebuilt !== undefined && {
              fix: `Take ${short} out of android.blockedPermissions of the app config.`,
            }),
          },
        ];
      },
    );
  },
};
