import satisfies from 'semver/functions/satisfies.js';
import type { FileSystem } from '../file-system.ts';
import { SYNC_LAYERS, SYNC_LAYER_IDS } from '../facts.ts';
import type { SyncLayer } from '../facts.ts';
import { packageVersion } from './declared-version.ts';
import { declaredRange } from './package-json.ts';
import type { PackageJson } from './package-json.ts';

/** Those that the app names in its package.json, in the order of {@link SYNC_LAYERS}. */
export async function findSyncLayers(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
): Promise<SyncLayer[]> {
  const found: SyncLayer[] = [];
  for (const id of SYNC_LAYER_IDS) {
    const { packageName, versions } = SYNC_LAYERS[id];
    const declared = declaredRange(packageJson, packageName);
    if (declared === undefined) continue;
    const { version } = await packageVersion(fs, root, packageName, declared);
    // Of a tag nothing is known; what is installed then is the newest.
    const isSupported =
      version === undefined || satisfies(version, versions, { includePrerelease: true });
    found.push({ id, version, isSupported });
  }
  return found;
}
