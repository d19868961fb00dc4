import { PUBSPEC, lineOfDependency, lockedVersions, pathPackages } from '../../project/pubspec.ts';
import type { Pubspec } from '../../project/pubspec.ts';
import type { Evidence } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';

/** Plugins of Flutter that run Dart in the background. */
export const WORKMANAGER = 'workmanager';
export const BACKGROUND_FETCH = 'background_fetch';

/** What takes a Dart function whose handle native code keeps. */
export interface CallbackTaker {
  /** The package; undefined for Dart's own. */
  readonly library?: string;
  /** What is called, up to its bracket. */
  readonly call: RegExp;
  /** Which argument it is: by its place, or by its name. */
  readonly argument: number | string;
}

export const CALLBACK_TAKERS: readonly CallbackTaker[] = [
  {
    library: WORKMANAGER,
    call: /\bWorkmanager(?:\s*\(\s*\)|\s*\.\s*instance)?\s*\.\s*initialize/,
    argument: 0,
  },
  {
    library: BACKGROUND_FETCH,
    call: /\bBackgroundFetch\s*\.\s*registerHeadlessTask/,
    argument: 0,
  },
  {
    library: 'flutter_background_geolocation',
    call: /\bBackgroundGeolocation\s*\.\s*registerHeadlessTask/,
    argument: 0,
  },
  {
    library: 'flutter_downloader',
    call: /\bFlutterDownloader\s*\.\s*registerCallback/,
    argument: 0,
  },
  {
    library: 'firebase_messaging',
    call: /\bFirebaseMessaging\s*\.\s*onBackgroundMessage/,
    argument: 0,
  },
  {
    library: 'android_alarm_manager_plus',
    call: /\bAndroidAlarmManager\s*\.\s*(?:oneShot|oneShotAt|periodic)/,
    argument: 2,
  },
  {
    library: 'flutter_background_service',
    call: /\bAndroidConfiguration/,
    argument: 'onStart',
  },
  {
    library: 'flutter_background_service',
    call: /\bIosConfiguration/,
    argument: 'onBackground',
  },
  {
    library: 'flutter_foreground_task',
    call: /\bFlutterForegroundTask\s*\.\s*startService/,
    argument: 'callback',
  },
  {
    library: 'flutter_local_notifications',
    call: /\.\s*initialize/,
    argument: 'onDidReceiveBackgroundNotificationResponse',
  },
  {
    library: 'home_widget',
    call: /\bHomeWidget\s*\.\s*register(?:Interactivity|Background)Callback/,
    argument: 0,
  },
];

/** What pub takes into the app. */
export interface PubPackages {
  readonly spec: Pubspec;
  /** By name, from pubspec.lock; empty where that is not in the repo, or is the workspace's. */
  readonly locked: ReadonlyMap<string, string>;
  depends(name: string): boolean;
}

const known = new WeakMap<DoctorRepo, Promise<PubPackages | undefined>>();

/** @returns undefined where the app is none of Flutter, or its pubspec cannot be read */
export function pubPackagesOf(repo: DoctorRepo): Promise<PubPackages | undefined> {
  const found = known.get(repo) ?? find(repo);
  known.set(repo, found);
  return found;
}

async function find(repo: DoctorRepo): Promise<PubPackages | undefined> {
  if (repo.host !== 'flutter') return undefined;
  const packages = await pathPackages(repo.files);
  const spec = packages.get('');
  if (spec === undefined) return undefined;
  const locked = await lockedVersions(repo.files);
  const specs = [...packages.values()];
  return {
    spec,
    locked,
    depends: (name) => specs.some(({ dependencies }) => dependencies[name] !== undefined),
  };
}

/** A dependency's own line in pubspec.yaml, with the version that pub took, as far as that is known. */
export async function pubDependencyOf(repo: DoctorRepo, name: string): Promise<Evidence> {
  const packages = await pubPackagesOf(repo);
  const version = packages?.locked.get(name) ?? packages?.spec.dependencies[name];
  const says = `the app depends on ${name}${typeof version === 'string' ? `, here ${version}` : ''}`;
  const line = await lineOfDependency(repo.files, name);
  return { file: PUBSPEC, ...(line && { line }), says };
}

/**
 * The app's own Dart that has a package it depends on: the files that import it, their parts, and where a file of the app
 * exports it anew, all; none where it does not depend on it.
 */
export async function dartUsing(repo: DoctorRepo, name: string): Promise<readonly SourceFile[]> {
  if ((await pubPackagesOf(repo))?.depends(name) !== true) return [];
  const needle = `package:${name}/`;
  const importing = await repo.sourcesContaining('dart', [needle]);
  if (importing.length === 0) return [];
  const exported = new RegExp(`^[ \\t]*export\\s+["']${needle}`, 'm');
  if (importing.some(({ noComments }) => exported.test(noComments))) return repo.sources('dart');
  const isPart = ({ noComments }: SourceFile): boolean => /^[ \t]*part\s+of\b/m.test(noComments);
  const parts = (await repo.sourcesContaining('dart', ['part of'])).filter(
    (file) => !importing.includes(file) && isPart(file),
  );
  return [...importing, ...parts];
}
