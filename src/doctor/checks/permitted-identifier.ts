import { readPlistStrings } from '../../formats/plist.ts';
import type { Check, Finding } from '../check.ts';
import { infoPlists } from './info-plists.ts';

const KEY = 'BGTaskSchedulerPermittedIdentifiers';

export const permittedIdentifier: Check = {
  id: 'I01',
  title: 'Info.plist permits the task id',
  severity: 'error',
  why: 'iOS refuses to register or submit a task whose id is not listed: nothing ever runs, and nothing crashes.',
  source:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/bgtaskschedulerpermittedidentifiers',
  fix: 'Run `npx bgsync init` again, or add the id to the array.',
  async run(repo) {
    const { config } = repo;
    if (config === undefined) return [];
    const findings: Finding[] = [];
    for (const { path, text } of await infoPlists(repo)) {
      const found = readPlistStrings(text, KEY);
      if (found.status === 'invalid') {
        findings.push({ file: path, message: `${KEY} cannot be read: ${found.reason}` });
      } else if (found.status === 'absent') {
        findings.push({ file: path, message: `${KEY} is missing; it must list ${config.taskId}` });
      } else if (!found.values.some((value) => value.text === config.taskId)) {
        const near = found.values.find(
          (value) => value.text.toLowerCase() === config.taskId.toLowerCase(),
        );
        findings.push({
          file: path,
          line: near?.line ?? found.line,
          message:
            near === undefined
              ? `${KEY} does not list ${config.taskId}`
              : `${KEY} lists ${near.text}, the task id is ${config.taskId}: upper and lower case count`,
        });
      }
    }
    return findings;
  },
};
