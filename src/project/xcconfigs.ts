import { posix } from 'node:path';
import type { PbxprojDict } from '../formats/pbxproj.ts';
import { readXcconfig } from '../formats/xcconfig.ts';

/** Far more than any project chains; ends files that include each other. */
const MOST_FILES = 64;

/**
 * The settings of xcconfigs, those that they include among them, at the place of the include.
 *
 * @param paths relative to `folder`; keys of the result
 * @param read by path relative to the app's root; undefined where there is no such file
 */
export async function readXcconfigs(
  paths: readonly string[],
  folder: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<Map<string, PbxprojDict>> {
  const found = new Map<string, PbxprojDict>();
  for (const path of paths) {
    let left = MOST_FILES;
    // No prototype: a setting may be called __proto__.
    const settings = Object.create(null) as PbxprojDict;
    const collect = async (file: string, open: readonly string[]): Promise<boolean> => {
      left -= 1;
      if (left < 0 || open.includes(file) || isOutside(file)) return true;
      const text = await read(file);
      if (text === undefined) return false;
      for (const item of readXcconfig(text)) {
        if (item.kind === 'setting') settings[item.key] = item.value;
        else await collect(posix.join(posix.dirname(file), item.path), [...open, file]);
      }
      return true;
    };
    if (await collect(posix.join(folder, path), [])) found.set(path, settings);
  }
  return found;
}

const isOutside = (path: string): boolean => path.startsWith('..') || posix.isAbsolute(path);
