import type { RepoFiles } from './repo-files.ts';
import { walkFiles } from './walk.ts';

const LIMITS = { files: 3000, folders: 2000, depth: 16 };
const LONGEST = 500_000;
/** What is JavaScript or TypeScript, and no declaration. */
export const SCRIPT = /(?<!\.d)\.[cm]?[jt]sx?$/;
export const SCRIPT_OF_TESTS = /\.(?:test|spec|stories)\.[cm]?[jt]sx?$/;

/**
 * The app's own JavaScript and TypeScript, without tests, declarations and what is too long to be written by hand.
 *
 * @param without paths of files and folders that are left out
 */
export async function* readAppSources(
  files: RepoFiles,
  without: readonly string[] = [],
): AsyncGenerator<{ readonly path: string; readonly text: string }> {
  const paths = await walkFiles(files, '', {
    limits: LIMITS,
    accept: (path) => SCRIPT.test(path) && !SCRIPT_OF_TESTS.test(path) && !without.includes(path),
    enter: (path) => !without.includes(path) && path !== 'android' && path !== 'ios',
  });
  for (const path of paths) {
    const text = await files.read(path);
    if (text !== undefined && text.length <= LONGEST) yield { path, text };
  }
}
