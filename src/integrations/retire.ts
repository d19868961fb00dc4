import { defaultConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { podOf } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { renderLayers } from '../templates/render.ts';
import { lockedPlatforms } from './host.ts';
import { hostOfLock } from './hosts.ts';
import { renderPackage } from './render-package.ts';

/**
 * The package that only cancels what an earlier one scheduled, under the same names, by path inside it.
 *
 * @param config for the version of work-runtime; the defaults where it cannot be read
 */
export function renderRetired(
  lock: LockFile,
  config: Config | undefined,
): ReadonlyMap<string, string> {
  const taskId = config?.taskId ?? lock.taskIds.at(-1) ?? defaultConfig().taskId;
  const { moduleDir, handler } = lock;
  const retiredIds = lock.taskIds.filter((id) => id !== taskId);
  const settings = { ...(config ?? defaultConfig()), taskId, moduleDir, handler };
  const host = hostOfLock(lock);
  const model = host.retiredModel(settings, { retiredIds, pod: podOf(lock) });
  const kept = renderPackage(host, settings, model);
  return new Map([
    ...[...kept].filter(([path]) => host.keptWhenRetired.test(path)),
    ...renderLayers(host.retiredLayers(lockedPlatforms(lock)), model),
  ]);
}
