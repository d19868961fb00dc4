import { TARGET_SDK } from '../../../facts.ts';
import type { Check, Finding } from '../../check.ts';
import { dartCalls } from '../../code/dart.ts';
import { isTrue } from '../../code/flutter-service.ts';
import { callsOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { dartUsing } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import { asksFor, isManifestOpen, mergedManifests, prebuildFix } from './merged-manifests.ts';

/** In one file. */
const MOST = 20;
const CALLS = ['setExact', 'setExactAndAllowWhileIdle', 'setAlarmClock'];
const SCHEDULE = 'android.permission.SCHEDULE_EXACT_ALARM';
const USE = 'android.permission.USE_EXACT_ALARM';

export const exactAlarms: Check = {
  id: 'A47',
  title: 'Exact alarms have their permission, and are asked for where the user gave it',
  severity: 'error',
  why: 'With targetSdk 31 and higher an exact alarm needs SCHEDULE_EXACT_ALARM or USE_EXACT_ALARM: without one AlarmManager throws SecurityException, and the app crashes, in a boot receiver too.',
  source: 'https://developer.android.com/about/versions/14/changes/schedule-exact-alarms',
  fix: 'Use work of WorkManager for a sync, or setAndAllowWhileIdle, which needs no permission; for a real alarm ask for SCHEDULE_EXACT_ALARM, and call canScheduleExactAlarms() first.',
  explain: [
    'setExact, setExactAndAllowWhileIdle and setAlarmClock with a PendingIntent are exact alarms. From Android 14 on SCHEDULE_EXACT_ALARM is not given to a newly installed app (targetSdk 33): the user has to switch it on, and until then each of these calls throws “Caller needs to hold android.permission.SCHEDULE_EXACT_ALARM or android.permission.USE_EXACT_ALARM to set exact alarms”. USE_EXACT_ALARM is given, and Google Play allows it to alarm clocks and calendars alone.',
    '    if (alarmManager.canScheduleExactAlarms()) {\n        alarmManager.setExactAndAllowWhileIdle(type, at, pending)\n    } else {\n        alarmManager.setAndAllowWhileIdle(type, at, pending)\n    }',
    'The form with an OnAlarmListener needs no permission, and holds while the app runs alone.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, CALLS);
    const flutter = await exactInDart(repo);
    if (files.length === 0 && flutter === undefined) return [];
    const target = (await repo.androidBuild())?.targetSdk;
    if (target === undefined || target.value < TARGET_SDK.exactAlarm) return [];
    const merged = await mergedManifests(repo);
    if (asksFor(merged, USE) === 'yes') return [];
    const isAsked = asksFor(merged, SCHEDULE) === 'yes';
    // Where it is given when the app is installed, as before Android 14.
    if (isAsked && target.value < TARGET_SDK.exactAlarmDenied) return [];
    const manifests = await repo.manifests();
    const [main] = manifests.filter(({ sourceSet }) => sourceSet === 'main');
    if (main === undefined) return [];
    const evidence = [
      { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
      { file: main.path, says: `${isAsked ? 'asks' : 'does not ask'} for ${SCHEDULE}` },
    ];
    const findings: Finding[] = [];
    if (flutter !== undefined && !isAsked) {
      const message =
        'no exact alarm is set: the app asks for neither SCHEDULE_EXACT_ALARM nor USE_EXACT_ALARM';
      findings.push({ ...flutter, message, evidence });
    }
    for (const file of files) {
      if (isAskedFirst(file)) continue;
      for (const name of CALLS) {
        for (const call of callsOf(file, name).slice(0, MOST)) {
          if (!isAlarm(file, call.start, call.arguments.length)) continue;
          if (isCaught(file, call.start) || (await isUnreleased(repo, file, call.start))) continue;
          const at = { file: file.path, line: file.line(call.start), evidence };
          findings.push(
            isAsked
              ? {
                  ...at,
                  severity: 'warning',
                  message: `${name} throws where the user has not given SCHEDULE_EXACT_ALARM, as on a new Android 14, and nothing asks canScheduleExactAlarms`,
                }
              : {
                  ...at,
                  message: `${name} throws SecurityException: the app asks for neither SCHEDULE_EXACT_ALARM nor USE_EXACT_ALARM`,
                  ...prebuildFix(manifests, SCHEDULE),
                },
          );
        }
      }
    }
    return findings.length > 0 && (await isManifestOpen(repo)) ? [] : findings;
  },
};

/** An alarm of android_alarm_manager_plus that is to be exact; its periodic ones are not. */
async function exactInDart(repo: DoctorRepo): Promise<{ file: string; line: number } | undefined> {
  for (const file of await dartUsing(repo, 'android_alarm_manager_plus')) {
    const call = dartCalls(file, /\bAndroidAlarmManager\s*\.\s*oneShot(?:At)?/).find(
      (one) => isTrue(one, 'exact') || isTrue(one, 'alarmClock'),
    );
    if (call !== undefined) return { file: file.path, line: file.line(call.offset) };
  }
  return undefined;
}

const isAskedFirst = ({ code }: SourceFile): boolean => /\bcanScheduleExactAlarms\b/.test(code);

/** A call of AlarmManager with a PendingIntent: the form with a listener has more arguments. */
function isAlarm({ code }: SourceFile, start: number, count: number): boolean {
  if (!/\bAlarmManager(?:Compat)?\b/.test(code)) return false;
  const isCompat = /\bAlarmManagerCompat\s*\.\s*$/.test(code.slice(Math.max(0, start - 60), start));
  return count <= (isCompat ? 4 : 3);
}

/** Whether the function that makes the call catches what it throws. */
function isCaught(file: SourceFile, offset: number): boolean {
  const around = functionAround(file, offset);
  const body =
    around === undefined ? file.code : file.code.slice(around.body.start, around.body.end);
  return /\bcatch\s*\(|\brunCatching\b/.test(body);
}
