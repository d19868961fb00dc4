import { runsReactNative } from '../../../project/host.ts';
import type { Check, Finding } from '../../check.ts';
import { findSwiftPackageProject } from '../../../project/swift-packages.ts';
import { podOf } from '../../../plan/lock-file.ts';

export const podsInstalled: Check = {
  id: 'I34',
  title: 'Podfile.lock has the generated package, as it is',
  // `pod install` may still run before the next build, in CI for example.
  severity: 'warning',
  why: 'Until `pod install` has run, the app is built without the native half of the sync, or with that of an older version.',
  source: 'https://guides.cocoapods.org/using/using-cocoapods.html',
  fix: 'Run `pod install` in the folder of the Podfile, and commit Podfile.lock.',
  explain: [
    'CocoaPods compiles what the last `pod install` put into the Pods project. A package that was added later is not in it: the app builds, and registerBackgroundSync finds no native module. A package that was updated later is built from the new files, but files that came with the update are not in the project and are not compiled.',
    'React Native 0.84 and later can come as Swift packages instead (`npx react-native spm`). Its generator refuses a library of Swift and Objective-C++ sources, as the generated package is one.',
    'Podfile.lock says what was installed last, with versions. doctor compares it with the package.json of the generated package. Where there is no Podfile.lock in the repo, there is nothing to compare.',
  ].join('\n\n'),
  // The Flutter tool runs `pod install` itself, with each build; other hosts have no pod of ours.
  appliesTo: (repo) =>
    runsReactNative(repo) && repo.integration?.config?.platforms.includes('ios') === true,
  async run(repo) {
    const moduleDir = repo.integration?.config?.moduleDir ?? '';
    const pod = podOf(repo.integration?.lock);
    const version = versionIn(await repo.read(`${moduleDir}/package.json`));
    const evidence = [
      { file: `${moduleDir}/package.json`, says: `the package is ${version ?? 'there'}` },
    ];
    const findings: Finding[] = [];
    const projects = (await repo.ios())?.targets.map(({ project }) => project) ?? [];
    const byPackages = await findSwiftPackageProject(
      projects,
      async (path) => (await repo.read(path)) !== undefined,
    );
    if (byPackages !== undefined) {
      return [
        {
          file: `${byPackages}/.spm-injected.json`,
          message: `React Native comes by Swift Package Manager, which cannot take in the pod ${pod}: the app does not build with it`,
          fix: 'Go back to CocoaPods with `npx react-native spm deinit` and `pod install`, or set "platforms": ["android"] in bgsync.config.json and run `npx bgsync update`.',
          evidence,
        },
      ];
    }
    for (const { locked } of await repo.pods()) {
      if (locked === undefined) continue;
      const { file, pods } = locked;
      const entry = pods.get(pod);
      if (entry === undefined) {
        findings.push({
          file,
          message: `it has no pod ${pod}: \`pod install\` has not run since \`bgsync init\``,
          evidence,
        });
      } else if (version !== undefined && entry.version !== version) {
        const message = `it has ${pod} ${entry.version}, the package is ${version}: \`pod install\` has not run since the update`;
        findings.push({ file, line: entry.line, message, evidence });
      }
    }
    return findings;
  },
};

function versionIn(text: string | undefined): string | undefined {
  try {
    const { version } = JSON.parse(text ?? '{}') as { version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
