import type { Check, Finding } from '../../check.ts';
import { callsOf, codeOf, kotlinAndJava, valueSetOnce } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';

/** In one file. */
const MOST = 20;
const CALLS = [
  'set',
  'setWindow',
  'setExact',
  'setRepeating',
  'setInexactRepeating',
  'setAndAllowWhileIdle',
  'setExactAndAllowWhileIdle',
];

/** What counts the milliseconds of the two kinds of alarm. */
const CLOCKS = [
  {
    type: /^(?:\w+\s*=\s*)?(?:AlarmManager\s*\.\s*)?ELAPSED_REALTIME(?:_WAKEUP)?$/,
    other:
      /\b(?:currentTimeMillis|timeInMillis|getTimeInMillis|toEpochMilli|toEpochMilliseconds)\b/,
    message:
      'is some fifty years ahead: ELAPSED_REALTIME counts from the start of the phone, and the time is that of the calendar',
  },
  {
    type: /^(?:\w+\s*=\s*)?(?:AlarmManager\s*\.\s*)?RTC(?:_WAKEUP)?$/,
    other: /\b(?:elapsedRealtime|uptimeMillis)\b/,
    message:
      'is long past and comes due at once: RTC is the time of the calendar, and the time counts from the start of the phone',
  },
];

export const alarmClock: Check = {
  id: 'A61',
  title: 'An alarm’s time is of the clock that its type names',
  severity: 'error',
  why: 'An alarm of ELAPSED_REALTIME with currentTimeMillis() comes due in half a century, one of RTC with elapsedRealtime() at once and all the time: no exception says so.',
  source:
    'https://developer.android.com/reference/android/app/AlarmManager#ELAPSED_REALTIME_WAKEUP',
  fix: 'Use SystemClock.elapsedRealtime() with ELAPSED_REALTIME_WAKEUP, System.currentTimeMillis() with RTC_WAKEUP; for a sync use WorkManager.',
  explain: [
    'AlarmManager has two clocks. RTC is that of the calendar: milliseconds since 1970, as System.currentTimeMillis() and Calendar have them. ELAPSED_REALTIME counts from the start of the phone: SystemClock.elapsedRealtime(). Both are a Long, and the compiler takes either.',
    '    alarmManager.setInexactRepeating(\n        AlarmManager.ELAPSED_REALTIME_WAKEUP,\n        SystemClock.elapsedRealtime() + AlarmManager.INTERVAL_HOUR,\n        AlarmManager.INTERVAL_HOUR,\n        pending)',
    'A periodic sync needs no alarm: periodic work of WorkManager outlives a restart of the phone, which alarms do not.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['AlarmManager'])) {
      for (const call of CALLS.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
        const [type, time] = call.arguments;
        if (type === undefined || time === undefined) continue;
        const clock = CLOCKS.find((one) =>
          one.type.test(codeOf(file, valueSetOnce(file, type) ?? type)),
        );
        if (clock === undefined) continue;
        const set = valueSetOnce(file, time);
        const own = codeOf(file, time);
        const code = set === undefined ? own : codeOf(file, set);
        if (!clock.other.test(code) || CLOCKS.some((one) => one !== clock && one.other.test(code)))
          continue;
        if (await isUnreleased(repo, file, call.start)) continue;
        findings.push({
          file: file.path,
          line: file.line(call.start),
          message: `this alarm ${clock.message}`,
        });
      }
    }
    return findings;
  },
};
