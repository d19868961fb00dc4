import { IOS } from '../../../facts.ts';
import { findLowTarget } from '../../../project/deployment-target.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

export const iosTarget: Check = {
  id: 'F04',
  title: 'The Xcode project of the Flutter app allows what the generated plugin needs',
  severity: 'error',
  why: 'Neither CocoaPods nor Swift Package Manager takes a package in that needs a later iOS than the app: the build ends with an error.',
  source: 'https://docs.flutter.dev/deployment/ios#review-xcode-project-settings',
  fix: `Raise IPHONEOS_DEPLOYMENT_TARGET to ${IOS.oldest} in the Xcode project (Runner, Minimum Deployments), and \`platform :ios\` in ios/Podfile.`,
  explain: [
    `The generated plugin is built for iOS ${IOS.oldest}, as it is for React Native. \`flutter create\` makes apps for iOS 12 or 13: for those CocoaPods says “Specs satisfying the background_sync dependency were found, but they required a higher minimum deployment target”.`,
  ].join('\n\n'),
  appliesTo: ({ host, integration }) =>
    host === 'flutter' && integration?.config?.platforms.includes('ios') === true,
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of new Set((await repo.ios())?.targets.map(({ project }) => project))) {
      const low = await findLowTarget(repo.files, file, IOS.oldest);
      if (low === undefined) continue;
      const message = `IPHONEOS_DEPLOYMENT_TARGET is ${low.value}; the generated plugin needs ${IOS.oldest}`;
      const evidence = [await settingOf(repo, 'platforms', 'the plugin is generated for ios')];
      findings.push({ file, line: low.line, message, evidence });
    }
    return findings;
  },
};
