import type { Check } from '../../check.ts';
import { chainContinues } from './chain-continues.ts';
import { compiledSource } from './compiled-source.ts';
import { completedTooEarly } from './completed-too-early.ts';
import { dataProtection } from './data-protection.ts';
import { deploymentTarget } from './deployment-target.ts';
import { expirationEndsTask } from './expiration-ends-task.ts';
import { expirationHandlerSet } from './expiration-handler-set.ts';
import { handlerIsolation } from './handler-isolation.ts';
import { identifierPerConfiguration } from './identifier-per-configuration.ts';
import { identifierRegisteredOnce } from './identifier-registered-once.ts';
import { infoPlistFound } from './info-plist-found.ts';
import { keychainWhenUnlocked } from './keychain-when-unlocked.ts';
import { legacyBackgroundFetch } from './legacy-background-fetch.ts';
import { libraryLaunchCall } from './library-launch-call.ts';
import { oneWriterOfInfoPlist } from './one-writer-of-info-plist.ts';
import { permittedIdentifier } from './permitted-identifier.ts';
import { podsInstalled } from './pods-installed.ts';
import { processingMode } from './processing-mode.ts';
import { processingWithoutIdentifiers } from './processing-without-identifiers.ts';
import { refreshIdentifiers } from './refresh-identifiers.ts';
import { registeredAtLaunch } from './registered-at-launch.ts';
import { registeredTooLate } from './registered-too-late.ts';
import { registersForeignIdentifiers } from './registers-foreign-identifiers.ts';
import { sceneHost } from './scene-host.ts';
import { simulateSelectors } from './simulate-selectors.ts';
import { staleIdentifier } from './stale-identifier.ts';
import { submittedIdentifier } from './submitted-identifier.ts';
import { taskCompleted } from './task-completed.ts';
import { taskId } from './task-id.ts';
import { taskTypesMeet } from './task-types-meet.ts';
import { transistorPrefix } from './transistor-prefix.ts';
import { intervalSeconds } from './interval-seconds.ts';
import { backgroundSessionEvents } from './background-session-events.ts';
import { backgroundSessionTasks } from './background-session-tasks.ts';
import { sceneTakesOver } from './scene-takes-over.ts';
import { fetchHandlerCalled } from './fetch-handler-called.ts';
import { backgroundTimeEnded } from './background-time-ended.ts';
import { threadStands } from './thread-stands.ts';
import { cancelsAllRequests } from './cancels-all-requests.ts';

export const IOS_CHECKS: readonly Check[] = [
  permittedIdentifier,
  taskId,
  processingMode,
  processingWithoutIdentifiers,
  registeredAtLaunch,
  identifierRegisteredOnce,
  registeredTooLate,
  handlerIsolation,
  expirationHandlerSet,
  taskCompleted,
  expirationEndsTask,
  chainContinues,
  simulateSelectors,
  sceneHost,
  identifierPerConfiguration,
  infoPlistFound,
  dataProtection,
  keychainWhenUnlocked,
  deploymentTarget,
  legacyBackgroundFetch,
  oneWriterOfInfoPlist,
  refreshIdentifiers,
  staleIdentifier,
  compiledSource,
  libraryLaunchCall,
  registersForeignIdentifiers,
  transistorPrefix,
  podsInstalled,
  submittedIdentifier,
  taskTypesMeet,
  completedTooEarly,
  cancelsAllRequests,
  intervalSeconds,
  backgroundSessionTasks,
  backgroundSessionEvents,
  sceneTakesOver,
  fetchHandlerCalled,
  backgroundTimeEnded,
  threadStands,
];
