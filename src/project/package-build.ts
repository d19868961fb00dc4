import { pathOf, readGradle } from '../formats/gradle.ts';
import { maskSource } from '../formats/source.ts';

/** What single checks ask of the build.gradle of a package: the generated one, an installed one. */

/** Lines of source sets other than `debug` that have the folder src/debug among theirs, 1-based. */
export function releasedDebugFolders(text: string): number[] {
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
 * @returns the line of its dependencies where it does not, 0 where it has none; undefined where it does
 */
export function lineWithoutWork(text: string): number | undefined {
  const { noComments } = maskSource(text, 'kotlin');
  if (/work/i.test(noComments)) return undefined;
  return noComments.split('\n').findIndex((line) => /^\s*dependencies\b/.test(line)) + 1;
}

/** The version that a build script asks of a module, as it is written. @param module `group:name` */
export function writtenVersion(text: string, module: string): string | undefined {
  const { noComments } = maskSource(text, 'kotlin');
  const escaped = module.replaceAll('.', '\\.');
  return new RegExp(`["']${escaped}:([^"'$\\n]{1,60})["']`).exec(noComments)?.[1];
}
