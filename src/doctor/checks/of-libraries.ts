import type { Check } from '../check.ts';
import { runnerPermissions } from './android/runner-permissions.ts';
import { libraryLaunchCall } from './ios/library-launch-call.ts';
import { registersForeignIdentifiers } from './ios/registers-foreign-identifiers.ts';
import { transistorPrefix } from './ios/transistor-prefix.ts';
import { expoRouteTask } from './javascript/expo-route-task.ts';
import { fetchFinishes } from './javascript/fetch-finishes.ts';
import { intervalUnit } from './javascript/interval-unit.ts';
import { runnerEvent } from './javascript/runner-event.ts';
import { stopsWithApp } from './javascript/stops-with-app.ts';
import { taskResult } from './javascript/task-result.ts';
import { taskStays } from './javascript/task-stays.ts';
import { abortedTransaction } from './queue/aborted-transaction.ts';
import { defaultDiscard } from './queue/default-discard.ts';
import { exclusiveTransaction } from './queue/exclusive-transaction.ts';
import { lockedKeychain } from './queue/locked-keychain.ts';

/** They apply to apps with a certain library alone. */
export const LIBRARY_CHECKS: readonly Check[] = [
  runnerPermissions,
  libraryLaunchCall,
  registersForeignIdentifiers,
  transistorPrefix,
  expoRouteTask,
  fetchFinishes,
  runnerEvent,
  intervalUnit,
  stopsWithApp,
  taskResult,
  taskStays,
  exclusiveTransaction,
  abortedTransaction,
  defaultDiscard,
  lockedKeychain,
];
