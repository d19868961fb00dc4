import type { CommandResult, Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { SyncEvent } from '../../events/event.ts';
import type { HostWords } from '../../events/words.ts';
import { parseLine } from '../../events/parse.ts';
import type { LineStream } from '../../exec.ts';
import { ExitCode } from '../../exit-code.ts';
import { describeConstraints } from '../../schedule/constraints.ts';
import { awaitRun, noOutcome, notEnded, untilInterrupted } from '../await-run.ts';
import { wordsAround } from '../app-words.ts';
import { createTriggerView } from '../event-view.ts';
import type { EventView } from '../event-view.ts';
import { explainOutcome } from '../explain-outcome.ts';
import { createRunId } from '../run-id.ts';
import { requireTaskOfProject } from '../project-tasks.ts';
import { RunWatch } from '../run-watch.ts';
import type { DeviceTriggerOptions } from '../trigger-options.ts';
import type { IosApp } from './ios-app.ts';
import { openIosApp } from './ios-app.ts';
import { xcrunError } from './parse-xcrun-error.ts';
import { orNoTask, triggerState } from './notification-state.ts';
import { postAndFind } from './ring.ts';

/** A running app answers a notification at once; one that is launched has to come up first. */
const ACK_MS = 8000;
const RELAUNCH_ACK_MS = 20_000;

/**
 * Runs the background sync on a simulator or an iPhone now, and ends with its outcome. It is the run that the system
 * would start, without its task: the Simulator has no BGTaskScheduler, and nothing outside an app can run its tasks.
 */
export async function triggerOnIos(
  options: DeviceTriggerOptions,
  ctx: Context,
): Promise<CommandResult> {
  if (
    options.via !== 'auto' ||
    [options.stopAfter, options.jobId].some((one) => one !== undefined)
  ) {
    throw new UserError('--via, --job-id and --stop-after are Android’s.', {
      hint: 'iOS lets nothing outside the app run or end a task of its scheduler.',
    });
  }
  await requireTaskOfProject(options, ctx);
  const app = await openIosApp(options, ctx);
  const words = await wordsAround(ctx);
  const view = createTriggerView(ctx.report, words, {
    isJson: options.json === true,
    isTerminal: ctx.isInteractive,
  });
  const session = new IosSession(app, options, view, words);
  return untilInterrupted(
    ctx,
    session.watch,
    view,
    () => session.isFired,
    () => session.run(ctx),
  );
}

class IosSession {
  readonly watch = new RunWatch(createRunId());
  isFired = false;
  private readonly app: IosApp;
  private readonly options: DeviceTriggerOptions;
  private readonly view: EventView;
  private readonly words: HostWords;
  private isOver = false;
  private redacted = 0;

  constructor(app: IosApp, options: DeviceTriggerOptions, view: EventView, words: HostWords) {
    this.words = words;
    this.app = app;
    this.options = options;
    this.view = view;
  }

  async run(ctx: Context): Promise<CommandResult> {
    await this.app.requireInstalled();
    if (!this.app.isSimulator && !this.options.wait) return this.startUnwatched();
    const stream = this.app.isSimulator ? await this.startOnSimulator() : this.startOnDevice();
    try {
      if (!(await this.awaitAck())) throw this.hookMissing();
      if (!this.options.wait) {
        this.view.note(
          `Started run ${this.watch.runId ?? ''}; see it with \`npx bgsync logs --platform ios\`.`,
        );
        return { exitCode: ExitCode.ok };
      }
      return await awaitRun(this.watch, this.options, this, ctx);
    } finally {
      this.isOver = true;
      stream.stop();
      await stream.ended;
    }
  }

  private get respects(): boolean {
    return this.options.respectConstraints === true;
  }

  explainNoStart(): Promise<UserError> {
    return Promise.resolve(
      noOutcome(
        'The app got the trigger, and no run started.',
        'See `npx bgsync logs --platform ios --history`.',
      ),
    );
  }

  explainNoEnd(): Promise<UserError> {
    return Promise.resolve(notEnded(this.watch.runId, this.options.timeout, ''));
  }

  explainEnd(last: SyncEvent): Promise<string | undefined> {
    const texts: Readonly<Record<string, string>> = {
      ...this.words.advice.ios,
      busy: 'Another run is open. Wait for its end, then try again.',
      // Of packages that an earlier build generated; a locked device is no reason any more.
      locked: 'The device is locked: unlock it, and try again; `npx bgsync update` ends that.',
      'before-first-unlock':
        'The device was not unlocked since its start, so nothing can be read yet: unlock it once, and try again.',
      cancelled: `The app has called ${this.words.api}.cancel(). ${this.words.api}.register() switches the sync on again.`,
      constraint: `A window needs ${describeConstraints((last.msg ?? '').split(','))}, which is not there. Meet that, or leave --respect-constraints out.`,
    };
    const { why = '' } = last;
    return Promise.resolve(Object.hasOwn(texts, why) ? texts[why] : explainOutcome(last));
  }

  private async startOnSimulator(): Promise<LineStream> {
    const stream = await this.app.stream(
      (line) => this.read(line),
      (error) => this.end(error),
    );
    try {
      // A suspended app gets a notification only when it runs again.
      await this.app.launch();
      this.isFired = true;
      const { runId = '' } = this.watch;
      const state = triggerState(runId, this.respects, this.options.task);
      await this.app.post('trigger', { state });
    } catch (error) {
      stream.stop();
      throw error;
    }
    return stream;
  }

  /** The app goes on as it is: a console that is closed might take the app with it. */
  private async startUnwatched(): Promise<CommandResult> {
    if (this.respects) {
      throw new UserError('--respect-constraints does not go with --no-wait on an iPhone.', {
        hint: 'A notification to an app that runs there carries nothing along: leave --no-wait out, and the app is launched again with what it has to know.',
      });
    }
    this.isFired = true;
    const ack = await postAndFind(
      this.app,
      'trigger',
      this.options.task,
      ({ ev, run }) => ev === 'ack' && run !== undefined,
    );
    if (ack === undefined) throw this.hookMissing();
    this.view.event(ack);
    this.view.note(
      `Started run ${ack.run ?? ''}; see it with \`npx bgsync logs --platform ios --history\`.`,
    );
    return { exitCode: ExitCode.ok };
  }

  /** No Apple tool streams the log of an app that runs already: it is launched again. */
  private startOnDevice(): LineStream {
    this.isFired = true;
    const stream = this.app.console(
      this.watch.runId ?? '',
      this.respects,
      this.options.task,
      (line) => this.read(line),
    );
    void stream.ended.then(({ code, stderr, startError }) =>
      this.end(xcrunError('The launch', startError ?? stderr, code)),
    );
    return stream;
  }

  private async awaitAck(): Promise<boolean> {
    if (!this.app.isSimulator) return this.watch.wait('ack', RELAUNCH_ACK_MS);
    if (await this.watch.wait('ack', Math.min(ACK_MS, this.options.timeout))) return true;
    this.view.note('No answer to the notification: the app is launched again to trigger itself.');
    await this.app.relaunchWith(this.watch.runId ?? '', this.respects, this.options.task);
    return this.watch.wait('ack', Math.min(RELAUNCH_ACK_MS, this.options.timeout));
  }

  private hookMissing(): UserError {
    const { bundleId, device } = this.app;
    return new UserError(
      this.redacted > 0
        ? 'The events are redacted (<private>): the app logs them without `privacy: .public`.'
        : `The debug hook of ${bundleId} on ${device.name} did not answer.`,
      {
        hint: `Install a Debug build (\`npx react-native run-ios\`) that was built after \`npx bgsync init\`.${orNoTask(this.options.task)}`,
        exitCode: ExitCode.app,
      },
    );
  }

  private end(error: UserError): void {
    if (!this.isOver) this.watch.fail(error);
  }

  private read(line: string): void {
    for (const finding of parseLine(line)) {
      if (finding.kind === 'redacted') this.redacted += 1;
      if (finding.kind !== 'event') continue;
      const { event } = finding;
      if (this.watch.add(event) || event.run === undefined) this.view.event(event);
    }
  }
}
