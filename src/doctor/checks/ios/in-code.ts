import type { Check } from '../../check.ts';
import { backgroundSessionEvents } from './background-session-events.ts';
import { backgroundSessionTasks } from './background-session-tasks.ts';
import { backgroundTimeEnded } from './background-time-ended.ts';
import { cancelsAllRequests } from './cancels-all-requests.ts';
import { chainContinues } from './chain-continues.ts';
import { compiledSource } from './compiled-source.ts';
import { completedTooEarly } from './completed-too-early.ts';
import { expirationEndsTask } from './expiration-ends-task.ts';
import { expirationHandlerSet } from './expiration-handler-set.ts';
import { fetchHandlerCalled } from './fetch-handler-called.ts';
import { handlerIsolation } from './handler-isolation.ts';
import { identifierRegisteredOnce } from './identifier-registered-once.ts';
import { intervalSeconds } from './interval-seconds.ts';
import { keychainWhenUnlocked } from './keychain-when-unlocked.ts';
import { registeredAtLaunch } from './registered-at-launch.ts';
import { registeredTooLate } from './registered-too-late.ts';
import { sceneTakesOver } from './scene-takes-over.ts';
import { simulateSelectors } from './simulate-selectors.ts';
import { submittedIdentifier } from './submitted-identifier.ts';
import { taskCompleted } from './task-completed.ts';
import { taskTypesMeet } from './task-types-meet.ts';
import { threadStands } from './thread-stands.ts';

/** They look at the app’s own Swift and Objective-C. */
export const IOS_CODE_CHECKS: readonly Check[] = [
  registeredAtLaunch,
  identifierRegisteredOnce,
  registeredTooLate,
  handlerIsolation,
  expirationHandlerSet,
  taskCompleted,
  expirationEndsTask,
  chainContinues,
  simulateSelectors,
  keychainWhenUnlocked,
  compiledSource,
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
