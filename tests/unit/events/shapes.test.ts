import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../../../src/doctor/signals/index.ts';
import { LogWatch } from '../../../src/doctor/signals/log-watch.ts';
import { decodeLog } from '../../../src/events/decode.ts';
import { unified } from '../../../src/events/forms.ts';
import { readLog } from '../../../src/events/read.ts';

/** One run that is killed and the crash that ended it, in each of the forms in which people hand in a log. */

const event = (seq: number, fields: string): string =>
  `BGSYNC1 {"v":1,"plat":"android","seq":${seq},"ts":${1791732828000 + seq},"pid":4242,${fields}}`;
const START = event(
  1,
  '"ev":"run.start","run":"aaaa1111","task":"dev.bgsync.sync.v1","trig":"os","att":1',
);
const END = event(2, '"ev":"run.end","run":"aaaa1111","out":"done"');
const FACTORY = 'Could not instantiate com.example.demo.sync.SyncWorker';
const NO_HANDLER =
  "*** Terminating app due to uncaught exception 'NSInternalInconsistencyException', reason: 'No launch handler registered for task with identifier com.example.demo.weekly'";

const threadtime = (tag: string, text: string, level = 'I', pid = 4242): string =>
  `10-11 15:33:48.000  ${pid}  4262 ${level} ${tag}: ${text}`;
const OURS = [threadtime('BackgroundSync', START), threadtime('BackgroundSync', END)];
const ANDROID = [OURS[0], threadtime('WM-WorkerFactory', FACTORY, 'E'), OURS[1]].join('\n');

const utf16 = (text: string, order: 'le' | 'be', mark = true): Buffer => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return order === 'be' ? bytes.swap16() : bytes;
};
const inJson = (key: string, texts: readonly string[]): string =>
  texts.map((text) => JSON.stringify({ level: 'info', [key]: text, host: 'ci' })).join('\n');
const TEXTS = [START, FACTORY, END];
const logcat = (texts: readonly string[]): string =>
  JSON.stringify(
    {
      metadata: { device: { physicalDevice: { serialNumber: 'x' } }, filter: '' },
      logcatMessages: texts.map((message) => ({
        header: {
          logLevel: 'ERROR',
          pid: 4242,
          tid: 4262,
          applicationId: 'com.example.demo',
          processName: 'com.example.demo',
          tag: message.startsWith('BGSYNC1') ? 'BackgroundSync' : 'WM-WorkerFactory',
          timestamp: { seconds: 1791732828, nanos: 0 },
        },
        message,
      })),
    },
    undefined,
    2,
  );
const IOS = [START, NO_HANDLER, END];
const withHead = (head: string): string => IOS.map((text) => `${head}${text}`).join('\n');
const ndjson = (indent?: number): string[] =>
  IOS.map((eventMessage) =>
    JSON.stringify(
      {
        timezoneName: '',
        messageType: 'Default',
        eventType: 'logEvent',
        processID: 711,
        processImagePath: '/private/var/containers/Bundle/Application/A/Demo.app/Demo',
        timestamp: '2026-03-17 08:01:22.100123+0000',
        eventMessage,
      },
      undefined,
      indent,
    ),
  );
const BOTH = { events: 2, damaged: 0 };

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

async function look(bytes: Buffer, size: number) {
  const watch = new LogWatch(SIGNALS);
  let damaged = 0;
  for await (const { line, finding } of readLog(unified(decodeLog(pieces(bytes, size))))) {
    if (finding.kind === 'event') watch.event(finding.event, line);
    else if (finding.kind === 'system') watch.system(finding, line);
    else damaged += 1;
  }
  const ids = watch.finish('x.log').findings.map(({ id }) => id);
  return { events: watch.events, damaged, system: ids.filter((id) => /^R(?:19|2\d)$/.test(id)) };
}

describe.each([7, 4096, 1 << 20])('in pieces of %i bytes', (size) => {
  it.each<[name: string, log: string | Buffer, events: number, system: string]>([
    ['logcat threadtime', ANDROID, 2, 'R22'],
    ['its CRLF', ANDROID.replaceAll('\n', '\r\n'), 2, 'R22'],
    ['its colours', ANDROID.replace(/^.*$/gm, (line) => `\u001b[32m${line}\u001b[0m`), 2, 'R22'],
    [
      'colours of -v color',
      ANDROID.replace(/^.*$/gm, (line) => `\u001b[38;5;40m${line}\u001b[39m`),
      2,
      'R22',
    ],
    ['UTF-8 with a mark', `\ufeff${ANDROID}`, 2, 'R22'],
    ['UTF-16 of PowerShell', utf16(ANDROID.replaceAll('\n', '\r\n'), 'le'), 2, 'R22'],
    ['UTF-16, the other way', utf16(ANDROID, 'be'), 2, 'R22'],
    ['UTF-16 without a mark', utf16(ANDROID, 'le', false), 2, 'R22'],
    ['UTF-16, the other way, without a mark', utf16(ANDROID, 'be', false), 2, 'R22'],
    ['gzip', gzipSync(ANDROID), 2, 'R22'],
    ['gzip of UTF-16', gzipSync(utf16(ANDROID, 'le')), 2, 'R22'],
    [
      'gzip in two members',
      Buffer.concat([gzipSync(`${OURS[0] ?? ''}\n`), gzipSync(OURS[1] ?? '')]),
      2,
      '',
    ],
    [
      'logcat -v brief',
      TEXTS.map(
        (text) =>
          `E/${text.startsWith('B') ? 'BackgroundSync' : 'WM-WorkerFactory'}( 4242): ${text}`,
      ).join('\n'),
      2,
      'R22',
    ],
    [
      'logcat -v time',
      TEXTS.map(
        (text) =>
          `10-11 15:33:48.000 E/${text.startsWith('B') ? 'BackgroundSync' : 'WM-WorkerFactory'}( 4242): ${text}`,
      ).join('\n'),
      2,
      'R22',
    ],
    [
      'logcat -v long',
      TEXTS.map(
        (text) =>
          `[ 10-11 15:33:48.000  4242: 4262 E/${text.startsWith('B') ? 'BackgroundSync' : 'WM-WorkerFactory'} ]\n${text}\n`,
      ).join('\n'),
      2,
      'R22',
    ],
    [
      'logcat -v year,zone,uid',
      ANDROID.replaceAll('10-11 15:33:48.000  4242', '2026-10-11 15:33:48.000 +0000 u0_a123  4242'),
      2,
      'R22',
    ],
    ['logcat -v epoch', ANDROID.replaceAll('10-11 15:33:48.000', '1791732828.000'), 2, 'R22'],
    [
      'Android Studio’s panel',
      TEXTS.map(
        (text) =>
          `2026-10-11 15:33:48.000  4242-4262  ${text.startsWith('B') ? 'BackgroundSync         ' : 'WM-WorkerFactory       '} com.example.demo                     E  ${text}`,
      ).join('\n'),
      2,
      'R22',
    ],
    ['.logcat', logcat(TEXTS), 2, 'R22'],
    ['.logcat in one line', JSON.stringify(JSON.parse(logcat(TEXTS))), 2, 'R22'],
    ['.logcat in UTF-16', utf16(logcat(TEXTS), 'le'), 2, 'R22'],
    ['lines of {"message"}', inJson('message', TEXTS), 2, 'R22'],
    ['lines of {"log"}', inJson('log', TEXTS), 2, 'R22'],
    ['lines of {"msg"}', inJson('msg', TEXTS), 2, 'R22'],
    ['an array of messages', `[${inJson('message', TEXTS).replaceAll('\n', ',')}]`, 2, 'R22'],
    [
      'log show, default',
      withHead(
        '2026-03-17 08:01:22.100123+0000 0x1f2a     Default     0x0                  711    0    Demo: (BackgroundSync) [dev.bgsync:events] ',
      ),
      2,
      'R20',
    ],
    [
      'log show, compact',
      withHead('2026-03-17 08:01:22.100 Df Demo[711:1f2a] [dev.bgsync:events] '),
      2,
      'R20',
    ],
    [
      'log show, syslog',
      withHead(
        '2026-03-17 08:01:22.100123+0000  localhost Demo[711]: (BackgroundSync) [dev.bgsync:events] ',
      ),
      2,
      'R20',
    ],
    ['log show, json', `[${ndjson(2).join(',')}]`, 2, 'R20'],
    ['log show, json in one line', `[${ndjson().join(', ')}]`, 2, 'R20'],
    ['log show, ndjson', ndjson().join('\n'), 2, 'R20'],
    ['idevicesyslog', withHead('Mar 17 08:01:22 Demo(BackgroundSync)[711] <Notice>: '), 2, 'R20'],
    ['Xcode’s console', withHead('2026-03-17 08:01:22.100123+0000 Demo[711:20301] '), 2, 'R20'],
    ['Xcode 15’s console, without metadata', IOS.join('\n'), 2, 'R20'],
    [
      'Xcode 15’s console, with metadata',
      IOS.map(
        (text) =>
          `${text}\nType: Error | Timestamp: 2026-03-17 08:01:22.100123+01:00 | Process: Demo | Library: Demo | TID: 0x1f2a`,
      ).join('\n'),
      2,
      'R20',
    ],
    ['quoted in Markdown', `\`\`\`\n${ANDROID.replace(/^/gm, '> ')}\n\`\`\``, 2, 'R22'],
    [
      'a timestamp of CI in front',
      ANDROID.replace(/^/gm, '2026-10-11T15:33:48.0000000Z '),
      2,
      'R22',
    ],
    ['docker compose in front', ANDROID.replace(/^/gm, 'emulator-1  | '), 2, 'R22'],
    [
      'two processes, mixed',
      [
        OURS[0],
        threadtime('WM-WorkerFactory', FACTORY, 'E', 5001),
        threadtime('OtherApp', 'hello', 'I', 77),
        OURS[1],
      ].join('\n'),
      2,
      'R22',
    ],
  ])('%s', async (_name, log, events, system) => {
    const seen = await look(Buffer.from(log as string), size);
    expect(seen).toEqual({ ...BOTH, events, system: system === '' ? [] : [system] });
  });

  it('a line that is cut is damaged, and the others count', async () => {
    const seen = await look(
      Buffer.from(`${(OURS[0] ?? '').slice(0, -30)}\n${OURS[1] ?? ''}`),
      size,
    );
    expect(seen).toMatchObject({ events: 1, damaged: 1 });
  });

  it('a file that shows nothing shows nothing', async () => {
    const seen = await look(Buffer.from(threadtime('OtherApp', 'hello')), size);
    expect(seen).toEqual({ events: 0, damaged: 0, system: [] });
  });
});
