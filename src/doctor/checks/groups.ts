import type { SourceLanguage } from '../../formats/source.ts';
import { runsReactNative } from '../../project/host.ts';
import { isAboutBackground, readPermissions } from '../../project/info-plist.ts';
import type { Check } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';
import type { IdleCheck } from '../run.ts';
import { ALWAYS } from './always.ts';

/**
 * Checks that are loaded together, and only where the app has something that one of them looks for: most apps have nothing
 * for most checks, and to compile those would take longer than to run all others.
 */
export interface CheckGroup {
  /** Those of the group’s list, which is not loaded yet: the tests hold the two together. */
  readonly ids: string;
  /** What each of them is where the group is not needed: `ran` without a finding, or nothing it applies to. */
  readonly otherwise: (repo: DoctorRepo, id: string) => IdleCheck['state'];
  readonly isNeeded: (repo: DoctorRepo) => boolean | Promise<boolean>;
  readonly load: () => Promise<readonly Check[]>;
}

/** Parts of names: a file without any of them has nothing that a check of Kotlin and Java looks for. */
export const KOTLIN_WORDS = [
  'Work orkManager Service Receiver Alarm Job Headless PendingIntent Foreground APPEND setPersisted setPeriodic',
  'setRepeating setInexactRepeating setExact goAsync onReceive onHandle startService WakeLock createWifiLock',
].flatMap((words) => words.split(' '));

/** The same of Swift and Objective-C. */
export const APPLE_WORDS = [
  'BGTask BGProcessing BGAppRefresh BGHealthResearch BGContinued BackgroundTask backgroundTask expirationHandler',
  '_simulate earliestBeginDate inimumBackgroundFetchInterval cancelAllTaskRequests background(withIdentifier',
  'backgroundSessionConfiguration applicationDidEnterBackground applicationWillEnterForeground',
  'applicationDidBecomeActive applicationWillResignActive didReceiveRemoteNotification',
  'performFetchWithCompletionHandler .wait( _wait( scheduledTimer kSecAttrAccessibleWhenUnlocked .whenUnlocked',
  'BackgroundLocationUpdates',
].flatMap((words) => words.split(' '));

/** In the names of packages that run something in the background, or are told something there. */
const LIBRARY =
  /background|task|fetch|headless|push|notif|messag|locat|foreground|service|worker|alarm|keychain|secure|sensitive|sql|offline/i;

export const GROUPS: readonly CheckGroup[] = [
  {
    ids: 'A06 A07 A08 A09 A14 A15 A16 A17 A18 A19 A20 A21 A22 A26 A29 A30 A31 A35 A36 A37 A38 A39 A45 A46 A47 A48 A49 A50 A51 A52 A53 A54 A55 A56 A57 A58 A59 A60 A61 A62 A63 A64 A65 A66',
    otherwise: () => 'ran',
    isNeeded: async (repo) =>
      hasLibrary(repo) ||
      (await hasComponents(repo)) ||
      (await hasWord(repo, ['kotlin', 'java'], KOTLIN_WORDS)),
    load: async () => (await import('./android/in-code.ts')).ANDROID_CODE_CHECKS,
  },
  {
    ids: 'I06 I07 I08 I10 I11 I12 I13 I14 I16 I22 I29 I35 I36 I37 I38 I39 I40 I41 I42 I43 I44 I45',
    otherwise: () => 'ran',
    isNeeded: async (repo) =>
      hasLibrary(repo) || (await hasWord(repo, ['swift', 'objc'], APPLE_WORDS)),
    load: async () => (await import('./ios/in-code.ts')).IOS_CODE_CHECKS,
  },
  {
    ids: 'I01 I03 I04 I19 I20 I21 I25 I27 I28',
    otherwise: ({ packageJson }, id) =>
      id === 'I28' && packageJson === undefined ? 'not-applicable' : 'ran',
    isNeeded: async (repo) =>
      repo.integration !== undefined ||
      hasLibrary(repo) ||
      (await isPermitted(repo)) ||
      (await hasWord(repo, ['swift', 'objc'], APPLE_WORDS)),
    load: async () => (await import('./ios/permitted.ts')).PERMISSION_CHECKS,
  },
  {
    ids: 'J01 J03 J04 J05 J06 J07 J15 J18 J21 J25',
    otherwise: (repo, id) =>
      ['J01', 'J21', 'J25'].includes(id) && !runsReactNative(repo) ? 'not-applicable' : 'ran',
    isNeeded: async (repo) =>
      repo.integration !== undefined ||
      hasLibrary(repo) ||
      (await hasWord(repo, ['kotlin', 'java'], ['HeadlessJsTask'])) ||
      (await hasWord(repo, ['javascript'], ['HeadlessTask'])),
    load: async () => (await import('./javascript/in-background.ts')).BACKGROUND_CHECKS,
  },
  {
    ids: 'A23 I31 I32 I33 J14 J16 J17 J19 J22 J23 J24 Q02 Q03 Q04 Q06',
    otherwise: () => 'not-applicable',
    isNeeded: hasLibrary,
    load: async () => (await import('./of-libraries.ts')).LIBRARY_CHECKS,
  },
  {
    ids: 'A01 A33 A34 A40 I02 I18 I23 I34 J02 J08 J12 J13 J20 J26 X01 X02 X04 X05 X07 X08 X10 X11 X12 X13',
    otherwise: () => 'not-applicable',
    isNeeded: (repo) => repo.integration !== undefined || hasLibrary(repo),
    load: async () => (await import('./of-bgsync.ts')).BGSYNC_CHECKS,
  },
  {
    ids: 'E01 E02 I26',
    otherwise: () => 'not-applicable',
    isNeeded: ({ host }) => host === 'expo',
    load: async () => (await import('./expo/index.ts')).EXPO_CHECKS,
  },
  {
    ids: 'F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15',
    otherwise: () => 'not-applicable',
    isNeeded: ({ host }) => host === 'flutter',
    load: async () => (await import('./flutter/index.ts')).FLUTTER_CHECKS,
  },
];

export interface NeededChecks {
  readonly checks: readonly Check[];
  readonly idle: readonly IdleCheck[];
}

/** Those of the catalogue that can find something in this app: all of them where its config is not valid. */
export async function neededChecks(repo: DoctorRepo): Promise<NeededChecks> {
  const isUnclear = (repo.integration?.configProblems.length ?? 0) > 0;
  const groups = await Promise.all(
    GROUPS.map(async ({ ids, otherwise, isNeeded, load }) =>
      isUnclear || (await isNeeded(repo))
        ? { checks: await load(), idle: [] }
        : { checks: [], idle: ids.split(' ').map((id) => ({ id, state: otherwise(repo, id) })) },
    ),
  );
  return {
    checks: [...ALWAYS, ...groups.flatMap(({ checks }) => checks)],
    idle: groups.flatMap(({ idle }) => idle),
  };
}

async function hasWord(
  repo: DoctorRepo,
  languages: readonly SourceLanguage[],
  words: readonly string[],
): Promise<boolean> {
  for (const language of languages) {
    if (await repo.hasSourceContaining(language, words)) return true;
  }
  return false;
}

/** A Flutter app has its libraries elsewhere, and plugins of them in each. */
function hasLibrary({ host, packageJson }: DoctorRepo): boolean {
  const { dependencies = {}, devDependencies = {} } = packageJson ?? {};
  const names = Object.keys({ ...dependencies, ...devDependencies });
  return host === 'flutter' || names.some((name) => LIBRARY.test(name));
}

/** Whether a manifest has something that Android starts without a screen, or says what is taken out of others. */
async function hasComponents(repo: DoctorRepo): Promise<boolean> {
  return (await repo.manifests()).some(
    (manifest) =>
      ['<service', '<receiver', '<provider', 'tools:node', 'FOREGROUND', 'ALARM'].some((word) =>
        manifest.mentions(word),
      ) || manifest.tags('activity').some((tag) => tag['android:exported'] === undefined),
  );
}

/** Whether an Info.plist, of the repo or as prebuild would write it, permits anything in the background. */
async function isPermitted(repo: DoctorRepo): Promise<boolean> {
  const plists = (await repo.infoPlists()).map(readPermissions);
  const prebuilt = await repo.prebuiltPermissions();
  return [...plists, ...(prebuilt === undefined ? [] : [prebuilt])].some(isAboutBackground);
}
