import { setTimeout as delay } from 'node:timers/promises';
import type { CommandResult, Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { SyncEvent } from '../../events/event.ts';
import type { HostWords } from '../../events/words.ts';
import { ExitCode } from '../../exit-code.ts';
import { awaitRun, noOutcome, notEnded, untilInterrupted } from '../await-run.ts';
import { wordsAround } from '../app-words.ts';
import { createTriggerView } from '../event-view.ts';
import type { EventView } from '../event-view.ts';
import { createRunId } from '../run-id.ts';
import { requireTaskOfProject } from '../project-tasks.ts';
import { RunWatch } from '../run-watch.ts';
import type { DeviceTriggerOptions } from '../trigger-options.ts';
import type { AdbDevice } from './adb.ts';
import { UnresponsiveError } from './adb.ts';
import type { InstalledApp } from './app.ts';
import { WORKER_NAME } from './app.ts';
import { requireApplicationId } from './app-id.ts';
import { readClock } from './clock.ts';
import { connectAndroid, requireInstalled } from './connect.ts';
import { explainEnd } from './explain-end.ts';
import { fireHook, fireJob, requireJob, stopRun } from './fire.ts';
import { LiveLog } from './live-log.ts';
import { describeConstraint, findWorkerJobs, parseJobs } from './parse-jobs.ts';
import type { ScheduledJob } from './parse-jobs.ts';
import { Symptoms, SYMPTOM_SPECS } from './symptoms.ts';

/** A device that drops out in mid-run is waited for that long. */
const RECONNECT_MS = 30_000;
const POLL_MS = 2000;

/** What one command may take at least, however short `--timeout` is. */
const MIN_COMMAND_MS = 3000;

/** So long without a line, the log is asked whether it is alive. */
const SILENCE_MS = 8000;

/** Runs the background sync on an Android device now, and ends with its outcome. */
export async function triggerOnAndroid(
  options: DeviceTriggerOptions,
  ctx: Context,
): Promise<CommandResult> {
  if (options.task !== undefined && options.via === 'jobscheduler') {
    throw new UserError('--task does not go with --via jobscheduler.', {
      hint: 'JobScheduler does not say which job is of which sync: name one with --job-id.',
    });
  }
  await requireTaskOfProject(options, ctx);
  const packageName = await requireApplicationId(ctx, options.app);
  const connected = await connectAndroid(options, ctx);
  // No command outlasts the limit of the whole: a device that stands still ends the waiting as well.
  const device = connected.limitedTo(Math.max(MIN_COMMAND_MS, options.timeout));
  const app = await requireInstalled(device, packageName);
  const words = await wordsAround(ctx);
  const view = createTriggerView(ctx.report, words, {
    isJson: options.json === true,
    isTerminal: ctx.isInteractive,
  });

  const isRelease = options.via === 'auto' && !app.isDebuggable;
  if (isRelease) {
    view.note(
      `${packageName} is not debuggable, so it has no debug hook: its scheduled job is run instead, which WorkManager refuses while it is not due.`,
    );
  }
  const job =
    isRelease || options.via === 'jobscheduler'
      ? await requireJob(device, packageName, app, options.jobId)
      : undefined;
  const session = new AndroidSession(device, packageName, app, job, options, view, words);
  return untilInterrupted(
    ctx,
    session.watch,
    view,
    () => session.isFired,
    () => session.run(ctx),
  );
}

class AndroidSession {
  readonly watch: RunWatch;
  isFired = false;
  private readonly device: AdbDevice;
  private readonly packageName: string;
  private readonly app: InstalledApp;
  private readonly job: ScheduledJob | undefined;
  private readonly options: DeviceTriggerOptions;
  private readonly view: EventView;
  private readonly words: HostWords;
  private readonly symptoms: Symptoms;
  private readonly over = new AbortController();
  private isGone = false;

  constructor(
    device: AdbDevice,
    packageName: string,
    app: InstalledApp,
    job: ScheduledJob | undefined,
    options: DeviceTriggerOptions,
    view: EventView,
    words: HostWords,
  ) {
    this.words = words;
    this.device = device.until(this.over.signal);
    this.packageName = packageName;
    this.app = app;
    this.job = job;
    this.options = options;
    this.view = view;
    this.watch = new RunWatch(job === undefined ? createRunId() : undefined);
    this.symptoms = new Symptoms(packageName, (error) => this.watch.fail(error));
  }

  async run(ctx: Context): Promise<CommandResult> {
    const { seconds, bootId } = await readClock(this.device);
    const log = new LiveLog(
      this.device,
      {
        since: `${seconds}.000`,
        bootId,
        specs: SYMPTOM_SPECS,
        reconnectMs: Math.min(RECONNECT_MS, this.options.timeout),
      },
      {
        event: (event) => this.read(event),
        record: (record) => this.symptoms.add(record),
        gone: () => {
          this.isGone = true;
          this.view.note(`${this.device.serial} is gone; waiting for it to come back.`);
        },
        back: (isRestarted) => {
          this.isGone = false;
          if (isRestarted) this.watch.fail(this.restarted());
          else this.view.note(`${this.device.serial} is back.`);
        },
      },
    );
    log.ended.catch((error: unknown) => this.watch.fail(error as Error));
    try {
      if (!(await log.mark())) throw this.stalled();
      await this.fire();
      if (!this.options.wait) {
        this.view.note(
          `Started${this.nameRun()}; see it with \`npx bgsync logs --platform android\`.`,
        );
        return { exitCode: ExitCode.ok };
      }
      void this.guard(log);
      void this.stopLater();
      return await awaitRun(this.watch, this.options, this, ctx);
    } finally {
      this.over.abort();
      this.symptoms.stop();
      await log.stop();
    }
  }

  async explainNoStart(): Promise<UserError> {
    if (this.isGone) return this.device.lostError();
    const { stdout } = await this.device.shell(['dumpsys', 'jobscheduler', this.packageName]);
    const jobs = findWorkerJobs(parseJobs(stdout, this.packageName), WORKER_NAME);
    const unmet = new Set(jobs.flatMap(({ unsatisfied }) => unsatisfied));
    // The periodic work waits for its time; the twin that the hook enqueued does not.
    if (this.job === undefined)
      for (const name of ['TIMING_DELAY', 'FLEXIBILITY']) unmet.delete(name);
    if (unmet.size > 0) {
      return new UserError(
        `The job was accepted and has not started: ${[...unmet].map(describeConstraint).join(', ')}.`,
        {
          hint: 'Meet these constraints, or leave --respect-constraints out.',
          exitCode: ExitCode.refused,
        },
      );
    }
    const { stdout: pids } = await this.device.shell(['pidof', this.packageName]);
    if (pids.trim() === '') {
      return noOutcome(
        `The job was accepted and has not started: the process of ${this.packageName} is gone.`,
        'See `adb logcat -b crash -d`, and whether a battery manager of the vendor ended it.',
      );
    }
    return noOutcome(
      'The job was accepted and has not started.',
      'See `npx bgsync status --platform android`; an app that turns WorkManager’s default initialiser off must initialise it itself.',
    );
  }

  explainNoEnd(): Promise<UserError> {
    if (this.isGone) return Promise.resolve(this.device.lostError());
    return Promise.resolve(notEnded(this.watch.runId, this.options.timeout, ''));
  }

  explainEnd(last: SyncEvent): Promise<string | undefined> {
    return explainEnd(last, this.device, this.app, {
      words: this.words,
      isMetroMissing: this.symptoms.isMetroMissing,
    });
  }

  private nameRun(): string {
    return this.watch.runId === undefined ? '' : ` run ${this.watch.runId}`;
  }

  private read(event: SyncEvent): void {
    if (this.isFired && (this.watch.add(event) || event.run === undefined)) this.view.event(event);
  }

  private async fire(): Promise<void> {
    this.isFired = true;
    const respects = this.options.respectConstraints === true;
    if (this.job !== undefined) await fireJob(this.device, this.job, respects);
    else {
      const { runId = '' } = this.watch;
      await fireHook(this.device, this.packageName, this.app, runId, respects, this.options.task);
    }
  }

  private async stopLater(): Promise<void> {
    const { stopAfter, timeout } = this.options;
    if (stopAfter === undefined) return;
    try {
      if (!(await this.watch.wait('start', timeout)) || this.watch.has('end')) return;
      await delay(stopAfter, undefined, { signal: this.over.signal });
      await stopRun(this.device, this.packageName, this.job);
    } catch {
      // The session is over, or says itself what is wrong with the device.
    }
  }

  /** Watches over what no event tells: a process that is gone, a log that stands still. */
  private async guard(log: LiveLog): Promise<void> {
    const { signal } = this.over;
    let missing = 0;
    let stalls = 0;
    let unanswered = 0;
    while (!signal.aborted) {
      try {
        await delay(POLL_MS, undefined, { signal });
        if (this.isGone) continue;
        const { pid } = this.watch;
        if (pid !== undefined) {
          const { stdout } = await this.device.shell(['pidof', this.packageName]);
          missing = stdout.split(/\s+/).includes(String(pid)) ? 0 : missing + 1;
          // Twice: its last lines may still be on their way.
          if (missing === 2) this.watch.fail(this.processGone(pid));
        }
        if (log.silence < SILENCE_MS) continue;
        stalls = (await log.mark()) ? 0 : stalls + 1;
        unanswered = 0;
        if (stalls === 1) log.restart();
        else if (stalls > 1) this.watch.fail(this.stalled());
      } catch (error) {
        // A device that is gone is the log's to report; the end of the session ends the loop.
        if (error instanceof UnresponsiveError && ++unanswered === 2) this.watch.fail(error);
      }
    }
  }

  private restarted(): UserError {
    const { serial } = this.device;
    if (!this.watch.has('start')) {
      return noOutcome(
        `${serial} was restarted before the run began.`,
        'Unlock it once, then try again.',
      );
    }
    return new UserError(`${serial} was restarted in mid-run: the run ended with its process.`, {
      hint: 'Unlock it and open the app, which closes the run as killed; `npx bgsync logs --platform android --history` then shows it.',
      exitCode: ExitCode.failed,
    });
  }

  private processGone(pid: number): UserError {
    return new UserError(`The process of ${this.packageName} (${pid}) is gone in mid-run.`, {
      hint: 'The next start of the app closes the run as killed. See `adb logcat -b crash -d`.',
      exitCode: ExitCode.failed,
    });
  }

  private stalled(): UserError {
    return noOutcome(
      `The log of ${this.device.serial} stands still: a marker that was written does not arrive.`,
      'Check the logger buffer sizes in the developer options; `adb kill-server` restarts adb. `npx bgsync logs --platform android --history` reads the app’s own record.',
    );
  }
}
