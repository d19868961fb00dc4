import { dirname, join, posix } from 'node:path';
import { UserError } from '../errors.ts';
import { FLUTTER, IOS } from '../facts.ts';
import type { FileSystem } from '../file-system.ts';
import { readDart } from '../formats/dart.ts';
import { matchesSegments } from '../formats/glob.ts';
import { readYaml } from '../formats/yaml.ts';
import { at } from '../place.ts';
import { isBelow } from '../versions.ts';
import { detectAndroid } from './android.ts';
import type { Ecosystem } from './ecosystem.ts';
import { findLowTarget } from './deployment-target.ts';
import { detectIos } from './ios.ts';
import { PLATFORMS, platformsIn } from './project.ts';
import type { EntryFile, FlutterProject, IosProject, Located } from './project.ts';
import { PUBSPEC, readPubspec, requirePubspec } from './pubspec.ts';
import type { Pubspec } from './pubspec.ts';
import { looseFiles } from './read-only-files.ts';
import { readText } from './read-text.ts';
import { SeveralAppsError, nameOne } from './several-apps.ts';

/** Flutter: a pubspec.yaml that depends on it, with a native project beside it. */
export const flutterApps: Ecosystem = {
  marker: PUBSPEC,
  host: 'flutter',
  language: 'dart',
  async isApp(fs, folder) {
    const spec = await readPubspec(fs, folder);
    return spec !== undefined && isAppSpec(spec) && (await hasNativeFolder(fs, folder));
  },
  findRoot: findFlutterRoot,
  detect: detectFlutterApp,
};

const isPlugin = ({ flutter }: Pubspec): boolean => flutter.plugin !== undefined;
const isModule = ({ flutter }: Pubspec): boolean => flutter.module !== undefined;

/** Whether it builds an app by itself: no plugin, no module of another app. */
const isAppSpec = (spec: Pubspec): boolean =>
  spec.dependencies.flutter !== undefined && !isPlugin(spec) && !isModule(spec);

const hasNativeFolder = async (fs: FileSystem, folder: string): Promise<boolean> =>
  (await fs.isDirectory(at(folder, 'android'))) || (await fs.isDirectory(at(folder, 'ios')));

async function findFlutterRoot(fs: FileSystem, nearest: string): Promise<string> {
  const spec = await requirePubspec(fs, nearest);
  if (await flutterApps.isApp(fs, nearest)) return nearest;
  if (isModule(spec)) {
    throw new UserError('This is a Flutter module: it runs inside of another app.', {
      hint: 'bgsync sets up apps that Flutter itself builds; a module’s Info.plist and Gradle build are those of the app around it.',
    });
  }
  const below = await findAppsBelow(fs, nearest, spec);
  if (isPlugin(spec)) {
    // The plugin that bgsync generates lies in its app.
    const above = await findAppAbove(fs, nearest);
    if (above !== undefined) return above;
    throw new UserError(
      'This is a Flutter plugin, not an app.',
      below.length === 0
        ? { hint: 'Run bgsync in the folder of an app, or name it with --cwd.' }
        : { hint: nameOne(below) },
    );
  }
  const [only, second] = below;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) throw new SeveralAppsError(below);
  const above = await findAppAbove(fs, nearest);
  if (above !== undefined) return above;
  if (isAppSpec(spec)) {
    throw new UserError('This Flutter app has neither android/ nor ios/.', {
      hint: 'Make them with `flutter create --platforms=android,ios .`, then run bgsync again.',
    });
  }
  throw new UserError('This is a Dart package, not a Flutter app.', {
    hint: 'Run bgsync in the folder of the app, or name it with --cwd.',
  });
}

/** The app that a package lies in. */
async function findAppAbove(fs: FileSystem, from: string): Promise<string | undefined> {
  for (let folder = dirname(from); folder !== dirname(folder); folder = dirname(folder)) {
    if (await flutterApps.isApp(fs, folder)) return folder;
  }
  return undefined;
}

/** The apps of a pub workspace, of one of melos, and the example of a plugin: absolute, sorted. */
async function findAppsBelow(fs: FileSystem, root: string, spec: Pubspec): Promise<string[]> {
  const patterns = [
    ...spec.workspace,
    ...spec.melos,
    ...(await melosPatterns(fs, root)),
    'example',
  ];
  const apps: string[] = [];
  for (const folder of await foldersOf(fs, root, patterns)) {
    const path = join(root, folder);
    if (await flutterApps.isApp(fs, path)) apps.push(path);
  }
  return apps;
}

async function melosPatterns(fs: FileSystem, root: string): Promise<string[]> {
  const text = await readText(fs, at(root, 'melos.yaml'));
  const document = text === undefined ? undefined : await readYaml(text);
  const packages = (document as { packages?: unknown } | undefined)?.packages;
  return Array.isArray(packages) ? packages.filter((one) => typeof one === 'string') : [];
}

/** How far below a workspace's root a member is looked for. */
const DEEPEST = 4;

/** The folders that patterns name, each once; `**` and `*` stand for folders that are there. */
async function foldersOf(
  fs: FileSystem,
  root: string,
  patterns: readonly string[],
): Promise<string[]> {
  const clean = patterns.map((one) => posix.normalize(one).replace(/\/$/, ''));
  const plain = clean.filter((one) => !/[*?[{]/.test(one));
  const globs = clean.filter((one) => /[*?[{]/.test(one));
  const found = new Set(plain.filter((one) => !one.startsWith('..') && one !== '.'));
  const walk = async (folder: string, depth: number): Promise<void> => {
    for (const { name, kind } of await fs.entries(at(root, folder)).catch(() => [])) {
      if (kind !== 'directory' || name.startsWith('.') || name === 'build') continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      if (globs.some((glob) => matchesSegments(glob.split('/'), path.split('/')))) found.add(path);
      if (depth < DEEPEST) await walk(path, depth + 1);
    }
  };
  if (globs.length > 0) await walk('', 1);
  return [...found].sort();
}

async function detectFlutterApp(fs: FileSystem, root: string): Promise<FlutterProject> {
  const spec = await requirePubspec(fs, root);
  const name = spec.name ?? '';
  // It stands in Kotlin and Swift as a part of a text: https://dart.dev/tools/pub/pubspec#name
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) {
    throw new UserError(
      `${PUBSPEC} names the app ${JSON.stringify(name)}, which is no name of a package.`,
      {
        hint: 'A name has lower-case letters, digits and underscores.',
      },
    );
  }
  const version = await flutterVersion(fs, root, spec);
  if (version !== undefined && isBelow(version.value, FLUTTER.oldest)) {
    throw new UserError(
      `This app uses Flutter ${version.value} (${version.file}). bgsync supports Flutter ${FLUTTER.oldest} or newer.`,
      { hint: 'Upgrade Flutter, then run `npx bgsync init`.' },
    );
  }
  const dart = textOf(spec.environment.sdk);
  if (dart !== undefined && !(await allowsDart(dart))) {
    throw new UserError(
      `${PUBSPEC} allows Dart ${dart}. bgsync supports Dart ${FLUTTER.dart} or newer.`,
      { hint: 'Raise `sdk` under `environment:`, then run `npx bgsync init`.' },
    );
  }
  const files = looseFiles(fs, root);
  const android = await detectAndroid(files);
  const ios = (await fs.isDirectory(at(root, 'ios'))) ? await detectIos(fs, root) : undefined;
  const platforms = platformsIn({ android, ios });
  return {
    host: 'flutter',
    platforms,
    root,
    name,
    entries: await findMains(
      (folder) => fs.entries(at(root, folder)).catch(() => []),
      (path) => readText(fs, at(root, path)),
    ),
    entryProblems: [],
    syncLayers: [],
    android,
    ios,
    flutter: {
      package: name,
      version,
      dart,
      isWorkspaceMember: spec.isWorkspaceMember,
      lowTarget: await lowTargetOf(fs, root, ios),
    },
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Dart's ranges are those of npm, as far as they are written in pubspecs; one that is not understood allows all. */
async function allowsDart(range: string): Promise<boolean> {
  const { default: intersects } = await import('semver/ranges/intersects.js');
  try {
    return intersects(range, `>=${FLUTTER.dart}`, { includePrerelease: true });
  } catch {
    return true;
  }
}

const VERSION = /^\D{0,2}(\d+\.\d+\.\d+)/;

/** What tools for Flutter's versions keep in a repo, and what Flutter itself leaves there. */
async function flutterVersion(
  fs: FileSystem,
  root: string,
  spec: Pubspec,
): Promise<FlutterProject['flutter']['version']> {
  const declared = textOf(spec.environment.flutter);
  if (declared !== undefined && /^=?\d+\.\d+\.\d+$/.test(declared)) {
    return { value: declared.replace('=', ''), file: PUBSPEC };
  }
  const places: readonly (readonly [string, RegExp])[] = [
    ['.fvmrc', /"flutter"\s*:\s*"([^"]+)"/],
    ['.fvm/fvm_config.json', /"flutterSdkVersion"\s*:\s*"([^"]+)"/],
    ['.tool-versions', /^flutter\s+(\S+)/m],
    ['.dart_tool/version', /^(\S+)/],
  ];
  for (const [file, pattern] of places) {
    const text = await readText(fs, at(root, file)).catch(() => undefined);
    const value = VERSION.exec(pattern.exec(text ?? '')?.[1] ?? '')?.[1];
    if (value !== undefined) return { value, file };
  }
  return undefined;
}

/**
 * The files that a build may start at: `lib/main.dart`, and those of flavors beside it (`lib/main_dev.dart`), which
 * `flutter run -t` names.
 */
export async function findMains(
  list: (folder: string) => Promise<readonly { readonly name: string }[]>,
  read: (path: string) => Promise<string | undefined>,
): Promise<EntryFile[]> {
  const names = (await list('lib')).map(({ name }) => name);
  const mains = names.filter((name) => /^main(?:[_-]\w+)?\.dart$/.test(name)).sort();
  const found: EntryFile[] = [];
  for (const name of mains) {
    const text = (await read(`lib/${name}`)) ?? '';
    const body = text.slice(readDart(text)?.body ?? 0);
    if (!/\bmain\s*\(/.test(body)) continue;
    found.push({ path: `lib/${name}`, platforms: PLATFORMS });
  }
  return found;
}

/** A deployment target that is below that of the generated plugin. */
async function lowTargetOf(
  fs: FileSystem,
  root: string,
  ios: IosProject | undefined,
): Promise<Located<string> | undefined> {
  const files = { read: (path: string) => readText(fs, at(root, path)) };
  for (const file of new Set(ios?.targets.map(({ project }) => project))) {
    const low = await findLowTarget(files, file, IOS.oldest);
    if (low !== undefined) return low;
  }
  return undefined;
}
