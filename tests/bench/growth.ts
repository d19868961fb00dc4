/**
 * What takes more than linear time: `npm run bench growth`. Ends with 3 where something does, 1 where the measurement does
 * not see what is known to. That no pattern *can* is proven by analysis, in tests/unit/growth.
 */
import type { SyncEvent } from '../../src/events/event.ts';
import { Verifier } from '../../src/events/verify.ts';
import { parsePackageDump } from '../../src/devices/android/app.ts';
import { parseBroadcast } from '../../src/devices/android/parse-broadcast.ts';
import { parseDevices } from '../../src/devices/android/parse-devices.ts';
import {
  parseDumpDuration,
  parseJobs,
  parseJobStops,
} from '../../src/devices/android/parse-jobs.ts';
import { parseLogcatLine } from '../../src/devices/android/parse-logcat.ts';
import { parseRunJob } from '../../src/devices/android/parse-run-job.ts';
import { HOSTILE_CODE } from '../helpers/hostile-code.ts';
import { PATTERNS, isBounded } from '../helpers/source-patterns.ts';
import { growth } from './grows.ts';
import type { Growing } from './grows.ts';

/** Pieces of a pattern's own text: what it looks for, and what it looks over. */
function pumpsFor({ source }: RegExp): string[] {
  const words = source
    .replaceAll(/\\[tnrfv]/g, ' ')
    .replaceAll(/\\[sSdDwWbB]|\{\d*,?\d*\}|\(\?(?:[:=!]|<[=!]|<\w+>)/g, '\0')
    .replaceAll(/\\(.)/g, '$1')
    .split(/[\0|()[\]^$*+?]+/)
    .filter((word) => word !== '' && word.length < 60);
  const marks = [...new Set(source.replaceAll(/[\w\s\\]/g, ''))];
  const all = [' ', '\t', '\n', 'a', '0', ' a', 'a ', '\\', ...words, ...marks];
  for (const mark of marks) all.push(`a${mark}`, `${mark} `, ` ${mark}`, `0${mark}`, `${mark}a `);
  return [...new Set(all)];
}

/** Characters. Long enough that n² is seen, and short enough that 600 patterns take seconds. */
const LENGTH = 1 << 11;

function hostileText(head: string, pump: string, length: number): string {
  return head + pump.repeat(Math.ceil(length / pump.length)) + '\0\n';
}

const use = (pattern: RegExp, text: string): void => {
  // As `matchAll`, `replace` and `exec` in a loop do it: from each place on.
  if (pattern.global) text.replace(pattern, '');
  else pattern.exec(text);
};

/** @returns a text with which a pattern takes more than twice as long as its text gets longer */
async function growingText(pattern: RegExp): Promise<string | undefined> {
  const pumps = pumpsFor(pattern);
  const heads = ['', ...pumps.filter((word) => word.length > 2).slice(0, 3)];
  for (const head of heads) {
    for (const pump of pumps) {
      const prepare = (length: number) => {
        const hostile = hostileText(head, pump, length);
        return () => use(pattern, hostile);
      };
      if ((await growth({ prepare, start: LENGTH })) !== undefined) return head + pump;
    }
  }
  return undefined;
}

const APP = 'com.example.app';

/** A device's answer of one long line. */
const LINES: readonly ((n: number) => string)[] = [
  (n) => 'a '.repeat(n / 2),
  (n) => `x no permissions ${'('.repeat(n)}`,
  (n) => `JOB #u0a1/1: ${'a'.repeat(n)}`,
  (n) => `-${'1m'.repeat(n / 2)} STOP: `,
  (n) => `1795457645.994 1 2 I ${' '.repeat(n)}`,
  (n) => 'Broadcast completed: result=1'.repeat(n / 29),
];

function parseLine(line: string): void {
  parseDevices(line);
  parseJobs(line, APP);
  parseJobStops(line, APP);
  parseBroadcast(line);
  parseRunJob(line, null);
  parsePackageDump(line);
  parseLogcatLine(line);
  parseDumpDuration(line);
}

function openRuns(n: number): readonly SyncEvent[] {
  return Array.from({ length: n }, (_, i) => ({
    v: 1,
    ts: 1_000_000 + i * 1000,
    plat: 'android',
    pid: 1,
    seq: i + 1,
    ev: 'run.start',
    run: String(i),
  }));
}

const measured: readonly (Growing & { readonly name: string })[] = [
  {
    name: 'verify, with runs that stay open',
    start: 10_000,
    prepare: (n) => {
      const events = openRuns(n);
      return () => {
        const verifier = new Verifier();
        events.forEach((event, i) => verifier.add(event, i + 1));
        verifier.finish();
      };
    },
  },
  ...LINES.map((make) => ({
    name: `a device's line like ${JSON.stringify(make(58).slice(0, 24))}`,
    start: 25_000,
    prepare: (n: number) => {
      const line = make(n);
      return () => parseLine(line);
    },
  })),
  ...HOSTILE_CODE.map(({ name, n, read }) => ({
    name,
    start: n,
    prepare: (size: number) => () => read(size),
  })),
];

const missed: RegExp[] = [];
for (const known of [/(\w+)\s*\($/, /handler\s*\^?\s*\{/g, /\s+$/]) {
  if ((await growingText(known)) === undefined) missed.push(known);
}
const tooSlow: string[] = [];
for (const one of measured) {
  const ratio = await growth(one);
  if (ratio !== undefined) tooSlow.push(`${one.name}: ${ratio.toFixed(1)} × for 4 × the input`);
}
const patterns = PATTERNS.filter(({ name }) => !isBounded(name));
for (const { name, pattern } of patterns) {
  const text = await growingText(pattern);
  if (text !== undefined) tooSlow.push(`${name}, with ${JSON.stringify(text)}`);
}
console.log(`growth of ${measured.length} readers and ${patterns.length} patterns`);
for (const line of tooSlow) console.log(`OVER  more than linear: ${line}`);
for (const known of missed)
  console.log(`${String(known)} was not seen to grow: nothing is measured`);
if (missed.length > 0) process.exitCode = 1;
else if (tooSlow.length > 0) process.exitCode = 3;
