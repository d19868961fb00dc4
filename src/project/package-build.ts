import { pathOf, readGradle } from '../formats/gradle.ts';
import { maskSource } from '../formats/source.ts';
import type { App } from './app.ts';
import { manifestOf } from './manifests.ts';
import type { Manifest } from './manifests.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** What single checks ask of the Android half of a package: the generated one, an installed one. */

/** Lines of source sets other than `debug` that have the folder src/debug among theirs, 1-based. */
export async function releasedDebugFolders(
  files: Pick<ReadOnlyFiles, 'read'>,
  path: string,
): Promise<number[]> {
  const text = (await files.read(path)) ?? '';
  if (!text.includes('src/debug')) return [];
  return readGradle(text)
    .filter((one) => {
      const path = pathOf(one);
      const isOther = /\bsourceSets\b/.test(path) && !/\bdebug\b/.test(path);
      return isOther && one.rest.some((word) => /(?:^|\/)src\/debug(?:\/|$)/.test(word.text));
    })
    .map(({ line }) => line);
}

/**
 * Whether a build script names androidx.work in any way: a catalog or a variable of the app's may stand for it.
 *
 * @returns the line of its dependencies where it does not, 0 where it has none; undefined where it does, or is not there
 */
export async function lineWithoutWork(
  files: Pick<ReadOnlyFiles, 'read'>,
  path: string,
): Promise<number | undefined> {
  const text = await files.read(path);
  if (text === undefined) return undefined;
  const { noComments } = maskSource(text, 'kotlin');
  if (/work/i.test(noComments)) return undefined;
  return noComments.split('\n').findIndex((line) => /^\s*dependencies\b/.test(line)) + 1;
}

/** The version that an installed package's build script asks of a module, as it is written. @param module `group:name` */
export async function writtenVersion(
  app: Pick<App, 'readPackageFile'>,
  name: string,
  module: string,
): Promise<string | undefined> {
  const text = (await app.readPackageFile(name, 'android/build.gradle'))?.text ?? '';
  const { noComments } = maskSource(text, 'kotlin');
  const escaped = module.replaceAll('.', '\\.');
  return new RegExp(`["']${escaped}:([^"'$\\n]{1,60})["']`).exec(noComments)?.[1];
}

/** The manifest that an installed package brings into the app; undefined where it is not installed, or has none. */
export async function packageManifest(
  app: Pick<App, 'readPackageFile'>,
  name: string,
): Promise<Manifest | undefined> {
  const file = await app.readPackageFile(name, 'android/src/main/AndroidManifest.xml');
  return file && manifestOf({ path: file.path, sourceSet: 'main' }, file.text);
}
