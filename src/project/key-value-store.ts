import coerce from 'semver/functions/coerce.js';
import lt from 'semver/functions/lt.js';
import type { FileSystem } from '../file-system.ts';
import { packageVersion } from './declared-version.ts';
import { declaredRange } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import type { KeyValueStore } from '../facts.ts';

/**
 * What the app already keeps texts in, by which it wants to be asked. `createMMKV` replaced the class in version 4
 * (https://github.com/mrousavy/react-native-mmkv/blob/main/docs/V4_UPGRADE_GUIDE.md); `expo-sqlite/kv-store` came with
 * SDK 52, before the oldest that bgsync takes.
 */
export async function findKeyValueStore(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
): Promise<KeyValueStore> {
  const mmkv = declaredRange(packageJson, 'react-native-mmkv');
  if (mmkv !== undefined) {
    const { version } = await packageVersion(fs, root, 'react-native-mmkv', mmkv);
    const release = coerce(version)?.version;
    return release !== undefined && lt(release, '4.0.0') ? 'mmkv-class' : 'mmkv';
  }
  if (declaredRange(packageJson, '@react-native-async-storage/async-storage') !== undefined) {
    return 'async-storage';
  }
  return declaredRange(packageJson, 'expo-sqlite') === undefined ? 'none' : 'expo-kv-store';
}
