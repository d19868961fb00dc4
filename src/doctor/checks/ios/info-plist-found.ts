import type { Check } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';

export const infoPlistFound: Check = {
  id: 'I20',
  title: 'Every iOS app target has an Info.plist that can be checked',
  severity: 'warning',
  why: 'UIBackgroundModes and BGTaskSchedulerPermittedIdentifiers are arrays of the Info.plist; where it cannot be found, no one can say whether iOS will start the task.',
  source:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/bgtaskschedulerpermittedidentifiers',
  fix: 'Give the target an Info.plist file with both keys, and name it by a plain path in INFOPLIST_FILE.',
  explain: [
    'iOS reads UIBackgroundModes and BGTaskSchedulerPermittedIdentifiers from the Info.plist of the built app. doctor follows the project: target, build configuration, INFOPLIST_FILE. Where that path holds a variable that only Xcode knows, or the plist is generated from build settings alone, the file cannot be checked.',
    'Both keys are arrays, which build settings (INFOPLIST_KEY_…) cannot express; the target needs a file.',
  ].join('\n\n'),
  async run(repo) {
    if ((await iosNeedsOf(repo)).length === 0) return [];
    const problems = (await repo.ios())?.problems ?? [];
    return problems.map(({ path, reason }) => ({ file: path, message: reason }));
  },
};
