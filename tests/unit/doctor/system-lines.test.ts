import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, test } from 'vitest';
import { SIGNALS } from '../../../src/doctor/signals/index.ts';
import { LogWatch } from '../../../src/doctor/signals/log-watch.ts';
import { decodeLog } from '../../../src/events/decode.ts';
import { unified } from '../../../src/events/forms.ts';
import { readLog } from '../../../src/events/read.ts';

const sample = (name: string): string =>
  readFileSync(new URL(`../../fixtures/system-logs/${name}`, import.meta.url), 'utf8');

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

interface Seen {
  readonly ids: string[];
  readonly text: string;
  readonly events: number;
  readonly damaged: number;
}

async function look(bytes: Buffer, size = 4096): Promise<Seen> {
  const watch = new LogWatch(SIGNALS);
  let damaged = 0;
  for await (const { line, finding } of readLog(unified(decodeLog(pieces(bytes, size))))) {
    if (finding.kind === 'event') watch.event(finding.event, line);
    else if (finding.kind === 'system') watch.system(finding, line);
    else damaged += 1;
  }
  const { findings } = watch.finish('x.log');
  return {
    ids: findings.map(({ id }) => id),
    text: findings.map(({ message }) => message).join('\n'),
    events: watch.events,
    damaged,
  };
}

const THREADTIME = '10-11 15:33:49.000  4242  4262';
const NSLOG = '2026-03-17 08:01:22.100123+0000 Demo[711:20301]';

describe('what reporters pasted', () => {
  it.each<[name: string, log: string, ids: string[], says: string]>([
    ['l12', sample('l12.txt'), ['R24'], 'J03 explains it'],
    [
      'l12, its first line',
      sample('l12.txt'),
      ['R24'],
      'has been executed but looks like it is not defined',
    ],
    ['l2', sample('l2.txt'), ['R21'], 'I01 explains it'],
    ['l4', sample('l4.txt'), ['R19', 'R20'], 'com.example.demo.weekly'],
    ['l6', sample('l6.txt'), ['R22'], 'Could not instantiate com.example.demo.sync.SyncWorker'],
    ['l7', sample('l7.txt'), ['R19', 'R23'], 'A22 explains it'],
    [
      'n1',
      sample('n1_crash.txt'),
      ['R01', 'R11', 'R19', 'R25'],
      'TypeError: undefined is not a function (near ...), stack:; run aaaa1111 was open in that process',
    ],
    [
      'late registration',
      `${NSLOG} *** Assertion: All launch handlers must be registered before application finishes launching\n`,
      ['R20'],
      'I08 explains it',
    ],
    [
      'refresh off',
      `${NSLOG} Error Domain=BGTaskSchedulerErrorDomain Code=1 "(null)"\n`,
      ['R21'],
      'R06 explains it',
    ],
    [
      'the app’s first frame',
      `${THREADTIME} E AndroidRuntime: FATAL EXCEPTION: main\n${THREADTIME} E AndroidRuntime: Process: com.a, PID: 4242\n${THREADTIME} E AndroidRuntime: java.lang.IllegalStateException: closed\n${THREADTIME} E AndroidRuntime: \tat android.os.Handler.run(Handler.java:1)\n${THREADTIME} E AndroidRuntime: \tat com.a.sync.Outbox.drain(Outbox.kt:42)\n${THREADTIME} E AndroidRuntime: \tat com.a.Other.b(Other.kt:1)\n`,
      ['R19'],
      'java.lang.IllegalStateException: closed, at com.a.sync.Outbox.drain(Outbox.kt:42)',
    ],
    [
      'anr',
      '10-11 15:33:49.000  1366  1386 E ActivityManager: ANR in com.a (com.a/.MainActivity)\n',
      ['R25'],
      'ANR in com.a',
    ],
    [
      'low memory',
      "10-11 15:33:49.000   500   500 I lowmemorykiller: Kill 'com.a' (4242), uid 10123, oom_score_adj 900\n",
      ['R25'],
      'com.a',
    ],
    // Lines of real devices: the sources are beside the phrases.
    [
      'low memory, on a device of 2025',
      "10-24 14:24:26.342   710   710 I lowmemorykiller: Kill 'com.a' (17933), uid 10446, oom_score_adj 0 to free 140528kB rss, 37404kB swap; reason: device is not responding\n",
      ['R25'],
      'device is not responding',
    ],
    [
      'the limit of a process on iOS',
      'kernel: memorystatus: Demo [1509] exceeded mem limit: ActiveHard 50 MB (fatal)\n',
      ['R25'],
      'ActiveHard 50 MB',
    ],
    [
      'jetsam, by the kernel',
      'kernel: killing_specific_process pid 24094 [Demo] (per-process-limit 0 0s rf:- type:daemon) 15360KB\n',
      ['R25'],
      'per-process-limit',
    ],
    [
      'jetsam, by ReportSystemMemory',
      'ReportSystemMemory: Process Demo [1509] killed by jetsam reason per-process-limit\n',
      ['R25'],
      'killed by jetsam',
    ],
    [
      'dasd, with its policies',
      'default\t09:12:32.388775+0900\tdasd\tbgProcessing-com.a.sync:B5B340:[\n\t{name: DeviceActivityPolicy, policyWeight: 5.000, response: {Decision: Must Not Proceed, Score: 0.00, Rationale: [{launchType == PROCESSING AND deviceActive == 1}]}}\n ], FinalDecision: Must Not Proceed}\n',
      ['R26'],
      'Must Not Proceed',
    ],
    [
      'a worker’s service that WorkManager could not show, and went on without',
      `${THREADTIME} W WM-SystemFgService: Unable to start foreground service\n`,
      ['R23'],
      'A22 explains it',
    ],
    [
      'a service that the system did not start',
      '10-11 15:33:55.000  1000  1000 W ActivityManager: Background start not allowed: service Intent { cmp=com.a/.S } to com.a/.S from pid=4242\n',
      ['R23'],
      'A29 explains it',
    ],
    [
      'a foreground service that the system did not start',
      '10-11 15:33:56.000  1000  1000 I ActivityManager: Background started FGS: Disallowed [callingPackage: com.a; callingUid: 10123]\n',
      ['R23'],
      'A29 explains it',
    ],
    [
      'a worker that throws',
      `${THREADTIME} E WM-WorkerWrapper: Work [ id=1, tags={ com.a.SyncWorker } ] failed because it threw an exception/error\n${THREADTIME} E WM-WorkerWrapper: java.net.UnknownHostException: example.com\n`,
      ['R27'],
      'A16 explains it',
    ],
    [
      'no bundle',
      `${THREADTIME} E unknown:ReactNative: com.facebook.jni.CppException: Compiling JS failed: 1:1:invalid expression\n`,
      ['R19'],
      'Compiling JS failed',
    ],
    [
      'a paste that begins in the middle of a report',
      `${THREADTIME} E AndroidRuntime: java.lang.IllegalStateException: Not allowed to start service Intent { cmp=com.a/.S }: app is in background\n`,
      ['R23'],
      'A29 explains it',
    ],
    [
      'a paste without the first line of a report',
      `${THREADTIME} E AndroidRuntime: java.lang.NullPointerException: no queue\n${THREADTIME} E AndroidRuntime: \tat com.a.sync.Outbox.drain(Outbox.kt:42)\n`,
      ['R19'],
      'java.lang.NullPointerException: no queue, at com.a.sync.Outbox.drain(Outbox.kt:42)',
    ],
    [
      'no service',
      `${THREADTIME} E ReactNativeJS: Not allowed to start service Intent { cmp=com.a/.S }: app is in background\n`,
      ['R23'],
      'Not allowed',
    ],
    [
      '.ips',
      '{"app_name":"Demo","timestamp":"2026-03-17 08:01:22.00 +0000","bug_type":"309","os_version":"iPhone OS 26.0"}\n{\n  "termination" : {"code":2343432205,"namespace":"FRONTBOARD"}\n}\n',
      ['R19', 'R25'],
      'crash report of Demo',
    ],
    [
      'dasd',
      '2026-03-17 08:01:22.100123+0000 0x4f21  Default  0x0  77  0  dasd: (DuetActivityScheduler) bgRefresh-com.a Decision: MNP\n',
      ['R26'],
      'Decision: MNP',
    ],
    // As the classes and frameworks have them.
    [
      'a service whose time is over',
      `${THREADTIME} E AndroidRuntime: android.app.RemoteServiceException$ForegroundServiceDidNotStopInTimeException: A foreground service of type FOREGROUND_SERVICE_TYPE_DATA_SYNC did not stop within its timeout: ComponentInfo{com.a/com.a.S}\n`,
      ['R23'],
      'did not stop within its timeout',
    ],
    [
      'a service that has had its hours',
      `${THREADTIME} W System.err: Time limit already exhausted for foreground service type dataSync\n`,
      ['R23'],
      'dataSync',
    ],
    [
      'an id that is not permitted, as the framework says it',
      `${NSLOG} [Framework] Registration rejected; com.a.sync is not advertised in the application's Info.plist\n`,
      ['R21'],
      'I01 explains it',
    ],
    [
      'registered twice',
      `${NSLOG} *** Assertion failure in -[BGTaskScheduler _unsafe_registerForTaskWithIdentifier:usingQueue:launchHandler:], BGTaskScheduler.m:335: Launch handler for task with identifier com.a.sync has already been registered\n`,
      ['R20'],
      'I07 explains it',
    ],
    [
      'an input merger that R8 took',
      `${THREADTIME} E WM-WorkerWrapper: Could not create Input Merger androidx.work.OverwritingInputMerger\n`,
      ['R22'],
      'OverwritingInputMerger',
    ],
    [
      'initialized twice',
      `${THREADTIME} W System.err: java.lang.IllegalStateException: WorkManager is already initialized.  Did you try to initialize it manually without disabling WorkManagerInitializer?\n`,
      ['R22'],
      'A30 explains it',
    ],
    [
      'a factory that gives a worker twice',
      `${THREADTIME} E WM-WorkerWrapper: Received an already-used Worker com.a.SyncWorker; Worker Factory should return new instances\n`,
      ['R22'],
      'A08 explains it',
    ],
    [
      'a task of Expo that throws',
      `${THREADTIME} E ReactNativeJS: 'TaskManager: Task "sync" failed:', [Error: offline]\n`,
      ['R27'],
      'Task "sync" failed',
    ],
    [
      'the same in JSON',
      `${JSON.stringify({ pid: 7, message: 'TaskManager: Task "sync" failed: offline' })}\n`,
      ['R27'],
      'Task "sync" failed',
    ],
    [
      'a job of Expo that was stopped',
      `${THREADTIME} I TaskManagerUtils: Job for task 'sync' has been cancelled by the system.\n`,
      ['R25'],
      'cancelled by the system',
    ],
    [
      'a task of Expo whose time was over on iOS',
      `${NSLOG} Expo Background Tasks - task expired\n`,
      ['R25'],
      'task expired',
    ],
    [
      'no ReactHost',
      `${THREADTIME} E AndroidRuntime: java.lang.IllegalStateException: ReactHost is not initialized in New Architecture\n`,
      ['R24'],
      'A24 explains it',
    ],
    [
      'a headless task that went on behind its timeout',
      `${THREADTIME} W HeadlessJsTaskSupportModule: Tried to finish non-active task with id 3. Did it time out?\n`,
      ['R25'],
      'Did it time out?',
    ],
    [
      'a component that nobody registered',
      `${THREADTIME} E ReactNativeJS: Invariant Violation: "demo" has not been registered. This can happen if:\n`,
      ['R19'],
      'has not been registered',
    ],
    [
      'a native module that is not there',
      `${THREADTIME} E ReactNativeJS: Invariant Violation: TurboModuleRegistry.getEnforcing(...): 'BackgroundSync' could not be found.\n`,
      ['R19'],
      'BackgroundSync',
    ],
    [
      'the events buffer',
      '10-11 15:33:49.000  1366  1386 I am_crash: [0,4242,com.a,12345,java.lang.IllegalStateException,closed,Outbox.kt,42]\n10-11 15:33:50.000  1366  1386 I am_kill : [0,4242,com.a,900,empty #17]\n10-11 15:33:51.000  1366  1386 I am_anr  : [0,4243,com.b,0,Input dispatching timed out]\n',
      ['R19', 'R25'],
      'empty #17',
    ],
    [
      'a job that did not answer',
      '10-11 15:33:49.000  1366  1386 W JobServiceContext: No response to onStopJob for 1a2b #u0a123/7 com.a/.SyncJob\n',
      ['R25'],
      'No response to onStopJob',
    ],
    [
      'a job that made room',
      '10-11 15:33:49.000  1366  1386 I JobServiceContext: Stopping client after min execution time: com.a because blocking other jobs\n',
      ['R25'],
      'Stopping client',
    ],
    [
      'the watchdog, in words',
      `${NSLOG} scene-update watchdog transgression: application<com.a>:711 exhausted real (wall clock) time allowance of 10.00 seconds\n`,
      ['R25'],
      'watchdog',
    ],
    [
      'an assertion that was held for too long',
      'SpringBoard: <BKNewProcess: 0x1; com.a; pid: 1526; hostpid: -1> has active assertions beyond permitted time:\n',
      ['R25'],
      'beyond permitted time',
    ],
    [
      'jetsam, at the high-water mark',
      'kernel: memorystatus: killing_highwater_process pid 711 [Demo] (highwater 100 17s) 1500000KB\n',
      ['R25'],
      'highwater',
    ],
    [
      'JSON of a collector',
      `${JSON.stringify({ pid: 7, message: 'No task registered for key "Sync"' })}\n`,
      ['R24'],
      'No task registered for key "Sync"',
    ],
    [
      'ndjson of log',
      `${JSON.stringify({ processID: 711, eventMessage: 'No launch handler registered for task with identifier com.a' })}\n`,
      ['R20'],
      'com.a',
    ],
  ])('%s', async (_name, log, ids, says) => {
    const seen = await look(Buffer.from(log));
    expect(seen.ids.toSorted()).toEqual(ids);
    expect(seen.text).toContain(says);
  });

  it.each([
    [
      'a shell command',
      `${THREADTIME} D AndroidRuntime: >>>>>> START com.android.internal.os.RuntimeInit uid 2000 <<<<<<\n${THREADTIME} D AndroidRuntime: Calling main entry com.android.commands.am.Am\n`,
    ],
    [
      'ordinary work',
      `${THREADTIME} I WM-WorkerWrapper: Worker result SUCCESS for Work [ id=1 ]\n`,
    ],
    [
      'words of an app that come near',
      'Task "sync" failed to find new items\nadmin: job has been cancelled by the system user\n',
    ],
    [
      'a limit that kills nobody',
      'kernel: memorystatus: Demo [1509] exceeded mem limit: ActiveSoft 1536 MB (non-fatal)\n',
    ],
    [
      'a report of what was caught',
      'Non-fatal Exception: java.lang.IllegalStateException: closed\n',
    ],
    [
      'a completion handler of notifications',
      'Warning: UNUserNotificationCenter delegate received call to -userNotificationCenter:didReceiveNotificationResponse:withCompletionHandler: but the completion handler was never called.\n',
    ],
    [
      'an export of another kind',
      'Background copy was created over 30 seconds ago\nJob FULL STOP: 4/5 done\n',
    ],
    ['a kill without its reason', 'Exception Type:  EXC_CRASH (SIGKILL)\n'],
    ['an end of its own', 'process=com.a reason=1 (EXIT_SELF) subreason=0 (UNKNOWN) status=0\n'],
    ['Dart elsewhere', 'server: Unhandled Exception: no route\nTask failed: build\n'],
    ['a peaceful line', 'the process has died out as a word\nKilling time\n'],
  ])('silent: %s', async (_name, log) => {
    expect(await look(Buffer.from(log))).toEqual({ ids: [], text: '', events: 0, damaged: 0 });
  });

  it('ties a line to no run of another process', async () => {
    const log = sample('n1_crash.txt').replaceAll('4242  4262 E', '9999  9999 E');
    expect((await look(Buffer.from(log))).text).not.toContain('stack:; run');
  });
});

describe('whose process a line is about', () => {
  const event = (pid: number, seq: number): string =>
    `10-11 15:33:50.000  ${pid}  ${pid} I BackgroundSync: BGSYNC1 ${JSON.stringify({ v: 1, seq, ts: 1_760_197_630_000 + seq, plat: 'android', pid, ev: 'register', task: 'com.example.demo.sync' })}\n`;
  const OURS = event(4242, 1);
  const died = (name: string, pid: number): string =>
    `10-11 15:33:49.100  1366  1386 I ActivityManager: Process ${name} (pid ${pid}) has died: bg  TRNB\n`;
  const crash = (name: string, pid: number): string =>
    [
      'FATAL EXCEPTION: main',
      `Process: ${name}, PID: ${pid}`,
      'java.lang.IllegalStateException: x',
      '\tat com.example.A.b(A.kt:1)',
    ]
      .map((text) => `10-11 15:33:49.000  ${pid}  ${pid} E AndroidRuntime: ${text}\n`)
      .join('');
  const refused = (app: string): string =>
    `10-11 15:33:49.100  1366  1386 W ActivityManager: Background start not allowed: service Intent { cmp=${app}/.Sync } to ${app}/.Sync from pid=4242 uid=10190 pkg=${app} startFg?=false\n`;
  const timedOut = (app: string): string =>
    `10-11 15:33:49.100  1366  1386 W JobServiceContext: Client timed out while executing (no jobFinished received), sending onStop: 1f2 #u0a190/3 ${app}/androidx.work.impl.background.systemjob.SystemJobService\n`;
  const STARTED =
    '10-11 15:33:40.000  1366  1386 I ActivityManager: Start proc 4242:com.example.demo/u0a190 for service\n';
  it.each<[name: string, log: string, ids: string[]]>([
    ['another’s end, behind an event', OURS + died('com.other', 999), []],
    ['another’s end, before any event', died('com.other', 999) + OURS, []],
    ['ours, by its number', OURS + died('com.example.demo', 4242), ['R25']],
    [
      'ours, by a name learnt later',
      died('com.example.demo', 999) + OURS + died('com.example.demo', 4242),
      ['R25'],
    ],
    [
      'ours, by the start of a process',
      died('com.example.demo:sync', 999) + STARTED + OURS,
      ['R25'],
    ],
    ['no event of ours at all', died('com.other', 999), ['R25']],
    ['another’s crash', STARTED + OURS + crash('com.other', 999), []],
    [
      'our crash before the first event',
      STARTED.replaceAll('4242', '999') + crash('com.example.demo', 999) + STARTED + OURS,
      ['R19'],
    ],
    ['a crash, and no name of ours is known', crash('com.other', 999) + OURS, ['R19']],
    [
      'am_kill of another',
      `${OURS}10-11 15:33:49.100  1366  1386 I am_kill : [0,999,com.other,935,too many cached]\n`,
      [],
    ],
    [
      'am_kill of ours',
      `${OURS}10-11 15:33:49.100  1366  1386 I am_kill : [0,4242,com.example.demo,935,too many cached]\n`,
      ['R25'],
    ],
    [
      'ANR of another',
      `${STARTED}${OURS}10-11 15:33:49.100  1366  1386 E ActivityManager: ANR in com.other (com.other/.Main)\n`,
      [],
    ],
    [
      'ANR of ours',
      `${STARTED}${OURS}10-11 15:33:49.100  1366  1386 E ActivityManager: ANR in com.example.demo (com.example.demo/.Main)\n`,
      ['R25'],
    ],
    [
      'lmkd, another’s',
      `${OURS}10-11 15:33:49.100   371   371 I lmkd    : Kill 'com.other' (999), uid 10093, oom_score_adj 900 to free 99420kB\n`,
      [],
    ],
    [
      'lmkd, ours',
      `${OURS}10-11 15:33:49.100   371   371 I lmkd    : Kill 'com.example.demo' (4242), uid 10190, oom_score_adj 900 to free 99420kB\n`,
      ['R25'],
    ],
    ['a service of another', STARTED + OURS + refused('com.other'), []],
    ['a service of ours', STARTED + OURS + refused('com.example.demo'), ['R23']],
    ['a service, and no name of ours is known', OURS + refused('com.example.demo'), ['R23']],
    ['a job of another', STARTED + OURS + timedOut('com.other'), []],
    ['a job of ours', STARTED + OURS + timedOut('com.example.demo'), ['R25']],
    [
      'what dasd holds back of Apple’s own',
      'default 09:12:32.388775+0900 dasd 0:com.apple.cloudkit.fetch:1A2B3C:[ ], FinalDecision: Must Not Proceed}\n',
      [],
    ],
  ])('%s', async (_name, log, ids) => {
    expect((await look(Buffer.from(log))).ids).toEqual(ids);
  });

  it('holds memory when a log is all of others', async () => {
    const log = OURS + died('com.other', 999).repeat(20_000) + died('com.example.demo', 4242);
    expect(await look(Buffer.from(log))).toMatchObject({
      ids: ['R25'],
      text: expect.not.stringContaining('times') as string,
    });
  });
});

describe('encodings and containers', () => {
  const log = sample('n1_crash.txt');
  const wide = Buffer.from(`\ufeff${log}`, 'utf16le');
  const messages = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({
      header: {
        logLevel: 'INFO',
        pid: 4242,
        tag: line.includes('BGSYNC1') ? 'BackgroundSync' : 'AndroidRuntime',
      },
      message: line.replace(/^.*?(?:BackgroundSync|AndroidRuntime|ActivityManager): /, ''),
    }));
  const studio = { metadata: {}, logcatMessages: messages };
  test.each<[name: string, bytes: Buffer]>([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${log}`)],
    ['UTF-16LE, as PowerShell writes', wide],
    ['UTF-16BE', Buffer.from(wide).swap16()],
    ['UTF-16LE without a mark', Buffer.from(log, 'utf16le')],
    ['gz', gzipSync(log)],
    ['gz of UTF-16', gzipSync(wide)],
    ['.logcat', Buffer.from(JSON.stringify(studio, null, 2))],
    ['.logcat in one line', Buffer.from(JSON.stringify(studio))],
    [
      '{"message"}',
      Buffer.from(
        log
          .split('\n')
          .map((message) => JSON.stringify({ message }))
          .join('\n'),
      ),
    ],
    [
      'an array',
      Buffer.from(
        JSON.stringify(
          log.split('\n').map((message) => ({ message })),
          null,
          2,
        ),
      ),
    ],
    [
      'an array in one line',
      Buffer.from(JSON.stringify(log.split('\n').map((message) => ({ message })))),
    ],
    [
      'an array in one line, with blanks, of UTF-16',
      Buffer.from(
        JSON.stringify(log.split('\n').map((message) => ({ message }))).replaceAll(
          '},{"message"',
          '}, {"message"',
        ),
        'utf16le',
      ),
    ],
    [
      '{"log"} twice',
      Buffer.from(
        log
          .split('\n')
          .map((message) => JSON.stringify({ log: JSON.stringify({ message }) }))
          .join('\n'),
      ),
    ],
  ])('%s', async (_name, bytes) => {
    for (const size of [7, 4096]) {
      const seen = await look(bytes, size);
      expect(seen).toMatchObject({ events: 4, damaged: 0 });
      expect(seen.ids).toContain('R19');
    }
  });
});

describe('reports of iOS (.ips)', () => {
  const head = { app_name: 'Demo', bundleID: 'com.example.demo', bug_type: '309', name: 'Demo' };
  const body = {
    procName: 'Demo',
    exception: { type: 'EXC_CRASH', signal: 'SIGABRT' },
    termination: { code: 6, namespace: 'SIGNAL', indicator: 'Abort trap: 6' },
    lastExceptionBacktrace: [
      { imageIndex: 0, symbol: '__exceptionPreprocess' },
      {
        imageIndex: 1,
        symbol: 'AppDelegate.registerTasks()',
        sourceFile: 'AppDelegate.swift',
        sourceLine: 42,
      },
    ],
    faultingThread: 0,
    threads: [{ frames: [{ imageIndex: 1, imageOffset: 7 }] }],
    usedImages: [{ name: 'CoreFoundation' }, { name: 'Demo', path: '/private/X/Demo.app/Demo' }],
  };
  const report = (one: object, other: object): string =>
    `${JSON.stringify(one)}\n${JSON.stringify(other, null, 2)}\n`;
  const frames = { ...body, lastExceptionBacktrace: undefined };
  const watchdog = {
    ...body,
    termination: {
      code: 0x8badf00d,
      namespace: 'FRONTBOARD',
      details: ['scene-create watchdog transgression: exhausted real time allowance'],
    },
  };
  const memory = { processes: [{ name: 'Demo', reason: 'per-process-limit' }, { name: 'Other' }] };
  test.each<[name: string, text: string, ids: string[], says: string]>([
    [
      'the first frame of the app',
      report(head, body),
      ['R19'],
      'at AppDelegate.registerTasks() (AppDelegate.swift:42)',
    ],
    [
      'of the thread that failed',
      report(head, frames),
      ['R19'],
      'EXC_CRASH (SIGABRT), at Demo + 7',
    ],
    [
      'a watchdog',
      report(head, watchdog),
      ['R19', 'R25'],
      'FRONTBOARD 0x8badf00d scene-create watchdog',
    ],
    [
      'memory',
      report({ ...head, bug_type: '298' }, memory),
      ['R25'],
      'ended Demo (per-process-limit)',
    ],
    ['a document that is cut', report(head, body).slice(0, -40), ['R19'], 'crash report of Demo'],
    ['a first line alone', JSON.stringify(head), ['R19'], 'crash report of Demo'],
    [
      'words of its own that are none',
      `{"bug_type":"309","bgsyncSays":"\\q","name":"x"}\n`,
      ['R19'],
      'crash report of x',
    ],
  ])('%s', async (_name, text, ids, says) => {
    for (const size of [7, 4096]) {
      for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`, 'utf16le')]) {
        const seen = await look(bytes, size);
        expect(seen.ids).toEqual(ids);
        expect(seen.text).toContain(says);
      }
    }
  });
});
