import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SyncEvent } from '../../src/events/event.ts';
import { EVENT_MARKER } from '../../src/events/event.ts';
import type { CliResult } from '../helpers/local-app.ts';
import { handlerOf, runCli, writeLocalApp } from '../helpers/local-app.ts';

const logs = (input: string, ...args: string[]): Promise<CliResult> =>
  runCli(['logs', '--input', '-', ...args], { cwd: tmpdir(), input });

const toLog = (events: readonly SyncEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** A real log of two runs in one process. */
let events: SyncEvent[] = [];

beforeAll(async () => {
  const root = writeLocalApp({ 'src/background-sync.ts': handlerOf('return 0;') });
  const args = ['trigger', '--platform', 'local', '--json', '--runs', '2'];
  ({ events } = await runCli(args, { cwd: root }));
  expect(events.filter(({ ev }) => ev === 'run.end')).toHaveLength(2);
  rmSync(root, { recursive: true });
});

const indexOf = (ev: string, nth: number): number =>
  events.flatMap((event, i) => (event.ev === ev ? [i] : []))[nth]!;

describe('--verify', () => {
  it('accepts a real log', async () => {
    const { code, stdout } = await logs(toLog(events), '--verify');
    expect(stdout).toContain('2 runs, 0 violations');
    expect(code).toBe(0);
  });

  it('rejects two ends', async () => {
    const end = events[indexOf('run.end', 0)]!;
    const forged = { ...end, seq: events.at(-1)!.seq + 1, ts: end.ts + 5 };
    const { code, stdout } = await logs(toLog([...events, forged]), '--verify');
    expect(stdout).toMatch(
      /violation {2}line \d+ {2}two-ends: run \w+ ended a second time, as done/,
    );
    expect(code).toBe(1);
  });

  it('rejects an overlap', async () => {
    const from = indexOf('run.end', 0);
    const overlapping = [...events.slice(0, from), ...events.slice(from + 1), events[from]!];
    const { code, stdout } = await logs(toLog(overlapping), '--verify');
    expect(stdout).toContain('overlap: run');
    expect(code).toBe(1);
  });

  it('rejects an end without a start in one process', async () => {
    let seq = 0;
    const doctored = events
      .filter((_, i) => i !== indexOf('run.start', 1))
      .map((event) => ({ ...event, seq: (seq += 1) }));
    const { code, stdout } = await logs(toLog(doctored), '--verify');
    expect(stdout).toContain('end-without-start');
    expect(code).toBe(1);
  });

  it('holds no line against the app that the numbering says is missing', async () => {
    for (const [at] of events.entries()) {
      const { code, stdout } = await logs(toLog(events.filter((_, i) => i !== at)), '--verify');
      expect(stdout).toContain('0 violations');
      expect(code).toBe(0);
    }
  });

  it('--json: one document', async () => {
    const { code, stdout } = await logs(`${toLog(events)}BGSYNC1 {"v"\n`, '--verify', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      runs: [{ state: 'ended' }, { state: 'ended' }],
      violations: [],
      counts: { events: events.length, duplicates: 0, lost: 0, malformed: 1 },
    });
    expect(code).toBe(0);
  });

  it('proves nothing over a log without events', async () => {
    const { code, stderr } = await logs('nothing here\n', '--verify');
    expect(stderr).toContain('proves nothing');
    expect(code).toBe(2);
  });
});

it('--raw shows the lines as they are, decoded', async () => {
  const text = `noise\n${toLog(events)}\u001b[2Jmore\n`;
  const { code, stdout } = await logs(text, '--raw');
  expect(stdout).toContain(toLog(events).trimEnd());
  expect(stdout).toContain('noise');
  expect(stdout).not.toContain('\u001b');
  expect(code).toBe(0);
});

describe('showing', () => {
  it('a logcat dump, as text', async () => {
    const log = events
      .map(
        (event) =>
          `11-23 20:38:36.787  1  2 I BackgroundSync: ${EVENT_MARKER}${JSON.stringify(event)}\r\n`,
      )
      .join('noise\r\n');
    const { code, stdout, stderr } = await logs(log);
    expect(stdout.trimEnd().split('\n')).toHaveLength(events.length);
    expect(stdout).toContain('run ended, done');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('the same as NDJSON, event for event', async () => {
    const result = await logs(toLog(events), '--json');
    expect(result.events).toEqual(events);
  });

  it('a file, and what in it is not whole', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bgsync-logs-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(
      join(folder, 'a.log'),
      `${toLog(events)}BGSYNC1 {\nBGSYNC1 <private>\nBGSYNC1 {"v":3}\nBGSYNC1 {"v":3}\n`,
    );
    const { code, stderr } = await runCli(['logs', '--input', 'a.log'], { cwd: folder });
    expect(stderr).toContain('1 of our lines are cut');
    expect(stderr).toContain('1 of our lines are redacted');
    expect(stderr.match(/format 3/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('nothing: says so', async () => {
    const { code, stdout, stderr } = await logs('\n');
    expect(stdout).toBe('');
    expect(stderr).toContain('No event of a background sync in standard input');
    // Where one is had from.
    expect(stderr).toContain('npx bgsync logs --platform android --history --raw > night.txt');
    expect(stderr).toContain('npx bgsync trigger --platform local --json > night.txt');
    expect(code).toBe(0);
  });

  it('a run that is not in it: says so', async () => {
    const { code, stdout, stderr } = await logs(toLog(events), '--run', 'nosuch');
    expect(stdout).toBe('');
    expect(stderr).toContain('No event of run nosuch in standard input.');
    expect(code).toBe(0);
  });

  it.each(['history', 'device', 'app', 'adb', 'xcrun'])(
    '--%s is refused: it is about a device',
    async (name) => {
      const value = name === 'history' ? [] : ['x'];
      const { code, stdout, stderr } = await logs(toLog(events), `--${name}`, ...value);
      expect(stdout).toBe('');
      expect(stderr).toContain(`--${name} is about a device, and --input is a saved log`);
      expect(code).toBe(2);
    },
  );

  it.each([
    ['zip', 'PK\u0003\u0004', 'unzip -p'],
    ['bzip2', 'BZh91AY&SY', 'bzip2 -dc'],
    ['xz', '\u00fd7zXZ\u0000', 'xz -dc'],
    ['zstd', '(\u00b5/\u00fd', 'zstd -dc'],
    ['7z', '7z\u00bc\u00af', '7z x -so'],
  ])('a file in %s: was not looked at', async (_kind, start, tool) => {
    const path = join(mkdtempSync(join(tmpdir(), 'bgsync-packed-')), 'log');
    onTestFinished(() => rmSync(join(path, '..'), { recursive: true }));
    writeFileSync(path, Buffer.from(`${start}\u0000\u0001\u0002`, 'latin1'));
    for (const args of [
      ['logs', '--input', path],
      ['logs', '--raw', '--input', path],
      ['logs', '--verify', '--input', path],
      ['doctor', '--log', path],
    ]) {
      const { code, stderr } = await runCli(args, { cwd: tmpdir() });
      expect(stderr).toContain('nothing in it was looked at');
      expect(stderr).toContain(tool);
      expect(code).toBe(2);
    }
  });

  it('no file, or a folder: cannot run', async () => {
    for (const input of ['nowhere.log', '.']) {
      const { code, stderr } = await runCli(['logs', '--input', input], { cwd: tmpdir() });
      expect(stderr).toMatch(/cannot be read \((ENOENT|EISDIR)\)/);
      expect(code).toBe(2);
    }
  });
});

describe('the system’s own lines', () => {
  const died = (name: string, pid: number): string =>
    `10-11 15:33:49.100  1366  1386 I ActivityManager: Process ${name} (pid ${pid}) has died: bg\n`;

  it('are not of another app, once ours are known', async () => {
    const [first] = events;
    const others = died('com.other', 999_999).repeat(300);
    const log = others + toLog(events) + others + died('com.example.demo', first!.pid);
    const { stdout, stderr } = await logs(log);
    expect(stdout + stderr).not.toContain('com.other');
    expect(stdout + stderr).toContain('com.example.demo');
  });

  it('are shown where none of them is known to be ours, up to a number that is told', async () => {
    const { stdout, stderr } = await logs(died('com.other', 999).repeat(300));
    const shown = (stdout + stderr).match(/^system, line/gm);
    expect(shown).toHaveLength(200);
    expect(stdout + stderr).toContain('More of the system’s own lines than 200 are not shown');
  });
});

it.each([
  ['--timeline', '--json'],
  ['--timeline', '--verify'],
  ['--raw', '--json'],
  ['--timeline', '--raw'],
])('%s and %s are not both, so that neither is left out without a word', async (...both) => {
  const { code, stdout, stderr } = await logs(toLog(events), ...both);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`${both[0]} and ${both[1]} show a log in two ways.`);
});

it('the proof has a form for machines', async () => {
  const { code, stdout } = await logs(toLog(events), '--verify', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ v: 1 });
});
