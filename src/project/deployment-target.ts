import { lineNumber } from '../formats/text.ts';
import type { Located } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** The first IPHONEOS_DEPLOYMENT_TARGET of a project.pbxproj that is below this one; undefined where none is. */
export async function findLowTarget(
  files: Pick<ReadOnlyFiles, 'read'>,
  file: string,
  oldest: number,
): Promise<Located<string> | undefined> {
  const text = (await files.read(file)) ?? '';
  for (const match of text.matchAll(/\bIPHONEOS_DEPLOYMENT_TARGET = "?([\d.]+)"?;/g)) {
    const [, value = ''] = match;
    if (Number.parseFloat(value) < oldest)
      return { value, file, line: lineNumber(text, match.index) };
  }
  return undefined;
}
