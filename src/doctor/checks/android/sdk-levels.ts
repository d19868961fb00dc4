import { isAtLeast } from '../../../project/android-build.ts';
import type { Check, Finding } from '../../check.ts';

/** From https://developer.android.com/jetpack/androidx/releases/work#2.11.0 */
const LEVELS = { from: '2.11.0', minSdk: 23, compileSdk: 35 };

export const sdkLevels: Check = {
  id: 'A05',
  title: 'minSdk and compileSdk are what androidx.work needs',
  severity: 'error',
  why: 'androidx.work 2.11 and newer is built for minSdk 23 and compileSdk 35. With less, the manifest merger or the check of the AAR metadata ends the build.',
  source: 'https://github.com/fluttercommunity/flutter_workmanager/issues/673',
  fix: 'Raise minSdk to 23 and compileSdk to 35, or higher.',
  explain: [
    'The manifest of androidx.work 2.11 says minSdk 23; an app with a lower one ends with "uses-sdk:minSdkVersion 21 cannot be smaller than version 23 declared in library [androidx.work:work-runtime]". Its AAR metadata ask for compileSdk 35: "Dependency requires libraries and applications that depend on it to compile against version 35 or later".',
    'It is seen when another package raises the version, as Gradle takes the highest. Raise the levels in defaultConfig, or in the `ext` block that it takes them from. The last androidx.work for less is 2.10.1.',
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build?.work === undefined || !isAtLeast(build.work.version, LEVELS.from)) return [];
    const { minSdk, compileSdk } = build;
    const { version } = build.work;
    const findings: Finding[] = [];
    if (compileSdk !== undefined && compileSdk.value < LEVELS.compileSdk) {
      const message = `compileSdk is ${compileSdk.value}; androidx.work ${version} needs ${LEVELS.compileSdk} or higher`;
      findings.push({ file: compileSdk.file, line: compileSdk.line, message });
    }
    if (minSdk !== undefined && minSdk.value < LEVELS.minSdk) {
      // A flavor may raise it, and the manifest may overrule the library.
      const overrules = (await repo.manifests()).some((one) =>
        one.text.includes('overrideLibrary'),
      );
      if (!build.hasVariantMinSdk && !overrules) {
        const message = `minSdk is ${minSdk.value}; androidx.work ${version} needs ${LEVELS.minSdk} or higher`;
        findings.push({ file: minSdk.file, line: minSdk.line, message });
      }
    }
    return findings;
  },
};
