import type { Check, Finding } from '../../check.ts';
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
      minutesOf: (text: string) => number | undefined,
    ): Promise<void> => {
      for (const file of await dartUsing(repo, library)) {
        for (const { named } of dartCalls(file, callee)) {
          const range = named.get(argument);
          const minutes = range && minutesOf(textOf(file, range));
          if (minutes === undefined || minutes >= LEAST_MINUTES) continue;
          const says = minutes < 1 ? 'less than a minute' : `${Math.floor(minutes)} minutes`;
          findings.push({
            file: file.path,
            line: file.line(range?.start ?? 0),
            message: `${argument} is ${says}; the least that Android does is ${LEAST_MINUTES}`,
            evidence: [await pubDependencyOf(repo, library)],
          });
        }
      }
    };
    await find(WORKMANAGER, /\bregisterPeriodicTask/, 'frequency', minutesOfDuration);
    await find(BACKGROUND_FETCH, /\bBackgroundFetchConfig/, 'minimumFetchInterval', (text) =>
      /^\d+$/.test(text) ? Number(text) : undefined,
    );
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
function minutesOfDuration(text: string): number | undefined {
  const inside = /^(?:const\s+)?Duration\s*\(([^()]*)\)$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  let minutes = 0;
  for (const part of inside.split(',')) {
    if (part.trim() === '') continue;
    const [, unit = '', count = ''] = /^\s*(\w+)\s*:\s*(\d+)\s*$/.exec(part) ?? [];
    const one = MINUTES[unit];
    if (one === undefined) return undefined;
    minutes += one * Number(count);
  }
  return minutes;
}
