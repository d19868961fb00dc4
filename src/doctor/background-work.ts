import type { SourceLanguage } from '../formats/source.ts';
import type { Platform } from '../project/project.ts';
import { PROTOCOL } from '../facts.ts';
import { isBelow } from '../versions.ts';
import { BACKGROUND_FETCH, WORKMANAGER, pubPackagesOf } from './code/pub-packages.ts';
import { runningConfig } from './repo.ts';
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

/** A way in which an app's own code works in the background. */
interface Kind {
  readonly languages: readonly SourceLanguage[];
  /** A file that has none of these has nothing of this kind. */
  readonly needles: readonly string[];
  /** Where it lives beside a background sync as it is: what `init` says of it. */
  readonly beside?: {
    readonly name: string;
    readonly platform: Platform;
    readonly pattern: RegExp;
    readonly message: string;
    readonly hint: string;
  };
}

const APPLE = ['swift', 'objc'] as const;
const JVM = ['kotlin', 'java'] as const;

const KINDS: readonly Kind[] = [
  {
    languages: APPLE,
    needles: ['BGTaskScheduler'],
    beside: {
      name: 'BGTaskScheduler',
      platform: 'ios',
      pattern: /\bregister\s*\(\s*forTaskWithIdentifier\s*:|\bregisterForTaskWithIdentifier\s*:/,
      message: 'the app has a background task of its own; it stays as it is',
      hint: 'Nothing to do: both run, each under its own identifier.',
    },
  },
  { languages: APPLE, needles: ['performFetchWithCompletionHandler'] },
  { languages: ['swift'], needles: ['backgroundTask('] },
  {
    languages: JVM,
    needles: ['HeadlessJsTask'],
    beside: {
      name: 'HeadlessJsTaskService',
      platform: 'android',
      pattern: /(?::\s*|\bextends\s+)HeadlessJsTaskService\b/,
      message: 'the app has a headless task of its own; it stays as it is',
      hint: 'Nothing to do: bgsync runs in a worker, under another name.',
    },
  },
  {
    languages: JVM,
    needles: ['androidx.work'],
    beside: {
      name: 'WorkManager',
      platform: 'android',
      pattern: /\bimport\s+androidx\.work\./,
      message: 'the app uses WorkManager itself; its own work stays as it is',
      hint: `Nothing to do: bgsync’s unique work is ${PROTOCOL.uniqueWork}.`,
    },
  },
  { languages: JVM, needles: ['JobService', 'JobScheduler'] },
  { languages: ['javascript'], needles: ['registerHeadlessTask'] },
];

/** Whether the app has anything that doctor's checks of the repo are about. */
export async function hasBackgroundWork(repo: DoctorRepo): Promise<boolean> {
  if (repo.integration !== undefined || LIBRARIES.some((name) => repo.depends(name))) return true;
  const pub = await pubPackagesOf(repo);
  if (pub && [BACKGROUND_FETCH, WORKMANAGER].some((name) => pub.depends(name))) return true;
  if (((await repo.androidBuild())?.workUses.length ?? 0) > 0) return true;
  for (const { languages, needles } of KINDS) {
    for (const language of languages) {
      if ((await repo.sourcesContaining(language, needles)).length > 0) return true;
    }
  }
  return false;
}

/** Something that is there beside the background sync, and what that means for the two. */
export interface Neighbour {
  readonly name: string;
  /** Relative to the app's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** `warning`: a check found it, and something does not work as it should. */
  readonly severity: 'note' | 'warning';
  readonly message: string;
  readonly hint: string;
}

/**
 * The app's own background work that lives beside the background sync as it is. What does not, checks find.
 *
 * @param changed files that a plan has changed in this repo
 */
export async function workBeside(
  repo: DoctorRepo,
  changed: ReadonlySet<string>,
): Promise<readonly Neighbour[]> {
  const config = runningConfig(repo);
  if (config === undefined) return [];
  const severity = 'note' as const;
  const found: Neighbour[] = [];
  for (const { languages, needles, beside } of KINDS) {
    if (beside === undefined || !config.platforms.includes(beside.platform)) continue;
    const { name, pattern, message, hint } = beside;
    for (const language of languages) {
      for (const file of await repo.sourcesContaining(language, needles)) {
        const index = file.code.search(pattern);
        if (index === -1) continue;
        const place = { file: file.path, line: file.line(index) };
        found.push({ name, ...place, severity, message, hint });
      }
    }
  }
  if (config.platforms.includes('ios')) found.push(...(await unclaimedModes(repo, changed)));
  const build = config.platforms.includes('android') ? await repo.androidBuild() : undefined;
  const ours = config.android.workRuntime;
  for (const { module, version, owner, isPinned, file, line } of build?.workUses ?? []) {
    if (owner !== undefined || isPinned || version === undefined || !isBelow(version, ours)) {
      continue;
    }
    const message = `${version} is asked for here; Gradle takes the highest, so the whole app gets the ${ours} of the background sync`;
    const hint = 'Nothing to do, where the app’s own work runs with that, too.';
    found.push({ name: module, file, line, severity, message, hint });
  }
  return found;
}

/**
 * The mode of app refreshes where nothing that can be read asks for one, in an Info.plist that a plan gives its first
 * permitted ids: with those, iOS no longer calls the background fetch of before iOS 13, which a pod may rely on
 * (https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler).
 */
async function unclaimedModes(
  repo: DoctorRepo,
  changed: ReadonlySet<string>,
): Promise<Neighbour[]> {
  // `doctor` asks for no neighbours: most runs of it need neither.
  const [{ iosNeedsOf }, { PERMITTED_KEY, permissionsOf }] = await Promise.all([
    import('./checks/ios/needs.ts'),
    import('./checks/ios/permissions.ts'),
  ]);
  const needs = await iosNeedsOf(repo);
  if (needs.some(({ mode }) => mode === 'fetch')) return [];
  const own = new Set(needs.filter(({ from }) => from === 'config').map(({ id }) => id));
  return (await permissionsOf(repo)).flatMap(({ plist, permitted, modes }): Neighbour[] => {
    const isNew = permitted.status === 'ok' && permitted.values.every(({ text }) => own.has(text));
    const hasMode = modes.status === 'ok' && modes.values.some(({ text }) => text === 'fetch');
    if (!isNew || !hasMode || !changed.has(plist.path)) return [];
    const message = `it gets ${PERMITTED_KEY}: if anything uses the background fetch of before iOS 13, iOS no longer calls it`;
    const hint = 'If nothing does, there is nothing to do.';
    return [{ name: 'fetch mode', file: plist.path, severity: 'note', message, hint }];
  });
}
