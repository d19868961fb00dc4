import type { Context } from '../../context.ts';
import { requireTaskOfProject } from '../project-tasks.ts';
import { parseAppStatus } from '../status-document.ts';
import type { StatusDocument } from '../status-document.ts';
import { WORKER_NAME } from './app.ts';
import { requireApplicationId } from './app-id.ts';
import { connectAndroid, requireInstalled } from './connect.ts';
import type { AdbOptions } from './connect.ts';
import { askHook, jobExtra, noSuchTask } from './fire.ts';
import { findWorkerJobs, parseJobs, parseJobStops } from './parse-jobs.ts';
import { findBackgroundRestriction, readRestrictions } from './restrictions.ts';

const MAX_STOPS = 5;

/** What is scheduled on an Android device, from JobScheduler and, where the build has it, the debug hook. */
export async function androidStatus(
  options: AdbOptions & { readonly app?: string; readonly task?: string },
  ctx: Context,
): Promise<StatusDocument> {
  await requireTaskOfProject(options, ctx);
  const packageName = await requireApplicationId(ctx, options.app);
  const device = await connectAndroid(options, ctx);
  const app = await requireInstalled(device, packageName);
  const { stdout } = await device.shell(['dumpsys', 'jobscheduler', packageName]);
  const jobs = findWorkerJobs(parseJobs(stdout, packageName), WORKER_NAME);
  const answer = app.isDebuggable
    ? await askHook(device, packageName, 'STATUS', jobExtra(options.task))
    : undefined;
  if (answer?.kind === 'error' && answer.why === 'job') throw noSuchTask(packageName, options.task);
  const status = answer?.kind === 'ok' ? parseAppStatus(answer.rest) : undefined;

  const restrictions = await readRestrictions(device, packageName);
  const background =
    restrictions.background ?? findBackgroundRestriction(stdout, packageName) ?? null;

  const notes: string[] = [];
  if (jobs.length === 0) notes.push('No job of WorkManager’s is scheduled: open the app once.');
  if (jobs.length > 1 && jobs.every(({ traceTag }) => traceTag === undefined)) {
    notes.push('This Android does not say which of these jobs is the background sync.');
  }
  if (!app.isDebuggable) notes.push('Not a debug build: what the app itself knows is not shown.');
  else if (status === undefined) notes.push('The debug hook did not answer.');
  return {
    v: 1,
    platform: 'android',
    device: device.serial,
    app: packageName,
    debuggable: app.isDebuggable,
    stopped: app.isStopped,
    status: status ?? null,
    restrictions: {
      batterySaver: restrictions.batterySaver ?? null,
      background,
      bucket: restrictions.bucket ?? null,
    },
    jobs: jobs.map((job) => ({
      id: job.id,
      namespace: job.namespace ?? null,
      worker: job.traceTag ?? null,
      earliestMs: job.earliestMs ?? null,
      latestMs: job.latestMs ?? null,
      required: [...job.required],
      unsatisfied: [...job.unsatisfied],
      bucket: job.bucket ?? null,
      isActive: job.isActive,
    })),
    stops: parseJobStops(stdout, packageName)
      .slice(-MAX_STOPS)
      .map((stop) => ({ ...stop })),
    notes,
  };
}
