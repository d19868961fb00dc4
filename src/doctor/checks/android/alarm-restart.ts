import type { Finding } from '../../check.ts';
import { codeOf, callsOf, functionsOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import { dartArgument, dartCalls } from '../../code/dart.ts';
import { dartUsing } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import { isManifestOpen, mergedManifests } from './merged-manifests.ts';

const REPEATING = ['setRepeating', 'setInexactRepeating'];
/** In one file. */
const MOST = 20;
const LEAVES = new Set(['onPause', 'onStop', 'onDestroy', 'onDestroyView', 'onCleared']);
/** Of android_alarm_manager_plus, whose own manifest is empty: https://pub.dev/packages/android_alarm_manager_plus */
const REBOOT = 'RebootBroadcastReceiver';
const GONE = 'is gone after a restart of the device until the app is opened';

const lost = (file: SourceFile, offset: number, fix: string, why = ''): Finding => ({
  file: file.path,
  line: file.line(offset),
  message: `this alarm ${GONE}${why}`,
  severity: 'warning',
  fix,
});

/**
 * Repeating alarms that a screen or JavaScript alone sets, where nothing hears of a restart: Android keeps no alarm over one
 * (https://developer.android.com/develop/background-work/services/alarms#boot).
 */
export async function lostAlarms(repo: DoctorRepo): Promise<readonly Finding[]> {
  const manifests = await mergedManifests(repo);
  if (manifests.length === 0) return [];
  const isHeard = (...words: string[]): boolean =>
    manifests.some((one) => words.some((word) => one.mentions(word)));
  const found: Finding[] = [];
  if (!isHeard(REBOOT)) {
    for (const file of await dartUsing(repo, 'android_alarm_manager_plus')) {
      for (const call of dartCalls(file, /\bAndroidAlarmManager\s*\.\s*(?:periodic|oneShot\w*)/)) {
        const given = dartArgument(call, 'rescheduleOnReboot');
        if (!given || file.code.slice(given.start, given.end).trim() !== 'true') continue;
        const fix = `Declare ${REBOOT} in the manifest, with RECEIVE_BOOT_COMPLETED.`;
        found.push(lost(file, call.offset, fix, `: no manifest has ${REBOOT}`));
      }
    }
  }
  const files = (await kotlinAndJava(repo, REPEATING)).filter(({ code }) =>
    code.includes('AlarmManager'),
  );
  if (files.length === 0 || isHeard('BOOT_COMPLETED', 'action.REBOOT', 'QUICKBOOT')) return found;
  const own: Finding[] = [];
  for (const file of files) {
    for (const call of REPEATING.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
      const ways = released(await waysTo(repo, file, call.start));
      if (ways.length === 0 || !ways.every(({ kind }) => kind === 'screen')) continue;
      const on = new Set([file, ...ways.flatMap(({ calls }) => calls.map((one) => one.file))]);
      // One that ends with its screen is for that alone.
      const isEnded = [...on].some((one) =>
        functionsOf(one).some(
          ({ name, body }) => LEAVES.has(name) && /\bcancel\w*\s*\(/i.test(codeOf(one, body)),
        ),
      );
      if (isEnded) continue;
      const fix = 'Set it in a receiver of BOOT_COMPLETED, too, or use WorkManager.';
      own.push(lost(file, call.start, fix));
    }
  }
  return own.length > 0 && (await isManifestOpen(repo)) ? found : [...found, ...own];
}
