import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';
import lt from 'semver/functions/lt.js';
import { DEFAULT_WORK_RUNTIME } from '../templates/model.ts';
import { UserError } from '../errors.ts';
import type { AndroidProject, Located, ProjectProblem, WorkUse } from './project.ts';

/** React Native 0.77 brings Kotlin 2 and AGP 8, and is not built with less; its AAR has minSdk 24. */
const OLDEST_AGP = '8.0.0';
const OLDEST_KOTLIN = '2.0.0';
const LOWEST_MIN_SDK = 24;

/** `setNextScheduleTimeOverride` and `getStopReason`, which the generated worker is built on. */
const OLDEST_WORK_RUNTIME = '2.9.0';

/**
 * The AAR metadata of androidx.work 2.11 refuse a lower one:
 * https://github.com/transistorsoft/flutter_background_geolocation/issues/1622
 */
const COMPILE_SDK_OF_WORK = { from: '2.11.0', lowest: 35 };

/** Workers that wait for the network start without it: https://issuetracker.google.com/issues/445324855 */
const BROKEN_WORK = { from: '2.10.2', before: '2.11.2' };

const release = (version: string): string => coerce(version)?.version ?? '0.0.0';
const isOlder = (version: string, than: string): boolean => lt(release(version), than);
const isBroken = (version: string): boolean =>
  gte(release(version), BROKEN_WORK.from) && isOlder(version, BROKEN_WORK.before);

/**
 * What the build is too old for, each with the place that says so. Only what is known counts: a build that leaves its
 * versions to React Native has none of these.
 *
 * @param workRuntime the version of androidx.work that is generated
 */
export function tooOld(android: AndroidProject, workRuntime: string): ProjectProblem[] {
  const { compileSdk, minSdk, agp, kotlin } = android;
  const problems: ProjectProblem[] = [];
  const add = (where: Located<unknown> | WorkUse, reason: string): void => {
    problems.push({ path: where.file, line: where.line, reason });
  };
  const lowest = gte(release(workRuntime), COMPILE_SDK_OF_WORK.from)
    ? COMPILE_SDK_OF_WORK.lowest
    : undefined;
  if (compileSdk !== undefined && lowest !== undefined && compileSdk.value < lowest) {
    add(
      compileSdk,
      `compileSdk is ${compileSdk.value}; androidx.work ${workRuntime} needs ${lowest} or higher`,
    );
  }
  if (minSdk !== undefined && minSdk.value < LOWEST_MIN_SDK) {
    add(minSdk, `minSdk is ${minSdk.value}; ${LOWEST_MIN_SDK} or higher is needed`);
  }
  if (agp !== undefined && isOlder(agp.value, OLDEST_AGP)) {
    add(agp, `the Android Gradle plugin is ${agp.value}; 8.0 or higher is needed`);
  }
  if (kotlin !== undefined && isOlder(kotlin.value, OLDEST_KOTLIN)) {
    add(kotlin, `Kotlin is ${kotlin.value}; 2.0 or higher is needed`);
  }
  for (const use of android.workRuntime) {
    if (!use.isPinned || use.version === undefined) continue;
    if (!isOlder(use.version, OLDEST_WORK_RUNTIME)) continue;
    add(
      use,
      `androidx.work is pinned to ${use.version}; 2.9 or higher is needed, so take the pin out or raise it`,
    );
  }
  return problems;
}

/** @throws UserError where the generated Kotlin could not be built: what is too old, where, and what is needed */
export function requireAndroidTools(
  android: AndroidProject | undefined,
  workRuntime: string,
): void {
  const problems = android === undefined ? [] : tooOld(android, workRuntime);
  if (problems.length === 0) return;
  const list = problems.map(({ path, line, reason }) => `  ${path}:${line ?? 1}: ${reason}`);
  throw new UserError(
    ['The Android project is too old for the background sync:', ...list].join('\n'),
    {
      hint: 'Nothing was written. Raise these, build the app once, then run bgsync init again.',
    },
  );
}

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
  const ours = DEFAULT_WORK_RUNTIME;
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
    if (!isOlder(version, ours)) return [];
    if (use.isPinned) {
      const effect = isBroken(version)
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
        'WorkManager’s own initializer is taken out, and the application class has no Configuration.Provider: unless the app calls WorkManager.initialize itself, scheduling throws "WorkManager is not initialized properly"',
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
