import { idsOf } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import { PROTOCOL } from '../../facts.ts';
import type { AdbDevice } from './adb.ts';
import { HOOK_CLASS, WORKER_NAME } from './app.ts';
import type { InstalledApp } from './app.ts';
import { parseBroadcast, parseHookAnswer } from './parse-broadcast.ts';
import type { HookAnswer } from './parse-broadcast.ts';
import { describeConstraint, findWorkerJobs, parseJobs } from './parse-jobs.ts';
import type { ScheduledJob } from './parse-jobs.ts';
import { parseRunJob } from './parse-run-job.ts';

/** A debug build starts its process for the broadcast: slow devices take their time. */
const BROADCAST_MS = 20_000;

/** FLAG_INCLUDE_STOPPED_PACKAGES: a force-stopped app gets no broadcast without it. */
const INCLUDE_STOPPED = '0x20';

/** Sends an ordered broadcast to the debug hook; its answer comes back as the broadcast's result. */
export async function askHook(
  device: AdbDevice,
  packageName: string,
  action: 'RUN' | 'STATUS' | 'STOP',
  extras: readonly string[] = [],
): Promise<HookAnswer> {
  const { stdout, stderr } = await device.shell(
    [
      ...['am', 'broadcast', '--user', 'current', '-f', INCLUDE_STOPPED, '--receiver-foreground'],
      ...['-n', `${packageName}/${HOOK_CLASS}`, '-a', `${PROTOCOL.actionPrefix}${action}`],
      ...extras,
    ],
    BROADCAST_MS,
  );
  const result = parseBroadcast(stdout);
  if (result !== undefined) return parseHookAnswer(result);
  const [said = 'no result'] = `${stderr}${stdout}`.trim().split('\n').slice(-1);
  throw new UserError(`The broadcast to the debug hook did not complete: ${said}.`, {
    hint: 'Is the device unlocked and fully started?',
    exitCode: ExitCode.refused,
  });
}

/** Names a sync to the debug hook; nothing for the first, which older builds know as well. */
export const jobExtra = (task: string | undefined): string[] =>
  task === undefined ? [] : ['--es', 'job', idsOf(task).uniqueWork];

/** The hook's answer to the name of a sync that its build does not have. */
export const noSuchTask = (packageName: string, task: string | undefined): UserError =>
  new UserError(`This build of ${packageName} has no task ${task ?? ''}.`, {
    hint: 'Run `npx bgsync update` after a change of "tasks" in bgsync.config.json, and build the app again.',
    exitCode: ExitCode.app,
  });

/** Why nobody answered. */
function hookMissing(packageName: string, app: InstalledApp): UserError {
  if (!app.isDebuggable) {
    return new UserError(`${packageName} is not debuggable: this build has no debug hook.`, {
      hint: 'Install the debug build, or use --via jobscheduler, which runs the scheduled job if it is due.',
      exitCode: ExitCode.app,
    });
  }
  if (app.hasHook) {
    return new UserError(`The debug hook of ${packageName} did not answer.`, {
      hint: 'Unlock the device and open the app once, then try again.',
      exitCode: ExitCode.app,
    });
  }
  return new UserError(`${packageName} is debuggable, but has no debug hook.`, {
    hint: 'Build types such as debugOptimized take their libraries’ release variant: install the plain debug build (`npx react-native run-android`), or use --via jobscheduler. If bgsync is new in this app, build it again.',
    exitCode: ExitCode.app,
  });
}

/**
 * Asks the debug hook for a run.
 *
 * @throws UserError, exit code 8, where there is no hook
 */
export async function fireHook(
  device: AdbDevice,
  packageName: string,
  app: InstalledApp,
  runId: string,
  respectsConstraints: boolean,
  task: string | undefined,
): Promise<void> {
  const respect = respectsConstraints ? ['--ez', 'respect', 'true'] : [];
  const extras = ['--es', 'run', runId, ...respect, ...jobExtra(task)];
  const answer = await askHook(device, packageName, 'RUN', extras);
  if (answer.kind === 'ok') return;
  if (answer.kind === 'none') throw hookMissing(packageName, app);
  if (answer.why === 'job') throw noSuchTask(packageName, task);
  throw new UserError(`The debug hook refused: ${answer.why}.`, {
    hint: 'The generated package and this bgsync may not be of the same version: run `npx bgsync doctor`.',
    exitCode: ExitCode.app,
  });
}

const nameJob = ({ namespace, uid, id }: ScheduledJob): string =>
  `${namespace === undefined ? '#' : `${namespace}:`}${uid}/${id}`;

const refuse = (message: string, hint: string): UserError =>
  new UserError(message, { hint, exitCode: ExitCode.refused });

/**
 * The job of the background sync.
 *
 * @param jobId where the user names one
 * @throws UserError, exit code 9, where there is none, or none can be told apart
 */
export async function requireJob(
  device: AdbDevice,
  packageName: string,
  app: InstalledApp,
  jobId: number | undefined,
): Promise<ScheduledJob> {
  const { stdout } = await device.shell(['dumpsys', 'jobscheduler', packageName]);
  const all = parseJobs(stdout, packageName);
  const jobs =
    jobId === undefined ? findWorkerJobs(all, WORKER_NAME) : all.filter(({ id }) => id === jobId);
  const [job, other] = jobs;
  if (job === undefined) {
    if (app.isStopped) {
      throw refuse(
        `${packageName} was force-stopped: Android dropped its jobs.`,
        'Open the app once: WorkManager then schedules them again.',
      );
    }
    const which = jobId === undefined ? 'no job of WorkManager’s' : `no job ${jobId}`;
    throw refuse(
      `${packageName} has ${which}: nothing is scheduled.`,
      'Open the app, so that it registers the background sync; `npx bgsync status --platform android` shows what is scheduled.',
    );
  }
  if (other !== undefined) {
    throw refuse(
      `${packageName} has ${jobs.length} jobs, and this Android does not say which is the background sync:\n  ${jobs.map(nameJob).join('\n  ')}`,
      'Name one with --job-id.',
    );
  }
  return job;
}

/** Constraints that an app can ask for, and that `cmd jobscheduler run` ignores with and without `-f`. */
const OVERRIDDEN: ReadonlySet<string> = new Set([
  'CHARGING',
  'BATTERY_NOT_LOW',
  'STORAGE_NOT_LOW',
  'IDLE',
]);

const namespaceArgs = ({ namespace }: ScheduledJob): string[] =>
  namespace === undefined ? [] : ['-n', namespace];

/**
 * Has JobScheduler put the very job in its queue.
 *
 * @throws UserError, exit code 9, where it refuses
 */
export async function fireJob(
  device: AdbDevice,
  job: ScheduledJob,
  respectsConstraints: boolean,
): Promise<void> {
  const { packageName, id } = job;
  const unmet = job.unsatisfied.filter((name) => name !== 'TIMING_DELAY').map(describeConstraint);
  const notMet = (): UserError =>
    refuse(
      `Constraints of job ${id} are not met: ${unmet.join(', ') || 'JobScheduler does not say which'}.`,
      'Meet them, or leave --respect-constraints out.',
    );
  // `run` without -f asks for a network alone: charger, battery, storage and idleness it overrides, as it does the time.
  // https://cs.android.com/android/platform/superproject/+/main:frameworks/base/apex/jobscheduler/service/java/com/android/server/job/controllers/JobStatus.java (SOFT_OVERRIDE_CONSTRAINTS)
  if (respectsConstraints && job.unsatisfied.some((name) => OVERRIDDEN.has(name))) throw notMet();
  const force = respectsConstraints ? [] : ['-f'];
  const target = [...namespaceArgs(job), packageName, String(id)];
  const { stdout, stderr, code } = await device.shell([
    ...['cmd', 'jobscheduler', 'run', ...force, ...target],
  ]);
  const verdict = parseRunJob(`${stdout}\n${stderr}`, code);
  switch (verdict.kind) {
    case 'running':
      return;
    case 'constraints':
      throw notMet();
    case 'no-job':
      throw refuse(
        `JobScheduler knows no job ${id} any more.`,
        'It has just run or was scheduled anew: try again.',
      );
    case 'no-package':
      throw new UserError(`${packageName} is not installed for the current user.`, {
        hint: 'Install it for the user that is signed in.',
        exitCode: ExitCode.app,
      });
    case 'no-namespace':
      throw refuse(
        'This Android’s `cmd jobscheduler` knows no namespaces.',
        'Use the debug hook: install the debug build.',
      );
    case 'refused':
      throw refuse(
        `JobScheduler refused: ${verdict.text}.`,
        'See `npx bgsync status --platform android`.',
      );
  }
}

/** Ends the run that is open: what the OS does when the window is over. */
export async function stopRun(
  device: AdbDevice,
  packageName: string,
  job: ScheduledJob | undefined,
): Promise<void> {
  if (job === undefined) await askHook(device, packageName, 'STOP');
  else {
    const target = [...namespaceArgs(job), packageName, String(job.id)];
    await device.shell(['cmd', 'jobscheduler', 'timeout', ...target]);
  }
}
