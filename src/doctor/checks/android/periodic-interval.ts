import type { Check, Finding } from '../../check.ts';
import { kotlinConstant } from '../../code/kotlin-constants.ts';
import { callsOf, codeOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import type { RequestBuilder } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

const SHORTEST_SECONDS = 15 * 60;
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
  title: 'Periodic work has a period of 15 minutes or more',
  severity: 'warning',
  why: 'WorkManager takes 15 minutes for anything shorter, and says so in one line of logcat alone: the sync runs less often than the code says.',
  source:
    'https://developer.android.com/reference/androidx/work/PeriodicWorkRequest#MIN_PERIODIC_INTERVAL_MILLIS()',
  fix: 'Write 15 minutes or more; for something sooner, enqueue one-time work.',
  explain: [
    'PeriodicWorkRequest has a least period of 15 minutes (MIN_PERIODIC_INTERVAL_MILLIS), which Android’s JobScheduler sets. A shorter one is raised to it; the request is built and enqueued as if nothing were wrong. Quotas and Doze make the true distance longer still.',
    'What has to be soon after a change of the user’s is one-time work with a network constraint, which starts within seconds:\n\n    OneTimeWorkRequestBuilder<SyncWorker>().setConstraints(connected).build()',
  ].join('\n\n'),
  async run(repo) {
    const works = (await requestsOf(repo)).flatMap((request): Finding[] => {
      const interval = request.isPeriodic ? intervalOf(request) : undefined;
      if (interval === undefined || interval.seconds >= SHORTEST_SECONDS) return [];
      const message = `the period is ${interval.written}; WorkManager makes 15 minutes of it`;
      return [{ file: request.file.path, line: request.file.line(request.start), message }];
    });
    return [...works, ...(await ofJobs(repo))];
  },
};

/** Periods of JobScheduler, which are in milliseconds. */
async function ofJobs(repo: DoctorRepo): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['setPeriodic'])) {
    if (!file.code.includes('JobInfo')) continue;
    for (const call of callsOf(file, 'setPeriodic').slice(0, MOST)) {
      const [argument] = call.arguments;
      const value = argument && (await kotlinConstant(repo, file, argument));
      if (typeof value !== 'number' || value <= 0 || value >= SHORTEST_SECONDS * 1000) continue;
      if (await isUnreleased(repo, file, call.start)) continue;
      const isSeconds = value >= SHORTEST_SECONDS && value % 60 === 0;
      const message = isSeconds
        ? `the period is ${value} milliseconds; ${value / 60} minutes are ${value * 1000}`
        : `the period is ${value / 1000} seconds; JobScheduler makes 15 minutes of it`;
      findings.push({ file: file.path, line: file.line(call.start), message });
    }
  }
  return findings;
}

/** The period, where it is written out: an amount and a TimeUnit, or a Duration. */
function intervalOf(request: RequestBuilder): { seconds: number; written: string } | undefined {
  const { file } = request;
  const written = request.arguments.map((one) => codeOf(file, one));
  const isClass = /::\s*class\b|\.\s*class\b/.test(written[0] ?? '');
  const [first = '', second = ''] = ['repeatInterval', 'repeatIntervalTimeUnit'].map(
    (name, index) => {
      const named = new RegExp(`^${name}\\s*=\\s*`);
      const given = written.find((one) => named.test(one)) ?? written[isClass ? index + 1 : index];
      return given?.replace(named, '');
    },
  );
  const [, word = '', number] =
    /\bDuration\s*\.\s*of(Days|Hours|Minutes|Seconds|Millis)\s*\(\s*([\d_]+)L?\s*\)$/.exec(first) ??
    [];
  const unit = number === undefined ? /\b(\w+)$/.exec(second)?.[1] : durationUnit(word);
  const amount = number === undefined ? amountOf(file, first) : toNumber(number);
  const each = unit === undefined ? undefined : SECONDS[unit];
  if (each === undefined || amount === undefined || unit === undefined) return undefined;
  return { seconds: amount * each, written: `${amount} ${unit.toLowerCase()}` };
}

const durationUnit = (word: string): string =>
  word === 'Millis' ? 'MILLISECONDS' : word.toUpperCase();

const toNumber = (text: string): number => Number(text.replaceAll('_', ''));

/** A number, or a constant of the same file that is one. */
function amountOf(file: SourceFile, written: string): number | undefined {
  const literal = /^([\d_]+)L?$/.exec(written)?.[1];
  if (literal !== undefined) return toNumber(literal);
  const name = /^(?:\w+\.)?([A-Z][A-Z0-9_]*)$/.exec(written)?.[1];
  if (name === undefined) return undefined;
  const values = [
    ...file.code.matchAll(
      new RegExp(
        `\\b(?:const\\s+val|final\\s+\\w+)\\s+${name}\\b(?:\\s*:\\s*\\w+)?\\s*=\\s*([\\d_]+)L?\\s*(?:;|\\n|$)`,
        'g',
      ),
    ),
  ];
  const value = values.length === 1 ? values[0]?.[1] : undefined;
  return value === undefined ? undefined : toNumber(value);
}
