import { CONFIG_FILE } from '../../config.ts';
import type { Check } from '../check.ts';

export const handlerExists: Check = {
  id: 'J08',
  title: 'The handler file is there',
  severity: 'error',
  why: 'It holds the queue that is drained; without it the bundle does not build, or nothing is synced.',
  source: 'https://reactnative.dev/docs/headless-js-android',
  fix: 'Put it back, or name the right file as `handler` in bgsync.config.json.',
  async run(repo) {
    const { config } = repo;
    if (config === undefined || (await repo.read(config.handler)) !== undefined) return [];
    const text = (await repo.read(CONFIG_FILE)) ?? '';
    const line = text.slice(0, Math.max(text.indexOf('"handler"'), 0)).split('\n').length;
    return [
      { file: CONFIG_FILE, line, message: `handler names ${config.handler}, which is not there` },
    ];
  },
};
