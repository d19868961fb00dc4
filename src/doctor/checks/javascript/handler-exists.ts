import { CONFIG_FILE } from '../../../config.ts';
import { lineAt } from '../../../formats/text.ts';
import type { Check } from '../../check.ts';
import { runningConfig } from '../../repo.ts';

export const handlerExists: Check = {
  id: 'J08',
  title: 'The handler file is there',
  severity: 'error',
  why: 'It holds the queue that is drained; without it the bundle does not build, or nothing is synced.',
  source: 'https://reactnative.dev/docs/headless-js-android',
  fix: 'Put it back, or name the right file as `handler` in bgsync.config.json.',
  explain: [
    '`handler` in bgsync.config.json names the file that calls registerBackgroundSync and drains your queue. The entry file imports it and `npx bgsync trigger --platform local` loads it.',
    'Where it was moved or renamed, name its new place and run `npx bgsync init`, which also offers the new import for the entry file.',
  ].join('\n\n'),
  appliesTo: (repo) => runningConfig(repo) !== undefined,
  async run(repo) {
    const config = runningConfig(repo);
    if (config === undefined || !(await repo.isAbsent(config.handler))) return [];
    const text = (await repo.read(CONFIG_FILE)) ?? '';
    const line = lineAt(text, Math.max(text.indexOf('"handler"'), 0));
    return [
      { file: CONFIG_FILE, line, message: `handler names ${config.handler}, which is not there` },
    ];
  },
};
