import { readPlistStrings } from '../../formats/plist.ts';
import type { Check, Finding } from '../check.ts';
import { infoPlists } from './info-plists.ts';

const KEY = 'UIBackgroundModes';

export const processingMode: Check = {
  id: 'I03',
  title: 'Info.plist has the background mode `processing`',
  severity: 'error',
  why: 'Without it iOS refuses every BGProcessingTaskRequest (BGTaskScheduler error 3, notPermitted).',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgprocessingtaskrequest',
  fix: 'Run `npx bgsync init` again, or add <string>processing</string> to the array.',
  async run(repo) {
    const findings: Finding[] = [];
    for (const { path, text } of await infoPlists(repo)) {
      const found = readPlistStrings(text, KEY);
      if (found.status === 'invalid') {
        findings.push({ file: path, message: `${KEY} cannot be read: ${found.reason}` });
      } else if (found.status === 'absent') {
        findings.push({ file: path, message: `${KEY} is missing; it must contain processing` });
      } else if (!found.values.some((value) => value.text === 'processing')) {
        findings.push({
          file: path,
          line: found.line,
          message: `${KEY} does not contain processing`,
        });
      }
    }
    return findings;
  },
};
