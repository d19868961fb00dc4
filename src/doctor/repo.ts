import { CONFIG_FILE, defaultConfig, isForDoctorOnly, readConfigText, syncsOf } from '../config.ts';
import type { Config, ConfigProblem } from '../config.ts';
import type { DirectoryEntry, FileSystem } from '../file-system.ts';
import type { SourceLanguage } from '../formats/source.ts';
import type { AskIgnored } from '../project/git.ts';
import { findIgnored } from '../project/ignored.ts';
import type { IgnoredFiles } from '../project/ignored.ts';
import { LOCK_FILE, parseLockFile } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { findJournal } from '../plan/journal.ts';
import { OLDER_JOURNAL, findOlderJournal } from '../plan/older-journal.ts';
import { once, openApp } from '../project/app.ts';
import type { App } from '../project/app.ts';
import type { AndroidBuild } from '../project/android-build.ts';
import type { EntryFile } from '../project/project.ts';
import type { ExpoFacts } from '../project/expo.ts';
import type { PluginSettings } from '../project/capacitor-config.ts';
import type { Permissions } from '../project/info-plist.ts';
import type { Manifest } from '../project/manifests.ts';
import type { OwnPlugin } from '../project/prebuilt-plist.ts';
import type { ReadOnlyFiles } from '../project/read-only-files.ts';
import { RepoFiles, loosely } from '../project/repo-files.ts';
import type { Note } from '../project/repo-files.ts';
import { findHostApp } from '../project/host.ts';
import type { Host } from '../project/host.ts';
import {
  noteAppConfig,
  noteGradle,
  noteManifests,
  noteNoAndroid,
  noteNoIos,
  noteXcode,
  notingPlists,
} from './not-looked-at.ts';
import { REFRESH_TASK_ID } from '../templates/model.ts';
import { Sources } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

/**
 * What checks read of the repo. Paths are relative to `root`, with `/`. Everything is read when it is first asked for,
 * once; a file that cannot be read is noted and counts as not there.
 */
export interface DoctorRepo extends Omit<App, 'androidBuild' | 'describeAndroid' | 'start'> {
  readonly host: Host;
  /** Undefined where there is no bgsync.config.json, or one with doctor's own settings alone. */
  readonly integration: Integration | undefined;
  /** What was not looked at, and why, so far. */
  readonly notes: readonly Note[];
  /** Says of a file what a check could not tell from its text. */
  readonly note: RepoFiles['note'];

  /**
   * What functions of src/project, and edits of src/integrations, read through. Build files, manifests, plists, projects and
   * configs are theirs to read: a check asks them.
   */
  readonly files: ReadOnlyFiles;

  /** @returns the text of a source, or of a file of bgsync's own; undefined where there is none that can be read */
  read(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** Whether there is no such file. One that is there and could not be read is in the notes, and is not absent. */
  isAbsent(path: string): Promise<boolean>;
  /** Whether something of a folder was refused, as to a user who may not read it: what is in it cannot be told. */
  isRefused(folder: string): boolean;
  /** @returns what is in a folder, sorted by name; links are of kind `other` */
  list(folder: string): Promise<readonly DirectoryEntry[]>;

  /** The app's own source files, in the order of their paths; tests and what bgsync generated left out. */
  sources(language: SourceLanguage): Promise<readonly SourceFile[]>;
  /** Those that have one of these texts: others are not even decoded. Prefer it. */
  sourcesContaining(
    language: SourceLanguage,
    needles: readonly string[],
  ): Promise<readonly SourceFile[]>;

  /** Whether there are any of these, none of which is opened. */
  hasSourceContaining(language: SourceLanguage, needles: readonly string[]): Promise<boolean>;

  /** Which generated files would not reach a build machine, and why: git or EAS ignores them. */
  ignored(): Promise<readonly IgnoredFiles[]>;
  /** The files that the JavaScript bundle starts at. */
  entries(): Promise<readonly EntryFile[]>;
  /** What the build of the Android app says; undefined where there is none. */
  androidBuild(): Promise<AndroidBuild | undefined>;
  /**
   * The Android manifests by source set, `main` and others; of an Expo app without android/ what prebuild would write, and
   * those of its local modules.
   */
  manifests(): Promise<readonly Manifest[]>;
  /** What prebuild would write to the Info.plist of an Expo app without ios/; undefined where it does not make one. */
  prebuiltPermissions(): Promise<Permissions | undefined>;
  /** What the Capacitor config says to a plugin; see {@link pluginSettings}. */
  capacitorPlugin(name: string, keys: readonly string[]): Promise<PluginSettings | undefined>;
}

/** What bgsync generated for the app, by the lock file; where that cannot be read, what there is in any package. */
async function ignoredOf(
  fs: FileSystem,
  root: string,
  integration: Integration | undefined,
  ask: AskIgnored | undefined,
): Promise<readonly IgnoredFiles[]> {
  const { config, lock } = integration ?? {};
  if (config === undefined) return [];
  const { moduleDir: folder, platforms, handler } = config;
  const generated = Object.keys(lock?.files ?? {});
  const some = ['package.json', ...platforms.map((name) => `${name}/src`)];
  const created = lock?.edits.filter(({ kind }) => kind === 'created') ?? [];
  const inside = [...(generated.length > 0 ? generated : some), LOCK_FILE];
  const others = [CONFIG_FILE, handler, ...created.map(({ path }) => path)];
  const files = [...new Set([...inside.map((path) => `${folder}/${path}`), ...others])];
  return findIgnored(fs, root, { files, folder, ask });
}

/** bgsync's own part in the repo. */
export interface Integration {
  /** Undefined where bgsync.config.json is not valid; checks that need it find nothing then. */
  readonly config: Config | undefined;
  readonly configProblems: readonly ConfigProblem[];
  readonly lock: LockFile | undefined;
  /** The file to name where an earlier bgsync was interrupted, and its change may be half done. */
  readonly interrupted: string | undefined;
}

/** The settings of a background sync that runs: not of one that is retired, which asks for no handler and no window. */
export const runningConfig = ({ integration }: DoctorRepo): Config | undefined =>
  integration?.lock?.retired === true ? undefined : integration?.config;

/**
 * @param ask git, where it can be asked, of what it ignores
 * @throws UserError where there is no mobile app
 */
export async function openRepo(fs: FileSystem, cwd: string, ask?: AskIgnored): Promise<DoctorRepo> {
  const { root, host, packageJson } = await findHostApp(fs, cwd);
  const files = new RepoFiles(fs, root);
  const integration = await readIntegration(fs, root, files);

  const app = openApp(fs, root, packageJson, { text: files, loose: loosely(files) });
  const android = once(async () => {
    const project = await app.android();
    for (const { folder } of project?.others ?? []) {
      files.note(folder, `it is another app than ${project?.app.folder ?? ''}`);
    }
    for (const { folder, unread } of project?.includedBuilds ?? []) {
      if (unread !== undefined) files.note(folder, `it is an included build, and ${unread}`);
    }
    for (const { folder, path } of project?.applied.classes ?? []) {
      const known =
        'what it sets elsewhere than in configure<ApplicationExtension> { … } is not read';
      files.note(folder, `${path} is a Gradle plugin in code: ${known}`);
    }
    if (project === undefined) await noteNoAndroid(files, await app.expo());
    else noteGradle(files, project);
    return project;
  });
  const expo = once(async () => {
    const facts = await app.expo();
    await noteAppConfig(files, facts);
    return facts;
  });
  const ios = once(async () => {
    const project = await app.ios();
    if (project === undefined) await noteNoIos(files, host, await app.expo());
    else noteXcode(files, project);
    return project;
  });
  const sources = new Sources(files, async () => ({
    ios: (await ios())?.folders ?? [],
    android: [(await android())?.folder].filter((folder) => folder !== undefined),
    hasJavaScript: packageJson !== undefined,
    hasDart: host === 'flutter',
    generated:
      integration?.config?.moduleDir ??
      (integration && (await writtenModuleDir(files))) ??
      (await leftPackage(files)),
  }));
  return {
    ...app,
    host,
    integration,
    get notes() {
      return files.notes;
    },
    note: (path, reason, about) => {
      files.note(path, reason, about);
    },
    files,
    read: (path) => files.read(path),
    exists: (path) => files.exists(path),
    isAbsent: (path) => files.isAbsent(path),
    isRefused: (folder) => files.isRefused(folder),
    list: (folder) => files.entries(folder),
    sources: (language) => sources.find(language),
    sourcesContaining: (language, needles) => sources.find(language, needles),
    hasSourceContaining: (language, needles) => sources.has(language, needles),
    ignored: once(() => ignoredOf(fs, root, integration, ask)),
    entries: async () => (await app.start()).entries,
    android,
    expo,
    ios,
    infoPlists: once(async () => notingPlists(files, await app.infoPlists())),
    entitlements: once(async () => notingPlists(files, await app.entitlements())),
    androidBuild: once(async () => {
      const { config } = integration ?? {};
      const isAndroids = config?.platforms.includes('android') === true;
      // Says which other apps there are.
      await android();
      const build = await app.androidBuild(isAndroids ? config.moduleDir : undefined);
      if (host !== 'flutter' || build === undefined || build.targetSdk !== undefined) return build;
      const { flutterTarget } = await import('../project/flutter-target.ts');
      return { ...build, targetSdk: await flutterTarget(files, build.buildFile) };
    }),
    prebuiltPermissions: once(async () => {
      const { prebuiltPermissions } = await import('../project/prebuilt-plist.ts');
      return prebuiltPermissions(files, app, await expo(), ownPlugin(integration?.config));
    }),
    capacitorPlugin: async (name, keys) => {
      const { pluginSettings } = await import('../project/capacitor-config.ts');
      return pluginSettings(files, name, keys);
    },
    manifests: once(async () => {
      const facts = await expo();
      const own = facts?.android === 'generated' ? [] : await app.manifests();
      noteManifests(files, own);
      return [...own, ...(await plannedManifests(files, integration?.config?.moduleDir, facts))];
    }),
  };
}

/** The manifests of an Expo app that are merged into the app's: what prebuild would write, and those of its local modules. */
async function plannedManifests(
  files: RepoFiles,
  generated: string | undefined,
  expo: ExpoFacts | undefined,
): Promise<readonly Manifest[]> {
  if (expo === undefined) return [];
  const { localManifests } = await import('../project/expo-modules.ts');
  const local = await localManifests(files, generated);
  if (expo.android !== 'generated') return local;
  const { prebuiltManifest } = await import('../project/prebuilt-manifest.ts');
  const planned = await prebuiltManifest(files, expo, generated);
  return planned === undefined ? local : [planned, ...local];
}

/** The config plugin of the generated package: templates/expo/app.plugin.js. */
function ownPlugin(config: Config | undefined): OwnPlugin | undefined {
  if (config === undefined) return undefined;
  const refresh = config.ios.refresh ? [REFRESH_TASK_ID] : [];
  return {
    folder: config.moduleDir,
    modes: ['processing', ...(config.ios.refresh ? ['fetch'] : [])],
    ids: [...syncsOf(config).map(({ taskId }) => taskId), ...refresh],
  };
}

/** Where the config is not valid: what it says of the package's folder all the same. */
async function writtenModuleDir(files: RepoFiles): Promise<string | undefined> {
  const text = (await files.read(CONFIG_FILE)) ?? '';
  return /"moduleDir"\s*:\s*"([^"\\]+)"/.exec(text)?.[1];
}

async function readIntegration(
  fs: FileSystem,
  root: string,
  files: RepoFiles,
): Promise<Integration | undefined> {
  const journal =
    (await findOlderJournal(fs, root)) === 'journal'
      ? OLDER_JOURNAL
      : (await findJournal(fs, root)) && CONFIG_FILE;
  const isPending = journal !== undefined;
  if (!(await files.exists(CONFIG_FILE))) {
    // A change that was interrupted may have had it half gone.
    return isPending
      ? { config: undefined, configProblems: [], lock: undefined, interrupted: journal }
      : undefined;
  }
  const text = await files.read(CONFIG_FILE);
  if (text === undefined) {
    const reason = files.notes.find(({ path }) => path === CONFIG_FILE)?.reason;
    const message = reason ?? 'it is not a file';
    const configProblems = [{ key: '', message, line: 1 }];
    return { config: undefined, configProblems, lock: undefined, interrupted: journal };
  }
  if (!isPending && isForDoctorOnly(text)) return undefined;
  const parsed = readConfigText(text);
  const config = parsed.ok ? parsed.config : undefined;
  const lockText = config && (await files.read(`${config.moduleDir}/${LOCK_FILE}`));
  return {
    config,
    configProblems: parsed.ok ? [] : parsed.problems,
    lock: lockText === undefined ? undefined : parseLockFile(lockText),
    interrupted: journal,
  };
}

/** The generated package where no config, or none that can be read, says where it is: by its lock file, at the usual place. */
async function leftPackage(files: RepoFiles): Promise<string | undefined> {
  const { moduleDir } = defaultConfig();
  return (await files.read(`${moduleDir}/${LOCK_FILE}`)) === undefined ? undefined : moduleDir;
}
