import { PROTOCOL, TRANSISTOR } from '../facts.ts';
import type { FileSystem } from '../file-system.ts';
import { readPlistDict, readPlistStrings } from '../formats/plist.ts';
import { maskSource } from '../formats/source.ts';
import type { MaskedSource, SourceLanguage } from '../formats/source.ts';
import { lineNumber } from '../formats/text.ts';
import { isBelow } from '../versions.ts';
import { declaredVersion } from './declared-version.ts';
import {
  declaredRange,
  installedVersion,
  lineOfDependency,
  readPackageJson,
  requirePackageJson,
} from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import { at } from '../place.ts';
import { infoPlistsOf } from './project.ts';
import type { Project } from './project.ts';
import { PUBSPEC, lineOfDependency as lineInPubspec, readPubspecText } from './pubspec.ts';
import { readText } from './read-text.ts';
import { RepoFiles } from './repo-files.ts';
import { walkFiles } from './walk.ts';

/** Other background work in the app, and what a background sync beside it means. */
export interface Neighbour {
  readonly name: string;
  /** Relative to the app's root, with `/`. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** `warning`: something that works today would stop. What would crash, the checks that block refuse. */
  readonly severity: 'note' | 'warning';
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** What the background sync will claim for itself. */
export interface Claim {
  readonly taskId: string;
  readonly moduleDir: string;
  readonly platforms: readonly ('android' | 'ios')[];
}

/**
 * Finds the background work that an app has already: in package.json, the Info.plists, and the app's own native sources
 * (bounded; what is installed is not looked into). Warnings first.
 */
export async function findNeighbours(
  fs: FileSystem,
  project: Project,
  claim: Claim,
): Promise<Neighbour[]> {
  const { root } = project;
  const files = new RepoFiles(fs, root);
  const isFlutter = project.host === 'flutter';
  const packageJson = isFlutter ? readPackageJson({}) : await requirePackageJson(fs, root);
  const found: Neighbour[] = isFlutter ? await findPlugins(fs, root) : [];
  if (claim.platforms.includes('ios') && project.ios !== undefined) {
    const sources = await readSources(files, ['ios'], APPLE, claim.moduleDir);
    const plists = await readPlists(files, project);
    const legacy = findLegacyFetch(packageJson, plists, sources);
    found.push(
      ...(await findTransistor(fs, root, packageJson)),
      ...sources.flatMap((source) => findRegistrations(source, claim.taskId)),
      ...(legacy === undefined ? [] : [legacy]),
      ...findOtherIds(plists, claim.taskId),
    );
  }
  if (declaredRange(packageJson, 'expo-background-task') !== undefined) {
    found.push(await ofPackage(files, 'expo-background-task', EXPO_BACKGROUND_TASK));
  }
  if (claim.platforms.includes('android') && project.android !== undefined) {
    const sources = await readSources(files, ['android'], JVM, claim.moduleDir);
    found.push(...sources.flatMap(findAndroidWork));
  }
  const rank = { warning: 0, note: 1 };
  return found.sort((a, b) => rank[a.severity] - rank[b.severity]);
}

/** Plugins of Flutter that have windows of their own. */
const PLUGINS = ['workmanager', 'background_fetch'];

async function findPlugins(fs: FileSystem, root: string): Promise<Neighbour[]> {
  const text = (await readText(fs, at(root, PUBSPEC))) ?? '';
  const dependencies = (await readPubspecText(text))?.dependencies ?? {};
  return PLUGINS.filter((name) => dependencies[name] !== undefined).map((name) => ({
    name,
    file: PUBSPEC,
    line: lineInPubspec(text, name),
    severity: 'note',
    message: 'it has windows of its own; both work, and share what the system gives the app',
    hint: 'Keep one of the two, unless they do different things.',
  }));
}

interface Source extends MaskedSource {
  readonly path: string;
}

const APPLE: Readonly<Record<string, SourceLanguage>> = {
  swift: 'swift',
  m: 'objc',
  mm: 'objc',
  h: 'objc',
};
const JVM: Readonly<Record<string, SourceLanguage>> = { kt: 'kotlin', java: 'java' };

/** Far beyond what an app writes itself; a vendored SDK of that size is not looked into. */
const LIMITS = { files: 2000, folders: 2000, depth: 16 };

const NEEDLES = [
  'BGTaskScheduler',
  'performFetch',
  'BackgroundFetchInterval',
  'HeadlessJsTaskService',
  'androidx.work',
];

async function readSources(
  files: RepoFiles,
  folders: readonly string[],
  languages: Readonly<Record<string, SourceLanguage>>,
  moduleDir: string,
): Promise<Source[]> {
  const languageOf = (path: string): SourceLanguage | undefined =>
    languages[path.slice(path.lastIndexOf('.') + 1)];
  const sources: Source[] = [];
  for (const folder of folders) {
    const paths = await walkFiles(files, folder, {
      limits: LIMITS,
      accept: (path) => languageOf(path) !== undefined && !/Tests?\//.test(path),
      enter: (path) => path !== moduleDir,
    });
    for (const path of paths) {
      const bytes = await files.bytes(path);
      const language = languageOf(path);
      if (bytes === undefined || language === undefined) continue;
      if (!NEEDLES.some((needle) => bytes.includes(needle))) continue;
      const text = await files.read(path);
      if (text !== undefined) sources.push({ path, ...maskSource(text, language) });
    }
  }
  return sources;
}

interface Plist {
  readonly path: string;
  readonly ids: readonly { readonly text: string; readonly line: number }[];
  /** Whether the key is there, with ids or without. */
  readonly hasIds: boolean;
  readonly fetchModeLine: number | undefined;
}

async function readPlists(files: RepoFiles, project: Project): Promise<Plist[]> {
  const plists: Plist[] = [];
  for (const path of infoPlistsOf(project)) {
    const text = await files.read(path);
    if (text === undefined) continue;
    const dict = readPlistDict(text);
    const ids = readPlistStrings(text, PERMITTED);
    const modes = readPlistStrings(text, 'UIBackgroundModes');
    plists.push({
      path,
      ids: ids.status === 'ok' ? ids.values : [],
      hasIds: dict.status === 'ok' && dict.keys.some(({ key }) => key === PERMITTED),
      fetchModeLine:
        modes.status === 'ok'
          ? modes.values.find((mode) => mode.text === 'fetch')?.line
          : undefined,
    });
  }
  return plists;
}

const PERMITTED = 'BGTaskSchedulerPermittedIdentifiers';
const GEOLOCATION = 'react-native-background-geolocation';

async function findTransistor(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
): Promise<Neighbour[]> {
  const { name } = TRANSISTOR;
  const declared = declaredRange(packageJson, name);
  const base = { name, file: 'package.json' };
  if (declared === undefined) {
    if (declaredRange(packageJson, GEOLOCATION) === undefined) return [];
    return [
      {
        ...base,
        name: GEOLOCATION,
        severity: 'warning',
        message: `it brings ${name}; one before ${TRANSISTOR.firstWithPrefix} registers bgsync’s task as its own, and the app then crashes at its start`,
        hint: `Check that ${name} ${TRANSISTOR.firstWithPrefix} or newer is installed.`,
      },
    ];
  }
  const version = (await installedVersion(fs, root, name)) ?? declaredVersion(declared);
  if (version === undefined) {
    return [
      {
        ...base,
        severity: 'warning',
        message: `before ${TRANSISTOR.firstWithPrefix} it registers bgsync’s task as its own, and the app then crashes at its start; package.json says ${declared}`,
        hint: `Check that ${name} ${TRANSISTOR.firstWithPrefix} or newer is installed.`,
      },
    ];
  }
  // The check I32 refuses it.
  if (isBelow(version, TRANSISTOR.firstWithPrefix)) return [];
  return [
    {
      ...base,
      severity: 'note',
      message: 'it has windows of its own; both work, and share what the system gives the app',
      hint: MIGRATE,
    },
  ];
}

const MIGRATE =
  'Keep one of the two, unless they do different things: `npx bgsync migrate` moves its task into bgsync’s handler.';
const EXPO_BACKGROUND_TASK =
  'it has windows of its own; both work, and share what the system gives the app';

async function ofPackage(files: RepoFiles, name: string, message: string): Promise<Neighbour> {
  const text = (await files.read('package.json')) ?? '';
  return {
    name,
    file: 'package.json',
    line: lineOfDependency(text, name),
    severity: 'note',
    message,
    hint: MIGRATE,
  };
}

const REGISTER = /\bregister\s*\(\s*forTaskWithIdentifier\s*:|\bregisterForTaskWithIdentifier\s*:/g;

/** The app's own tasks. */
function findRegistrations(source: Source, taskId: string): Neighbour[] {
  const calls = [...source.code.matchAll(REGISTER)];
  const at = (offset: number) => ({ file: source.path, line: lineNumber(source.code, offset) });
  // What is registered twice, the check I07 refuses.
  if (source.strings.some(({ text }) => text === PERMITTED || text === taskId)) return [];
  return calls.map(({ index }) => ({
    name: 'BGTaskScheduler',
    ...at(index),
    severity: 'note',
    message: 'the app has a background task of its own; it stays as it is',
    hint: 'Nothing to do: both run, each under its own identifier.',
  }));
}

const LEGACY = /\bperformFetchWithCompletionHandler\b|\bsetMinimumBackgroundFetchInterval\b/;

/**
 * Background fetch as it was before iOS 13: a plist with permitted identifiers turns it off
 * (https://developer.apple.com/documentation/uikit/uiapplicationdelegate/application(_:performfetchwithcompletionhandler:)).
 */
function findLegacyFetch(
  packageJson: PackageJson,
  plists: readonly Plist[],
  sources: readonly Source[],
): Neighbour | undefined {
  const turnedOff = plists.filter(({ hasIds }) => !hasIds);
  if (turnedOff.length === 0) return undefined;
  const neighbour = (place: { name: string; file: string; line?: number }): Neighbour => ({
    ...place,
    severity: 'warning',
    message: `it uses the background fetch of before iOS 13. ${turnedOff.map(({ path }) => path).join(', ')} gets ${PERMITTED}, and from then on iOS no longer calls it`,
    hint: 'Move that work into the sync’s handler, or to a BGAppRefreshTask, before you ship.',
  });
  for (const source of sources) {
    const match = LEGACY.exec(source.code);
    if (match === null) continue;
    const line = lineNumber(source.code, match.index);
    return neighbour({ name: match[0], file: source.path, line });
  }
  if (declaredRange(packageJson, 'expo-background-fetch') !== undefined) {
    return neighbour({ name: 'expo-background-fetch', file: 'package.json' });
  }
  const mode = turnedOff.find(({ fetchModeLine }) => fetchModeLine !== undefined);
  if (mode?.fetchModeLine === undefined) return undefined;
  return {
    ...neighbour({ name: 'fetch mode', file: mode.path, line: mode.fetchModeLine }),
    message: `UIBackgroundModes has fetch, and no ${PERMITTED}: if anything uses the background fetch of before iOS 13, iOS no longer calls it once the key is there`,
    hint: 'If nothing does, there is nothing to do.',
  };
}

function findOtherIds(plists: readonly Plist[], taskId: string): Neighbour[] {
  return plists.flatMap(({ path, ids }): Neighbour[] => {
    const others = ids.filter(({ text }) => text !== taskId);
    const [first] = others;
    if (first === undefined) return [];
    return [
      {
        name: PERMITTED,
        file: path,
        line: first.line,
        severity: 'note',
        message: `it has other tasks: ${others.map(({ text }) => text).join(', ')}`,
        hint: 'Nothing to do: bgsync adds its own and leaves them.',
      },
    ];
  });
}

function findAndroidWork(source: Source): Neighbour[] {
  const first = (pattern: RegExp, rest: Omit<Neighbour, 'file' | 'line' | 'severity'>) => {
    const match = pattern.exec(source.code);
    if (match === null) return [];
    const line = lineNumber(source.code, match.index);
    return [{ ...rest, file: source.path, line, severity: 'note' as const }];
  };
  return [
    ...first(/(?::\s*|\bextends\s+)HeadlessJsTaskService\b/, {
      name: 'HeadlessJsTaskService',
      message: 'the app has a headless task of its own; it stays as it is',
      hint: 'Nothing to do: bgsync runs in a worker, under another name.',
    }),
    ...first(/\bimport\s+androidx\.work\./, {
      name: 'WorkManager',
      message: 'the app uses WorkManager itself; its own work stays as it is',
      hint: `Nothing to do: bgsync’s unique work is ${PROTOCOL.uniqueWork}.`,
    }),
  ];
}
