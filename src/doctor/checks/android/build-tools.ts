import { BUILD } from '../../../facts.ts';
import { isBelow } from '../../../versions.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

export const buildTools: Check = {
  id: 'A34',
  title: 'The Android build is new enough for the generated package',
  severity: 'error',
  blocks: true,
  why: 'The generated code is Kotlin 2, as React Native 0.77 and later are, and androidx.work asks for the Android Gradle plugin 8.6. With less the app does not build.',
  source: 'https://reactnative.dev/blog/2025/01/21/version-0.77',
  fix: `Raise the Android Gradle plugin to ${BUILD.agp} and Kotlin to ${BUILD.kotlin}, or higher, and build the app once.`,
  explain: [
    'The generated package is compiled in the app’s own build, with the app’s own Kotlin and Android Gradle plugin. React Native brings both; a build that names versions of its own may name ones that are too old for it. The AAR metadata of androidx.work 2.11.2 and 2.12.0 say `minAndroidGradlePluginVersion=8.6.0`, and a build with an older plugin ends with "requires Android Gradle plugin 8.6.0 or higher".',
    'Only what the build files name is looked at: a build that leaves its versions to React Native has the right ones.',
    '    classpath("com.android.tools.build:gradle:8.7.2")\n    kotlinVersion = "2.0.21"',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration?.config?.platforms.includes('android') === true,
  async run(repo) {
    const { agp, kotlin } = (await repo.androidBuild()) ?? {};
    const evidence = [
      await settingOf(
        repo,
        'platforms',
        'the package is generated for android, and built with the app',
      ),
    ];
    const findings: Finding[] = [];
    if (agp !== undefined && isBelow(agp.value, BUILD.agp)) {
      const message = `the Android Gradle plugin is ${agp.value}; ${BUILD.agp} or newer is needed`;
      findings.push({ file: agp.file, line: agp.line, message, evidence });
    }
    if (kotlin !== undefined && isBelow(kotlin.value, BUILD.kotlin)) {
      const message = `Kotlin is ${kotlin.value}; ${BUILD.kotlin} or newer is needed`;
      findings.push({ file: kotlin.file, line: kotlin.line, message, evidence });
    }
    return findings;
  },
};
