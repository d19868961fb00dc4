import satisfies from 'semver/functions/satisfies.js';
import type { FileSystem } from '../file-system.ts';
import { SYNC_LAYERS, SYNC_LAYER_IDS, syncLayerFacts } from '../facts.ts';
import type { SyncLayer, SyncLayerId } from '../facts.ts';
import { readAppSources } from './app-sources.ts';
import { packageVersion } from './declared-version.ts';
import { declaredRange } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import { RepoFiles } from './repo-files.ts';

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

/** Whether the app syncs by it: of one that apps have for other things, too, the sources tell. */
export async function isUsedForSync(
  fs: FileSystem,
  root: string,
  id: SyncLayerId,
): Promise<boolean> {
  const { sign } = syncLayerFacts(id);
  if (sign === undefined) return true;
  for await (const { text } of readAppSources(new RepoFiles(fs, root))) {
    if (text.includes(sign)) return true;
  }
  return false;
}
