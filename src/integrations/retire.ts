import { defaultConfig } from '../config.ts';
import type { Config, Platform } from '../config.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { renderLayer } from '../templates/render.ts';
import { templateModel } from './model.ts';

/** Of the full package, what the retired one still needs: its pod, the schema of the config, and what the app imports. */
const KEPT = ['BackgroundSync.podspec', 'config.schema.json'];

const isExpoPackage = (lock: LockFile): boolean => lock.host === 'expo';

const platformsOf = (lock: LockFile): Platform[] =>
  (['android', 'ios'] as const).filter((name) =>
    Object.keys(lock.files).some((path) => path.startsWith(`${name}/`)),
  );

/** What makes the native projects take up the retired package: the command that comes before the build. */
export function installStep(lock: LockFile): string {
  if (isExpoPackage(lock)) {
    return 'npx expo prebuild (npx pod-install where ios/ is committed; nothing where EAS Build does it), then build';
  }
  return platformsOf(lock).includes('ios')
    ? 'cd ios && bundle exec pod install, then build'
    : 'Build';
}

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
  const model = templateModel(settings, 'new', others);
  const platforms = platformsOf(lock);
  // The app config goes on naming it: without the file, Expo reads no config at all.
  const expo = isExpoPackage(lock) ? renderLayer('expo', model) : [];
  return new Map([
    ...[...renderLayer('package', model)].filter(([path]) => KEPT.includes(path)),
    ...renderLayer('typescript', model),
    ...renderLayer('retired', model),
    ...expo,
    ...platforms.flatMap((name) => [...renderLayer(`retired-${name}`, model)]),
  ]);
}
