import type { Check, Finding } from '../../check.ts';
import { resolveDart } from '../../code/dart-constants.ts';
import { dartCalls } from '../../code/dart.ts';
import {
  BACKGROUND_FETCH,
  WORKMANAGER,
  dartUsing,
  pubDependencyOf,
} from '../../code/pub-packages.ts';
import type { SourceFile } from '../../source-files.ts';

const LEAST_MINUTES = 15;

export const pluginInterval: Check = {
  id: 'F07',
  title:
    'Periodic work of workmanager and background_fetch is asked for every 15 minutes or less often',
  severity: 'warning',
  why: 'Android raises a shorter period to 15 minutes, and iOS decides by itself: work that counts on a shorter one is late every time.',
  source:
    'https://pub.dev/documentation/workmanager/latest/workmanager/Workmanager/registerPeriodicTask.html',
  fix: 'Say 15 minutes or more; what has to happen sooner needs a push message, or the app in the foreground.',
  explain: [
    'PeriodicWorkRequest has a least period of 15 minutes (MIN_PERIODIC_INTERVAL_MILLIS); workmanager’s `frequency` and background_fetch’s `minimumFetchInterval` are raised to it without an error. On iOS `frequency` is not used at all.',
    'minimumFetchInterval is in minutes, frequency is a Duration.',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const findings: Finding[] = [];
    const find = async (
      library: string,
      callee: RegExp,
      argument: string,
      minutesOf: (file: SourceFile, text: string) => Promise<number | undefined>,
    ): Promise<void> => {
      for (const file of await dartUsing(repo, library)) {
        for (const { named } of dartCalls(file, callee)) {
          const range = named.get(argument);
          const said = range && (await resolveDart(repo, { file, range }));
          const minutes = said && (await minutesOf(said.file, textOf(said.file, said.range)));
          if (minutes === undefined || minutes >= LEAST_MINUTES) continue;
          const whole = Math.floor(minutes);
          const says =
            whole < 1 ? 'less than a minute' : whole === 1 ? 'a minute' : `${whole} minutes`;
          findings.push({
            file: file.path,
            line: file.line(range?.start ?? 0),
            message: `${argument} is ${says}; the least that Android does is ${LEAST_MINUTES}`,
            evidence: [await pubDependencyOf(repo, library)],
          });
        }
      }
    };
    const countOf = async (file: SourceFile, text: string): Promise<number | undefined> => {
      if (/^\d+$/.test(text)) return Number(text);
      const start = file.code.indexOf(text);
      const range = { start, end: start + text.length };
      const said = /^[\w.$]+$/.test(text) && (await resolveDart(repo, { file, range }));
      const value = said ? textOf(said.file, said.range) : '';
      return /^\d+$/.test(value) ? Number(value) : undefined;
    };
    await find(WORKMANAGER, /\bregisterPeriodicTask/, 'frequency', (file, text) =>
      minutesOfDuration(text, (count) => countOf(file, count)),
    );
    await find(BACKGROUND_FETCH, /\bBackgroundFetchConfig/, 'minimumFetchInterval', countOf);
    return findings;
  },
};

const textOf = (file: SourceFile, { start, end }: { start: number; end: number }): string =>
  file.code.slice(start, end).trim();

const MINUTES: Readonly<Record<string, number>> = {
  days: 24 * 60,
  hours: 60,
  minutes: 1,
  seconds: 1 / 60,
  milliseconds: 1 / 60_000,
  microseconds: 1 / 60_000_000,
};

/** Of `Duration(hours: 1, minutes: 30)`; undefined where it is not written out. */
async function minutesOfDuration(
  text: string,
  countOf: (text: string) => Promise<number | undefined>,
): Promise<number | undefined> {
  const inside = /^(?:const\s+)?Duration\s*\(([^()]*)\)$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  let minutes = 0;
  for (const part of inside.split(',')) {
    if (part.trim() === '') continue;
    const [, unit = '', text = ''] = /^\s*(\w+)\s*:\s*([\w.$]+)\s*$/.exec(part) ?? [];
    const one = MINUTES[unit];
    const count = one === undefined ? undefined : await countOf(text);
    if (one === undefined || count === undefined) return undefined;
    minutes += one * count;
  }
  return minutes;
}
