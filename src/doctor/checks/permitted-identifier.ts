import type { Check } from '../check.ts';
import { plistsWithout } from './info-plists.ts';

export const permittedIdentifier: Check = {
  id: 'I01',
  title: 'Info.plist permits the task id',
  severity: 'error',
  why: 'iOS refuses to register or submit a task whose id is not listed: nothing ever runs, and nothing crashes.',
  source:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/bgtaskschedulerpermittedidentifiers',
  fix: 'Run `npx bgsync init` again, or add the id to the array.',
  async run(repo) {
    const id = repo.config?.taskId;
    return id === undefined ? [] : plistsWithout(repo, 'BGTaskSchedulerPermittedIdentifiers', id);
  },
};
