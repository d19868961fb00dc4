import type { Node } from '../../../formats/javascript.ts';
import type { Check, Finding } from '../../check.ts';
import type { Script } from '../../code/javascript.ts';
import type { Located } from '../../code/js-resolve.ts';
import { BACKGROUND_FETCH, BACKGROUND_RUNNER, CAPACITOR_FETCH } from '../../code/task-libraries.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

const SECONDS = { minutes: 60, seconds: 1, milliseconds: 0.001 } as const;
/** What the Capacitor variant of background-fetch exports. */
const OWNER = 'BackgroundFetch';
type Unit = keyof typeof SECONDS;
const DAY = 24 * 60 * 60;

interface Interval {
  readonly module: string;
  readonly name: string;
  /** The argument that holds it; the key of it, undefined where it is the number itself. */
  readonly argument: number;
  readonly key: string | undefined;
  readonly unit: Unit;
  /** Below it is no interval that anybody means, in seconds. */
  readonly least: number;
}

/** From the packages' own documentation. */
const INTERVALS: readonly Interval[] = [
  {
    module: 'expo-background-task',
    name: 'registerTaskAsync',
    argument: 1,
    key: 'minimumInterval',
    unit: 'minutes',
    least: 15 * 60,
  },
  {
    module: 'expo-background-fetch',
    name: 'registerTaskAsync',
    argument: 1,
    key: 'minimumInterval',
    unit: 'seconds',
    least: 60,
  },
  {
    module: 'expo-background-fetch',
    name: 'setMinimumIntervalAsync',
    argument: 0,
    key: undefined,
    unit: 'seconds',
    least: 60,
  },
  ...[BACKGROUND_FETCH, CAPACITOR_FETCH].flatMap((module): Interval[] => [
    {
      module,
      name: 'configure',
      argument: 0,
      key: 'minimumFetchInterval',
      unit: 'minutes',
      least: 15 * 60,
    },
    {
      module,
      name: 'scheduleTask',
      argument: 0,
      key: 'delay',
      unit: 'milliseconds',
      least: 1,
    },
  ]),
];

export const intervalUnit: Check = {
  id: 'J19',
  title: 'Intervals are in the unit that their library takes',
  severity: 'warning',
  why: 'expo-background-task and react-native-background-fetch take minutes, expo-background-fetch takes seconds, scheduleTask milliseconds, @capacitor/background-runner minutes. The wrong unit makes a sync run once in days, or asks for more than the system gives.',
  source: 'https://docs.expo.dev/versions/latest/sdk/background-task/#backgroundtaskoptions',
  fix: 'Write the number in the unit of the library.',
  explain: [
    'The same option has another unit in each library, and none of them says anything: `minimumInterval` of expo-background-fetch was in seconds, that of its successor expo-background-task is in minutes. `60 * 15` carried over means fifteen hours. Of Capacitor’s runner `interval` of the config is read, too.',
    '    // expo-background-task: minutes\n    BackgroundTask.registerTaskAsync(NAME, { minimumInterval: 15 });\n\n    // react-native-background-fetch: minutes; scheduleTask: milliseconds\n    BackgroundFetch.configure({ minimumFetchInterval: 15 }, onEvent, onTimeout);\n    BackgroundFetch.scheduleTask({ taskId, delay: 5 * 60 * 1000 });',
    'doctor works out products and constants over the app’s files. It tells of what is less than the least that the system takes, of what is longer than a day, and of minutes that were made of seconds.',
  ].join('\n\n'),
  appliesTo: (repo) =>
    repo.depends(BACKGROUND_RUNNER) || INTERVALS.some(({ module }) => repo.depends(module)),
  async run(repo) {
    const intervals = INTERVALS.filter(({ module }) => repo.depends(module));
    const names = [...new Set(intervals.map(({ name }) => name))];
    const findings = await ofRunner(repo);
    const files = names.length === 0 ? [] : await repo.sourcesContaining('javascript', names);
    if (files.length === 0) return findings;
    const { callsOf, lineIn, openScript } = await import('../../code/javascript.ts');
    for (const { path } of files) {
      const script = await openScript(repo, path);
      if (script === undefined) continue;
      for (const interval of intervals) {
        const { module, name, argument, key, unit } = interval;
        for (const call of callsOf(script, { module, owner: OWNER, name })) {
          const given = call.arguments[argument];
          if (given === undefined) continue;
          for (const problem of await problemsOf(repo, script, given, interval)) {
            const message = `${key ?? name} is ${String(problem.value)}, in ${unit}: ${problem.says}`;
            const evidence = [await dependencyOf(repo, module)];
            findings.push({ file: path, line: lineIn(script, call), message, evidence });
          }
        }
      }
    }
    return findings;
  },
};

/**
 * Of Capacitor's runner, whose interval stands in the config: read in 3.0.0 of the package. Android makes periodic work of one
 * that repeats, and a delay of one that does not.
 */
async function ofRunner(repo: DoctorRepo): Promise<Finding[]> {
  if (!repo.depends(BACKGROUND_RUNNER)) return [];
  const { runnerSettings } = await import('../../code/capacitor-plugins.ts');
  const settings = await runnerSettings(repo);
  if (settings?.autoStart !== true) return [];
  const { file, intervalLine: line, interval, repeat } = settings;
  if (settings.lacksInterval && (await repo.ios()) !== undefined) {
    // scheduleBackgroundTasks throws there; Android takes 0.
    const message =
      'autoStart is true, and interval is no number: on iOS the runner is never scheduled';
    return [{ file, line, message, evidence: [await dependencyOf(repo, BACKGROUND_RUNNER)] }];
  }
  if (interval === undefined) return [];
  const least = repeat === true ? 15 * 60 : 0;
  const says = judge({ unit: 'minutes', least }, interval, String(interval));
  if (says === undefined) return [];
  const message = `interval is ${interval}, in minutes: ${says}`;
  const evidence = [await dependencyOf(repo, BACKGROUND_RUNNER)];
  return [{ file, line, message, evidence }];
}

/** What is wrong with the numbers that an argument may come to; each number once. */
async function problemsOf(
  repo: DoctorRepo,
  script: Script,
  given: Node,
  interval: Interval,
): Promise<readonly { readonly value: number; readonly says: string }[]> {
  const { choicesOf, constantOf, propertyAt } = await import('../../code/js-resolve.ts');
  const { key } = interval;
  const found = new Map<number, string>();
  const options =
    key === undefined ? [{ script, node: given }] : await choicesOf(repo, script, given);
  for (const one of options) {
    const held = key === undefined ? one : await propertyAt(repo, one, key);
    if (held === undefined) continue;
    for (const choice of await choicesOf(repo, held.script, held.node)) {
      const value = await constantOf(repo, choice.script, choice.node);
      if (typeof value !== 'number') continue;
      const says = judge(interval, value, sourceOf(choice));
      if (says !== undefined) found.set(value, says);
    }
  }
  return [...found].map(([value, says]) => ({ value, says }));
}

const sourceOf = ({ script, node }: Located): string =>
  script.module.source.slice(node.start ?? 0, node.end ?? 0);

/** What is wrong with a number in its unit; undefined where it may be meant. */
function judge(
  { unit, least }: Pick<Interval, 'unit' | 'least'>,
  value: number,
  written: string,
): string | undefined {
  const seconds = value * SECONDS[unit];
  if (value <= 0) return undefined;
  if (seconds > DAY) return `that is ${spoken(seconds)}, longer than a day`;
  if (seconds < least) {
    return unit === 'seconds' && value * 60 >= 15 * 60
      ? `${spoken(value * 60)} are ${value * 60} seconds`
      : `less than the least that the system takes, ${spoken(least)}`;
  }
  // Minutes that were made of seconds: 60 * 15, 15 * MINUTE, 900.
  const isMadeOfSeconds =
    unit === 'minutes' &&
    (/^(?:60\s*\*\s*(?:15|20|30|45)|(?:15|20|30|45)\s*\*\s*60|900|1800)$/.test(written.trim()) ||
      /\bMINUTES?\b|\b(?:one|per)?[mM]inutes?\b|_PER_MINUTE\b|SECONDS?\b/.test(written));
  return isMadeOfSeconds
    ? `that is ${spoken(seconds)}, and looks like ${spoken(value)} in seconds`
    : undefined;
}

function spoken(seconds: number): string {
  const round = (value: number): string => String(Math.round(value * 10) / 10);
  if (seconds >= 2 * DAY) return `${round(seconds / DAY)} days`;
  if (seconds >= 3600) return `${round(seconds / 3600)} h`;
  if (seconds >= 60) return `${round(seconds / 60)} min`;
  return `${round(seconds)} s`;
}
