import { syncsOf } from '../../../config.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import { functionAround } from '../../code/apple-functions.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Registration } from '../../code/background-tasks.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { isConditional } from '../../code/conditions.ts';
import { placeOf } from '../../code/launch-handlers.ts';
import type { DoctorRepo } from '../../repo.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { runningConfig } from '../../repo.ts';
import { TRANSISTOR } from './needs.ts';
import { PERMITTED_KEY } from './permissions.ts';

export const identifierRegisteredOnce: Check = {
  id: 'I07',
  title: 'Every task id is registered in one place',
  severity: 'error',
  blocks: true,
  why: 'A second registration of the same id ends the app at launch: “Launch handler for task with identifier … has already been registered”.',
  source: 'https://github.com/transistorsoft/transistor-background-fetch/issues/14',
  fix: 'Leave one registration; where a library registers the id, take out your own.',
  explain: [
    'BGTaskScheduler.register raises NSInternalInconsistencyException when an id is registered a second time in a process. The app ends at every launch.',
    'It happens where AppDelegate code from a guide is left beside a library that registers by itself: expo-background-task, react-native-background-fetch (every id that starts with com.transistorsoft) and the package that bgsync generates all register their own ids.',
    'A handler for an id that a library owns is never needed: give your task an id of its own.',
  ].join('\n\n'),
  async run(repo) {
    const { registrations } = await backgroundTasksOf(repo);
    const hasOneTarget = ((await repo.ios())?.targets.length ?? 0) <= 1;
    const findings: Finding[] = [];
    const first = new Map<string, Registration>();
    for (const registration of registrations) {
      for (const id of registration.ids) {
        const owner = await ownerOf(repo, id);
        if (owner !== undefined) {
          const message = `${id} is registered here, and by ${owner.name}`;
          const fix =
            id === repo.integration?.config?.taskId
              ? 'Take the registration out here, or give bgsync an id of its own: --task-id of `npx bgsync init`, taskId in bgsync.config.json.'
              : undefined;
          const evidence = [owner.at];
          findings.push({ ...placeOf(registration), message, evidence, ...(fix && { fix }) });
          continue;
        }
        const before = first.get(id);
        if (before === undefined) first.set(id, registration);
        else if (areBothRun(before, registration, hasOneTarget)) {
          const { file, line } = placeOf(before);
          const message = `${id} is registered here, and in ${file}:${line}`;
          const evidence = [{ file, line, says: `registers ${id}` }];
          findings.push({ ...placeOf(registration), message, evidence });
        }
      }
    }
    return [...findings, ...(await registersAll(repo))];
  },
};

/** Code of the app that reads the permitted ids and registers them: bgsync's id is among them. */
async function registersAll(repo: DoctorRepo): Promise<Finding[]> {
  const config = runningConfig(repo);
  if (config?.platforms.includes('ios') !== true) return [];
  const evidence = [
    await settingOf(repo, 'taskId', `the generated package registers ${config.taskId}`),
  ];
  const files = await appleSourcesContaining(repo, [PERMITTED_KEY]);
  return files.flatMap((file) => {
    const read = file.strings.find(({ text }) => text === PERMITTED_KEY);
    if (read === undefined || !REGISTER.test(file.code)) return [];
    const message = `the permitted ids are read and registered here: ${config.taskId} of bgsync would be registered twice`;
    const fix = `Register ids of your own alone there: skip ${config.taskId}, or write them out.`;
    return [{ file: file.path, line: file.line(read.offset), message, evidence, fix }];
  });
}

const REGISTER = /\bregister\s*\(\s*forTaskWithIdentifier\s*:|\bregisterForTaskWithIdentifier\s*:/;

/** What registers an id by itself. */
export async function ownerOf(
  repo: DoctorRepo,
  id: string,
): Promise<{ readonly name: string; readonly at: Evidence } | undefined> {
  const library = libraryOf(repo, id);
  if (library !== undefined) return { name: library, at: await dependencyOf(repo, library) };
  const config = repo.integration?.config;
  if (config?.platforms.includes('ios') !== true) return undefined;
  const sync = syncsOf(config).find(({ taskId }) => taskId === id);
  if (sync === undefined) return undefined;
  const name = 'the package that bgsync generated';
  const key = sync.name === '' ? 'taskId' : 'tasks';
  return { name, at: await settingOf(repo, key, `${name} registers ${id}`) };
}

function libraryOf(repo: DoctorRepo, id: string): string | undefined {
  if (id === 'com.expo.modules.backgroundtask.processing' && repo.depends('expo-background-task')) {
    return 'expo-background-task';
  }
  if (id.startsWith('com.transistorsoft')) return TRANSISTOR.find((name) => repo.depends(name));
  return undefined;
}

/** Whether one process runs both, as far as the code tells. */
function areBothRun(a: Registration, b: Registration, hasOneTarget: boolean): boolean {
  if (isConditional(a.file, a.offset) || isConditional(b.file, b.offset)) return false;
  if (a.file !== b.file) return hasOneTarget;
  const around = functionAround(a.file, a.offset);
  if (around !== functionAround(b.file, b.offset)) return true;
  // Two branches of a condition.
  const block = ({ file, offset }: Registration) =>
    bracketsOf(file)
      .around(offset)
      .find(({ kind }) => kind === '{');
  return block(a) === block(b);
}
