import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';
import lt from 'semver/functions/lt.js';
import { readDependencies, readPlugins } from '../formats/gradle-build.ts';
import type { Dependency } from '../formats/gradle-build.ts';
import { findLast, pathOf, readProperties, valueOf } from '../formats/gradle.ts';
import { readVersionCatalog } from '../formats/version-catalog.ts';
import { fromCatalog, isVersion, parseGradleFile, resolveValue } from '../project/gradle-scope.ts';
import type { GradleFile, GradleScope } from '../project/gradle-scope.ts';
import type { Located } from '../project/project.ts';
import type { AndroidApp } from './gradle-project.ts';
import type { DoctorRepo } from './repo.ts';

/** What the Gradle files say in so many words; `undefined` is not said, or only running the build would tell. */
export interface AndroidBuild {
  /** The application module's build file. */
  readonly buildFile: string;
  readonly minSdk: Located<number> | undefined;
  readonly compileSdk: Located<number> | undefined;
  readonly targetSdk: Located<number> | undefined;
  /** The Android Gradle plugin. */
  readonly agp: Located<string> | undefined;
  /** Whether R8 shrinks some build type. */
  readonly isMinified: boolean;
  readonly properties: ReadonlyMap<string, Located<string>>;
  /** Every place that asks for androidx.work, but for tests. */
  readonly workUses: readonly WorkUse[];
  /** The version that Gradle takes, as far as the repo tells; undefined where it does not. */
  readonly work: KnownWork | undefined;
}

export interface WorkUse {
  /** `androidx.work:work-runtime`; `androidx.work:*` for a rule about all of them. */
  readonly module: string;
  /** Undefined where none stands there, or it is an expression or a range. */
  readonly version: string | undefined;
  /** What is written in place of a plain version: a range such as `2.+`, an expression. */
  readonly expression: string | undefined;
  /** Forced or strict: Gradle then takes no higher version. */
  readonly isPinned: boolean;
  /** An installed package that asks for it; undefined for the app's own build. */
  readonly owner: string | undefined;
  readonly file: string;
  readonly line: number;
}

export interface KnownWork {
  readonly version: string;
  /** What decides it. */
  readonly use: WorkUse;
  /** Whether it is the version, and not only the highest that is asked for in sight. */
  readonly isCertain: boolean;
}

/** {@link WorkUse.owner} of bgsync’s own package. */
export const GENERATED_PACKAGE = 'the generated package';

const GROUP = 'androidx.work';
/** Installed packages whose build.gradle asks for androidx.work by name. */
const ASKING_PACKAGES = [
  '@capacitor/background-runner',
  '@notifee/react-native',
  'expo-background-task',
  'headless-task-worker',
];

const release = (version: string): string => coerce(version)?.version ?? '0.0.0';
export const isAtLeast = (version: string, least: string): boolean => gte(release(version), least);
export const isBelow = (version: string, limit: string): boolean => lt(release(version), limit);

const builds = new WeakMap<DoctorRepo, Promise<AndroidBuild | undefined>>();

/** @returns undefined where there is no Android project */
export function androidBuildOf(repo: DoctorRepo): Promise<AndroidBuild | undefined> {
  const known = builds.get(repo) ?? readBuild(repo);
  builds.set(repo, known);
  return known;
}

async function readBuild(repo: DoctorRepo): Promise<AndroidBuild | undefined> {
  const project = await repo.android();
  const module = project?.modules[0];
  if (project === undefined || module === undefined) return undefined;
  const all = readScope(project);
  const app = all.files.find(({ path }) => path === module.buildFile);
  if (app === undefined) return undefined;
  const scope = ownFirst(all, app);
  const sdk = (...names: string[]): Located<number> | undefined => {
    for (const name of names) {
      const found = findLast(app.statements, name);
      if (found === undefined) continue;
      const value = resolveValue(scope, found.value, { file: app.path, line: found.line });
      const level = /^(?:android-)?(\d{1,3})$/.exec(value?.value ?? '')?.[1];
      return value && level !== undefined ? { ...value, value: Number(level) } : undefined;
    }
    return undefined;
  };
  const workUses = [
    ...all.files.flatMap((file) => usesIn(ownFirst(all, file), file, undefined)),
    ...(await usesOfPackages(repo, all)),
  ];
  return {
    buildFile: module.buildFile,
    minSdk: sdk('android.defaultConfig.minSdk', 'android.defaultConfig.minSdkVersion'),
    compileSdk: sdk('android.compileSdk', 'android.compileSdkVersion'),
    targetSdk: sdk('android.defaultConfig.targetSdk', 'android.defaultConfig.targetSdkVersion'),
    agp: androidPlugin(scope),
    isMinified: app.statements.some((one) => {
      const isSwitch = /\.(?:is)?[mM]inifyEnabled$/.test(pathOf(one));
      const value = isSwitch ? valueOf(one.rest) : undefined;
      const from = { file: app.path, line: one.line };
      if (value?.kind === 'reference' && value.name === 'true') return true;
      return value !== undefined && resolveValue(scope, value, from)?.value === 'true';
    }),
    properties: all.properties,
    workUses,
    work: (await lockedWork(repo, project)) ?? knownWork(workUses),
  };
}

function readScope(project: AndroidApp): GradleScope {
  const isScript = (path: string): boolean => /\.gradle(?:\.kts)?$/.test(path);
  const ending = (end: string) => project.gradleFiles.find(({ path }) => path.endsWith(end));
  const properties = ending('gradle.properties');
  const lines = propertyLines(properties?.text ?? '');
  const catalog = ending('libs.versions.toml');
  return {
    files: project.gradleFiles
      .filter(({ path }) => isScript(path))
      .map(({ path, text }) => parseGradleFile(path, text)),
    properties: new Map(
      [...readProperties(properties?.text ?? '')].map(([key, value]) => [
        key,
        { value, file: properties?.path ?? '', line: lines.get(key) ?? 1 },
      ]),
    ),
    catalog: catalog && { path: catalog.path, content: readVersionCatalog(catalog.text) },
  };
}

/** Where each key stands; of several the last, which counts. */
const propertyLines = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split(/\r\n|\r|\n/)
      .map((line, index) => [/^\s*([^\s=:]+)/.exec(line)?.[1] ?? '', index + 1]),
  );

/** A file's own names hide those of the others. */
const ownFirst = (scope: GradleScope, file: GradleFile): GradleScope => ({
  ...scope,
  files: [file, ...scope.files.filter((one) => one !== file)],
});

/** What a file asks for; what only its tests do left out. */
function usesIn(scope: GradleScope, file: GradleFile, owner: string | undefined): WorkUse[] {
  const statements = file.statements.filter(({ name }) => !/^(?:androidT|t)est/.test(name));
  const isShipped = ({ module }: { module: string }): boolean => !module.endsWith('-testing');
  const written = readDependencies(statements, GROUP).map((use): WorkUse => {
    const from = { file: file.path, line: use.line };
    const value = versionOf(scope, use, from);
    const isPlain = value !== undefined && isVersion(value.value) && !value.value.endsWith('+');
    return {
      module: use.module,
      version: isPlain ? value.value : undefined,
      expression: isPlain ? undefined : (value?.value ?? use.version?.text),
      isPinned: use.isPinned,
      owner,
      file: isPlain ? value.file : from.file,
      line: isPlain ? value.line : from.line,
    };
  });
  const listed = fromCatalog(scope, statements, GROUP).map((use): WorkUse => ({
    ...use,
    expression: undefined,
    owner,
  }));
  return [...written, ...listed].filter(isShipped);
}

function versionOf(
  scope: GradleScope,
  { version }: Dependency,
  from: { readonly file: string; readonly line: number },
): Located<string> | undefined {
  if (version === undefined || version.text === '') return undefined;
  const { text, isTemplate } = version;
  const value = resolveValue(scope, { kind: isTemplate ? 'template' : 'literal', text }, from);
  return value ?? (isTemplate ? fallbackOf(scope, text, from) : undefined);
}

/** `version = project.hasProperty('version') ? rootProject.ext.version : '2.11.0'`, as Capacitor's plugins have it. */
function fallbackOf(
  { files: [own, ...others], ...scope }: GradleScope,
  template: string,
  from: { readonly file: string; readonly line: number },
): Located<string> | undefined {
  const name = /^\$\{?(\w+)\}?$/.exec(template)?.[1];
  const variable = name === undefined ? undefined : own?.variables.get(name);
  const rest = variable?.rest;
  if (name === undefined || variable === undefined || rest === undefined) return undefined;
  const texts = rest.map(({ text }) => text);
  const asked = texts.indexOf('hasProperty');
  const last = rest.at(-1);
  const isFallback = asked !== -1 && texts[asked + 2] === name && texts.at(-2) === ':';
  if (!isFallback || last?.kind !== 'string' || last.isTemplate) return undefined;
  const isSet = others.some(({ variables }) => variables.has(name)) || scope.properties.has(name);
  if (!isSet) return { value: last.text, file: from.file, line: variable.line };
  return resolveValue({ ...scope, files: others }, { kind: 'reference', name }, from);
}

/** What the generated package and installed ones ask for. */
async function usesOfPackages(repo: DoctorRepo, scope: GradleScope): Promise<WorkUse[]> {
  const { config } = repo.integration ?? {};
  const ours = config?.platforms.includes('android') === true ? config.moduleDir : undefined;
  const folders = ASKING_PACKAGES.filter((name) => repo.depends(name)).map((name) => ({
    name,
    folder: `node_modules/${name}`,
  }));
  if (ours !== undefined) folders.push({ name: GENERATED_PACKAGE, folder: ours });
  const uses = await Promise.all(
    folders.map(async ({ name, folder }): Promise<WorkUse[]> => {
      const path = `${folder}/android/build.gradle`;
      const text = await repo.read(path);
      if (text !== undefined) {
        const file = parseGradleFile(path, text);
        return usesIn({ ...scope, files: [file, ...scope.files] }, file, name);
      }
      const unknown = { version: undefined, expression: '', isPinned: false, owner: name };
      return [{ ...unknown, module: `${GROUP}:*`, file: path, line: 1 }];
    }),
  );
  return uses.flat();
}

/** https://docs.gradle.org/current/userguide/dependency_locking.html */
async function lockedWork(repo: DoctorRepo, project: AndroidApp): Promise<KnownWork | undefined> {
  const folder = project.modules[0]?.folder ?? '';
  const path = folder === '' ? 'gradle.lockfile' : `${folder}/gradle.lockfile`;
  const lines = ((await repo.read(path)) ?? '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const [, version, configurations = ''] =
      /^androidx\.work:work-runtime:([^=]+)=(.*)$/.exec(line) ?? [];
    if (version === undefined || !isVersion(version)) continue;
    if (!/release\w*RuntimeClasspath/i.test(configurations)) continue;
    const place = { file: path, line: index + 1, owner: undefined, expression: undefined };
    const use = { module: `${GROUP}:work-runtime`, version, isPinned: true, ...place };
    return { version, use, isCertain: true };
  }
  return undefined;
}

/** Gradle takes the highest that is asked for, unless one is pinned. */
function knownWork(uses: readonly WorkUse[]): KnownWork | undefined {
  const pins = uses.filter(({ isPinned, owner }) => isPinned && owner === undefined);
  const [pin] = pins;
  if (pin !== undefined) {
    const { version } = pin;
    const isOne = pins.every((one) => one.version === version);
    return isOne && version !== undefined ? { version, use: pin, isCertain: true } : undefined;
  }
  if (uses.some(({ version, expression }) => version === undefined && expression !== undefined)) {
    return undefined;
  }
  const known = uses.flatMap((use) => (use.version === undefined ? [] : [{ ...use, use }]));
  const [highest] = known.sort(
    (a, b) => Number(isBelow(a.version ?? '', release(b.version ?? ''))) - 0.5,
  );
  return highest?.version === undefined
    ? undefined
    : { version: highest.version, use: highest.use, isCertain: false };
}

/** The Android Gradle plugin's version, where the build names it and does not leave it to React Native. */
function androidPlugin(scope: GradleScope): Located<string> | undefined {
  for (const file of scope.files) {
    for (const { module, version, line } of readDependencies(
      file.statements,
      'com.android.tools.build',
    )) {
      if (module !== 'com.android.tools.build:gradle' || version === undefined) continue;
      const kind = version.isTemplate ? 'template' : 'literal';
      const from = { file: file.path, line };
      const value = resolveValue(scope, { kind, text: version.text }, from);
      if (value !== undefined && isVersion(value.value)) return value;
    }
    for (const { id, isAlias, version, line } of readPlugins(file.statements)) {
      const entry = isAlias ? scope.catalog?.content.plugins.get(id) : undefined;
      const name = isAlias ? entry?.id : id;
      if (name !== 'com.android.application' && name !== 'com.android.library') continue;
      if (entry?.version !== undefined) {
        const { value, line: at } = entry.version;
        return { value, file: scope.catalog?.path ?? file.path, line: at };
      }
      if (version !== undefined && isVersion(version)) {
        return { value: version, file: file.path, line };
      }
    }
  }
  return undefined;
}
