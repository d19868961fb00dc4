import { CONFIG_FILE, syncsOf } from '../../../config.ts';
import { REFRESH_TASK_ID } from '../../../templates/model.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import { runningConfig } from '../../repo.ts';
import { BACKGROUND_FETCH, dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';
import { dartTasks, pluginRegistrations } from '../../code/workmanager.ts';
import { leavesLegacyFetchOn, runsThroughLegacyFetch } from './legacy-fetch.ts';
import { permissionsOf } from './permissions.ts';
import type { Evidence } from '../../check.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

/** Something that asks iOS for background tasks, and what the Info.plist has to say for it. */
export interface IosNeed {
  /** Permitted identifier; may hold `$(PRODUCT_BUNDLE_IDENTIFIER)`. Undefined where it needs none, or is not known. */
  readonly id: string | undefined;
  readonly mode: 'processing' | 'fetch' | 'remote-notification' | 'location' | undefined;
  /** Who needs it, for `… needs`: `ios/App/AppDelegate.swift:12`, `expo-background-task`. */
  readonly who: string;
  readonly from: 'config' | 'code' | 'library';
  /** Where that stands. */
  readonly at: Evidence;
}

const known = new WeakMap<DoctorRepo, Promise<readonly IosNeed[]>>();

/** What the config, the app's own code and its libraries need; each id and mode once. */
export function iosNeedsOf(repo: DoctorRepo): Promise<readonly IosNeed[]> {
  const found = known.get(repo) ?? find(repo);
  known.set(repo, found);
  return found;
}

async function find(repo: DoctorRepo): Promise<readonly IosNeed[]> {
  // What prebuild makes of bgsync's own settings is E01's.
  const isMade = repo.host === 'expo' && (await repo.expo())?.ios === 'generated';
  if ((await repo.ios()) === undefined && !isMade) return [];
  const needs = [
    ...(isMade ? [] : await configNeeds(repo)),
    ...(await libraryNeeds(repo)),
    ...(await pubNeeds(repo)),
    ...(await codeNeeds(repo)),
  ];
  const seen = new Set<string>();
  return needs.filter(({ id, mode }) => {
    const key = `${id ?? ''} ${mode ?? ''}`;
    return !seen.has(key) && seen.add(key);
  });
}

async function configNeeds(repo: DoctorRepo): Promise<IosNeed[]> {
  const config = runningConfig(repo);
  if (config?.platforms.includes('ios') !== true) return [];
  const from = 'config';
  const at = await settingOf(repo, 'taskId', `the background sync runs as ${config.taskId}`);
  const own = { who: CONFIG_FILE, from } as const;
  const processing: IosNeed = { ...own, id: config.taskId, mode: 'processing', at };
  const others = syncsOf(config)
    .slice(1)
    .map(async ({ name, taskId }): Promise<IosNeed> => {
      const says = `its sync ${name} runs as ${taskId}`;
      return { ...own, id: taskId, mode: 'processing', at: await settingOf(repo, 'tasks', says) };
    });
  const all = [processing, ...(await Promise.all(others))];
  if (!config.ios.refresh) return all;
  const refresh = await settingOf(repo, 'ios.refresh', `it is woken by ${REFRESH_TASK_ID}, too`);
  return [...all, { ...own, id: REFRESH_TASK_ID, mode: 'fetch', at: refresh }];
}

async function codeNeeds(repo: DoctorRepo): Promise<IosNeed[]> {
  const { registrations, requests } = await backgroundTasksOf(repo);
  const from = 'code';
  const place = ({ file, offset }: { file: SourceFile; offset: number }, says: string) => {
    const line = file.line(offset);
    return { who: `${file.path}:${line}`, at: { file: file.path, line, says } };
  };
  return [
    ...requests.flatMap((request): IosNeed[] => {
      const mode = { processing: 'processing', refresh: 'fetch', continued: undefined } as const;
      const need = { mode: mode[request.kind], from } as const;
      const ids = request.ids.length === 0 ? request.beginnings : request.ids;
      return ids.length === 0
        ? [{ ...need, ...place(request, `makes a ${request.kind} request`), id: undefined }]
        : ids.map((id) => ({
            ...{ ...need, id },
            ...place(request, `makes a ${request.kind} request for ${id}`),
          }));
    }),
    ...registrations.flatMap((one) =>
      one.ids.map((id): IosNeed => {
        const mode = one.isSwiftUi ? 'fetch' : undefined;
        return { id, mode, from, ...place(one, `registers ${id}`) };
      }),
    ),
  ];
}

/** Of plugins of Flutter that the app's Dart uses: what each documents. */
async function pubNeeds(repo: DoctorRepo): Promise<IosNeed[]> {
  if (repo.host !== 'flutter') return [];
  const from = 'library';
  const needs: IosNeed[] = [];
  // Without permitted ids they get their windows through the fetch of before iOS 13, and need none.
  const isLegacy = (await permissionsOf(repo)).every(leavesLegacyFetchOn);
  if ((await dartUsing(repo, BACKGROUND_FETCH)).length > 0) {
    const id = isLegacy ? undefined : 'com.transistorsoft.fetch';
    const at = await pubDependencyOf(repo, BACKGROUND_FETCH);
    needs.push({ id, mode: 'fetch', who: BACKGROUND_FETCH, from, at });
  }
  for (const { library, id, mode, call, file, offset } of await dartTasks(repo)) {
    if (isLegacy && mode === 'fetch') continue;
    const at = { file: file.path, line: file.line(offset), says: `schedules ${id}` };
    needs.push({ id, mode, who: `${call} of ${library}`, from, at });
  }
  for (const { ids, file, offset } of await pluginRegistrations(repo)) {
    for (const id of ids ?? []) {
      const line = file.line(offset);
      const at = { file: file.path, line, says: `has workmanager register ${id}` };
      needs.push({ id, mode: undefined, who: `${file.path}:${line}`, from: 'code', at });
    }
  }
  return needs;
}

export const TRANSISTOR = [
  'react-native-background-fetch',
  '@transistorsoft/capacitor-background-fetch',
];
export const RUNNER = '@capacitor/background-runner';

const isImported = async (repo: DoctorRepo, name: string): Promise<boolean> =>
  repo.depends(name) && (await repo.sourcesContaining('javascript', [name])).length > 0;

/** Of libraries that the app's JavaScript imports, or that its config sets up: what each documents. */
async function libraryNeeds(repo: DoctorRepo): Promise<IosNeed[]> {
  const needs: IosNeed[] = [];
  const from = 'library';
  if (await isImported(repo, 'expo-background-task')) {
    const id = 'com.expo.modules.backgroundtask.processing';
    const who = 'expo-background-task';
    needs.push({ id, mode: 'processing', who, from, at: await dependencyOf(repo, who) });
  }
  if (await isImported(repo, 'expo-background-fetch')) {
    const who = 'expo-background-fetch';
    needs.push({ id: undefined, mode: 'fetch', who, from, at: await dependencyOf(repo, who) });
  }
  for (const who of TRANSISTOR) {
    if (!(await isImported(repo, who))) continue;
    // Without permitted ids it gets its windows through the fetch of before iOS 13, and needs none.
    const isLegacy = await runsThroughLegacyFetch(repo);
    const id = isLegacy ? undefined : 'com.transistorsoft.fetch';
    needs.push({ id, mode: 'fetch', who, from, at: await dependencyOf(repo, who) });
    for (const { id: own, file, line } of await scheduledTasks(repo, who)) {
      const at = { file, line, says: `schedules ${own}` };
      needs.push({ id: own, mode: 'processing', who: `scheduleTask of ${who}`, from, at });
    }
  }
  if (repo.depends(RUNNER)) {
    const { runnerSettings } = await import('../../code/capacitor-plugins.ts');
    const { label: id, file, line } = (await runnerSettings(repo)) ?? {};
    if (id !== undefined && file !== undefined) {
      const at = { file, ...(line && { line }), says: `the background runner’s label is ${id}` };
      needs.push({ id, mode: 'fetch', who: RUNNER, from, at });
    }
  }
  return needs;
}

/** A task that the JavaScript schedules by an id of its own. */
export interface ScheduledTask {
  readonly id: string;
  readonly file: string;
  readonly line: number;
}

/** The ids that the JavaScript passes to BackgroundFetch.scheduleTask, as far as they can be told: those of constants, too. */
export async function scheduledTasks(
  repo: DoctorRepo,
  library: string,
): Promise<readonly ScheduledTask[]> {
  const found: ScheduledTask[] = [];
  const users = (await repo.sourcesContaining('javascript', [library])).filter(({ code }) =>
    code.includes('scheduleTask'),
  );
  if (users.length === 0) return [];
  const [{ callsOf, lineIn, openScript }, { choicesOf, constantOf, propertyAt }] =
    await Promise.all([import('../../code/javascript.ts'), import('../../code/js-resolve.ts')]);
  for (const { path } of users) {
    const script = await openScript(repo, path);
    if (script === undefined) continue;
    const api = { module: library, owner: 'BackgroundFetch', name: 'scheduleTask' };
    for (const call of callsOf(script, api)) {
      const [argument] = call.arguments;
      for (const options of argument ? await choicesOf(repo, script, argument) : []) {
        const given = await propertyAt(repo, options, 'taskId');
        if (given === undefined) continue;
        const line = lineIn(script, given.script === script ? given.node : call);
        for (const choice of await choicesOf(repo, given.script, given.node)) {
          const id = await constantOf(repo, choice.script, choice.node);
          if (typeof id === 'string') found.push({ id, file: path, line });
        }
      }
    }
  }
  return found;
}
