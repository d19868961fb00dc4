import { readYaml } from '../../formats/yaml.ts';
import { PUBSPEC, lineOfDependency, readPubspecText } from '../../project/pubspec.ts';
import type { Pubspec } from '../../project/pubspec.ts';
import type { Evidence } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';

/** Plugins of Flutter that run Dart in the background. */
export const WORKMANAGER = 'workmanager';
export const BACKGROUND_FETCH = 'background_fetch';

/** What takes a Dart function whose handle native code keeps, by the package that has it; up to its bracket. */
export const CALLBACK_TAKERS = [
  [WORKMANAGER, /\bWorkmanager(?:\s*\(\s*\)|\s*\.\s*instance)?\s*\.\s*initialize/],
  [BACKGROUND_FETCH, /\bBackgroundFetch\s*\.\s*registerHeadlessTask/],
] as const;

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
  const spec = await readPubspecText((await repo.read(PUBSPEC)) ?? '');
  if (spec === undefined) return undefined;
  const lock = (await readYaml((await repo.read('pubspec.lock')) ?? '')) as
    { packages?: Readonly<Record<string, { version?: unknown } | undefined>> } | undefined;
  const locked = new Map<string, string>();
  for (const [name, entry] of Object.entries(lock?.packages ?? {})) {
    if (typeof entry?.version === 'string') locked.set(name, entry.version);
  }
  return { spec, locked, depends: (name) => spec.dependencies[name] !== undefined };
}

/** A dependency's own line in pubspec.yaml, with the version that pub took, as far as that is known. */
export async function pubDependencyOf(repo: DoctorRepo, name: string): Promise<Evidence> {
  const text = (await repo.read(PUBSPEC)) ?? '';
  const packages = await pubPackagesOf(repo);
  const version = packages?.locked.get(name) ?? packages?.spec.dependencies[name];
  const says = `the app depends on ${name}${typeof version === 'string' ? `, here ${version}` : ''}`;
  const line = lineOfDependency(text, name);
  return { file: PUBSPEC, ...(line && { line }), says };
}

/** The app's own Dart that imports a package it depends on; none where it does not depend on it. */
export async function dartUsing(repo: DoctorRepo, name: string): Promise<readonly SourceFile[]> {
  if ((await pubPackagesOf(repo))?.depends(name) !== true) return [];
  return repo.sourcesContaining('dart', [`package:${name}/`]);
}
