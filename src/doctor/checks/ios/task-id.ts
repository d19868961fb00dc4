import { syncsOf } from '../../../config.ts';
import { lineNumber } from '../../../formats/text.ts';
import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

const FILE = 'ios/BackgroundSyncConfig.swift';

/** The ids of the syncs in the generated Swift, in their order: `taskId = "…"` of the first, `taskId: "…"` of others. */
const ID = /\btaskId\s*[=:]\s*"([^"]*)"/g;

/** What of the code is not as the config says. `at`: the offset in `text`; `key`: of the config. */
function* differencesIn(text: string, config: Parameters<typeof syncsOf>[0]) {
  const [first, ...others] = [...text.matchAll(ID)].map(({ 1: id = '', index }) => ({ id, index }));
  const at = first?.index ?? 0;
  if (first === undefined) {
    yield { key: 'taskId', at, message: `taskId is not there; it must be "${config.taskId}"` };
  } else if (first.id !== config.taskId) {
    const message = `taskId is "${first.id}", bgsync.config.json says "${config.taskId}"`;
    yield { key: 'taskId', at, message };
  }
  const wanted = syncsOf(config).slice(1);
  for (const { name, taskId: id } of wanted) {
    if (others.some((other) => other.id === id)) continue;
    yield { key: 'tasks', at, message: `"${id}" is not there, the id of the task ${name}` };
  }
  for (const { id, index } of others) {
    if (wanted.some(({ taskId }) => taskId === id)) continue;
    yield { key: 'tasks', at: index, message: `no task of bgsync.config.json has the id "${id}"` };
  }
}

export const taskId: Check = {
  id: 'I02',
  title: 'The Swift code uses the task ids of the config',
  severity: 'error',
  why: 'The code registers and submits the ids that are compiled in. Where the Info.plist permits others, iOS refuses them; a task that is not compiled in never runs.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler',
  fix: 'Run `npx bgsync init` again: it generates the package from bgsync.config.json.',
  explain: [
    'The task ids are compiled into the app and listed in the Info.plist. Both are put in from `taskId` and `tasks` of bgsync.config.json. Where one was changed in one place alone, the code registers an id that iOS does not permit.',
    '`npx bgsync init` generates the code anew. An old id stays in bgsync.lock.json, so that the app cancels requests that are still pending under it.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const config = repo.integration?.config;
    if (config?.platforms.includes('ios') !== true) return [];
    const file = `${config.moduleDir}/${FILE}`;
    const text = await repo.read(file);
    if (text === undefined) return [];
    return Promise.all(
      [...differencesIn(text, config)].map(async ({ key, at, message }) => {
        const says = key === 'taskId' ? `taskId is ${config.taskId}` : 'its tasks stand here';
        const line = lineNumber(text, at);
        return { file, line, message, evidence: [await settingOf(repo, key, says)] };
      }),
    );
  },
};
