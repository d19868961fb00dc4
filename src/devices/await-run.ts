import { setTimeout as delay } from 'node:timers/promises';
import type { CommandResult, Context } from '../context.ts';
import { CancelError, UserError } from '../errors.ts';
import type { SyncEvent } from '../events/event.ts';
import { ExitCode } from '../exit-code.ts';
import type { EventView } from './event-view.ts';
import type { RunWatch } from './run-watch.ts';
import { exitCodeOf } from './run-watch.ts';
import type { DeviceTriggerOptions } from './trigger-options.ts';

/** From the trigger to `run.start`. Milliseconds. */
const START_MS = 30_000;

/** Finding out the reason must not outlast the limit by much. Milliseconds. */
const EXPLAIN_MS = 2500;

export interface RunAdvice {
  /** Why the run did not start, as far as it can be found out. */
  explainNoStart(): Promise<UserError>;
  /** Why it started and did not end. */
  explainNoEnd(): Promise<UserError>;
  /** What to do about an end that is not `done`; undefined where the event says it all. */
  explainEnd(last: SyncEvent): Promise<string | undefined>;
}

const describeLimit = (ms: number): string =>
  ms < 120_000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Math.round(ms / 60_000)} min`;

export const noOutcome = (message: string, hint: string): UserError =>
  new UserError(message, { hint, exitCode: ExitCode.noOutcome });

/** The text for a run that has not ended in time. */
export const notEnded = (runId: string | undefined, timeoutMs: number, more: string): UserError =>
  noOutcome(
    `Run ${runId ?? ''} has not ended within ${describeLimit(timeoutMs)}${more}.`,
    'It may go on: see `npx bgsync logs`. --timeout gives it longer.',
  );

const noAnswer = (): UserError =>
  noOutcome(
    'The job was accepted and has not started, and the device does not say why.',
    'Unlock it, or reconnect it; then see `npx bgsync status`.',
  );

/** What is found out within the limit; undefined where it takes longer. */
async function inTime<T>(search: Promise<T>): Promise<T | undefined> {
  const limit = new AbortController();
  try {
    const late = delay(EXPLAIN_MS, undefined, { signal: limit.signal }).catch(() => undefined);
    return await Promise.race([search, late]);
  } finally {
    limit.abort();
    // The session ends what still runs: that is no error of anybody's.
    search.catch(() => undefined);
  }
}

/**
 * Waits for a run that was asked for, each stage within its own limit, and ends with its outcome.
 *
 * @throws UserError where no outcome comes, with the reason
 */
export async function awaitRun(
  watch: RunWatch,
  options: DeviceTriggerOptions,
  advice: RunAdvice,
  ctx: Context,
): Promise<CommandResult> {
  const end = Date.now() + options.timeout;
  if (!(await watch.wait('start', Math.min(START_MS, options.timeout)))) {
    throw (await inTime(advice.explainNoStart())) ?? noAnswer();
  }
  if (!(await watch.wait('end', Math.max(0, end - Date.now())))) throw await advice.explainNoEnd();
  const { last } = watch;
  if (last === undefined) throw new Error('a run that ended has an event that ends it');
  if (last.ev === 'run.end' && last.out === 'done') {
    if (options.json !== true) {
      ctx.report.line(
        `Next: after a night, \`npx bgsync logs --platform ${last.plat} --history --timeline\` shows what the OS gave.`,
      );
    }
    return { exitCode: ExitCode.ok };
  }
  const text = await inTime(advice.explainEnd(last));
  if (text !== undefined) ctx.report.warn(text);
  if (last.ev !== 'run.skip') return { exitCode: exitCodeOf(last.out) };
  return { exitCode: last.why === 'constraint' ? ExitCode.refused : ExitCode.usage };
}

/**
 * Runs the session until it is over or Ctrl-C, which ends the waiting and nothing on the device.
 *
 * @param isFired whether the device was asked for the run by then
 */
export async function untilInterrupted(
  ctx: Context,
  watch: RunWatch,
  view: EventView,
  isFired: () => boolean,
  session: () => Promise<CommandResult>,
): Promise<CommandResult> {
  const onAbort = (): void => watch.fail(new CancelError('Interrupted.'));
  ctx.signal.addEventListener('abort', onAbort);
  try {
    return await session();
  } catch (error) {
    if (!(error instanceof CancelError)) throw error;
    view.note(
      isFired()
        ? `Interrupted. The job goes on on the device; see it with \`npx bgsync logs${watch.runId === undefined ? '' : ` --run ${watch.runId}`}\`.`
        : 'Interrupted before anything was started.',
    );
    return { exitCode: ExitCode.interrupted };
  } finally {
    ctx.signal.removeEventListener('abort', onAbort);
  }
}
