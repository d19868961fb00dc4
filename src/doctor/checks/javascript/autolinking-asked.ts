import { PACKAGE_NAME } from '../../../facts.ts';
import { podOf } from '../../../plan/lock-file.ts';
import { runsReactNative } from '../../../project/host.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

export const autolinkingAsked: Check = {
  id: 'J26',
  title: 'The native builds put in what autolinking finds',
  severity: 'error',
  why: 'A build that does not ask autolinking has none of its packages. The app builds and starts, its JavaScript finds no native module, and nothing is ever scheduled.',
  source: 'https://reactnative.dev/docs/integration-with-existing-apps',
  fix: 'Ask autolinking, as React Native’s own template does, then rebuild the app.',
  explain: [
    'react-native.config.js says where the generated package is, and that is asked by two lines of the native builds. An app that React Native was put into by hand may have neither: it names its packages one by one.',
    '    // android/app/build.gradle\n    react {\n        autolinkLibrariesWithApp()\n    }\n\n    # ios/Podfile, in the target of the app\n    config = use_native_modules!\n    use_react_native!(:path => config[:reactNativePath])',
    'On Android `autolinkLibrariesFromCommand()` in settings.gradle belongs to it; without that the build ends with an error. Where the packages are named by hand, name this one as well: on Android as a project and where the app’s packages are listed, on iOS as a `pod` with its `:path`.',
  ].join('\n\n'),
  appliesTo: (repo) => runsReactNative(repo) && repo.integration !== undefined,
  async run(repo) {
    const { config, lock } = repo.integration ?? {};
    if (config === undefined) return [];
    const findings: Finding[] = [];
    const evidence = [
      await settingOf(repo, 'moduleDir', `the generated package is in ${config.moduleDir}`),
    ];
    if (config.platforms.includes('android')) {
      const unlinked = (await repo.androidBuild())?.unlinked;
      if (unlinked !== undefined) {
        findings.push({
          file: unlinked.file,
          line: unlinked.line,
          message: `autolinkLibrariesWithApp() is called nowhere: the app is built without '${PACKAGE_NAME}'`,
          fix: 'Call `autolinkLibrariesWithApp()` in the `react { }` of the app’s build.gradle, and rebuild the app.',
          evidence,
        });
      }
    }
    if (config.platforms.includes('ios')) {
      const pod = podOf(lock);
      for (const { unlinked } of await repo.pods()) {
        const at = unlinked(pod);
        if (at === undefined) continue;
        findings.push({
          ...at,
          message: `use_native_modules! is called nowhere: the app is built without the pod ${pod}`,
          fix: 'Call `use_native_modules!` in the target of the app, run `pod install`, and rebuild the app.',
          evidence,
        });
      }
    }
    return findings;
  },
};
