import { BUILD, WORK } from '../../../facts.ts';
import type { AndroidBuild } from '../../../project/android-build.ts';
import { isAtLeast } from '../../../versions.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { settingOf, workUse } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

const { levels, higherLevel } = WORK;

/** What the manifest of an androidx.work from {@link levels} on asks for. */
const minSdkOf = (work: string): number =>
  isAtLeast(work, higherLevel.from) ? higherLevel.minSdk : levels.minSdk;

export const sdkLevels: Check = {
  id: 'A05',
  title: 'minSdk and compileSdk are what the background sync needs',
  severity: 'error',
  blocks: true,
  why: `androidx.work 2.11 and newer is built for minSdk ${levels.minSdk} (${higherLevel.from}: ${higherLevel.minSdk}) and compileSdk ${levels.compileSdk}, the generated package as React Native for minSdk ${BUILD.minSdk}. With less, the manifest merger or the check of the AAR metadata ends the build.`,
  source: 'https://github.com/fluttercommunity/flutter_workmanager/issues/673',
  fix: `Raise minSdk to ${BUILD.minSdk} and compileSdk to ${levels.compileSdk}, or higher.`,
  explain: [
    `The manifest of androidx.work 2.11 says minSdk ${levels.minSdk}; an app with a lower one ends with "uses-sdk:minSdkVersion 21 cannot be smaller than version ${levels.minSdk} declared in library [androidx.work:work-runtime]". Its AAR metadata ask for compileSdk ${levels.compileSdk}: "Dependency requires libraries and applications that depend on it to compile against version ${levels.compileSdk} or later".`,
    `It is seen when another package raises the version, as Gradle takes the highest. Raise the levels in defaultConfig, or in the \`ext\` block that it takes them from. The last androidx.work for less is 2.10.1. React Native itself asks for minSdk ${BUILD.minSdk} since 0.76.`,
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build === undefined) return [];
    const { minSdk, compileSdk } = build;
    const work = workVersion(repo, build);
    const needs = work !== undefined && isAtLeast(work, levels.from) ? `androidx.work ${work}` : '';
    const evidence = await whatNeeds(repo, build);
    const [least, who] = isOurs(repo)
      ? [BUILD.minSdk, 'the generated package']
      : [needs === '' || work === undefined ? 0 : minSdkOf(work), needs];
    for (const { value: name, file, line } of build.computedLevels) {
      const isNeeded = name === 'minSdk' ? least > 0 : name === 'compileSdk' && needs !== '';
      if (isNeeded)
        repo.note(file, `${name} of line ${line} is computed: the build alone knows it`, {
          only: 'A05',
        });
    }
    const findings: Finding[] = [];
    if (needs !== '' && compileSdk !== undefined && compileSdk.value < levels.compileSdk) {
      const message = `compileSdk is ${compileSdk.value}; ${needs} needs ${levels.compileSdk} or higher`;
      findings.push({ file: compileSdk.file, line: compileSdk.line, message, evidence });
    }
    if (minSdk !== undefined && minSdk.value < least) {
      // A flavor may raise it, and the manifest may overrule the library.
      const overrules = (await repo.manifests()).some((one) =>
        one.text.includes('overrideLibrary'),
      );
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
