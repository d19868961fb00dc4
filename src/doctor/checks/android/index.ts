import type { Check } from '../../check.ts';
import { appendChain } from './append-chain.ts';
import { bootPermission } from './boot-permission.ts';
import { initializerKept } from './initializer-kept.ts';
import { jobService } from './job-service.ts';
import { periodicNotUnique } from './periodic-not-unique.ts';
import { workerCreated } from './worker-created.ts';
import { buildTools } from './build-tools.ts';
import { configurationProvider } from './configuration-provider.ts';
import { dataSyncPermission } from './data-sync-permission.ts';
import { debugHookReleased } from './debug-hook-released.ts';
import { dynamicVersion } from './dynamic-version.ts';
import { expeditedWork } from './expedited-work.ts';
import { foregroundType } from './foreground-type.ts';
import { headlessService } from './headless-service.ts';
import { idleWithBackoff } from './idle-with-backoff.ts';
import { initializerRemoved } from './initializer-removed.ts';
import { jobIds } from './job-ids.ts';
import { newArchitectureOnly } from './new-architecture-only.ts';
import { onStopped } from './on-stopped.ts';
import { periodicInterval } from './periodic-interval.ts';
import { periodicReplaced } from './periodic-replaced.ts';
import { permissionRemoved } from './permission-removed.ts';
import { reactHost } from './react-host.ts';
import { runnerPermissions } from './runner-permissions.ts';
import { sdkLevels } from './sdk-levels.ts';
import { startupRemoved } from './startup-removed.ts';
import { twoLibraries } from './two-libraries.ts';
import { workRuntimeDeclared } from './work-runtime-declared.ts';
import { workRuntimeNetwork } from './work-runtime-network.ts';
import { workRuntimePinned } from './work-runtime-pinned.ts';
import { workRuntimeR8 } from './work-runtime-r8.ts';
import { workRuntimeTooOld } from './work-runtime-too-old.ts';
import { workerBlocks } from './worker-blocks.ts';
import { workerEscapes } from './worker-escapes.ts';
import { workerFactory } from './worker-factory.ts';
import { cancelsAllWork } from './cancels-all-work.ts';
import { componentDeclared } from './component-declared.ts';
import { expeditedNotification } from './expedited-notification.ts';
import { foregroundFromBoot } from './foreground-from-boot.ts';
import { foregroundStarted } from './foreground-started.ts';
import { foregroundTimeout } from './foreground-timeout.ts';
import { providerReady } from './provider-ready.ts';
import { headlessConfig } from './headless-config.ts';
import { exactAlarms } from './exact-alarms.ts';
import { jobFinished } from './job-finished.ts';
import { jobInfo } from './job-info.ts';
import { notificationChannel } from './notification-channel.ts';
import { exported } from './exported.ts';
import { wakeLock } from './wake-lock.ts';
import { startedAgain } from './started-again.ts';
import { nameShared } from './name-shared.ts';
import { broadcastDelivered } from './broadcast-delivered.ts';
import { pendingIntentFlags } from './pending-intent-flags.ts';
import { alarmClock } from './alarm-clock.ts';
import { inputKeys } from './input-keys.ts';
import { workNames } from './work-names.ts';
import { broadcastFinished } from './broadcast-finished.ts';
import { workOutlives } from './work-outlives.ts';

/** What is known to break on Android, in the order of the ids. */
export const ANDROID_CHECKS: readonly Check[] = [
  workRuntimeDeclared,
  workRuntimeNetwork,
  workRuntimeTooOld,
  workRuntimeR8,
  sdkLevels,
  initializerRemoved,
  configurationProvider,
  workerFactory,
  startupRemoved,
  permissionRemoved,
  periodicReplaced,
  appendChain,
  workerEscapes,
  onStopped,
  workerBlocks,
  periodicInterval,
  expeditedWork,
  dataSyncPermission,
  foregroundType,
  runnerPermissions,
  reactHost,
  newArchitectureOnly,
  jobIds,
  twoLibraries,
  dynamicVersion,
  headlessService,
  initializerKept,
  workerCreated,
  debugHookReleased,
  buildTools,
  idleWithBackoff,
  jobService,
  bootPermission,
  periodicNotUnique,
  cancelsAllWork,
  workRuntimePinned,
  componentDeclared,
  expeditedNotification,
  exactAlarms,
  foregroundStarted,
  foregroundFromBoot,
  foregroundTimeout,
  headlessConfig,
  providerReady,
  jobFinished,
  broadcastFinished,
  workOutlives,
  workNames,
  inputKeys,
  nameShared,
  broadcastDelivered,
  pendingIntentFlags,
  alarmClock,
  jobInfo,
  notificationChannel,
  exported,
  wakeLock,
  startedAgain,
];
