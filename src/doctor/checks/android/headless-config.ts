import type { Check, Finding } from '../../check.ts';
import { classAround, callsOf, kotlinAndJava, codeOf } from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { kotlinConstant } from '../../code/kotlin-constants.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import type { Range } from '../../code/brackets.ts';
import { placeOfClass, serviceStarts } from './service-starts.ts';

/** In one file. */
const MOST = 20;

export const headlessConfig: Check = {
  id: 'A51',
  title: 'A headless task has a timeout in milliseconds, and is allowed where it is started',
  severity: 'error',
  why: 'HeadlessJsTaskConfig takes milliseconds, and 0 is no limit: a task that does not end keeps the device awake. Without its fourth argument a start while the app is on the screen throws “Tried to start task … while in foreground, but this is not allowed”.',
  source: 'https://reactnative.dev/docs/headless-js-android#caveats',
  fix: 'Give HeadlessJsTaskConfig a timeout of milliseconds, and true as its fourth argument.',
  explain: [
    'HeadlessJsTaskConfig has a name, data, a timeout in milliseconds, and whether the task may run while the app is in the foreground. Both last ones have a default, 0 and false.',
    '    HeadlessJsTaskConfig("Sync", Arguments.fromBundle(extras), 30_000, true)',
    'The timeout is a safeguard: after it React Native takes the task for finished, whatever it does. 0 is meant for music and the like. The exception comes where the service is started from an activity or from JavaScript, and also where the app happens to be open when a receiver starts it.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, ['HeadlessJsTaskConfig']);
    if (files.length === 0) return [];
    const starts = await serviceStarts(repo, ['startService', 'startForegroundService']);
    const findings: Finding[] = [];
    for (const file of files) {
      for (const call of callsOf(file, 'HeadlessJsTaskConfig').slice(0, MOST)) {
        if (call.arguments.length < 2 || (await isUnreleased(repo, file, call.start))) continue;
        const at = { file: file.path, line: file.line(call.start) };
        const owner = classAround(file, call.start);
        const evidence =
          owner === undefined ? [] : [placeOfClass(owner, 'is the service of the task')];
        const timeout = argument(call, 2, 'timeout');
        const value = timeout === undefined ? 0 : await kotlinConstant(repo, file, timeout);
        if (value === 0) {
          const message =
            'the headless task has no timeout: one that does not end keeps the device awake';
          findings.push({ ...at, message, evidence, severity: 'info' });
        } else if (typeof value === 'number' && value > 0 && value < 1000) {
          const message = `the headless task has a timeout of ${value} milliseconds`;
          const fix = `Write ${value * 1000} where ${value} seconds are meant.`;
          findings.push({ ...at, message, evidence, fix, severity: 'warning' });
        }
        const allowed = argument(call, 3, 'isAllowedInForeground');
        if (allowed !== undefined && codeOf(file, allowed).trim() !== 'false') continue;
        const start = starts.find(
          ({ service, ways }) =>
            service.name === owner?.name && ways.some(({ kind }) => kind === 'screen'),
        );
        const entry = start?.ways.find(({ kind }) => kind === 'screen')?.entry;
        if (start === undefined || entry === undefined) continue;
        const message = `the headless task is not allowed in the foreground, and ${entry.owner?.name ?? 'the screen'}.${entry.name} starts it there: it throws`;
        const { call: from } = start;
        const says = `starts ${start.service.name}`;
        const place = { file: from.file.path, line: from.file.line(from.start), says };
        findings.push({ ...at, message, evidence: [...evidence, place] });
      }
    }
    return findings;
  },
};

/** An argument by its place, or by its name in Kotlin. */
function argument(
  { file, arguments: all }: KotlinCall,
  index: number,
  name: string,
): Range | undefined {
  const named = /^\s*(\w+)\s*=(?!=)\s*/;
  for (const [at, range] of all.entries()) {
    const match = named.exec(file.code.slice(range.start, range.end));
    if (match === null ? at === index : match[1] === name) {
      return { start: range.start + (match?.[0].length ?? 0), end: range.end };
    }
  }
  return undefined;
}
