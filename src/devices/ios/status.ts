import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { SyncEvent } from '../../events/event.ts';
import { parseLine } from '../../events/parse.ts';
import { ExitCode } from '../../exit-code.ts';
import { requireTaskOfProject } from '../project-tasks.ts';
import { parseAppStatus } from '../status-document.ts';
import type { StatusDocument } from '../status-document.ts';
import type { IosApp, IosOptions } from './ios-app.ts';
import { openIosApp } from './ios-app.ts';
import { orNoTask, taskNumber } from './notification-state.ts';
import { postAndFind } from './ring.ts';

const ANSWER_MS = 10_000;

const isAnswer = (event: SyncEvent): boolean => event.ev === 'ack' && event.why === 'status';

const eventsOf = (text: string): SyncEvent[] =>
  parseLine(text).flatMap((finding) => (finding.kind === 'event' ? [finding.event] : []));

async function askSimulator(app: IosApp, task: string | undefined): Promise<SyncEvent | undefined> {
  let onAnswer: (event: SyncEvent | undefined) => void = () => undefined;
  const answer = new Promise<SyncEvent | undefined>((resolve) => (onAnswer = resolve));
  const stream = await app.stream(
    (line) => eventsOf(line).filter(isAnswer).forEach(onAnswer),
    () => onAnswer(undefined),
  );
  const limit = new AbortController();
  try {
    await app.launch();
    await app.post('status', { state: taskNumber(task) });
    const late = delay(ANSWER_MS, undefined, { signal: limit.signal }).catch(() => undefined);
    return await Promise.race([answer, late]);
  } finally {
    limit.abort();
    stream.stop();
    await stream.ended;
  }
}

/** What is scheduled on iOS: only the app knows, so its debug hook is asked. */
export async function iosStatus(
  options: IosOptions & { readonly task?: string },
  ctx: Context,
): Promise<StatusDocument> {
  await requireTaskOfProject(options, ctx);
  const app = await openIosApp(options, ctx);
  await app.requireInstalled();
  const answer = await (app.isSimulator
    ? askSimulator(app, options.task)
    : postAndFind(app, 'status', options.task, isAnswer));
  if (answer === undefined) {
    throw new UserError(`The debug hook of ${app.bundleId} did not answer.`, {
      hint: `It answers in a Debug build, while the app runs: open it, and try again.${orNoTask(options.task)}`,
      exitCode: ExitCode.app,
    });
  }
  const status = parseAppStatus(answer.msg ?? '');
  const notes: string[] = [];
  if (status === undefined) notes.push('The app’s answer could not be read: it was cut.');
  if (app.isSimulator) {
    notes.push(
      'A Simulator has no BGTaskScheduler: nothing is ever scheduled there by the system.',
    );
  }
  return {
    v: 1,
    platform: 'ios',
    device: app.device.id,
    app: app.bundleId,
    debuggable: true,
    stopped: false,
    status: status ?? null,
    restrictions: null,
    jobs: [],
    stops: [],
    notes,
  };
}
