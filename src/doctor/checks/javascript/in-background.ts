import type { Check } from '../../check.ts';
import { drainWaits } from './drain-waits.ts';
import { fetchWithoutSignal } from './fetch-without-signal.ts';
import { foregroundOnly } from './foreground-only.ts';
import { handlerRegisters } from './handler-registers.ts';
import { headlessProvider } from './headless-provider.ts';
import { headlessRejects } from './headless-rejects.ts';
import { notInHermes } from './not-in-hermes.ts';
import { signalUnread } from './signal-unread.ts';
import { taskIsDefined } from './task-is-defined.ts';
import { timerDeadline } from './timer-deadline.ts';

/** They look at the JavaScript that runs in the background: bgsync’s handler, headless tasks, tasks of libraries. */
export const BACKGROUND_CHECKS: readonly Check[] = [
  handlerRegisters,
  taskIsDefined,
  timerDeadline,
  headlessRejects,
  signalUnread,
  foregroundOnly,
  fetchWithoutSignal,
  drainWaits,
  headlessProvider,
  notInHermes,
];
