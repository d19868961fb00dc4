import type { FileSystem } from '../file-system.ts';
import { ObjectValue, Unknown } from '../formats/js-values.ts';
import { at } from '../place.ts';
import { appConfigsOf } from './app-config-values.ts';
import { detectExpo } from './expo.ts';
import { requirePackageJson } from './package-json.ts';
import { looseFiles } from './read-only-files.ts';

/** Where the app config of Expo has the id that the app has on a device. */
const KEYS = { android: 'package', ios: 'bundleIdentifier' } as const;

export interface PrebuiltIds {
  /** The app config. */
  readonly file: string;
  /** The key that names it: `android.package`. */
  readonly key: string;
  /** One for each way that the config can be put together. */
  readonly ids: readonly string[];
}

/**
 * The id of an app whose native project is not here, as where EAS Build makes it: of the app config, which is not run.
 *
 * @returns undefined where Expo does not make the native project; no ids where the config may come to others
 */
export async function prebuiltIds(
  fs: FileSystem,
  root: string,
  platform: keyof typeof KEYS,
): Promise<PrebuiltIds | undefined> {
  if ((await fs.read(at(root, 'package.json'))) === undefined) return undefined;
  const expo = await detectExpo(fs, root, await requirePackageJson(fs, root));
  const file = expo?.config.dynamic ?? expo?.config.static;
  if (expo?.[platform] !== 'generated' || file === undefined) return undefined;
  const files = looseFiles(fs, root);
  const { values, open } = await appConfigsOf(files, expo, file, (await files.read(file)) ?? '');
  const ids = values.map((value) => {
    const own = value.get(platform);
    return own instanceof ObjectValue ? own.get(KEYS[platform]) : own;
  });
  const isOpen = open !== undefined || ids.some((id) => id instanceof Unknown);
  const known = ids.filter((id) => typeof id === 'string');
  return { file, key: `${platform}.${KEYS[platform]}`, ids: isOpen ? [] : [...new Set(known)] };
}
