/**
 * Start-up time as ratios to `node -e 0`, interleaved in one run so that a busy machine slows both alike.
 * Prints the medians; ends with 3 where one exceeds its budget.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { BIN, makeTemplateApp, runCli, scratchFolder } from '../helpers/template-app.ts';

const RUNS = 21;

const app = scratchFolder();
makeTemplateApp('0.87', app);
if (runCli(['init', '--yes'], app).code !== 0) throw new Error('init failed');

const cases = [
  { name: 'node -e 0', args: ['-e', '0'], budget: Infinity },
  { name: 'bgsync --version', args: [BIN, '--version'], budget: 1.4 },
  { name: 'bgsync doctor', args: [BIN, 'doctor'], budget: Infinity },
].map((one) => ({ ...one, times: [] as number[] }));

for (let run = 0; run < RUNS; run += 1) {
  for (const { args, times } of cases) {
    const start = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, args, { cwd: app, stdio: 'ignore' });
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status ?? 'a signal'}`);
  }
}
rmSync(app, { recursive: true, force: true });

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
const [baseline = NaN, ...others] = cases.map(({ times }) => median(times));
console.log(`${cases[0]?.name}: ${baseline.toFixed(1)} ms (median of ${RUNS})`);
for (const [index, time] of others.entries()) {
  const { name, budget } = cases[index + 1]!;
  const ratio = time / baseline;
  const limit = budget === Infinity ? '' : ` (budget ${budget} ×)`;
  console.log(`${name}: ${time.toFixed(1)} ms, ${ratio.toFixed(2)} ×${limit}`);
  if (ratio > budget) process.exitCode = 3;
}
