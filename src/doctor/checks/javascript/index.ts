import type { Check } from '../../check.ts';
import { drainWaits } from './drain-waits.ts';
import { entryImportsHandler } from './entry-imports-handler.ts';
import { expoRouteTask } from './expo-route-task.ts';
import { fetchFinishes } from './fetch-finishes.ts';
import { fetchWithoutSignal } from './fetch-without-signal.ts';
import { foregroundOnly } from './foreground-only.ts';
import { handlerExists } from './handler-exists.ts';
import { handlerRegisters } from './handler-registers.ts';
import { headlessProvider } from './headless-provider.ts';
import { headlessRejects } from './headless-rejects.ts';
import { intervalUnit } from './interval-unit.ts';
import { moduleName } from './module-name.ts';
import { packageLinked } from './package-linked.ts';
import { runnerEvent } from './runner-event.ts';
import { sideEffects } from './side-effects.ts';
import { signalUnread } from './signal-unread.ts';
import { stopsWithApp } from './stops-with-app.ts';
import { taskIsDefined } from './task-is-defined.ts';
import { taskResult } from './task-result.ts';
import { timerDeadline } from './timer-deadline.ts';

export const JAVASCRIPT_CHECKS: readonly Check[] = [
  handlerRegisters,
  entryImportsHandler,
  taskIsDefined,
  timerDeadline,
  headlessRejects,
  signalUnread,
  foregroundOnly,
  handlerExists,
  packageLinked,
  sideEffects,
  expoRouteTask,
  fetchWithoutSignal,
  fetchFinishes,
  runnerEvent,
  drainWaits,
  intervalUnit,
  moduleName,
  headlessProvider,
  stopsWithApp,
  taskResult,
];
