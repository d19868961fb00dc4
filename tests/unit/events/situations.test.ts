import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../../../src/doctor/signals/index.ts';
import { LogWatch } from '../../../src/doctor/signals/log-watch.ts';
import { decodeLog } from '../../../src/events/decode.ts';
import { unified } from '../../../src/events/forms.ts';
import { readLog } from '../../../src/events/read.ts';
import { ANDROID, APP, IOS, PIDS } from './situations.ts';
import type { Situation } from './situations.ts';

/** Every situation in every form in which people hand in a log, beside a run that is open when it comes about. */

interface Line {
  readonly pid: number;
  readonly tag: string;
  readonly level: string;
  /** Of several lines: a system writes them as one message. */
  readonly text: string;
}

const RUN = 'aaaa1111';

const started = (plat: 'android' | 'ios', pid: number): Line => ({
  pid,
  tag: 'BackgroundSync',
  level: 'I',
  text: `BGSYNC1 ${JSON.stringify({ v: 1, plat, seq: 1, ts: 1791732828000, pid, ev: 'run.start', run: RUN, task: 'dev.bgsync.sync.v1', trig: 'os', att: 1 })}`,
});

const each = (write: (line: Line, text: string) => string) => (lines: readonly Line[]) =>
  lines.flatMap((line) => line.text.split('\n').map((text) => write(line, text))).join('\n');

const threadtime = each(
  ({ pid, tag, level }, text) => `10-11 15:33:48.000  ${pid}  ${pid + 20} ${level} ${tag}: ${text}`,
);
const studio = (indent?: number) => (lines: readonly Line[]) =>
  JSON.stringify(
    {
      metadata: { device: { physicalDevice: { serialNumber: 'x' } }, filter: '' },
      logcatMessages: lines.map(({ pid, tag, level, text }) => ({
        header: {
          logLevel: { V: 'VERBOSE', D: 'DEBUG', I: 'INFO', W: 'WARN', E: 'ERROR', F: 'ASSERT' }[
            level
          ],
          pid,
          tid: pid,
          applicationId: pid === PIDS.android ? APP : 'system_process',
          processName: pid === PIDS.android ? APP : 'system_process',
          tag,
          timestamp: { seconds: 1791732828, nanos: 0 },
        },
        message: text,
      })),
    },
    undefined,
    indent,
  );
const inJson = (key: string) => (lines: readonly Line[]) =>
  threadtime(lines)
    .split('\n')
    .map((line) => JSON.stringify({ level: 'info', [key]: line, host: 'ci' }))
    .join('\n');

type Form = readonly [name: string, write: (lines: readonly Line[]) => string | Buffer];

const AROUND: readonly [name: string, around: (log: string) => string | Buffer][] = [
  ['CRLF', (log) => log.replaceAll('\n', '\r\n')],
  ['colours', (log) => log.replaceAll(/^.+$/gm, (line) => `\u001b[38;5;40m${line}\u001b[39m`)],
  ['UTF-16', (log) => Buffer.from(`\ufeff${log}`, 'utf16le')],
  ['gzip', (log) => gzipSync(log)],
  ['GitHub’s times', (log) => log.replaceAll(/^/gm, '2026-10-11T15:33:48.0000000Z ')],
  ['docker compose', (log) => log.replaceAll(/^/gm, 'emulator-1  | ')],
  ['both of these', (log) => log.replaceAll(/^/gm, '2026-10-11T15:33:48.0000000Z emulator-1  | ')],
  ['a quotation', (log) => log.replaceAll(/^/gm, '> ')],
];

const ANDROID_FORMS: readonly Form[] = [
  ['threadtime', threadtime],
  [
    'brief',
    each(({ pid, tag, level }, text) => `${level}/${tag}(${String(pid).padStart(5)}): ${text}`),
  ],
  [
    'time',
    each(
      ({ pid, tag, level }, text) =>
        `10-11 15:33:48.000 ${level}/${tag}(${String(pid).padStart(5)}): ${text}`,
    ),
  ],
  [
    'long',
    (lines) =>
      lines
        .map(
          ({ pid, tag, level, text }) =>
            `[ 10-11 15:33:48.000  ${pid}: ${pid} ${level}/${tag.padEnd(8)} ]\n${text}\n`,
        )
        .join('\n'),
  ],
  [
    'year, zone, uid',
    each(
      ({ pid, tag, level }, text) =>
        `2026-10-11 15:33:48.000 +0000 u0_a123  ${pid}  ${pid} ${level} ${tag}: ${text}`,
    ),
  ],
  [
    'epoch',
    each(({ pid, tag, level }, text) => `1791732828.000  ${pid}  ${pid} ${level} ${tag}: ${text}`),
  ],
  [
    'Android Studio’s panel',
    (lines) =>
      lines
        .map(({ pid, tag, level, text }) => {
          const app = pid === PIDS.android ? APP : 'system_process';
          const head = `2026-10-11 15:33:48.000  ${pid}-${pid}  ${tag.padEnd(23)} ${app.padEnd(35)}  ${level}  `;
          return head + text.replaceAll('\n', `\n${' '.repeat(head.length)}`);
        })
        .join('\n'),
  ],
  ['.logcat', studio(2)],
  ['.logcat in one line', studio()],
  ['lines of {"message"}', inJson('message')],
  ['lines of {"log"}', inJson('log')],
  ...AROUND.map(([name, around]): Form => [name, (lines) => around(threadtime(lines))]),
];

const ndjson = (lines: readonly Line[], indent?: number): string[] =>
  lines.map(({ pid, tag, text }) =>
    JSON.stringify(
      {
        timezoneName: '',
        messageType: 'Default',
        eventType: 'logEvent',
        processID: pid,
        processImagePath: `/private/var/containers/Bundle/Application/A/${tag}.app/${tag}`,
        timestamp: '2026-03-17 08:01:22.100123+0000',
        eventMessage: text,
      },
      undefined,
      indent,
    ),
  );

/** Of a message of several lines the first alone has a head. */
const first = (head: (line: Line) => string) => (lines: readonly Line[]) =>
  lines.map((line) => head(line) + line.text).join('\n');

const showDefault = first(
  ({ pid, tag }) =>
    `2026-03-17 08:01:22.100123+0000 0x1f2a     Default     0x0                  ${pid}    0    ${tag}: (Library) [dev.bgsync:events] `,
);

const IOS_FORMS: readonly Form[] = [
  ['log show', showDefault],
  [
    'log show --style compact',
    first(({ pid, tag }) => `2026-03-17 08:01:22.100 Df ${tag}[${pid}:1f2a] [a.b:c] `),
  ],
  [
    'log show --style syslog',
    first(
      ({ pid, tag }) =>
        `2026-03-17 08:01:22.100123+0000  localhost ${tag}[${pid}]: (Library) [a.b:c] `,
    ),
  ],
  ['log show --style json', (lines) => `[${ndjson(lines, 2).join(',')}]`],
  ['log show --style json, in one line', (lines) => `[${ndjson(lines).join(', ')}]`],
  ['log show --style ndjson', (lines) => ndjson(lines).join('\n')],
  [
    'idevicesyslog',
    first(({ pid, tag }) => `Mar 17 08:01:22 iPhone ${tag}(Library)[${pid}] <Notice>: `),
  ],
  ['Console', first(({ tag }) => `default\t09:12:32.388775+0900\t${tag}\t`)],
  ['NSLog', first(({ pid, tag }) => `2026-03-17 08:01:22.100123+0000 ${tag}[${pid}:20301] `)],
  ['Xcode, without metadata', first(() => '')],
  [
    'Xcode, with metadata',
    (lines) =>
      lines
        .map(
          ({ tag, text }) =>
            `${text}\nType: Error | Timestamp: 2026-03-17 08:01:22.100123+01:00 | Process: ${tag} | Library: ${tag} | TID: 0x1f2a`,
        )
        .join('\n'),
  ],
  ...AROUND.map(([name, around]): Form => [name, (lines) => around(showDefault(lines))]),
];

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function look(bytes: Buffer, size: number) {
  const watch = new LogWatch(SIGNALS);
  for await (const { line, finding } of readLog(unified(decodeLog(pieces(bytes, size))))) {
    if (finding.kind === 'event') watch.event(finding.event, line);
    else if (finding.kind === 'system') watch.system(finding, line);
    else throw new Error(`line ${line} is ${finding.kind}`);
  }
  const { findings, outcomes } = watch.finish('x.log');
  const found = findings.filter(({ id }) => /^R(?:19|2\d)$/.test(id));
  for (const { rule, unseen } of outcomes) {
    if (findings.some(({ id }) => id === rule.id))
      expect([rule.id, unseen]).toEqual([rule.id, undefined]);
  }
  return {
    events: watch.events,
    systemLines: watch.systemLines,
    ids: found.map(({ id }) => id),
    text: found.map(({ message }) => message).join('\n'),
  };
}

function linesOf({ by, tag, level = 'E', text }: Situation, platform: 'android' | 'ios'): Line[] {
  const pid = by === 'app' ? PIDS[platform] : 1366;
  return [started(platform, PIDS[platform]), { pid, tag, level, text }];
}

const FORMS = { android: ANDROID_FORMS, ios: IOS_FORMS };

describe.each([
  ['android', ANDROID],
  ['ios', IOS],
] as const)('of %s', (platform, situations) => {
  describe.each(FORMS[platform])('%s', (form, write) => {
    it.each(situations)('$name', async (situation) => {
      const log = Buffer.from(write(linesOf(situation, platform)) as string);
      for (const size of [1 << 16, 97]) {
        const seen = await look(log, size);
        expect(seen.events).toBe(1);
        expect(seen.ids).toEqual(situation.ids);
        for (const says of situation.says) expect(seen.text, form).toContain(says);
        if (situation.isTied !== false && situation.ids.length > 0) {
          expect(seen.text, form).toContain(`run ${RUN} was open in that process`);
        }
        if (situation.ids.length === 0) expect(seen.systemLines).toBeGreaterThan(0);
      }
    });
  });
});

const report = (head: object, body: object): string =>
  `${JSON.stringify({ app_name: 'Demo', timestamp: '2026-03-17 08:01:22.00 +0000', ...head })}\n${JSON.stringify(body, undefined, 2)}\n`;
const killed = (namespace: string, code: number, ...details: string[]): string =>
  report(
    { bug_type: '309' },
    {
      procName: 'Demo',
      exception: { type: 'EXC_CRASH', signal: 'SIGKILL' },
      termination: { namespace, code, details },
    },
  );

describe('files of iOS that are no log', () => {
  it.each<[name: string, file: string, ids: string, ...says: string[]]>([
    [
      'a lock',
      killed('RUNNINGBOARD', 0xdead10cc),
      'R19 R25',
      'RUNNINGBOARD 0xdead10cc (it held a lock',
    ],
    [
      'heat',
      killed('RUNNINGBOARD', 0xc00010ff),
      'R19 R25',
      'RUNNINGBOARD 0xc00010ff (the device was too hot)',
    ],
    [
      'a task',
      killed('RUNNINGBOARD', 0x2182bad2, 'ran out of time'),
      'R19 R25',
      'ran out of time',
      'I13 explains it',
    ],
    [
      'an unknown code',
      killed('RUNNINGBOARD', 7, 'Unknown'),
      'R19 R25',
      'RUNNINGBOARD 0x7 Unknown',
    ],
    ['jetsam', killed('JETSAM', 2, 'highwater'), 'R19 R25', 'JETSAM 0x2 highwater'],
    ['a fault of its own', killed('SIGNAL', 6, 'Abort trap: 6'), 'R19', 'EXC_CRASH (SIGKILL)'],
    [
      'JetsamEvent',
      report(
        { bug_type: '298' },
        { largestProcess: 'Demo', processes: [{ name: 'Demo', reason: 'per-process-limit' }] },
      ),
      'R25',
      'ended Demo (per-process-limit)',
    ],
    [
      'a report as text',
      `Incident Identifier: 1\nProcess:             Demo [711]\n\nException Type:  EXC_BAD_ACCESS (SIGSEGV)\nTriggered by Thread:  4\n\nThread 0:\n0   libsystem_kernel.dylib  \t0x00000001e3f0d0a0 mach_msg2_trap + 8\n1   Demo  \t0x0000000104a30000 main + 12\n\nThread 4 Crashed:\n0   libswiftCore.dylib  \t0x00000001803f0000 _assertionFailure + 172\n1   Demo                          \t0x0000000104a31f10 Outbox.drain() + 44 (Outbox.swift:31)\n`,
      'R19',
      'EXC_BAD_ACCESS (SIGSEGV), at Demo: Outbox.drain() + 44 (Outbox.swift:31)',
    ],
    [
      'a report of a kill as text',
      'Process:             Demo [711]\nException Type:  EXC_CRASH (SIGKILL)\nTermination Reason: Namespace RUNNINGBOARD, Code 0xdead10cc\n',
      'R25',
      'dead10cc',
    ],
    [
      'a report of Crashlytics',
      'Fatal Exception: java.lang.IllegalStateException: closed\n       at android.os.Handler.run(Handler.java:1)\n       at com.example.demo.Outbox.drain(Outbox.kt:42)\n',
      'R19',
      'java.lang.IllegalStateException: closed, at com.example.demo.Outbox.drain(Outbox.kt:42)',
    ],
    [
      'a report of the Play Console',
      'Exception java.lang.SecurityException: no\n  at android.os.Parcel.create (Parcel.java:1)\n  at com.example.demo.Outbox.drain (Outbox.kt:42)\n',
      'R19',
      'java.lang.SecurityException: no, at com.example.demo.Outbox.drain (Outbox.kt:42)',
    ],
    [
      'dumpsys activity exit-info',
      '      ApplicationExitInfo #0:\n         timestamp=2026-10-11 15:33:48.000 pid=4242 realUid=10190 packageUid=10190 definingUid=10190 user=0\n         process=com.example.demo reason=3 (LOW_MEMORY) subreason=0 (UNKNOWN) status=0\n         importance=400 pss=0.00 rss=0.00 description=null state=empty trace=null\n',
      'R25',
      'reason=3 (LOW_MEMORY)',
    ],
    [
      'dumpsys activity exit-info, of a crash',
      '         process=com.example.demo reason=4 (APP CRASH(EXCEPTION)) subreason=0 (UNKNOWN) status=0\n',
      'R19',
      'APP CRASH(EXCEPTION)',
    ],
    [
      'dumpsys jobscheduler, its history',
      '  -1m2s   START: #u0a190/12 com.example.demo/androidx.work.impl.background.systemjob.SystemJobService\n  -1m1s    STOP: #u0a190/12 com.example.demo/androidx.work.impl.background.systemjob.SystemJobService app called jobFinished\n  -15s206ms STOP-P: #u0a190/12 com.example.demo/androidx.work.impl.background.systemjob.SystemJobService timeout while executing\n',
      'R25',
      'timeout while executing',
    ],
  ])('%s', async (_name, file, ids, ...says) => {
    for (const bytes of [
      Buffer.from(file),
      gzipSync(file),
      Buffer.from(file.replaceAll('\n', '\r\n')),
    ]) {
      const seen = await look(bytes, 4096);
      expect(seen.ids).toEqual(ids.split(' '));
      for (const one of says) expect(seen.text).toContain(one);
    }
  });
});

it('survives an export whose entries are none', async () => {
  const log = (entry: unknown): Buffer =>
    Buffer.from(
      JSON.stringify({
        logcatMessages: [entry, { header: { tag: 't' }, message: 'No task registered for key x' }],
      }),
    );
  for (const entry of [
    { header: null, message: 'x' },
    { header: { timestamp: { seconds: 1e300 }, logLevel: 7, tag: {} }, message: 'x' },
    { header: { timestamp: null }, message: ['x'] },
    { header: { pid: 'x' } },
  ]) {
    expect((await look(log(entry), 50)).ids).toEqual(['R24']);
  }
});

it('ends a message where the next one begins', async () => {
  const lines = [
    'E AndroidRuntime: FATAL EXCEPTION: main',
    'E AndroidRuntime: Process: com.example.demo, PID: 4242',
    'E OtherTag: at com.other.A.b(A.kt:1)',
    'E OtherTag: at com.other.A.c(A.kt:2)',
  ];
  const log = lines.map((line) => `10-11 15:33:48.000  4242  4242 ${line}`).join('\n');
  expect((await look(Buffer.from(log), 4096)).text).not.toContain('com.other');
});
