/** Whatever holds a job back, or stops it, is named. What the app itself says of each, `ConstraintCases.kt` holds it to. */
import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import { runCli, startCli, triggerOn, withPhone } from '../helpers/device-cli.ts';
import { APP } from '../helpers/fake-phone.ts';

interface ConstraintStop {
  /** As `getStatus()` names it. */
  readonly constraint: string;
  readonly needs: string;
  /** As the event names it where the constraint is gone in mid-run. */
  readonly stop: string;
  readonly stopped: string;
  /** As `dumpsys jobscheduler` names it. */
  readonly job: string;
  readonly holds: string;
}

const STOPS = JSON.parse(
  readFileSync(new URL('../vectors/constraint-stops.json', import.meta.url), 'utf8'),
) as ConstraintStop[];
const BY_JOB = [...new Map(STOPS.map((stop) => [stop.job, stop])).values()];

const NAMESPACE = 'androidx.work.systemjobscheduler';
const SERVICE = 'androidx.work.impl.background.systemjob.SystemJobService';
const jobsWithout = (constraint: string, isDue = false): string =>
  [
    'Registered 1 jobs:',
    `  JOB ${NAMESPACE}:u0a217/-7: 5d421eb #BackgroundSyncWorker#@${NAMESPACE}@${APP}/${SERVICE}`,
    `    Source: uid=u0a217 user=0 pkg=${APP}`,
    `    Required constraints: TIMING_DELAY ${constraint} [0x90000000]`,
    `    Unsatisfied constraints:${isDue ? '' : ' TIMING_DELAY'} ${constraint} [0x90000000]`,
    '    Ready: false (job=false user=true !pending=true !active=true comp=true)',
  ].join('\n');

const statusWithout = (constraint: string): string =>
  JSON.stringify({
    v: 1,
    platform: 'android',
    scheduled: true,
    state: 'enqueued',
    next: 0,
    lastRun: null,
    consecutiveFailures: 0,
    openRun: null,
    intervalMinutes: 60,
    constraints: [constraint],
    unmet: [constraint],
  });

describe.skipIf(!ADB_IS_THERE).concurrent('a constraint that is not there', () => {
  it.for(STOPS)('status: $constraint', async (stop, { expect }) => {
    const options = { jobs: jobsWithout(stop.job, true), status: statusWithout(stop.constraint) };
    await withPhone(options, async ({ server }) => {
      const args = ['status', '--platform', 'android', '--app', APP];
      const { code, stdout } = await runCli(args, server.env);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^needs +${stop.needs}$`, 'm'));
      expect(stdout).toMatch(new RegExp(`^not there +${stop.needs}$`, 'm'));
      expect(stdout).toContain(`held by   ${stop.job} (${stop.holds})`);
    });
  });

  it.for(BY_JOB)('trigger through the hook: $job', async (stop, { expect }) => {
    await withPhone({ jobs: jobsWithout(stop.job) }, async ({ server }) => {
      const result = await triggerOn(server, '--respect-constraints', '--timeout', '1s');
      expect(result.stderr).toContain(`has not started: ${stop.job} (${stop.holds}).`);
      expect(result.code).toBe(9);
    });
  });

  // Without -f JobScheduler's `run` asks for a network, and for nothing else.
  it.for(BY_JOB)('trigger through JobScheduler: $job', async (stop, { expect }) => {
    const runs: string[][] = [];
    const options = {
      jobs: jobsWithout(stop.job),
      onRunJob: (_phone: unknown, argv: readonly string[]) => {
        runs.push([...argv]);
        return stop.job === 'CONNECTIVITY'
          ? {
              err: `Job -7 in package ${APP} has functional constraints but --force not specified\n`,
              code: 22,
            }
          : { out: 'Running job\n', code: 0 };
      },
    };
    await withPhone(options, async ({ server }) => {
      const args = ['--via', 'jobscheduler', '--respect-constraints'];
      const result = await triggerOn(server, ...args);
      expect(result.stderr).toContain(
        `Constraints of job -7 are not met: ${stop.job} (${stop.holds}).`,
      );
      expect(result.code).toBe(9);
      expect(runs.length).toBe(stop.job === 'CONNECTIVITY' ? 1 : 0);
      expect(runs.flat()).not.toContain('-f');
    });
  });

  it('trigger through JobScheduler without the flag forces the job', async ({ expect }) => {
    const runs: string[][] = [];
    const options = {
      jobs: jobsWithout('CHARGING'),
      onRunJob: (_phone: unknown, argv: readonly string[]) => {
        runs.push([...argv]);
        return { out: 'Running job [FORCED]\n', code: 0 };
      },
    };
    await withPhone(options, async ({ server }) => {
      await triggerOn(server, '--via', 'jobscheduler', '--no-wait');
      expect(runs.flat()).toContain('-f');
    });
  });

  it.for(BY_JOB)('a run that it stops: $job', async (stop, { expect }) => {
    await withPhone(
      {
        onRun: (phone, run) => {
          phone.emit('run.start', { run, trig: 'trigger' });
          phone.emit('expire', { run, why: stop.stop });
          phone.emit('run.end', { run, out: 'expired', why: stop.stop });
        },
      },
      async ({ server }) => {
        const args = ['trigger', '--platform', 'android', '--app', APP];
        const { code, stdout } = await startCli(args, server.env).result;
        expect(stdout).toContain(`the window closes: ${stop.stopped}`);
        expect(code).toBe(4);
      },
    );
  });
});
