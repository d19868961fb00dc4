import { flattenSettings } from './build-settings.ts';
import { PbxprojSyntaxError, isDict, listOf, own, textOf } from './pbxproj.ts';
import type { PbxprojDict, PbxprojValue } from './pbxproj.ts';

export interface AppTarget {
  /** Id of the PBXNativeTarget. */
  readonly id: string;
  readonly name: string;
  readonly configurations: readonly AppTargetConfiguration[];
}

/** Settings as they stand in the project and its xcconfigs: not expanded. */
export interface AppTargetConfiguration {
  readonly name: string;
  readonly infoPlistFile: string | undefined;
  /** GENERATE_INFOPLIST_FILE: Xcode makes an Info.plist, or completes the one there is. */
  readonly generatesInfoPlist: boolean;
  readonly bundleId: string | undefined;
  readonly swiftVersion: string | undefined;
  /** SWIFT_DEFAULT_ACTOR_ISOLATION. */
  readonly defaultActorIsolation: string | undefined;
  /** Whether an xcconfig adds settings or sets them otherwise. */
  readonly hasXcconfig: boolean;
  /** Those whose settings are not among `settings`: they were not handed over. */
  readonly unreadXcconfigs: readonly string[];
  /** The target's settings over its xcconfig's over the project's over its xcconfig's; for `resolveBuildPath`. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * The app targets for iOS: native targets of type application that build for iphoneos, in the project's order.
 * App extensions, and apps for watchOS, tvOS or macOS alone, are left out.
 *
 * @param xcconfigs the settings of each xcconfig, by its path as {@link findXcconfigs} gives it
 * @throws PbxprojSyntaxError where the project has no objects
 */
export function findAppTargets(
  project: PbxprojDict,
  xcconfigs: ReadonlyMap<string, PbxprojDict> = new Map(),
): AppTarget[] {
  return applicationsOf(project, xcconfigs)
    .filter(({ levels }) => levels.some((one) => sdksOf(one).includes('iphoneos')))
    .map(({ id, name, levels }) => ({
      id,
      name,
      configurations: levels.map((one) => describe(name, one)),
    }));
}

/** Xcode's names of the SDKs for devices, and those of what they are for. */
const OTHER_SDKS: ReadonlyMap<string, string> = new Map([
  ['appletvos', 'tvOS'],
  ['macosx', 'macOS'],
  ['watchos', 'watchOS'],
  ['xros', 'visionOS'],
]);

/**
 * What the app targets build for where none of them is for iOS, each once: `tvOS`. Empty where that of one is not known.
 *
 * @throws PbxprojSyntaxError where the project has no objects
 */
export function findOtherPlatforms(
  project: PbxprojDict,
  xcconfigs: ReadonlyMap<string, PbxprojDict> = new Map(),
): string[] {
  const apps = applicationsOf(project, xcconfigs).map(({ levels }) => levels.flatMap(sdksOf));
  const isOther = (sdks: readonly string[]): boolean =>
    !sdks.includes('iphoneos') && sdks.some((sdk) => OTHER_SDKS.has(sdk));
  return apps.every(isOther)
    ? [...new Set(apps.flat().flatMap((sdk) => OTHER_SDKS.get(sdk) ?? []))]
    : [];
}

interface Application {
  readonly id: string;
  readonly name: string;
  /** Those of each configuration. */
  readonly levels: readonly Levels[];
}

/** The native targets of type application, in the project's order. */
function applicationsOf(
  project: PbxprojDict,
  xcconfigs: ReadonlyMap<string, PbxprojDict>,
): Application[] {
  const objects = objectsOf(project);
  const root = objectOf(objects, own(project, 'rootObject'));
  const paths = pathsOfGroups(objects, root);
  const shared = configurationsOf(objects, root, paths);
  const listed = listOf(own(root, 'targets')).filter((id) => typeof id === 'string');
  const found: Application[] = [];
  for (const id of new Set(listed.length > 0 ? listed : Object.keys(objects))) {
    const target = objectOf(objects, id);
    if (
      own(target, 'isa') !== 'PBXNativeTarget' ||
      own(target, 'productType') !== 'com.apple.product-type.application'
    ) {
      continue;
    }
    const name = textOf(own(target, 'name')) ?? textOf(own(target, 'productName')) ?? id;
    const configurations = configurationsOf(objects, target, paths);
    const inherited = (configuration: string): BuildConfiguration | undefined =>
      shared.list.find((candidate) => candidate.name === configuration) ??
      shared.list.find((candidate) => candidate.name === shared.defaultName) ??
      shared.list[0];
    const levels = configurations.list.map((configuration) =>
      levelsOf(configuration, inherited(configuration.name), xcconfigs),
    );
    found.push({ id, name, levels });
  }
  return found;
}

/**
 * The xcconfigs that configurations are based on, relative to the folder of the .xcodeproj; those of CocoaPods too.
 *
 * @throws PbxprojSyntaxError where the project has no objects
 */
export function findXcconfigs(project: PbxprojDict): string[] {
  const objects = objectsOf(project);
  const paths = pathsOfGroups(objects, objectOf(objects, own(project, 'rootObject')));
  const found = Object.values(objects).map((object) =>
    isDict(object) ? xcconfigOf(objects, object, paths) : undefined,
  );
  return [...new Set(found.filter((path) => path !== undefined))].sort();
}

/** The project's folder of sources, relative to that of the .xcodeproj: almost always `''`. */
export function readProjectFolder(project: PbxprojDict): string {
  const objects = objectsOf(project);
  return textOf(own(objectOf(objects, own(project, 'rootObject')), 'projectDirPath')) ?? '';
}

/** What the targets of a project compile. Paths are relative to the folder of the .xcodeproj. */
export interface CompiledSources {
  /** Files of the targets' phases. */
  readonly files: ReadonlySet<string>;
  /** Folders that a target takes as they are, from Xcode 16 on. */
  readonly folders: readonly string[];
  /** Names of files whose folder only a build knows. */
  readonly names: ReadonlySet<string>;
}

/**
 * @returns undefined where no target has a list of what it compiles: a generator makes it later
 * @throws PbxprojSyntaxError where the project has no objects
 */
export function findCompiledSources(project: PbxprojDict): CompiledSources | undefined {
  const objects = objectsOf(project);
  const root = objectOf(objects, own(project, 'rootObject'));
  const paths = pathsOfGroups(objects, root);
  const [files, folders, names] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let hasList = false;
  for (const target of Object.values(objects)) {
    if (
      !isDict(target) ||
      !/^PBX(?:Native|Aggregate)Target$/.test(textOf(own(target, 'isa')) ?? '')
    )
      continue;
    for (const id of listOf(own(target, 'fileSystemSynchronizedGroups'))) {
      hasList = true;
      folders.add(typeof id === 'string' ? (paths.get(id) ?? '') : '');
    }
    for (const phaseId of listOf(own(target, 'buildPhases'))) {
      const phase = objectOf(objects, phaseId);
      if (own(phase, 'isa') !== 'PBXSourcesBuildPhase') continue;
      hasList = true;
      for (const buildFile of listOf(own(phase, 'files'))) {
        const id = own(objectOf(objects, buildFile), 'fileRef');
        const path = typeof id === 'string' ? paths.get(id) : undefined;
        if (path !== undefined) files.add(path);
        else {
          const reference = objectOf(objects, id);
          const name = textOf(own(reference, 'path')) ?? textOf(own(reference, 'name'));
          if (name !== undefined) names.add(name.slice(name.lastIndexOf('/') + 1));
        }
      }
    }
  }
  return hasList ? { files, folders: [...folders], names } : undefined;
}

function objectsOf(project: PbxprojDict): PbxprojDict {
  const objects = own(project, 'objects');
  if (!isDict(objects)) throw new PbxprojSyntaxError('there are no objects in it', 1);
  return objects;
}

/**
 * The folder that the children of each group are relative to. What lies in a place that only a build knows, such as
 * SDKROOT, is left out.
 */
function pathsOfGroups(
  objects: PbxprojDict,
  root: PbxprojDict | undefined,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const waiting: [id: PbxprojValue | undefined, folder: string][] = [[own(root, 'mainGroup'), '']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [id, folder] = next;
    if (typeof id !== 'string' || paths.has(id)) continue;
    const object = objectOf(objects, id);
    const path = placeOf(object, folder);
    if (object === undefined || path === undefined) continue;
    paths.set(id, path);
    for (const child of listOf(own(object, 'children'))) waiting.push([child, path]);
  }
  return paths;
}

function placeOf(object: PbxprojDict | undefined, folder: string): string | undefined {
  const path = textOf(own(object, 'path')) ?? '';
  const tree = textOf(own(object, 'sourceTree')) ?? '<group>';
  if (tree === '<absolute>') return path;
  if (tree === 'SOURCE_ROOT') return path;
  if (tree !== '<group>') return undefined;
  return [folder, path].filter((part) => part !== '').join('/');
}

function xcconfigOf(
  objects: PbxprojDict,
  configuration: PbxprojDict,
  paths: ReadonlyMap<string, string>,
): string | undefined {
  const reference = textOf(own(configuration, 'baseConfigurationReference'));
  if (reference !== undefined) {
    return paths.get(reference) ?? placeOf(objectOf(objects, reference), '');
  }
  // Xcode 16, in a folder that is synchronized: the anchor is the folder.
  const anchor = textOf(own(configuration, 'baseConfigurationReferenceAnchor'));
  const relative = textOf(own(configuration, 'baseConfigurationReferenceRelativePath'));
  if (anchor === undefined || relative === undefined) return undefined;
  const folder = paths.get(anchor) ?? placeOf(objectOf(objects, anchor), '');
  return folder === undefined ? undefined : [folder, relative].filter(Boolean).join('/');
}

interface BuildConfiguration {
  readonly name: string;
  readonly settings: PbxprojDict;
  readonly hasXcconfig: boolean;
  readonly xcconfig: string | undefined;
}

interface ConfigurationList {
  readonly list: readonly BuildConfiguration[];
  readonly defaultName: string | undefined;
}

function configurationsOf(
  objects: PbxprojDict,
  owner: PbxprojDict | undefined,
  paths: ReadonlyMap<string, string>,
): ConfigurationList {
  const holder = objectOf(objects, own(owner, 'buildConfigurationList'));
  const list: BuildConfiguration[] = [];
  for (const reference of listOf(own(holder, 'buildConfigurations'))) {
    const configuration = objectOf(objects, reference);
    if (configuration === undefined) continue;
    const settings = own(configuration, 'buildSettings');
    list.push({
      name: textOf(own(configuration, 'name')) ?? '',
      settings: isDict(settings) ? settings : {},
      hasXcconfig:
        own(configuration, 'baseConfigurationReference') !== undefined ||
        own(configuration, 'baseConfigurationReferenceAnchor') !== undefined,
      xcconfig: xcconfigOf(objects, configuration, paths),
    });
  }
  return { list, defaultName: textOf(own(holder, 'defaultConfigurationName')) };
}

/** The levels that settings come from, the strongest last: https://developer.apple.com/documentation/xcode/build-settings-reference */
interface Levels {
  /** The name of the configuration. */
  readonly name: string;
  readonly settings: readonly PbxprojDict[];
  readonly hasXcconfig: boolean;
  readonly unread: readonly string[];
}

function levelsOf(
  configuration: BuildConfiguration,
  inherited: BuildConfiguration | undefined,
  xcconfigs: ReadonlyMap<string, PbxprojDict>,
): Levels {
  const both = inherited === undefined ? [configuration] : [inherited, configuration];
  const named = both.map(({ xcconfig }) => xcconfig).filter((path) => path !== undefined);
  return {
    name: configuration.name,
    settings: both.flatMap(({ xcconfig, settings }) => [
      (xcconfig === undefined ? undefined : xcconfigs.get(xcconfig)) ?? {},
      settings,
    ]),
    hasXcconfig: both.some(({ hasXcconfig }) => hasXcconfig),
    unread: [...new Set(named.filter((path) => !xcconfigs.has(path)))],
  };
}

function describe(target: string, levels: Levels): AppTargetConfiguration {
  const { name } = levels;
  const settings: Record<string, string> = {
    TARGET_NAME: target,
    TARGETNAME: target,
    CONFIGURATION: name,
  };
  for (const level of levels.settings) {
    for (const [key, value] of flattenSettings(level, name)) {
      const outer = settings[key] ?? '';
      settings[key] = value.replace(
        /\$\((\w+)\)|\$\{(\w+)\}/g,
        (match, round: string | undefined, curly: string | undefined) => {
          const reference = round ?? curly;
          return reference === 'inherited' || reference === key ? outer : match;
        },
      );
    }
  }
  const get = (key: string): string | undefined =>
    Object.hasOwn(settings, key) ? settings[key] : undefined;
  return {
    name,
    infoPlistFile: get('INFOPLIST_FILE') === '' ? undefined : get('INFOPLIST_FILE'),
    generatesInfoPlist: get('GENERATE_INFOPLIST_FILE') === 'YES',
    bundleId: get('PRODUCT_BUNDLE_IDENTIFIER'),
    swiftVersion: get('SWIFT_VERSION'),
    defaultActorIsolation: get('SWIFT_DEFAULT_ACTOR_ISOLATION'),
    hasXcconfig: levels.hasXcconfig,
    unreadXcconfigs: levels.unread,
    settings,
  };
}

/** The deployment targets that seldom stand in an xcconfig, with the SDKs that they are for. */
const DEPLOYMENT_TARGETS = [
  ['IPHONEOS_DEPLOYMENT_TARGET', 'iphoneos'],
  ['TVOS_DEPLOYMENT_TARGET', 'appletvos'],
] as const;

/**
 * The names of the SDKs that a configuration builds with. The nearer level decides, and SUPPORTED_PLATFORMS before
 * SDKROOT, which may be `auto`
 * (https://developer.apple.com/documentation/xcode/build-settings-reference#Supported-Platforms).
 */
function sdksOf({ name, settings }: Levels): readonly string[] {
  const maps = settings.map((level) => new Map(flattenSettings(level, name))).reverse();
  for (const level of maps) {
    const platforms = level.get('SUPPORTED_PLATFORMS');
    if (platforms !== undefined && !platforms.includes('$')) return platforms.split(/\s+/);
    const sdk = level.get('SDKROOT');
    if (sdk !== undefined && sdk !== 'auto' && !sdk.includes('$')) {
      const name = sdk.slice(sdk.lastIndexOf('/') + 1).toLowerCase();
      return [/^[a-z]*/.exec(name)?.[0] ?? ''];
    }
  }
  // Both may come from an xcconfig that is not there.
  const target = DEPLOYMENT_TARGETS.find(([key]) => maps.some((level) => level.has(key)));
  return target === undefined ? [] : [target[1]];
}

/** What an id stands for; undefined for none. */
function objectOf(
  objects: PbxprojDict,
  reference: PbxprojValue | undefined,
): PbxprojDict | undefined {
  const object = typeof reference === 'string' ? own(objects, reference) : undefined;
  return isDict(object) ? object : undefined;
}
