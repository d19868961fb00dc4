import type { SourceLanguage } from '../formats/source.ts';
import { BACKGROUND_FETCH, WORKMANAGER, pubPackagesOf } from './code/pub-packages.ts';
import type { DoctorRepo } from './repo.ts';

/** Packages that run something of the app in the background. */
const LIBRARIES = [
  '@capacitor/background-runner',
  '@transistorsoft/capacitor-background-fetch',
  'expo-background-fetch',
  'expo-background-task',
  'expo-task-manager',
  'headless-task-worker',
  'react-native-background-actions',
  'react-native-background-fetch',
  'react-native-background-geolocation',
];

const NEEDLES: readonly (readonly [SourceLanguage, readonly string[]])[] = [
  ['swift', ['BGTaskScheduler', 'performFetchWithCompletionHandler', 'backgroundTask(']],
  ['objc', ['BGTaskScheduler', 'performFetchWithCompletionHandler']],
  ['kotlin', ['androidx.work', 'JobService', 'JobScheduler', 'HeadlessJsTask']],
  ['java', ['androidx.work', 'JobService', 'JobScheduler', 'HeadlessJsTask']],
  ['javascript', ['registerHeadlessTask']],
];

/** Whether the app has anything that doctor's checks of the repo are about. */
export async function hasBackgroundWork(repo: DoctorRepo): Promise<boolean> {
  if (repo.integration !== undefined || LIBRARIES.some((name) => repo.depends(name))) return true;
  const pub = await pubPackagesOf(repo);
  if (pub && [BACKGROUND_FETCH, WORKMANAGER].some((name) => pub.depends(name))) return true;
  if (((await repo.androidBuild())?.workUses.length ?? 0) > 0) return true;
  for (const [language, needles] of NEEDLES) {
    if ((await repo.sourcesContaining(language, needles)).length > 0) return true;
  }
  return false;
}
