import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

const FILE = 'ios/BackgroundSyncConfig.swift';

export const taskId: Check = {
  id: 'I02',
  title: 'The Swift code uses the task id of the config',
  severity: 'error',
  why: 'The code registers and submits the id that is compiled in. Where the Info.plist permits another, iOS refuses it.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler',
  fix: 'Run `npx bgsync init` again: it generates the package from bgsync.config.json.',
  explain: [
    'The task id is compiled into the app and listed in the Info.plist. Both are put in from `taskId` of bgsync.config.json. Where it was changed in one place alone, the code registers an id that iOS does not permit.',
    '`npx bgsync init` generates the code anew. The old id stays in bgsync.lock.json, so that the app cancels requests that are still pending under it.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const config = repo.integration?.config;
    if (config?.platforms.includes('ios') !== true) return [];
    const file = `${config.moduleDir}/${FILE}`;
    const text = await repo.read(file);
    if (text === undefined) return [];
    const match = /\btaskId\s*=\s*"([^"]*)"/.exec(text);
    const line = text.slice(0, match?.index ?? 0).split('\n').length;
    const found = match?.[1];
    if (found === config.taskId) return [];
    const message =
      found === undefined
        ? `taskId is not there; it must be "${config.taskId}"`
        : `taskId is "${found}", bgsync.config.json says "${config.taskId}"`;
    const evidence = [await settingOf(repo, 'taskId', `taskId is ${config.taskId}`)];
    return [{ file, line, message, evidence }];
  },
};
