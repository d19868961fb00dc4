import type { Check } from '../../check.ts';
import { alarmClock } from './alarm-clock.ts';
import { appendChain } from './append-chain.ts';
import { bootPermission } from './boot-permission.ts';
import { broadcastDelivered } from './broadcast-delivered.ts';
import { broadcastFinished } from './broadcast-finished.ts';
import { cancelsAllWork } from './cancels-all-work.ts';
import { componentDeclared } from './component-declared.ts';
import { configurationProvider } from './configuration-provider.ts';
import { dataSyncPermission } from './data-sync-permission.ts';
import { exactAlarms } from './exact-alarms.ts';
import { expeditedNotification } from './expedited-notification.ts';
import { expeditedWork } from './expedited-work.ts';
import { exported } from './exported.ts';
import { foregroundFromBoot } from './foreground-from-boot.ts';
import { foregroundStarted } from './foreground-started.ts';
import { foregroundTimeout } from './foreground-timeout.ts';
import { foregroundType } from './foreground-type.ts';
import { headlessConfig } from './headless-config.ts';
import { headlessService } from './headless-service.ts';
import { idleWithBackoff } from './idle-with-backoff.ts';
import { initializerKept } from './initializer-kept.ts';
import { initializerRemoved } from './initializer-removed.ts';
import { inputKeys } from './input-keys.ts';
import { jobFinished } from './job-finished.ts';
import { jobIds } from './job-ids.ts';
import { jobInfo } from './job-info.ts';
import { jobService } from './job-service.ts';
import { nameShared } from './name-shared.ts';
import { notificationChannel } from './notification-channel.ts';
import { onStopped } from './on-stopped.ts';
import { pendingIntentFlags } from './pending-intent-flags.ts';
import { periodicInterval } from './periodic-interval.ts';
import { periodicNotUnique } from './periodic-not-unique.ts';
import { periodicReplaced } from './periodic-replaced.ts';
import { providerReady } from './provider-ready.ts';
import { startedAgain } from './started-again.ts';
import { startupRemoved } from './startup-removed.ts';
import { wakeLock } from './wake-lock.ts';
import { workNames } from './work-names.ts';
import { workOutlives } from './work-outlives.ts';
import { workerBlocks } from './worker-blocks.ts';
import { workerCreated } from './worker-created.ts';
import { workerEscapes } from './worker-escapes.ts';
import { workerFactory } from './worker-factory.ts';

/** They look at the app’s own Kotlin and Java, and at what its manifests say of that. */
export const ANDROID_CODE_CHECKS: readonly Check[] = [
  initializerRemoved,
  configurationProvider,
  workerFactory,
  startupRemoved,
  periodicReplaced,
  appendChain,
  workerEscapes,
  onStopped,
  workerBlocks,
  periodicInterval,
  expeditedWork,
  dataSyncPermission,
  foregroundType,
  jobIds,
  headlessService,
  initializerKept,
  workerCreated,
  idleWithBackoff,
  jobService,
  bootPermission,
  periodicNotUnique,
  cancelsAllWork,
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
