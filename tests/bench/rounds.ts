import { spawnSync } from 'node:child_process';

export interface Timed {
  readonly name: string;
  /** Of node. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** That one; this process's own where left out. */
  readonly node?: string;
  /** What it has to end with: 0 where left out. */
  readonly code?: number;
}

export interface Medians {
  /** By the clock, in milliseconds. */
  readonly ms: number;
  /** Of the process itself, in milliseconds: a busy machine changes it least. */
  readonly cpu: number;
}

/** As the process says of itself at its end. It is imported into each, so that it costs all the same. */
const REPORT_CPU = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();process.stderr.write('CPU '+(user+system))})`;

/**
 * Runs each in turn, so that a busy machine slows all alike.
 *
 * @throws where one does not end as it has to
 */
export function mediansOf(cases: readonly Timed[], rounds: number): Medians[] {
  const times = cases.map((): { ms: number; cpu: number }[] => []);
  // The first round fills the system's cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { name, args, cwd, node = process.execPath, code = 0 }] of cases.entries()) {
      const start = performance.now();
      const { status, stderr } = spawnSync(node, ['--import', REPORT_CPU, ...args], {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, NO_COLOR: '1' },
      });
      const ms = performance.now() - start;
      if (status !== code) throw new Error(`${name} ended with ${status ?? 'a signal'}: ${stderr}`);
      const cpu = Number(/CPU (\d+)$/.exec(stderr)?.[1]) / 1000;
      if (round > 0) times[index]?.push({ ms, cpu });
    }
  }
  return times.map((list) => ({
    ms: median(list.map(({ ms }) => ms)),
    cpu: median(list.map(({ cpu }) => cpu)),
  }));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Prints a time with its ratio to another; notes in the exit code where that is over the budget. */
export function compare(name: string, time: number, baseline: number, budget: number): void {
  const ratio = time / baseline;
  verdict(
    name,
    ratio <= budget,
    `${time.toFixed(1)} ms, ${ratio.toFixed(2)} × (budget ${Number(budget.toFixed(2))} ×)`,
  );
}

/** Prints a measure; notes in the exit code where it is over the budget, or none could be taken. */
export function verdict(name: string, isWithin: boolean, measured: string): void {
  console.log(`${(isWithin ? 'ok' : 'OVER').padEnd(5)} ${name}: ${measured}`);
  if (!isWithin) process.exitCode = 3;
}
