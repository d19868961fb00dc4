import { posix } from 'node:path';
import { readAndroidManifest } from '../formats/android-manifest.ts';
import type { AndroidManifest } from '../formats/android-manifest.ts';
import { readPlugins, readVariants } from '../formats/gradle-build.ts';
import { findLast } from '../formats/gradle.ts';
import { APPLICATION, pluginId, pluginIds } from './gradle-modules.ts';
import { appScripts, readGradleProject, scopeOf } from './gradle-project.ts';
import type { GradleProject } from './gradle-project.ts';
import { findDependencies, isVersion, resolveValue } from './gradle-scope.ts';
import type { GradleFile, GradleScope } from './gradle-scope.ts';
import type { AndroidProject, AndroidVariant, Located, ProjectProblem } from './project.ts';
import { heedsNewArchEnabled } from './react-native.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { workUsesOf } from './work-uses.ts';

type Level = AndroidProject['computedLevels'][number]['value'];

const KOTLIN_PLUGINS = ['org.jetbrains.kotlin.android', 'kotlin-android'];

/**
 * @param files of the app's root
 * @param reactNative the version, as far as one is known: whether it still heeds `newArchEnabled`
 * @returns undefined where there is no Android app
 */
export async function detectAndroid(
  files: ReadOnlyFiles,
  reactNative?: string,
): Promise<AndroidProject | undefined> {
  const project = await readGradleProject(files);
  return project && describeAndroid(files, project, reactNative);
}

/** What the Gradle files of a project say of the app, where they do so in so many words. */
export async function describeAndroid(
  files: ReadOnlyFiles,
  project: GradleProject,
  reactNative?: string,
): Promise<AndroidProject> {
  const app = project.app.file;
  const scope = scopeOf(project, app);
  const scripts = appScripts(project);
  const literal = (path: string): string | undefined => {
    const found = scripts.map(({ statements }) => findLast(statements, path));
    const value = found.find((one) => one !== undefined)?.value;
    return value?.kind === 'literal' ? value.text : undefined;
  };
  const located = (...paths: string[]): Located<string> | undefined => {
    for (const file of scripts) {
      for (const path of paths) {
        const found = findLast(file.statements, path);
        if (found === undefined) continue;
        const place = { file: file.path, line: found.line };
        return resolveValue(scopeOf(project, file), found.value, place);
      }
    }
    return undefined;
  };
  // Expo's gives the root the levels that each of its templates takes:
  // https://github.com/expo/expo/blob/main/packages/expo-modules-autolinking/android/expo-gradle-plugin/expo-autolinking-plugin/src/main/kotlin/expo/modules/plugin/ExpoRootProjectPlugin.kt
  const isExpos = scope.files.some((file) => pluginIds(file, scope).includes('expo-root-project'));
  const computedLevels: Located<Level>[] = [];
  const sdk = (name: Level, path: string): Located<number> | undefined => {
    const paths = [path, `${path}Version`];
    const level = sdkLevel(located(...paths));
    if (level !== undefined) return level;
    for (const { path: file, statements } of scripts) {
      const [set] = paths.flatMap((one) => findLast(statements, one) ?? []);
      if (set === undefined) continue;
      const from = set.value?.kind === 'reference' ? set.value.name : '';
      const isHosts =
        from.startsWith('flutter.') || (isExpos && from === `rootProject.ext.${name}Version`);
      if (!isHosts) computedLevels.push({ value: name, file, line: set.line });
      break;
    }
    return undefined;
  };

  const { manifest, path: manifestPath } = await readMainManifest(files, app.path);
  const namespace =
    located('android.namespace') ??
    (manifest?.package && { ...manifest.package, file: manifestPath });
  const applicationId = literal('android.defaultConfig.applicationId');
  const flavors = scripts.flatMap((file) => variantsOf(file, 'productFlavors'));
  const buildTypes = scripts.flatMap((file) => variantsOf(file, 'buildTypes'));
  // A plugin's own dependencies are on the class path of the build that applies it.
  const classPath = {
    ...scope,
    files: [...scope.files, ...project.includedBuilds.flatMap((build) => build.classPath)],
  };
  const isOld =
    scope.properties.get('newArchEnabled')?.value === 'false' &&
    reactNative !== undefined &&
    heedsNewArchEnabled(reactNative);
  const facts = {
    buildFile: app.path,
    applicationId,
    architecture: isOld ? ('old' as const) : ('new' as const),
    namespace,
    compileSdk: sdk('compileSdk', 'android.compileSdk'),
    minSdk: sdk('minSdk', 'android.defaultConfig.minSdk'),
    targetSdk: sdk('targetSdk', 'android.defaultConfig.targetSdk'),
    computedLevels,
    agp: pluginVersion(classPath, 'com.android.tools.build:gradle', [
      APPLICATION,
      'com.android.library',
    ]),
    kotlin: kotlinVersion(classPath),
    usesKotlin: [...pluginIds(app, scope), ...project.applied.ids].some((id) =>
      KOTLIN_PLUGINS.includes(id),
    ),
    flavors,
    buildTypes: buildTypes.filter((one) => one.applicationIdSuffix !== undefined),
    applicationIds: applicationIds(applicationId, flavors, buildTypes),
    workRuntime: workUsesOf(project),
  };
  const hasExpression =
    applicationId === undefined &&
    scripts.some(
      ({ statements }) => findLast(statements, 'android.defaultConfig.applicationId') !== undefined,
    );
  const reason =
    'applicationId is an expression, which bgsync does not run: give trigger, logs and status the id with --app';
  const warnings: ProjectProblem[] = hasExpression ? [{ path: facts.buildFile, reason }] : [];
  return { ...facts, warnings };
}

/** The version that a plugin is given: as a dependency of the build script, or in a plugins block. */
function pluginVersion(
  scope: GradleScope,
  module: string,
  ids: readonly string[],
): Located<string> | undefined {
  const [group = ''] = module.split(':');
  // On the class path by its module, or by the marker that stands for a plugin's id:
  // https://docs.gradle.org/current/userguide/plugins.html#sec:plugin_markers
  const named = [
    ...findDependencies(scope, group).filter((use) => use.module === module),
    ...ids.flatMap((id) =>
      findDependencies(scope, id).filter((use) => use.module === `${id}:${id}.gradle.plugin`),
    ),
  ];
  const dependency = named.find((use) => use.version !== undefined);
  if (dependency?.version !== undefined) {
    return { value: dependency.version, file: dependency.file, line: dependency.line };
  }
  for (const { path, statements } of scope.files) {
    for (const use of readPlugins(statements)) {
      if (!ids.includes(pluginId(use, scope))) continue;
      const version = use.isAlias
        ? scope.catalog?.content.plugins.get(use.id)?.version
        : use.version !== undefined && { value: use.version, line: use.line };
      if (!version || !isVersion(version.value)) continue;
      const file = use.isAlias ? (scope.catalog?.path ?? path) : path;
      return { value: version.value, file, line: version.line };
    }
  }
  return undefined;
}

function kotlinVersion(scope: GradleScope): Located<string> | undefined {
  const module = 'org.jetbrains.kotlin:kotlin-gradle-plugin';
  const known = pluginVersion(scope, module, KOTLIN_PLUGINS);
  if (known !== undefined) return known;
  const isOnClassPath = scope.files.some(
    (file) =>
      findDependencies({ ...scope, files: [file] }, 'org.jetbrains.kotlin').some(
        (use) => use.module === module,
      ) ||
      readPlugins(file.statements).some((use) => KOTLIN_PLUGINS.includes(pluginId(use, scope))),
  );
  if (isOnClassPath) return undefined;
  const fallback = resolveValue(
    { ...scope, properties: new Map() },
    { kind: 'reference', name: 'rootProject.ext.kotlinVersion' },
    { file: '', line: 0 },
  );
  return fallback !== undefined && isVersion(fallback.value) ? fallback : undefined;
}

/** `35`, `"35"` and `"android-35"`. */
function sdkLevel(found: Located<string> | undefined): Located<number> | undefined {
  if (found === undefined) return undefined;
  const digits = /^(?:android-)?(\d{1,3})$/.exec(found.value)?.[1];
  return digits === undefined ? undefined : { ...found, value: Number(digits) };
}

const variantsOf = (
  { path: file, statements }: GradleFile,
  container: 'productFlavors' | 'buildTypes',
): AndroidVariant[] => readVariants(statements, container).map((one) => ({ ...one, file }));

/**
 * The ids of every flavor with every build type. Flavors of several dimensions combine; that is left out, so the list
 * may then lack some.
 */
function applicationIds(
  base: string | undefined,
  flavors: readonly AndroidVariant[],
  buildTypes: readonly AndroidVariant[],
): string[] {
  const own = flavors.map((one) => {
    const id = one.applicationId ?? base;
    return id === undefined ? undefined : `${id}${one.applicationIdSuffix ?? ''}`;
  });
  const ids = (flavors.length === 0 ? [base] : own).filter((id) => id !== undefined);
  const suffixes = new Set(['', ...buildTypes.map((one) => one.applicationIdSuffix ?? '')]);
  return [...new Set(ids.flatMap((id) => [...suffixes].map((suffix) => `${id}${suffix}`)))].sort();
}

async function readMainManifest(
  files: ReadOnlyFiles,
  buildFile: string,
): Promise<{ path: string; manifest: AndroidManifest | undefined }> {
  const path = posix.join(posix.dirname(buildFile), 'src/main/AndroidManifest.xml');
  const text = await files.read(path);
  return { path, manifest: text === undefined ? undefined : readAndroidManifest(text) };
}
