import { posix } from 'node:path';
import type { XmlDocument } from '@rgrove/parse-xml';
import { pathOf, readGradle, valueOf } from '../formats/gradle.ts';
import { maskSource } from '../formats/source.ts';
import type { RepoFiles } from '../project/repo-files.ts';
import { walkFolders } from '../project/walk.ts';

export interface AndroidApp {
  /** Of the Gradle project, relative to the root; '' is the root. */
  readonly folder: string;
  /** The modules that apply com.android.application. */
  readonly modules: readonly AndroidModule[];
  /** Every Gradle script of the project, its version catalog and its gradle.properties. */
  readonly gradleFiles: readonly GradleFile[];
}

export interface AndroidModule {
  /** Relative to the root: `android/app`. */
  readonly folder: string;
  readonly buildFile: string;
  /** Of `defaultConfig`, where it is a literal; flavors may have others. */
  readonly applicationId: string | undefined;
  readonly namespace: string | undefined;
}

export interface GradleFile {
  readonly path: string;
  readonly text: string;
}

export interface Manifest {
  readonly path: string;
  /** `main`, `debug`, `release`, or a flavor. */
  readonly sourceSet: string;
  readonly text: string;
  /** @returns undefined where it is not well-formed; nodes have offsets (`start`, `end`) */
  parse(): Promise<XmlDocument | undefined>;
}

const BUILD_FILES = ['build.gradle', 'build.gradle.kts'];
const PROJECT_FILES = [
  'settings.gradle',
  'settings.gradle.kts',
  'gradle.properties',
  'gradle/libs.versions.toml',
  // Capacitor keeps its versions here.
  'variables.gradle',
];
const APPLIES_APPLICATION = /com\.android\.application|\.plugins\.android\.?application\b/i;

/** @returns undefined where there is no Android app */
export async function readAndroidApp(files: RepoFiles): Promise<AndroidApp | undefined> {
  for (const folder of ['android', '']) {
    const below = (path: string): string => (folder === '' ? path : `${folder}/${path}`);
    const places = ['', ...(await walkFolders(files, folder, 2))];
    const paths = places.flatMap((place) =>
      BUILD_FILES.map((name) => (place === '' ? below(name) : `${place}/${name}`)),
    );
    paths.push(...PROJECT_FILES.map(below));
    const gradleFiles = await readAll(files, paths);
    const scripts = gradleFiles.filter(({ path }) => BUILD_FILES.includes(posix.basename(path)));
    const applications = scripts.filter(({ text }) => appliesApplication(text));
    // A convention plugin of the project's own may apply it.
    const usual = scripts.filter(({ path }) => posix.dirname(path) === below('app'));
    const modules = (applications.length > 0 ? applications : usual).map(readModule);
    if (modules.length > 0) return { folder, modules, gradleFiles };
  }
  return undefined;
}

/** `apply false` at the top only names the plugin's version. */
const appliesApplication = (text: string): boolean =>
  APPLIES_APPLICATION.test(text) &&
  maskSource(text, 'kotlin')
    .noComments.split('\n')
    .some((line) => APPLIES_APPLICATION.test(line) && !/apply\s*\(?\s*false/.test(line));

function readModule({ path, text }: GradleFile): AndroidModule {
  const statements = readGradle(text);
  const literal = (wanted: string): string | undefined => {
    const values = statements
      .filter((statement) => pathOf(statement) === wanted)
      .map(({ rest }) => valueOf(rest));
    return values.flatMap((value) => (value?.kind === 'literal' ? [value.text] : [])).at(-1);
  };
  const folder = posix.dirname(path);
  return {
    folder: folder === '.' ? '' : folder,
    buildFile: path,
    applicationId: literal('android.defaultConfig.applicationId'),
    namespace: literal('android.namespace'),
  };
}

/** The manifests of every source set of the app's modules, in the order of their paths. */
export async function readManifests(files: RepoFiles, app: AndroidApp): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const { folder } of app.modules) {
    const sources = folder === '' ? 'src' : `${folder}/src`;
    for (const { name: sourceSet, kind } of await files.entries(sources)) {
      if (kind !== 'directory' || /^(?:test|androidTest)/.test(sourceSet)) continue;
      const path = `${sources}/${sourceSet}/AndroidManifest.xml`;
      const text = await files.read(path);
      if (text !== undefined) {
        manifests.push({ path, sourceSet, text, parse: () => parseManifest(text) });
      }
    }
  }
  return manifests;
}

async function parseManifest(text: string): Promise<XmlDocument | undefined> {
  const { parseXml } = await import('@rgrove/parse-xml');
  try {
    return parseXml(text, { includeOffsets: true });
  } catch {
    // Not well-formed, or nested so deep that it overflows the parser's stack.
    return undefined;
  }
}

async function readAll(files: RepoFiles, paths: readonly string[]): Promise<GradleFile[]> {
  const texts = await Promise.all(paths.map((path) => files.read(path)));
  return paths.flatMap((path, index): GradleFile[] => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text }];
  });
}
