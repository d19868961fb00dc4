import { TARGET_SDK, WORK } from '../../../facts.ts';
import { isBelow } from '../../../versions.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf, workUse } from '../../evidence.ts';

export const workRuntimeTooOld: Check = {
  id: 'A03',
  title: 'androidx.work is new enough',
  severity: 'error',
  blocks: true,
  why: 'Below 2.7 it crashes every app that targets Android 12 at its start; below 2.9 it lacks what the generated worker is built on.',
  source: 'https://developer.android.com/jetpack/androidx/releases/work#2.7.0',
  fix: `Ask for androidx.work:work-runtime:${WORK.default} or newer, and take out what pins a lower one.`,
  explain: [
    'Android 12 demands of an app that targets it (targetSdk 31 and higher) that each PendingIntent says whether it is mutable. WorkManager does so from 2.7 on. An older one throws "Targeting S+ requires that one of FLAG_IMMUTABLE or FLAG_MUTABLE be specified" in a thread of its own, right after the app’s start.',
    'The generated worker moves its next window with `setNextScheduleTimeOverride` and asks why it was stopped with `getStopReason`: both are there from 2.9 on. Gradle takes the highest version that anything asks for, so only a pin (`force`, `strictly`, `!!`, `useVersion`) gets in the way.',
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build?.work === undefined) return [];
    const { version, use, isCertain } = build.work;
    const { file, line } = use.owner === undefined ? use : { file: build.buildFile };
    const place = line === undefined ? { file } : { file, line };
    const findings: Finding[] = [];
    const isOurs = repo.integration?.config?.platforms.includes('android') === true;
    if (isOurs && isCertain && isBelow(version, WORK.oldestForWorker)) {
      const message = `androidx.work is pinned to ${version}; the generated worker needs ${WORK.oldestForWorker} or newer`;
      const evidence = [await settingOf(repo, 'platforms', 'the package is generated for android')];
      findings.push({ ...place, message, evidence });
    } else if (
      isBelow(version, WORK.oldestForAndroid12) &&
      (build.targetSdk?.value ?? 0) >= TARGET_SDK.mutability
    ) {
      const message = `androidx.work is ${version}; with targetSdk ${build.targetSdk?.value ?? TARGET_SDK.mutability} the app crashes at its start on Android 12 and later`;
      const { targetSdk } = build;
      const target = targetSdk && {
        ...{ file: targetSdk.file, line: targetSdk.line },
        says: `targetSdk is ${targetSdk.value}`,
      };
      const evidence = [
        ...(use.owner === undefined ? [] : [workUse(build.work)]),
        ...(target === undefined ? [] : [target]),
      ];
      findings.push({ ...place, message, evidence });
    }
    return findings;
  },
};
