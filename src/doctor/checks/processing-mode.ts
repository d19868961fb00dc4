import type { Check } from '../check.ts';
import { plistsWithout } from './info-plists.ts';

export const processingMode: Check = {
  id: 'I03',
  title: 'Info.plist has the background mode `processing`',
  severity: 'error',
  why: 'Without it iOS refuses every BGProcessingTaskRequest (BGTaskScheduler error 3, notPermitted).',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgprocessingtaskrequest',
  fix: 'Run `npx bgsync init` again, or add <string>processing</string> to the array.',
  run: (repo) => plistsWithout(repo, 'UIBackgroundModes', 'processing'),
};
