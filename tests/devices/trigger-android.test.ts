import { describe, it } from 'vitest';
import type { EventFields } from '../../src/events/write.ts';
import { ADB_IS_THERE, AdbServer } from '../helpers/adb-server.ts';
import { eventually, startCli, triggerOn, withPhone } from '../helpers/device-cli.ts';
import type { PhoneOptions } from '../helpers/fake-phone.ts';
import { APP, FakePhone } from '../helpers/fake-phone.ts';

const NAMESPACE = 'androidx.work.systemjobscheduler';
const SERVICE = 'androidx.work.impl.background.systemjob.SystemJobService';
const JOBS = [
  'Registered 1 jobs:',
  `  JOB ${NAMESPACE}:u0a217/-7: 5d421eb #BackgroundSyncWorker#@${NAMESPACE}@${APP}/${SERVICE}`,
  `    Source: uid=u0a217 user=0 pkg=${APP}`,
  '    Required constraints: TIMING_DELAY CONNECTIVITY [0x90000000]',
  '    Unsatisfied constraints: TIMING_DELAY CONNECTIVITY [0x90000000]',
  '    Ready: false (job=false user=true !pending=true !active=true comp=true)',
].join('\n');

const ends =
  (end: EventFields): NonNullable<PhoneOptions['onRun']> =>
  (phone, run) =>
    phone.emitRun(run, end);

describe.skipIf(!ADB_IS_THERE).concurrent('a run through the debug hook', () => {
  it.for<[name: string, end: EventFields, code: number, next: string]>([
    ['done', { out: 'done', rem: 0 }, 0, ''],
    ['failed', { out: 'failed', rem: 3, msg: 'no session' }, 1, 'bgsync logs --platform android'],
    ['retry', { out: 'retry', rem: 3 }, 3, 'bgsync status --platform android'],
    ['expired, its budget', { out: 'expired', why: 'budget', rem: 3 }, 4, 'android.budgetSeconds'],
    ['expired, by the OS', { out: 'expired', why: 'os', rem: 3 }, 4, 'the next one goes on'],
    ['killed', { out: 'killed' }, 1, '--history'],
  ])('%s', async ([, end, code, next], { expect }) => {
    await withPhone({ onRun: ends(end) }, async ({ server, phone }) => {
      const result = await triggerOn(server);
      expect(result.stderr).toContain(next);
      if (next === '') expect(result.stderr).toBe('');
      expect(result.code).toBe(code);
      expect(result.events.map(({ ev }) => ev)).toEqual([
        'ack',
        'run.start',
        'js.start',
        'progress',
        'run.end',
      ]);
      const run = result.events[0]!.run!;
      expect(run).toMatch(/^[0-9a-z]{8}$/);
      const [call] = phone.lines.filter((line) => line.startsWith('am broadcast'));
      expect(call).toBe(
        `am broadcast --user current -f 0x20 --receiver-foreground -n ${APP}/dev.bgsync.BackgroundSyncDebugReceiver -a dev.bgsync.action.RUN --es run ${run}`,
      );
    });
  });

  it('for people: a line an event', async ({ expect }) => {
    await withPhone({ onRun: ends({ out: 'done', rem: 0 }) }, async ({ server }) => {
      const cli = startCli(['trigger', '--platform', 'android', '--app', APP], server.env);
      const { code, stdout } = await cli.result;
      expect(code).toBe(0);
      expect(stdout).toContain('the debug hook got a trigger');
      expect(stdout).toContain('run ended, done');
    });
  });

  it('--no-wait ends with the ack; --respect-constraints is passed on', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      const result = await triggerOn(server, '--no-wait', '--respect-constraints');
      expect(result.code).toBe(0);
      expect(phone.lines.join('\n')).toContain('--ez respect true');
    });
  });

  it('--stop-after has the window closed', async ({ expect }) => {
    let run = '';
    const options: PhoneOptions = {
      onRun: (phone, id) => {
        run = id;
        phone.emit('run.start', { run, trig: 'trigger' });
      },
      onStop: (phone) => {
        phone.emit('expire', { run, why: 'stop' });
        phone.emit('run.end', { run, out: 'expired', why: 'stop' });
      },
    };
    await withPhone(options, async ({ server }) => {
      const result = await triggerOn(server, '--stop-after', '200ms');
      expect(result.code).toBe(4);
      expect(result.events.map(({ ev }) => ev)).toContain('expire');
    });
  });

  it('Ctrl-C ends the waiting, and says that the job goes on', async ({ expect }) => {
    const options: PhoneOptions = {
      onRun: (phone, run) => phone.emit('run.start', { run, trig: 'trigger' }),
    };
    await withPhone(options, async ({ server }) => {
      const cli = startCli(['trigger', '--platform', 'android', '--app', APP], server.env);
      await eventually('the start', () => cli.output().includes('run started'));
      cli.interrupt();
      const { code, stdout } = await cli.result;
      expect(code).toBe(130);
      expect(stdout).toContain('The job goes on on the device');
    });
  });
});

describe.skipIf(!ADB_IS_THERE).concurrent('a run that does not come', () => {
  it.for<[name: string, options: PhoneOptions, args: string[], code: number, says: string[]]>([
    ['not installed', { isInstalled: false }, [], 8, ['is not installed', 'run-android']],
    [
      'still starting',
      { answers: { 'pm path': '', 'getprop sys.boot_completed': '\n' } },
      [],
      6,
      ['is still starting', 'unlock it'],
    ],
    ['debugOptimized', { hasHook: false }, [], 8, ['has no debug hook', 'debugOptimized']],
    [
      'no hook in a release build',
      { isDebuggable: false, hasHook: false },
      ['--via', 'hook'],
      8,
      ['is not debuggable', '--via jobscheduler'],
    ],
    ['nothing scheduled', { isDebuggable: false }, [], 9, ['nothing is scheduled', 'Open the app']],
    [
      'force-stopped',
      { isDebuggable: false, isStopped: true },
      [],
      9,
      ['force-stopped', 'Open the app'],
    ],
    [
      'not due',
      {
        jobs: JOBS,
        onRunJob: (phone) => {
          setTimeout(
            () =>
              phone.print(
                'WM-WorkerWrapper',
                'Delaying execution for dev.bgsync.BackgroundSyncWorker because it is being executed before schedule.',
              ),
            50,
          );
          return { out: 'Running job [FORCED]\n', code: 0 };
        },
      },
      ['--via', 'jobscheduler'],
      9,
      ['not due yet', 'debug build'],
    ],
    [
      'constraints, by JobScheduler',
      {
        jobs: JOBS,
        onRunJob: () => ({
          err: `Job -7 in package ${APP} / namespace ${NAMESPACE} / user 0 has functional constraints but --force not specified\n`,
          code: 22,
        }),
      },
      ['--via', 'jobscheduler', '--respect-constraints'],
      9,
      ['Constraints of job -7 are not met', 'CONNECTIVITY (no suitable network)'],
    ],
    [
      'constraints, through the hook',
      { jobs: JOBS },
      ['--respect-constraints', '--timeout', '1s'],
      9,
      ['has not started', 'CONNECTIVITY (no suitable network)'],
    ],
    ['never starts', {}, ['--timeout', '1s'], 5, ['accepted and has not started', 'bgsync status']],
    [
      'never starts, the process is gone',
      { onRun: (phone) => phone.die() },
      ['--timeout', '1s'],
      5,
      ['process of com.example.app is gone'],
    ],
    [
      'never ends',
      { onRun: (phone, run) => phone.emit('run.start', { run, trig: 'trigger' }) },
      ['--timeout', '1500ms'],
      5,
      ['has not ended within 1.5 s', '--timeout'],
    ],
    [
      'no worker',
      {
        onRun: (phone) =>
          phone.print(
            'WM-WorkerWrapper',
            'Could not create Worker dev.bgsync.BackgroundSyncWorker',
            'E',
          ),
      },
      [],
      1,
      ['could not create the worker', 'WorkerFactory'],
    ],
    [
      'a crash',
      {
        onRun: (phone, run) => {
          phone.emit('run.start', { run, trig: 'trigger' });
          phone.crash('java.lang.IllegalStateException: no database');
        },
      },
      [],
      1,
      ['The app crashed: java.lang.IllegalStateException: no database', 'Queue.kt:12', 'crash -d'],
    ],
    [
      'the process dies without a word',
      {
        onRun: (phone, run) => {
          phone.emit('run.start', { run, trig: 'trigger' });
          phone.die();
        },
      },
      [],
      1,
      ['is gone in mid-run', 'killed'],
    ],
    [
      'Metro not reachable',
      {
        onRun: (phone, run) => {
          phone.emit('run.start', { run, trig: 'trigger' });
          phone.print('ReactNative', 'Unable to load script. Make sure you are running Metro', 'E');
          phone.emit('run.end', { run, out: 'skipped', why: 'host-timeout' });
        },
      },
      [],
      2,
      ['from Metro, which it cannot reach', 'adb reverse'],
    ],
    [
      'no host',
      { onRun: (phone, run) => phone.emit('run.skip', { run, why: 'no-host' }) },
      [],
      2,
      ['bgsync doctor'],
    ],
    [
      'busy',
      { onRun: (phone, run) => phone.emit('run.skip', { run, why: 'busy' }) },
      [],
      2,
      ['Another run is open'],
    ],
    [
      'a log that stands still from the beginning',
      { onRun: () => undefined, adbd: {} },
      ['--timeout', '40s'],
      5,
      ['stands still'],
    ],
  ])('%s', async ([name, options, args, code, says], { expect }) => {
    await withPhone(options, async ({ server, phone }) => {
      if (name.startsWith('a log that stands still')) phone.isLogStalled = true;
      const result = await triggerOn(server, ...args);
      for (const text of says) expect(result.stderr).toContain(text);
      expect(result.code).toBe(code);
    });
  });

  it('a log that stalls in mid-run is read anew, and nothing is lost', async ({ expect }) => {
    const options: PhoneOptions = {
      onRun: (phone, run) => {
        phone.emit('run.start', { run, trig: 'trigger' });
        setTimeout(() => {
          phone.isLogStalled = true;
          phone.emit('run.end', { run, out: 'done', rem: 0 });
          // Only the streams that were open stand still: a new one gets everything.
          setTimeout(() => (phone.isLogStalled = false), 9000);
        }, 100);
      },
    };
    await withPhone(options, async ({ server }) => {
      const result = await triggerOn(server, '--timeout', '60s');
      expect(result.stderr).toBe('');
      expect(result.code).toBe(0);
    });
  });
});

describe.skipIf(!ADB_IS_THERE).concurrent('--via jobscheduler', () => {
  it('a release build: the scheduled job, with namespace and id from the dump', async ({
    expect,
  }) => {
    const options: PhoneOptions = {
      isDebuggable: false,
      hasHook: false,
      jobs: JOBS,
      onRunJob: (phone) => {
        setTimeout(() => phone.emitRun('osrun001', { out: 'done', rem: 0 }, 'os'), 50);
        return { out: 'Running job [FORCED]\n', code: 0 };
      },
    };
    await withPhone(options, async ({ server, phone }) => {
      const result = await triggerOn(server);
      expect(result.stderr).toContain('not debuggable');
      expect(result.code).toBe(0);
      expect(phone.lines).toContain(`cmd jobscheduler run -f -n ${NAMESPACE} ${APP} -7`);
    });
  });

  it('several jobs that the dump does not tell apart: refused with their ids, --job-id names one', async ({
    expect,
  }) => {
    const options: PhoneOptions = {
      jobs: [25, -26].map((id) => `  JOB #u0a217/${id}: 5d421eb ${APP}/${SERVICE}`).join('\n'),
      onRunJob: (phone) => {
        setTimeout(() => phone.emitRun('osrun001', { out: 'done', rem: 0 }, 'os'), 50);
        return { out: 'Running job [FORCED]\n', code: 0 };
      },
    };
    await withPhone(options, async ({ server, phone }) => {
      const unclear = await triggerOn(server, '--via', 'jobscheduler');
      expect(unclear.code).toBe(9);
      expect(unclear.stderr).toMatch(/#u0a217\/25[^]*#u0a217\/-26[^]*--job-id/);
      const named = await triggerOn(server, '--via', 'jobscheduler', '--job-id', '-26');
      expect(named.code).toBe(0);
      expect(phone.lines).toContain(`cmd jobscheduler run -f ${APP} -26`);
      const wrong = await triggerOn(server, '--via', 'jobscheduler', '--job-id', '99');
      expect(wrong.code).toBe(9);
      expect(wrong.stderr).toContain('no job 99');
    });
  });
});

describe.skipIf(!ADB_IS_THERE).concurrent('devices that cannot be used', () => {
  it('none', async ({ expect }) => {
    const server = await AdbServer.start();
    const result = await triggerOn(server);
    await server.stop();
    expect(result.stderr).toContain('There is no device.');
    expect(result.code).toBe(6);
  });

  it('two: both are listed, neither is taken; one that is named is', async ({ expect }) => {
    await withPhone({ onRun: ends({ out: 'done' }) }, async ({ server, serial }) => {
      const second = new FakePhone();
      const other = await server.connect(second.adbd);
      const result = await triggerOn(server);
      expect(result.code).toBe(6);
      expect(result.stderr).toContain(serial);
      expect(result.stderr).toContain(other);
      expect(result.stderr).toContain('--device');
      expect((await triggerOn(server, '--device', serial)).code).toBe(0);
      const named = { ...server.env, ANDROID_SERIAL: serial };
      const byEnv = startCli(['trigger', '--platform', 'android', '--app', APP], named);
      expect((await byEnv.result).code).toBe(0);
      const wrong = await triggerOn(server, '--device', 'nosuch');
      expect(wrong.code).toBe(6);
      expect(wrong.stderr).toContain('There is no device nosuch.');
      await second.adbd.drop();
    });
  });

  it.for<[state: 'unauthorized' | 'recovery', says: string]>([
    ['unauthorized', 'allow USB debugging'],
    ['recovery', 'adb reboot'],
  ])('%s', async ([state, says], { expect }) => {
    await withPhone({ adbd: { state } }, async ({ server }) => {
      const result = await triggerOn(server);
      expect(result.stderr).toContain(says);
      expect(result.code).toBe(6);
    });
  });

  it('offline', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      await phone.adbd.drop();
      let list = '';
      for (let tries = 0; tries < 50 && !list.includes('offline'); tries++) {
        list = await server.adb('devices');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const result = await triggerOn(server);
      expect(result.stderr).toMatch(/adb reconnect offline|There is no device/);
      expect(result.code).toBe(6);
    });
  });

  it('an adb that is none ends with 7', async ({ expect }) => {
    const server = await AdbServer.start();
    const missing = await triggerOn(server, '--adb', '/nowhere/adb');
    const wrong = await triggerOn(server, '--adb', '/bin/ls');
    await server.stop();
    expect(missing.code).toBe(7);
    expect(missing.stderr).toContain('ENOENT');
    expect(wrong.code).toBe(7);
    expect(wrong.stderr).toContain('not a usable adb');
  });
});

describe.skipIf(!ADB_IS_THERE).concurrent('a device that goes away in mid-run', () => {
  const starts: PhoneOptions = {
    onRun: (phone, run) => phone.emit('run.start', { run, trig: 'trigger' }),
  };
  const start = (server: AdbServer, ...args: string[]) =>
    startCli(['trigger', '--platform', 'android', '--app', APP, ...args], server.env);

  it('and comes back: the end is found in what was logged meanwhile', async ({ expect }) => {
    await withPhone(starts, async ({ server, phone }) => {
      const cli = start(server);
      await eventually('the start', () => cli.output().includes('run started'));
      const run = /--es run (\w{8})/.exec(phone.lines.join('\n'))?.[1];
      await phone.adbd.drop();
      await eventually('the loss', () => cli.output().includes('is gone; waiting'));
      phone.emit('run.end', { run, out: 'done', rem: 0 });
      await phone.adbd.start();
      const { code, stdout } = await cli.result;
      expect(stdout).toContain('is back');
      expect(stdout.match(/run started/g)).toHaveLength(1);
      expect(stdout.match(/run ended/g)).toHaveLength(1);
      expect(code).toBe(0);
    });
  });

  it('for good: ends with 6, within the limit', async ({ expect }) => {
    await withPhone(starts, async ({ server, phone }) => {
      const cli = start(server, '--timeout', '6s');
      await eventually('the start', () => cli.output().includes('run started'));
      await phone.adbd.drop();
      const { code, stderr } = await cli.result;
      expect(stderr).toContain('is gone');
      expect(stderr).toContain('--history');
      expect(code).toBe(6);
    });
  });

  it('restarts: ends with 1, and says what becomes of the run', async ({ expect }) => {
    await withPhone(starts, async ({ server, phone }) => {
      const cli = start(server);
      await eventually('the start', () => cli.output().includes('run started'));
      await phone.powerOff();
      await eventually('the loss', () => cli.output().includes('is gone; waiting'));
      await phone.powerOn(-86_400_000);
      const { code, stderr } = await cli.result;
      expect(stderr).toContain('was restarted in mid-run');
      expect(stderr).toContain('--history');
      expect(code).toBe(1);
    });
  });

  it('restarts before the run began: ends with 5', async ({ expect }) => {
    await withPhone({}, async ({ server, phone }) => {
      const cli = start(server);
      await eventually('the ack', () => cli.output().includes('got a trigger'));
      await phone.powerOff();
      await eventually('the loss', () => cli.output().includes('is gone; waiting'));
      await phone.powerOn();
      const { code, stderr } = await cli.result;
      expect(stderr).toContain('was restarted before the run began');
      expect(code).toBe(5);
    });
  });

  it.for<[when: string, stallsAt: string]>([
    ['from the beginning', 'pm path'],
    ['at the marker', 'log -t'],
    ['at the broadcast', 'am broadcast'],
  ])('answers nothing %s: ends with 6', async ([, stallsAt], { expect }) => {
    const options: PhoneOptions = {
      onLine: (phone, line) => {
        if (line.startsWith(stallsAt)) phone.adbd.fault = 'stall';
      },
    };
    await withPhone(options, async ({ server }) => {
      const { code, stderr, ms } = await triggerOn(server, '--timeout', '3s');
      expect(stderr).toContain('did not answer');
      expect(stderr).toContain('adb kill-server');
      expect(code).toBe(6);
      expect(ms).toBeLessThan(12_000);
    });
  });

  it.for<'stall' | 'garbage' | 'partial-frame'>(['stall', 'garbage', 'partial-frame'])(
    'a wire that fails in mid-run (%s): ends within its limits, and says why',
    async (fault, { expect }) => {
      await withPhone(starts, async ({ server, phone }) => {
        const cli = start(server, '--timeout', '5s');
        await eventually('the start', () => cli.output().includes('run started'));
        phone.adbd.fault = fault;
        phone.print('AndroidRuntime', 'a line that meets the fault', 'E', 1);
        const begin = Date.now();
        const { code, stderr } = await cli.result;
        expect(stderr).toMatch(/is gone|has not ended/);
        expect([5, 6]).toContain(code);
        // Three seconds beyond the limit, and two for a busy machine.
        expect(Date.now() - begin).toBeLessThan(10_000);
      });
    },
  );
});
