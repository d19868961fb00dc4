import { removeJsonItems, removeJsonKey } from '../formats/json-remove.ts';
import { removePlistStrings } from '../formats/plist-remove.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import { BACKGROUND_FETCH } from './libraries.ts';
import type { LibraryFacts } from './libraries.ts';
import type { Problem } from './problem.ts';

/** A file as it is without a library. */
export interface Changed {
  readonly path: string;
  readonly text: string;
  readonly reason: string;
}

/** Lines that are a library's alone, in files of the native projects. */
const OWN_LINES: readonly RegExp[] = [
  /^(?:TSBackgroundFetch\.sharedInstance\(\)\.|\[\[TSBackgroundFetch sharedInstance\] )didFinishLaunching(?:\(\)|\])?;?$/,
  /^#import <TSBackgroundFetch\/TSBackgroundFetch\.h>$/,
  /^@?import TSBackgroundFetch;?$/,
  /^-keep class com\.transistorsoft\.rnbackgroundfetch\.HeadlessTask \{ \*; \}$/,
  /^# \[react-native-background-fetch\]$/,
  // Around what the library's config plugin put in, in native folders that are committed.
  /^\/\/ @generated (?:begin|end) react-native-background-fetch-\w+(?: |$)/,
  /^maven \{ url ?\(?"\$\{project\(['"]:react-native-background-fetch['"]\)\.projectDir\}\/libs"\)? \}$/,
];

/** What names react-native-background-fetch in native files; its fork of geolocation has names of its own. */
const NAMES =
  /TSBackgroundFetch|react-native-background-fetch|transistorsoft\.(?:rnbackgroundfetch|tsbackgroundfetch|fetch\b)/;

const COMMENT = /^\s*(?:#(?!import|include)|\/\/|\/?\*|<!--)/;

const NATIVE = /\.(?:swift|mm?|h|gradle|kts|pro|kt|java)$|(?:^|\/)Podfile$|AndroidManifest\.xml$/;

/** Takes a library out of package.json. */
export async function withoutDependency(
  read: (path: string) => Promise<string | undefined>,
  name: string,
): Promise<Changed | undefined> {
  const path = 'package.json';
  let text = await read(path);
  let isChanged = false;
  for (const list of ['dependencies', 'devDependencies']) {
    const without = text === undefined ? undefined : removeJsonKey(text, [list, name]);
    if (without === undefined) continue;
    text = without;
    isChanged = true;
  }
  if (text === undefined || !isChanged) return undefined;
  return { path, text, reason: `without ${name}` };
}

/** Takes a library's config plugin out of an Expo app's app.json; one in code is named. */
export async function withoutPlugin(
  repo: DoctorRepo,
  read: (path: string) => Promise<string | undefined>,
  name: string,
): Promise<{ readonly changed: Changed | undefined; readonly problems: readonly Problem[] }> {
  const expo = await repo.expo();
  const problems: Problem[] = [];
  if (expo === undefined) return { changed: undefined, problems };
  const { static: path, wrapper, dynamic } = expo.config;
  const isPlugin = (data: unknown): boolean =>
    data === name || (Array.isArray(data) && data[0] === name);
  const text = path === undefined ? undefined : await read(path);
  const without =
    text === undefined
      ? undefined
      : removeJsonItems(text, [...(wrapper === undefined ? [] : [wrapper]), 'plugins'], isPlugin);
  if (dynamic !== undefined) {
    problems.push(
      ...linesWith(
        dynamic,
        (await read(dynamic)) ?? '',
        (line) => new RegExp(`['"]${name}['"]`).test(line),
        `take the plugin ${name} out of here`,
      ),
    );
  }
  if (path === undefined || without === undefined) return { changed: undefined, problems };
  return { changed: { path, text: without, reason: `without the plugin of ${name}` }, problems };
}

export const linesWith = (
  path: string,
  text: string,
  isIt: (line: string) => boolean,
  reason: string,
): Problem[] =>
  text
    .split(/\r?\n/)
    .flatMap((line, index) => (isIt(line) ? [{ path, line: index + 1, reason }] : []));

/**
 * Takes what react-native-background-fetch asked for out of the native projects.
 *
 * @param paths of the app's files
 */
export async function withoutNativeLines(
  read: (path: string) => Promise<string | undefined>,
  paths: readonly string[],
): Promise<{ readonly changed: readonly Changed[]; readonly problems: readonly Problem[] }> {
  const changed: Changed[] = [];
  const problems: Problem[] = [];
  for (const path of paths.filter((one) => NATIVE.test(one))) {
    const text = await read(path);
    if (text === undefined || !NAMES.test(text)) continue;
    const without = withoutOwnLines(text);
    if (without !== text)
      changed.push({ path, text: without, reason: `without ${BACKGROUND_FETCH}` });
    problems.push(
      ...linesWith(
        path,
        without,
        (line) => NAMES.test(line) && !COMMENT.test(line),
        `take ${BACKGROUND_FETCH} out of here`,
      ),
    );
  }
  return { changed, problems };
}

function withoutOwnLines(source: string): string {
  const lines = source.split(/(?<=\n)/);
  const gone = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (OWN_LINES.some((own) => own.test(line.trim()))) gone.add(index);
    if (!/\$\{project\(['"]:react-native-background-fetch['"]\)\.projectDir\}\/libs/.test(line))
      continue;
    // maven {
    //     // react-native-background-fetch
    //     url("${project(':react-native-background-fetch').projectDir}/libs")
    // }
    if (!/^\s*url\b/.test(line)) continue;
    let first = index - 1;
    while (/^\s*\/\//.test(lines[first] ?? '')) first -= 1;
    if (
      !/^\s*maven\s*\{\s*$/.test(lines[first] ?? '') ||
      !/^\s*\}\s*$/.test(lines[index + 1] ?? '')
    ) {
      continue;
    }
    for (let at = first; at <= index + 1; at += 1) gone.add(at);
  }
  return lines.filter((_, index) => !gone.has(index)).join('');
}

/**
 * What only the library needed of the Info.plist: its modes, where nothing native asks for them, and its ids, which the
 * generated package puts in again as its own for as long as phones may have a request under them.
 */
export async function withoutPlistEntries(
  repo: DoctorRepo,
  read: (path: string) => Promise<string | undefined>,
  { name, iosIds, iosModes }: LibraryFacts,
): Promise<readonly Changed[]> {
  const gone: Readonly<Record<string, readonly string[]>> = {
    UIBackgroundModes: (await usesFetch(repo)) ? [] : iosModes,
    BGTaskSchedulerPermittedIdentifiers: iosIds,
  };
  const changed: Changed[] = [];
  const { static: config, wrapper } = (await repo.expo())?.config ?? {};
  const reason = `without what ${name} asked of the Info.plist`;
  const change = async (
    path: string,
    without: (text: string, key: string, values: readonly string[]) => string | undefined,
  ): Promise<void> => {
    const before = await read(path);
    if (before === undefined) return;
    let text = before;
    for (const [key, values] of Object.entries(gone)) text = without(text, key, values) ?? text;
    if (text !== before) changed.push({ path, text, reason });
  };
  if (config !== undefined) {
    await change(config, (text, key, values) =>
      removeJsonItems(
        text,
        [...(wrapper === undefined ? [] : [wrapper]), 'ios', 'infoPlist', key],
        (data) => typeof data === 'string' && values.includes(data),
      ),
    );
  }
  for (const { path } of await repo.infoPlists()) {
    await change(path, (text, key, values) =>
      removePlistStrings(text, { keys: [key], values, emptied: [] }),
    );
  }
  return changed;
}

async function usesFetch(repo: DoctorRepo): Promise<boolean> {
  const needles = ['BGAppRefreshTask', 'appRefresh', 'BackgroundFetchInterval', 'performFetch'];
  const found = await Promise.all([
    repo.sourcesContaining('swift', needles),
    repo.sourcesContaining('objc', needles),
  ]);
  return found.flat().length > 0;
}
