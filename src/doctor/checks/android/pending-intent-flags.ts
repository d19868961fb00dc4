import { TARGET_SDK } from '../../../facts.ts';
import type { Check, Finding } from '../../check.ts';
import { callsOf, codeOf, kotlinAndJava, valueSetOnce } from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';

/** In one file. */
const MOST = 20;
const CALLS = ['getBroadcast', 'getService', 'getForegroundService', 'getActivity'];
/** Flags of which none says whether the Intent may be changed. */
const SILENT = new Set([
  '0',
  'FLAG_UPDATE_CURRENT',
  'FLAG_CANCEL_CURRENT',
  'FLAG_NO_CREATE',
  'FLAG_ONE_SHOT',
]);

export const pendingIntentFlags: Check = {
  id: 'A60',
  title: 'A PendingIntent is either mutable or immutable',
  severity: 'error',
  why: 'With targetSdk 31 and higher each PendingIntent needs FLAG_IMMUTABLE or FLAG_MUTABLE. Without one Android 12 throws IllegalArgumentException where the alarm or the notification is made, in a receiver or a worker too, and the app is ended.',
  source:
    'https://developer.android.com/about/versions/12/behavior-changes-12#pending-intent-mutability',
  fix: 'Add FLAG_IMMUTABLE: PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE.',
  explain: [
    '“Targeting S+ (version 31 and above) requires that one of FLAG_IMMUTABLE or FLAG_MUTABLE be specified when creating a PendingIntent.” The alarm of a sync, its notification and the action in it all hang on such a PendingIntent. Code from before Android 12 gives 0 or FLAG_UPDATE_CURRENT, runs on older phones, and throws on newer ones.',
    '    PendingIntent.getBroadcast(\n        context, 0, intent, PendingIntent.FLAG_UPDATE_CURRENT or PendingIntent.FLAG_IMMUTABLE)',
    'What older Android alone comes to, by a comparison with SDK_INT, is left alone.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, ['PendingIntent']);
    if (files.length === 0) return [];
    const target = (await repo.androidBuild())?.targetSdk;
    if (target === undefined || target.value < TARGET_SDK.mutability) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      for (const call of CALLS.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
        const before = file.code.slice(Math.max(0, call.start - 40), call.start);
        const flags = call.arguments[3];
        if (flags === undefined || !/\bPendingIntent\s*\.\s*$/.test(before)) continue;
        const value = valueSetOnce(file, flags) ?? flags;
        if (!flagsIn(codeOf(file, value)).every((one) => SILENT.has(one))) continue;
        if (released(await waysTo(repo, file, call.start, TARGET_SDK.mutability)).length === 0)
          continue;
        findings.push({
          file: file.path,
          line: file.line(flags.end - 1),
          message: `PendingIntent.${call.name} throws on Android 12 and later: its flags have neither FLAG_IMMUTABLE nor FLAG_MUTABLE`,
          evidence: [
            { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
          ],
        });
      }
    }
    return findings;
  },
};

/** `PendingIntent.FLAG_ONE_SHOT or FLAG_UPDATE_CURRENT`, `A | B` in Java. */
const flagsIn = (code: string): string[] =>
  code
    .replace(/^flags\s*=/, '')
    .split(/\bor\b|[|+]/)
    .map((one) => one.replace(/[\s()]/g, '').replace(/^(?:android\.app\.)?PendingIntent\./, ''));
