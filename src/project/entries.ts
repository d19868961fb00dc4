import { isAbsolute, posix, relative } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { at, tryAt } from '../place.ts';
import { maskSource } from '../formats/source.ts';
import type { EntryFile, ProjectProblem } from './project.ts';
import { readText } from './read-text.ts';

const EXTENSIONS = ['js', 'jsx', 'ts', 'tsx'];

/**
 * The files that a bundle starts at. A release build takes what the native project names (`entryFile` of the Gradle
 * plugin, `ENTRY_FILE` of ios/.xcode.env), else `index.<platform>.js`, else `index.js`
 * (https://github.com/facebook/react-native/blob/main/packages/react-native/scripts/react-native-xcode.sh); Metro's
 * `index` in development finds the other extensions too.
 *
 * @returns them, with what the native projects name but bgsync cannot follow: it falls back on the usual files
 */
export async function detectEntries(
  fs: FileSystem,
  root: string,
  main: string | undefined,
): Promise<{ entries: EntryFile[]; problems: ProjectProblem[] }> {
  const files = new Set(await fs.list(at(root, '')));
  const find = (stem: string): string | undefined =>
    EXTENSIONS.map((extension) => `${stem}.${extension}`).find((name) => files.has(name));

  const shared = find('index') ?? (await findMain(fs, root, main));
  const entries: EntryFile[] = [];
  const problems: ProjectProblem[] = [];
  for (const platform of ['android', 'ios'] as const) {
    const named = await findNamed(fs, root, platform);
    if (named?.problem !== undefined) problems.push(named.problem);
    const linked = named?.path ?? find(`index.${platform}`) ?? shared;
    if (linked === undefined) continue;
    const path = await throughLinks(fs, root, linked);
    const same = entries.findIndex((entry) => entry.path === path);
    if (same === -1) entries.push({ path, platforms: [platform] });
    else entries[same] = { path, platforms: ['android', 'ios'] };
  }
  return { entries, problems };
}

/** Metro resolves imports from where a link leads to; a file out of the app stays what it is called. */
async function throughLinks(fs: FileSystem, root: string, path: string): Promise<string> {
  // A link that leads nowhere.
  if (!(await fs.exists(at(root, path)))) return path;
  const real = relative(await fs.realpath(at(root, '')), await fs.realpath(at(root, path)));
  return real.startsWith('..') || isAbsolute(real) ? path : real.replaceAll('\\', '/');
}

type Named =
  | { readonly path: string; readonly problem?: undefined }
  | { readonly path?: undefined; readonly problem: ProjectProblem };

/** The entry that the native project names; undefined where it names none. */
async function findNamed(
  fs: FileSystem,
  root: string,
  platform: 'android' | 'ios',
): Promise<Named | undefined> {
  const files =
    platform === 'ios'
      ? ['ios/.xcode.env']
      : ['android/app/build.gradle', 'android/app/build.gradle.kts'];
  for (const file of files) {
    const text = await readText(fs, at(root, file)).catch(() => undefined);
    if (text === undefined) continue;
    const setting = platform === 'ios' ? readXcodeEntry(text) : readGradleEntry(text);
    if (setting === undefined) continue;
    const problem = (reason: string): Named => ({ problem: { path: file, reason } });
    if (setting.path === undefined) {
      return problem(`it sets the entry file to something that is no plain path (${setting.text})`);
    }
    const from = platform === 'ios' ? '.' : setting.from;
    const path = posix.normalize(posix.join(from, setting.path.replaceAll('\\', '/')));
    const place = tryAt(root, path);
    if (posix.isAbsolute(setting.path) || place === undefined) {
      return problem(`the entry file that it names, ${setting.path}, lies outside the app`);
    }
    if (!(await fs.exists(place))) {
      return problem(`the entry file that it names, ${path}, is not there`);
    }
    return { path };
  }
  return undefined;
}

interface EntrySetting {
  /** As it is written, where it is a literal. */
  readonly path: string | undefined;
  readonly text: string;
  /** The folder that `path` is relative to. */
  readonly from: string;
}

/** `entryFile = file("../../index.js")` or `entryFile.set(file("…"))`, in the `react` block of a build file. */
export function readGradleEntry(source: string): EntrySetting | undefined {
  const { noComments } = maskSource(source, 'kotlin');
  const set = /\bentryFile\s*(?:=|\.set\s*\()/.exec(noComments);
  if (set === null) return undefined;
  const rest = noComments.slice(set.index + set[0].length);
  const text = (/^[^\r\n]*/.exec(rest)?.[0] ?? '').trim();
  const match = /^(rootProject\.|project\.)?file\s*\(\s*(["'])([^"'$\n]+)\2\s*\)/.exec(text);
  const from = match?.[1] === 'rootProject.' ? 'android' : 'android/app';
  return { path: match?.[3], text, from };
}

/** `export ENTRY_FILE=…` in the shell script that the Xcode build reads; the last one counts. */
export function readXcodeEntry(source: string): EntrySetting | undefined {
  const lines = source.matchAll(/^[\t ]*(?:export[\t ]+)?ENTRY_FILE=([^\r\n]*)/gm);
  const text = [...lines]
    .at(-1)?.[1]
    ?.replace(/(?:^|\s)#[^]*$/, '')
    .trim();
  if (text === undefined || text === '') return undefined;
  const [, double, single, bare] =
    /^(?:"([^"$`\\]+)"|'([^']+)'|([\w@%+=:,./-]+))$/.exec(text) ?? [];
  return { path: double ?? single ?? bare, text, from: '.' };
}

/** package.json's `main`, where it names a file of the app. */
async function findMain(
  fs: FileSystem,
  root: string,
  main: string | undefined,
): Promise<string | undefined> {
  if (main === undefined) return undefined;
  const path = posix.normalize(main.replace(/^\.\//, ''));
  if (posix.isAbsolute(path) || path.startsWith('..') || path.includes('node_modules/')) {
    return undefined;
  }
  for (const candidate of [path, ...EXTENSIONS.map((extension) => `${path}.${extension}`)]) {
    const place = tryAt(root, candidate);
    if (place === undefined) return undefined;
    if ((await fs.exists(place)) && !(await fs.isDirectory(place))) return candidate;
  }
  return undefined;
}
