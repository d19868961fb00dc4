import { WORK } from '../facts.ts';
import { isBelow, isWithin } from '../versions.ts';
import type { AndroidProject, ProjectProblem } from './project.ts';

type Facts = Omit<AndroidProject, 'warnings'>;

/** @param hasIdExpression whether an applicationId is there that is no literal */
export function androidWarnings(facts: Facts, hasIdExpression: boolean): ProjectProblem[] {
  const warnings: ProjectProblem[] = [];
  if (hasIdExpression) {
    warnings.push({
      path: facts.buildFile,
      reason:
        'applicationId is an expression, which bgsync does not run: give trigger, logs and status the id with --app',
    });
  }
  warnings.push(...workVersionWarnings(facts), ...workConfigurationWarnings(facts));
  return warnings;
}

function workVersionWarnings({ workRuntime }: Facts): ProjectProblem[] {
  const ours = WORK.default;
  return workRuntime.flatMap((use): ProjectProblem[] => {
    const { version, file: path, line } = use;
    const place = { path, line };
    if (version === undefined) {
      return use.isPinned
        ? [
            {
              ...place,
              reason: `androidx.work is pinned to a version that only the build knows; below ${ours} the background sync may not build or run`,
            },
          ]
        : [];
    }
    if (!isBelow(version, ours)) return [];
    if (use.isPinned) {
      const effect = isWithin(version, WORK.broken)
        ? 'with it, work that waits for the network starts without one on Android 15 and later'
        : 'that version is not tested';
      return [
        {
          ...place,
          reason: `androidx.work is pinned to ${version}, so Gradle does not take the ${ours} of the background sync: ${effect}`,
        },
      ];
    }
    return [
      {
        ...place,
        reason: `androidx.work is ${version} here; Gradle takes the highest, so the whole app gets the ${ours} of the background sync`,
      },
    ];
  });
}

function workConfigurationWarnings(facts: Facts): ProjectProblem[] {
  const { workConfiguration: provider, removedInitializer } = facts;
  const warnings: ProjectProblem[] = [];
  if (removedInitializer !== undefined && provider === undefined) {
    warnings.push({
      path: removedInitializer.file,
      line: removedInitializer.line,
      reason:
        'WorkManager’s own initializer is taken out, and the application class neither is a Configuration.Provider nor calls WorkManager.initialize: unless something else does, scheduling throws "WorkManager is not initialized properly"',
    });
  }
  if (provider === undefined) return warnings;
  const place = { path: provider.file, line: provider.line };
  if (provider.isFunction) {
    warnings.push({
      ...place,
      reason:
        'getWorkManagerConfiguration() is a function; from androidx.work 2.9 on it is a property, and this does not compile: write `override val workManagerConfiguration: Configuration get() = …`',
    });
  }
  if (provider.hasWorkerFactory) {
    warnings.push({
      ...place,
      reason:
        'WorkManager has a WorkerFactory of the app’s own: it must return null for classes that it does not know, or the sync’s worker is never made',
    });
  }
  return warnings;
}
