import { IOS, POD } from '../../../facts.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

const LOWEST = IOS.oldest;

export const deploymentTarget: Check = {
  id: 'I23',
  title: 'The deployment target is one that the generated package supports',
  severity: 'error',
  blocks: true,
  why: 'CocoaPods does not install a pod that needs a later iOS than the app: `pod install` ends with an error, and nothing is built.',
  source: 'https://guides.cocoapods.org/syntax/podspec.html#deployment_target',
  fix: `Raise the platform of the Podfile and IPHONEOS_DEPLOYMENT_TARGET to ${LOWEST} or later.`,
  explain: [
    `The generated package needs iOS ${LOWEST}, which is the lowest that React Native 0.77 and later allow. A Podfile with an older platform makes \`pod install\` end with “Specs satisfying the ${POD} dependency were found, but they required a higher minimum deployment target”.`,
    'The Podfile of the template takes the number from React Native: `platform :ios, min_ios_version_supported`. BGTaskScheduler itself is there since iOS 13.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration?.config?.platforms.includes('ios') === true,
  async run(repo) {
    const findings: Finding[] = [];
    for (const { platforms } of await repo.pods()) {
      for (const { value, file, line } of platforms) {
        if (Number.parseFloat(value) >= LOWEST) continue;
        const message = `platform :ios is ${value}; the generated package needs ${LOWEST}`;
        const evidence = [await settingOf(repo, 'platforms', 'the package is generated for ios')];
        findings.push({ file, line, message, evidence });
      }
    }
    return findings;
  },
};
