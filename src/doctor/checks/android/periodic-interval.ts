import type { Check, Finding } from '../../check.ts';
import type { Range } from '../../code/brackets.ts';
import { kotlinConstant, kotlinDuration } from '../../code/kotlin-constants.ts';
import { callsOf, codeOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import type { RequestBuilder } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';

const SHORTEST_SECONDS = 15 * 60;
/** PeriodicWorkRequest.MIN_PERIODIC_FLEX_MILLIS, JobInfo.getMinFlexMillis() */
const SHORTEST_FLEX_SECONDS = 5 * 60;
/** In one file. */
const MOST = 20;
const SECONDS: Readonly<Record<string, number>> = {
  DAYS: 86_400,
  HOURS: 3600,
  MINUTES: 60,
  SECONDS: 1,
  MILLISECONDS: 0.001,
};

export const periodicInterval: Check = {
  id: 'A19',
  title: 'Periodic work has a period of 15 minutes or more, and a flex that fits',
  severity: 'warning',
  why: 'WorkManager takes 15 minutes for anything shorter, and says so in one line of logcat alone: the sync runs less often than the code says.',
  source:
    'https://developer.android.com/reference/androidx/work/PeriodicWorkRequest#MIN_PERIODIC_INTERVAL_MILLIS()',
  fix: 'Write 15 minutes or more; for something sooner, enqueue one-time work.',
  explain: [
    'PeriodicWorkRequest has a least period of 15 minutes (MIN_PERIODIC_INTERVAL_MILLIS), which Android’s JobScheduler sets. A shorter one is raised to it; the request is built and enqueued as if nothing were wrong. Quotas and Doze make the true distance longer still. The flex, the end of each period in which the work runs, has 5 minutes at least and the period at most.',
    'What has to be soon after a change of the user’s is one-time work with a network constraint, which starts within seconds:\n\n    OneTimeWorkRequestBuilder<SyncWorker>().setConstraints(connected).build()',
  ].join('\n\n'),
  async run(repo) {
    const works: Finding[] = [];
    for (const request of await requestsOf(repo)) {
      if (!request.isPeriodic) continue;
      const interval = await lengthOf(repo, request, 'repeatInterval', 0);
      const at = { file: request.file.path, line: request.file.line(request.start) };
      if (interval !== undefined && interval.seconds < SHORTEST_SECONDS) {
        const message = `the period is ${interval.written}; WorkManager makes 15 minutes of it`;
        works.push({ ...at, message });
        continue;
      }
      const flex = await lengthOf(repo, request, 'flexTimeInterval', 2);
      if (flex === undefined) continue;
      if (flex.seconds < SHORTEST_FLEX_SECONDS) {
        works.push({
          ...at,
          message: `the flex is ${flex.written}; WorkManager makes 5 minutes of it`,
        });
      } else if (interval !== undefined && flex.seconds > interval.seconds) {
        const message = `the flex is ${flex.written}, more than the period of ${interval.written}, which WorkManager makes of it`;
        works.push({ ...at, message });
      }
    }
    return [...works, ...(await ofJobs(repo))];
  },
};

/** Periods of JobScheduler, which are in milliseconds. */
async function ofJobs(repo: DoctorRepo): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['setPeriodic'])) {
    if (!file.code.includes('JobInfo')) continue;
    for (const call of callsOf(file, 'setPeriodic').slice(0, MOST)) {
      const [argument, second] = call.arguments;
      const value = argument && (await kotlinConstant(repo, file, argument));
      const flex = second && (await kotlinConstant(repo, file, second));
      const isShort = (one: unknown, seconds: number): one is number =>
        typeof one === 'number' && one > 0 && one < seconds * 1000;
      if (!isShort(value, SHORTEST_SECONDS)) {
        if (!isShort(flex, SHORTEST_FLEX_SECONDS)) continue;
        if (await isUnreleased(repo, file, call.start)) continue;
        const message = `the flex is ${flex / 1000} seconds; JobScheduler makes 5 minutes of it`;
        findings.push({ file: file.path, line: file.line(call.start), message });
        continue;
      }
      if (await isUnreleased(repo, file, call.start)) continue;
      // `5 * 60 * 1000` is written in milliseconds.
      const isSeconds = value >= SHORTEST_SECONDS && value % 60 === 0 && value % 1000 !== 0;
      const message = isSeconds
        ? `the period is ${value} milliseconds; ${value / 60} minutes are ${value * 1000}`
        : `the period is ${value / 1000} seconds; JobScheduler makes 15 minutes of it`;
      findings.push({ file: file.path, line: file.line(call.start), message });
    }
  }
  return findings;
}

/**
 * A length, where it is written out, or in constants: an amount and a TimeUnit, or a Duration.
 *
 * @param place of the amount among those of an amount and a unit, the class of the worker left out
 */
async function lengthOf(
  repo: DoctorRepo,
  request: RequestBuilder,
  name: string,
  place: number,
): Promise<{ seconds: number; written: string } | undefined> {
  const { file } = request;
  const isClass = /::\s*class\b|\.\s*class\b/.test(
    request.arguments[0] === undefined ? '' : codeOf(file, request.arguments[0]),
  );
  const first = isClass ? 1 : 0;
  // `Builder(SyncWorker::class.java, Duration.ofHours(1), Duration.ofMinutes(15))`
  const isDuration = place > 0 && request.arguments.length === first + 2;
  const at = first + (isDuration ? 1 : place);
  const period = argumentOf(request, name, at);
  const unitOf = argumentOf(request, `${name}(?:Time)?Unit`, at + 1);
  if (period === undefined) return undefined;
  const duration = await kotlinDuration(repo, file, period);
  if (duration !== undefined) {
    return { seconds: duration / 1000, written: spoken(duration / 1000) };
  }
  const unit = unitOf && /\b(\w+)$/.exec(codeOf(file, unitOf))?.[1];
  const each = unit === undefined ? undefined : SECONDS[unit];
  const amount = await kotlinConstant(repo, file, period);
  if (each === undefined || typeof amount !== 'number' || unit === undefined) return undefined;
  const units = unit.toLowerCase();
  const written = `${amount} ${amount === 1 ? units.slice(0, -1) : units}`;
  return { seconds: amount * each, written };
}

/** An argument by its name, or by its place; without the name. */
function argumentOf(
  { file, arguments: given }: RequestBuilder,
  name: string,
  place: number,
): Range | undefined {
  const named = new RegExp(`^\\s*${name}\\s*=(?!=)\\s*`);
  for (const { start, end } of given) {
    const head = named.exec(file.code.slice(start, end));
    if (head !== null) return { start: start + head[0].length, end };
  }
  return given[place];
}

const spoken = (seconds: number): string =>
  seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
