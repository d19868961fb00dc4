import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { StringReader } from './apple-strings.ts';
import { isSwift } from './apple-functions.ts';
import { bracketsOf, splitTopLevel } from './brackets.ts';
import { dartConstant } from './dart-constants.ts';
import { dartCalls } from './dart.ts';
import { appleSourcesContaining } from './function-index.ts';
import { BACKGROUND_FETCH, WORKMANAGER, dartUsing } from './pub-packages.ts';

/** A task that Dart schedules by an id that iOS has to know. */
export interface DartTask {
  readonly library: typeof WORKMANAGER | typeof BACKGROUND_FETCH;
  readonly id: string;
  readonly mode: 'processing' | 'fetch';
  /** As it is called: `registerPeriodicTask`. */
  readonly call: string;
  readonly file: SourceFile;
  readonly offset: number;
}

/** Where a file asks for the platform, a call may be one that iOS never sees. */
const ASKS_PLATFORM = /\bPlatform\s*\.\s*is\w+|\bdefaultTargetPlatform\b|\bTargetPlatform\s*\./;

/** The tasks that the app's Dart schedules by literal ids, as far as they are meant for iOS, too. */
export async function dartTasks(repo: DoctorRepo): Promise<readonly DartTask[]> {
  const found: DartTask[] = [];
  for (const file of await dartUsing(repo, WORKMANAGER)) {
    if (ASKS_PLATFORM.test(file.code)) continue;
    for (const [call, mode] of [
      ['registerPeriodicTask', 'fetch'],
      ['registerProcessingTask', 'processing'],
    ] as const) {
      for (const one of dartCalls(file, new RegExp(`\\.\\s*${call}`))) {
        const range = one.positional[0];
        const id = range && (await dartConstant(repo, { file, range }));
        if (id === undefined) continue;
        found.push({ library: WORKMANAGER, id, mode, call, file, offset: one.offset });
      }
    }
  }
  for (const file of await dartUsing(repo, BACKGROUND_FETCH)) {
    if (ASKS_PLATFORM.test(file.code)) continue;
    for (const { offset, named } of dartCalls(file, /\bTaskConfig/)) {
      const range = named.get('taskId');
      const id = range && (await dartConstant(repo, { file, range }));
      if (id === undefined) continue;
      const one = { library: BACKGROUND_FETCH, mode: 'processing', call: 'scheduleTask' } as const;
      found.push({ ...one, id, file, offset });
    }
  }
  return found;
}

/** A call of the app delegate that has workmanager register launch handlers. */
export interface PluginRegistration {
  readonly file: SourceFile;
  readonly offset: number;
  /** Undefined for all that were scheduled before: `registerLaunchHandlers()`; empty where they cannot be read. */
  readonly ids: readonly string[] | undefined;
}

export const WORKMANAGER_PLUGIN = 'WorkmanagerPlugin';

/** What the app's Swift and Objective-C has workmanager register. */
export async function pluginRegistrations(
  repo: DoctorRepo,
): Promise<readonly PluginRegistration[]> {
  const reader = new StringReader(repo);
  const found: PluginRegistration[] = [];
  for (const file of await appleSourcesContaining(repo, [WORKMANAGER_PLUGIN])) {
    const { code, text } = file;
    const call =
      /\bWorkmanagerPlugin(?:\s*\.)?\s*(register(?:PeriodicTask|BGProcessingTask|Task|LaunchHandlers))\b/g;
    for (const match of code.matchAll(call)) {
      const offset = match.index;
      if (match[1] === 'registerLaunchHandlers') {
        found.push({ file, offset, ids: undefined });
        continue;
      }
      const end = offset + match[0].length;
      const list = bracketsOf(file).at(
        end + (/^\s*/.exec(code.slice(end, end + 20))?.[0].length ?? 0),
      );
      const argument = isSwift(file)
        ? list &&
          splitTopLevel(code, { start: list.open + 1, end: list.close }, ',')
            .map(({ start, end: stop }) => text.slice(start, stop))
            .find((one) => /^\s*withIdentifier\s*:/.test(one))
            ?.replace(/^\s*withIdentifier\s*:/, '')
        : /^\s*WithIdentifier\s*:\s*([^\]\s]+)/.exec(text.slice(end, end + 300))?.[1];
      const ids = argument === undefined ? [] : await reader.read(argument, { file, offset });
      found.push({ file, offset, ids });
    }
  }
  return found;
}
