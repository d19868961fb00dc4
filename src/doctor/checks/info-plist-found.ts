import type { Check } from '../check.ts';

export const infoPlistFound: Check = {
  id: 'I20',
  title: 'Every iOS app target has an Info.plist that can be checked',
  severity: 'warning',
  why: 'UIBackgroundModes and BGTaskSchedulerPermittedIdentifiers are arrays of the Info.plist; where it cannot be found, no one can say whether iOS will start the task.',
  source:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/bgtaskschedulerpermittedidentifiers',
  fix: 'Give the target an Info.plist file with both keys, and name it by a plain path in INFOPLIST_FILE.',
  run(repo) {
    if (repo.config?.platforms.includes('ios') !== true) return Promise.resolve([]);
    const problems = repo.project.ios?.problems ?? [];
    return Promise.resolve(problems.map(({ path, reason }) => ({ file: path, message: reason })));
  },
};
