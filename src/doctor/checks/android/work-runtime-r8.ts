import { BUILD, WORK } from '../../../facts.ts';
import { isAtLeast, isBelow } from '../../../versions.ts';
import type { Check } from '../../check.ts';
import { workUse } from '../../evidence.ts';

export const workRuntimeR8: Check = {
  id: 'A04',
  title: 'R8 leaves WorkManager its database',
  severity: 'error',
  why: 'The Android Gradle plugin 9 shrinks the constructor of WorkDatabase_Impl away where androidx.work is 2.8.1 or older: WorkManager throws as soon as a release build starts.',
  source: 'https://github.com/DataDog/dd-sdk-android/issues/3502',
  fix: `Ask for androidx.work:work-runtime:${WORK.default} or newer.`,
  explain: [
    'WorkManager makes its database by reflection. From 2.9 on it brings rules that keep the constructor; what older versions bring is not enough for R8 as the Android Gradle plugin 9 runs it. A release build then ends at its start with "Failed to create an instance of androidx.work.impl.WorkDatabase" (NoSuchMethodException). Debug builds are not shrunk, and work.',
    'Raise androidx.work. Where something forbids that, keep the constructor:\n\n    -keep class androidx.work.impl.WorkDatabase_Impl { <init>(); }',
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build?.work === undefined || build.agp === undefined || !build.isMinified) return [];
    const { version, use } = build.work;
    if (
      !isBelow(version, WORK.databaseKeptFrom) ||
      !isAtLeast(build.agp.value, BUILD.agpThatShrinksMore)
    )
      return [];
    if (build.properties.get('android.enableR8.fullMode')?.value === 'false') return [];
    const place =
      use.owner === undefined ? { file: use.file, line: use.line } : { file: build.buildFile };
    const message = `androidx.work is ${version}, the Android Gradle plugin ${build.agp.value}, and R8 shrinks the release build`;
    const { file, line, value } = build.agp;
    const evidence = [
      ...(use.owner === undefined ? [] : [workUse(build.work)]),
      { file, line, says: `the Android Gradle plugin is ${value}` },
    ];
    return [{ ...place, message, evidence }];
  },
};
