import { posix } from 'node:path';
import { PLATFORMS } from './project.ts';
import type { Platform } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** A native project that React Native's CLI takes from another folder than the one that bgsync reads. */
export interface MovedProject {
  readonly platform: Platform;
  /** Relative to the app's root. */
  readonly folder: string;
  /** The react-native.config file, and its line; 1-based. */
  readonly file: string;
  readonly line: number;
}

export const REACT_NATIVE_CONFIGS = ['js', 'cjs', 'mjs', 'ts'].map(
  (extension) => `react-native.config.${extension}`,
);

/**
 * `project.android.sourceDir` and `project.ios.sourceDir` of react-native.config, where they name another folder than
 * `android` and `ios`, as far as that can be told without running it
 * (https://github.com/react-native-community/cli/blob/main/docs/projects.md).
 *
 * @param files those of the app's root
 */
export async function movedProjects(files: Pick<ReadOnlyFiles, 'read'>): Promise<MovedProject[]> {
  for (const file of REACT_NATIVE_CONFIGS) {
    const text = await files.read(file);
    if (text === undefined) continue;
    if (!text.includes('sourceDir')) return [];
    // The parser is most of doctor’s start-up, and nearly no app has the word.
    const { sourceDirsOf } = await import('../formats/config-verdict.ts');
    const { readImportedFiles } = await import('./imported-files.ts');
    const around = await readImportedFiles(files, file);
    const named = sourceDirsOf({ files: new Map([...around, [file, text]]), file });
    return PLATFORMS.flatMap((platform) => {
      const folder = named[platform];
      if (folder === undefined || isUsual(platform, folder)) return [];
      return [{ platform, folder, file, line: lineOf(text, folder) }];
    });
  }
  return [];
}

/** The CLI looks for a Podfile below the folder; a Gradle project in the root itself is read by every command. */
function isUsual(platform: Platform, folder: string): boolean {
  return folder === '' || folder === platform || folder.startsWith(`${platform}/`);
}

function lineOf(text: string, folder: string): number {
  const lines = text.split('\n');
  const named = (line: string): boolean => line.includes(posix.basename(folder));
  const isMeant = [
    (line: string) => line.includes('sourceDir') && named(line),
    named,
    (line: string) => line.includes('sourceDir'),
  ].find((way) => lines.some(way));
  return isMeant === undefined ? 1 : lines.findIndex(isMeant) + 1;
}

/** What is so of a project that was moved, in words that complete a sentence. */
export const describeMoved = ({ platform, folder }: MovedProject): string =>
  `project.${platform}.sourceDir is ${folder}, and bgsync reads ${platform}/ alone`;
