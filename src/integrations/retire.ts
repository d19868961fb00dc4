import { defaultConfig } from '../config.ts';
import type { Config } from '../config.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { renderLayer } from '../templates/render.ts';
import { lockedPlatforms } from './host.ts';
import { hostOfLock } from './hosts.ts';
import { templateModel } from './model.ts';
import { REACT_NATIVE } from './react-native/host.ts';

/** Of the full package, the retired one still needs its pod, beside the schema of the config and what the app imports. */
const POD = 'BackgroundSync.podspec';

/**
 * The package that only cancels what an earlier one scheduled, under the same names, by path inside it. The TypeScript
 * stays as it is: without a native module it does nothing, and what imports it goes on compiling.
 *
 * @param config for the version of work-runtime; the defaults where it cannot be read
 */
export function renderRetired(
  lock: LockFile,
  config: Config | undefined,
): ReadonlyMap<string, string> {
  const taskId = config?.taskId ?? lock.taskIds.at(-1) ?? defaultConfig().taskId;
  const { moduleDir, handler } = lock;
  const others = lock.taskIds.filter((id) => id !== taskId);
  const settings = { ...(config ?? defaultConfig()), taskId, moduleDir, handler };
  const model = templateModel(settings, 'new', others, REACT_NATIVE);
  const platforms = lockedPlatforms(lock);
  const kept = hostOfLock(lock).retiredLayers.flatMap((layer) => [...renderLayer(layer, model)]);
  return new Map([
    ...renderLayer('package', model),
    ...[...renderLayer('react-native', model)].filter(([path]) => path === POD),
    ...renderLayer('typescript', model),
    ...renderLayer('retired', model),
    ...kept,
    ...platforms.flatMap((name) => [...renderLayer(`retired-${name}`, model)]),
  ]);
}
