import { posix } from 'node:path';
import { resolveBuildPath } from '../formats/build-settings.ts';
import type { ResolvedPath } from '../formats/build-settings.ts';
import { PbxprojSyntaxError, parsePbxproj } from '../formats/pbxproj.ts';
import {
  findAppTargets,
  findCompiledSources,
  findOtherPlatforms,
  findXcconfigs,
  readProjectFolder,
} from '../formats/xcode-project.ts';
import type {
  AppTarget,
  AppTargetConfiguration,
  CompiledSources,
} from '../formats/xcode-project.ts';
import type { ProjectProblem } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { walkFolders } from './walk.ts';
import { readXcconfigs } from './xcconfigs.ts';

/** An app target for iOS, with its build settings and the files that they name. */
export interface XcodeTarget {
  readonly name: string;
  /** The project.pbxproj that has it. */
  readonly project: string;
  /** What its paths are relative to: SRCROOT. '' is the root. */
  readonly folder: string;
  readonly configurations: readonly XcodeConfiguration[];
  /** Every Info.plist that one of its configurations uses and that is there. */
  readonly infoPlists: readonly string[];
  /** What keeps an Info.plist of it from being known, each reason once. */
  readonly missing: readonly MissingInfoPlist[];
  /** Every entitlements file that one of its configurations names and that is there. */
  readonly entitlements: readonly string[];
  /** Variables expanded; those that need one that is not known are left out. */
  readonly bundleIds: readonly string[];
}

export interface XcodeConfiguration extends AppTargetConfiguration {
  /** The Info.plist that it uses, relative to the root; undefined where none is known. */
  readonly infoPlist: string | undefined;
}

/**
 * - `generated`: Xcode makes it from build settings, and there is no file
 * - `unnamed`: no build setting names one
 * - `unresolved`: its path needs a variable that is not known
 * - `outside`: it lies outside of the root
 * - `absent`: the file is not there
 * - `unread`: it is there, and is none that can be read
 * - `binary`: the file is a binary property list
 */
export interface MissingInfoPlist extends ProjectProblem {
  readonly kind:
    | 'generated'
    | 'unnamed'
    | 'unresolved'
    | 'outside'
    | 'absent'
    | 'unread'
    | 'binary';
}

/**
 * The project.pbxproj files below a folder: of those nearest to it, what lies deeper is an example or a dependency.
 *
 * @param levels how deep to look; 1 is the folder itself
 */
async function findInFolder(
  files: ReadOnlyFiles,
  folder: string,
  levels: number,
): Promise<string[]> {
  const bundles = (await walkFolders(files, folder, levels)).filter(
    (path) => path.endsWith('.xcodeproj') && posix.basename(path) !== 'Pods.xcodeproj',
  );
  const depth = (path: string): number => path.split('/').length;
  const nearest = Math.min(...bundles.map(depth));
  return bundles.filter((path) => depth(path) === nearest).map((path) => `${path}/project.pbxproj`);
}

/**
 * The Xcode projects of an app.
 *
 * @param host React Native, Expo, Flutter and Capacitor build what is in `ios/`; a native repo may have it anywhere near
 *   its root. Another project of a hosted app, as one for macOS, is not its iOS app.
 */
export async function findXcodeProjects(
  files: ReadOnlyFiles,
  host: 'native' | 'hosted',
): Promise<string[]> {
  const below = await findInFolder(files, 'ios', 3);
  return below.length > 0 || host === 'hosted' ? below : findInFolder(files, '', 2);
}

/**
 * The app targets of these projects, from the project graph: target → build settings, xcconfigs included → files.
 *
 * @param projects paths of project.pbxproj files
 * @returns the targets, what they and all others compile, and the projects that cannot be read; `onlyFor` is what the app
 *   targets build for where none of them is for iOS: `tvOS`
 */
export async function readXcodeTargets(
  files: ReadOnlyFiles,
  projects: readonly string[],
): Promise<{
  targets: XcodeTarget[];
  sources: ProjectSources[];
  unreadable: ProjectProblem[];
  onlyFor: string[];
}> {
  const targets: XcodeTarget[] = [];
  const sources: ProjectSources[] = [];
  const unreadable: ProjectProblem[] = [];
  const others: string[][] = [];
  for (const path of projects) {
    const text = await files.read(path);
    if (text === undefined) {
      if (await files.isAbsent(path)) unreadable.push({ path, reason: 'it is not there' });
      continue;
    }
    try {
      const project = parsePbxproj(text);
      const folder = posix
        .join(folderOfProject(path), readProjectFolder(project))
        .replace(/^\.?\/?$/, '');
      const xcconfigs = await readXcconfigs(findXcconfigs(project), folder, (one) =>
        files.read(one),
      );
      const found = findAppTargets(project, xcconfigs);
      for (const target of found) {
        targets.push(await describe(files, { target, project: path, folder }));
      }
      if (found.length === 0) others.push(findOtherPlatforms(project, xcconfigs));
      sources.push({ project: path, folder, compiled: findCompiledSources(project) });
    } catch (error) {
      if (!(error instanceof PbxprojSyntaxError)) throw error;
      unreadable.push({ path, reason: `it cannot be read: ${error.message}` });
    }
  }
  // One that cannot be read may be the one for iOS.
  const isKnown =
    targets.length + unreadable.length === 0 && others.every(({ length }) => length > 0);
  return { targets, sources, unreadable, onlyFor: isKnown ? [...new Set(others.flat())] : [] };
}

/** Of `ios/App/App.xcodeproj/project.pbxproj`, `ios/App`; '' is the root. */
export const folderOfProject = (project: string): string =>
  posix.join(project, '../..').replace(/^\.$/, '');

/** What the targets of a project compile, tests and extensions included. */
export interface ProjectSources {
  /** The project.pbxproj. */
  readonly project: string;
  /** SRCROOT. */
  readonly folder: string;
  /** Undefined where the project has no lists of sources. */
  readonly compiled: CompiledSources | undefined;
}

/** Where a target is. */
interface TargetPlace {
  readonly target: AppTarget;
  /** Path of project.pbxproj. */
  readonly project: string;
  /** SRCROOT. */
  readonly folder: string;
}

async function describe(files: ReadOnlyFiles, place: TargetPlace): Promise<XcodeTarget> {
  const { target, project, folder } = place;
  const configurations: XcodeConfiguration[] = [];
  const missing = new Map<string, MissingInfoPlist>();
  const entitlements = new Set<string>();
  const bundleIds = new Set<string>();
  for (const configuration of target.configurations) {
    const plist = await findInfoPlist(files, place, configuration);
    const infoPlist = typeof plist === 'string' ? plist : undefined;
    if (typeof plist !== 'string') missing.set(`${plist.path}\0${plist.reason}`, plist);
    configurations.push({ ...configuration, infoPlist });

    const rights = expand(
      configuration.settings.CODE_SIGN_ENTITLEMENTS ?? '',
      place,
      configuration,
    );
    const path = rights.path && placeIn(folder, rights.path);
    if (path && (await files.exists(path))) entitlements.add(path);

    const id = expand(configuration.bundleId ?? '', place, configuration).path;
    if (id) bundleIds.add(id);
  }
  const infoPlists = configurations.flatMap(({ infoPlist }) => infoPlist ?? []);
  return {
    name: target.name,
    project,
    folder,
    configurations,
    infoPlists: [...new Set(infoPlists)],
    missing: [...missing.values()],
    entitlements: [...entitlements],
    bundleIds: [...bundleIds],
  };
}

/** @returns its path, or why there is none */
async function findInfoPlist(
  files: ReadOnlyFiles,
  place: TargetPlace,
  configuration: AppTargetConfiguration,
): Promise<string | MissingInfoPlist> {
  const { target, project, folder } = place;
  const { infoPlistFile: raw, generatesInfoPlist, unreadXcconfigs } = configuration;
  const because = (
    kind: MissingInfoPlist['kind'],
    reason: string,
    path = project,
  ): MissingInfoPlist => ({ kind, path, reason });
  const who = `target ${target.name}`;
  const unread = unreadXcconfigs.filter((path) => !path.startsWith('Pods/'));
  const hint = unread.length === 0 ? '' : ` (${unread.join(', ')} is not there)`;
  if (raw === undefined) {
    return generatesInfoPlist
      ? because('generated', `${who} has no Info.plist file (GENERATE_INFOPLIST_FILE = YES)`)
      : because('unnamed', `${who} names no INFOPLIST_FILE${hint}`);
  }
  const setting = `${who}: INFOPLIST_FILE = ${raw}`;
  const resolved = expand(raw, place, configuration);
  if (resolved.path === undefined) {
    const variable = `$(${resolved.unresolved})`;
    return because(
      'unresolved',
      `${setting} needs ${variable}, which the project does not define${hint}`,
    );
  }
  const path = placeIn(folder, resolved.path);
  if (path === undefined) return because('outside', `${setting} lies outside the app`);
  const bytes = await files.bytes(path);
  if (bytes === undefined) {
    return (await files.isAbsent(path))
      ? because('absent', `${setting} is not there`)
      : because('unread', `${setting} cannot be read`);
  }
  return bytes.subarray(0, 6).toString('latin1') === 'bplist'
    ? because('binary', 'it is a binary property list', path)
    : path;
}

/** A build setting with its variables expanded, those that Xcode itself defines among them. */
const expand = (
  raw: string,
  { target, project }: TargetPlace,
  { settings }: AppTargetConfiguration,
): ResolvedPath =>
  resolveBuildPath(raw, {
    PRODUCT_NAME: target.name,
    ...settings,
    SRCROOT: '.',
    SOURCE_ROOT: '.',
    PROJECT_DIR: '.',
    PROJECT_NAME: posix.basename(posix.dirname(project), '.xcodeproj'),
  });

/** A path of a build setting, relative to the root; undefined where it lies outside. */
function placeIn(folder: string, path: string): string | undefined {
  const joined = posix.join(folder, path);
  return joined.startsWith('..') || posix.isAbsolute(path) ? undefined : joined;
}
