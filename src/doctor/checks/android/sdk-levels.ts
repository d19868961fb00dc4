import { BUILD, WORK } from '../../../facts.ts';
import type { AndroidBuild } from '../../../project/android-build.ts';
import { isAtLeast } from '../../../versions.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { settingOf, workUse } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

const { compileLevel, level, higherLevel } = WORK;

/** @returns the minSdk that the manifest of an androidx.work asks for; 0 where that is less than any app has */
function minSdkOf(work: string): number {
  if (isAtLeast(work, higherLevel.from)) return higherLevel.minSdk;
  return isAtLeast(work, level.from) ? level.minSdk : 0;
}

export const sdkLevels: Check = {
  id: 'A05',
  title: 'minSdk and compileSdk are what the background sync needs',
  severity: 'error',
  blocks: true,
  why: `androidx.work 2.11 and newer is built for minSdk ${level.minSdk} (${higherLevel.from}: ${higherLevel.minSdk}), 2.10 and newer for compileSdk ${compileLevel.compileSdk}, the generated package as React Native for minSdk ${BUILD.minSdk}. With less, the manifest merger or the check of the AAR metadata ends the build.`,
  source: 'https://github.com/fluttercommunity/flutter_workmanager/issues/673',
  fix: `Raise minSdk to ${BUILD.minSdk} and compileSdk to ${compileLevel.compileSdk}, or higher.`,
  explain: [
    `The manifest of androidx.work 2.11 says minSdk ${level.minSdk}; an app with a lower one ends with "uses-sdk:minSdkVersion 21 cannot be smaller than version ${level.minSdk} declared in library [androidx.work:work-runtime]". Its AAR metadata ask for compileSdk ${compileLevel.compileSdk} since ${compileLevel.from}: "Dependency requires libraries and applications that depend on it to compile against version ${compileLevel.compileSdk} or later".`,
    `It is seen when another package raises the version, as Gradle takes the highest. Raise the levels in defaultConfig, or in the \`ext\` block that it takes them from. The last androidx.work for a lower minSdk is 2.10.1. React Native itself asks for minSdk ${BUILD.minSdk} since 0.76.`,
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build === undefined) return [];
    const { minSdk, compileSdk } = build;
    const work = workVersion(repo, build);
    const needs = `androidx.work ${work ?? ''}`;
    const ofWork = work === undefined ? 0 : minSdkOf(work);
    const compiles = work !== undefined && isAtLeast(work, compileLevel.from);
    const evidence = await whatNeeds(repo, build);
    const [least, who] = isOurs(repo) ? [BUILD.minSdk, 'the generated package'] : [ofWork, needs];
    for (const { value: name, file, line } of build.computedLevels) {
      const isNeeded = name === 'minSdk' ? least > 0 : name === 'compileSdk' && compiles;
      if (isNeeded)
        repo.note(file, `${name} of line ${line} is computed: the build alone knows it`, {
          only: 'A05',
        });
    }
    const findings: Finding[] = [];
    if (compiles && compileSdk !== undefined && compileSdk.value < compileLevel.compileSdk) {
      const message = `compileSdk is ${compileSdk.value}; ${needs} needs ${compileLevel.compileSdk} or higher`;
      findings.push({ file: compileSdk.file, line: compileSdk.line, message, evidence });
    }
    if (minSdk !== undefined && minSdk.value < least) {
      // A flavor may raise it, and the manifest may overrule the library.
      const overrules = (await repo.manifests()).some((one) => one.mentions('overrideLibrary'));
      if (!build.hasVariantMinSdk && !overrules) {
        const message = `minSdk is ${minSdk.value}; ${who} needs ${least} or higher`;
        findings.push({ file: minSdk.file, line: minSdk.line, message, evidence });
      }
    }
    return findings;
  },
};

const isOurs = (repo: DoctorRepo): boolean =>
  repo.integration?.config?.platforms.includes('android') === true;

/** What Gradle takes; where only the build knows that, what the generated package asks for, unless a pin keeps it lower. */
function workVersion(repo: DoctorRepo, { work, workUses }: AndroidBuild): string | undefined {
  if (work !== undefined) return work.version;
  const isPinned = workUses.some((use) => use.isPinned && use.owner === undefined);
  return isOurs(repo) && !isPinned ? repo.integration?.config?.android.workRuntime : undefined;
}

async function whatNeeds(repo: DoctorRepo, { work }: AndroidBuild): Promise<Evidence[]> {
  return [
    ...(work === undefined ? [] : [workUse(work)]),
    ...(isOurs(repo)
      ? [await settingOf(repo, 'platforms', 'the package is generated for android')]
      : []),
  ];
}
