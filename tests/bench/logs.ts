/**
 * `bgsync logs --input` on a logcat in which 1 line in 50 is ours, against `grep -F`: the whole process, output written
 * to a file, interleaved in one run so that a busy machine slows both alike. Then its peak memory on 100 and on 400 MB.
 * Ends with 3 where a budget is exceeded.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_MARKER } from '../../src/events/event.ts';
import { BIN, scratchFolder } from '../helpers/template-app.ts';

const RUNS = 3;
const MB = 1_000_000;
const TIME_BUDGET = 6;
const MEMORY_BUDGET = 1.1;
const OURS_EVERY = 50;
/** The system’s own lines that matter to us are looked at one by one. A phone’s log has some in ten thousand. */
const SYSTEMS_EVERY = 1009;
const SYSTEMS = 'I ActivityManager: Process com.example.other (pid 20122) has died: cch+5 CEM';

const OTHERS = [
  'D WifiHAL : Gscan statistics changed: scan 17 of 40, bucket 3, period 30000 ms',
  'I ActivityManager: Start proc 20122:com.example.other/u0a77 for broadcast {com.example.other/x.Receiver}',
  'W AudioTrack: restartIfDisabled(1294): releaseBuffer() track 0x7d3c disabled due to previous underrun',
  'V GraphicBuffer: setBufferCount',
];

function writeLog(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  let written = 0;
  let count = 0;
  while (written < bytes) {
    const lines: string[] = [];
    for (let i = 0; i < 20_000; i++, count++) {
      const ts = 1_795_457_645_000 + count;
      const head = `         ${(ts / 1000).toFixed(3)}  4242  4243`;
      if (count % OURS_EVERY === 0) {
        const seq = count / OURS_EVERY + 1;
        const run = Math.floor(seq / 8)
          .toString(36)
          .padStart(8, '0');
        const event = {
          v: 1,
          seq,
          ts,
          plat: 'android',
          pid: 4242,
          ev: 'progress',
          run,
          n: 3,
          of: 9,
        };
        lines.push(`${head} I BackgroundSync: ${EVENT_MARKER}${JSON.stringify(event)}`);
      } else if (count % SYSTEMS_EVERY === 0) lines.push(`${head} ${SYSTEMS}`);
      else lines.push(`${head} ${OTHERS[count % OTHERS.length] ?? ''}`);
    }
    written += writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
}

interface Measured {
  readonly ms: number;
  /** Kilobytes at the peak. */
  readonly peak: number;
}

/** As the process reports of itself at its end; `--import` adds nothing else to it. */
const REPORT_PEAK = `data:text/javascript,process.on('exit',()=>process.stderr.write('PEAK '+process.resourceUsage().maxRSS))`;

function measure(command: string, args: readonly string[], out: string): Measured {
  const output = openSync(out, 'w');
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', output, 'pipe'] });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  closeSync(output);
  if (status !== 0)
    throw new Error(`${command} ended with ${status ?? 'a signal'}: ${stderr.toString()}`);
  return { ms, peak: Number(/PEAK (\d+)/.exec(stderr.toString())?.[1]) };
}

const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const folder = scratchFolder();
const log = (name: string): string => join(folder, name);
try {
  writeLog(log('200'), 200 * MB);
  const grep: number[] = [];
  const ours: Record<string, number[]> = { 'for people': [], '--json': [] };
  for (let run = 0; run < RUNS; run++) {
    grep.push(measure('grep', ['-F', EVENT_MARKER.trim(), log('200')], log('grep.out')).ms);
    for (const [name, times] of Object.entries(ours)) {
      const json = name === '--json' ? ['--json'] : [];
      const args = [BIN, 'logs', '--input', log('200'), ...json];
      times.push(measure(process.execPath, args, log('out')).ms);
    }
  }
  const baseline = median(grep);
  const size = (statSync(log('200')).size / MB).toFixed(0);
  console.log(`grep -F on ${size} MB: ${baseline.toFixed(0)} ms (median of ${RUNS})`);
  for (const [name, times] of Object.entries(ours)) {
    const ratio = median(times) / baseline;
    console.log(
      `bgsync logs --input, ${name}: ${median(times).toFixed(0)} ms, ${ratio.toFixed(2)} × (budget ${TIME_BUDGET} ×)`,
    );
    if (ratio > TIME_BUDGET) process.exitCode = 3;
  }

  const peaks = [100, 400].map((size) => {
    writeLog(log(String(size)), size * MB);
    const args = ['--import', REPORT_PEAK, BIN, 'logs', '--input', log(String(size))];
    const { peak } = measure(process.execPath, args, log('out'));
    rmSync(log(String(size)));
    return peak;
  });
  const [small = NaN, large = NaN] = peaks;
  const growth = large / small;
  console.log(
    `peak memory: ${(small / 1024).toFixed(0)} MiB at 100 MB, ${(large / 1024).toFixed(0)} MiB at 400 MB, ${growth.toFixed(2)} × (budget ${MEMORY_BUDGET} ×)`,
  );
  if (!(growth <= MEMORY_BUDGET)) process.exitCode = 3;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
