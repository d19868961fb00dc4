import type { Check, Evidence, Finding } from '../../check.ts';
import { callbackOf, dartArgument, dartCalls, keptByPragma } from '../../code/dart.ts';
import type { DartCallback } from '../../code/dart.ts';
import {
  CALLBACK_TAKERS,
  WORKMANAGER,
  dartUsing,
  pubDependencyOf,
} from '../../code/pub-packages.ts';
import type { CallbackTaker } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';

export const callbackKept: Check = {
  id: 'F05',
  title:
    'The Dart callback that a plugin enters in the background can be found, and the compiler keeps it',
  severity: 'error',
  why: "The plugin keeps a handle of the function, and enters Dart at it in an engine of its own. Only functions of the top level and static ones have a handle, and without `@pragma('vm:entry-point')` a release build has no such function: nothing runs, in the store’s build alone.",
  source: 'https://github.com/fluttercommunity/flutter_workmanager/issues/374',
  fix: "Hand over a function of the top level, with `@pragma('vm:entry-point')` above it.",
  explain: [
    'workmanager’s `initialize`, background_fetch’s `registerHeadlessTask` and the background callbacks of firebase_messaging, android_alarm_manager_plus, flutter_background_service, flutter_foreground_task, flutter_local_notifications, flutter_background_geolocation, flutter_downloader and home_widget take a function and ask Dart for its handle (PluginUtilities.getCallbackHandle). A closure, a method of an object and a function inside of another have none: the handle is null, and no run ever reaches the app.',
    "The ahead-of-time compiler of profile and release builds takes out what nothing in Dart calls, and renames the rest where the build is obfuscated. `@pragma('vm:entry-point')` says that native code enters here (https://github.com/dart-lang/sdk/blob/main/runtime/docs/compiler/aot/entry_point_pragma.md). A debug build keeps everything, and works without it.",
    "    @pragma('vm:entry-point')\n    void callbackDispatcher() {\n      Workmanager().executeTask((task, inputData) async => true);\n    }",
    'A static method needs the annotation on itself. The package that bgsync generates needs no handle: it is entered by its name (F03).',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const findings: Finding[] = [];
    const handles: CallbackTaker = {
      call: /\bPluginUtilities\s*\.\s*getCallbackHandle/,
      argument: 0,
    };
    for (const { library, call: taker, argument } of [...CALLBACK_TAKERS, handles]) {
      const users =
        library === undefined
          ? await repo.sourcesContaining('dart', ['PluginUtilities'])
          : await dartUsing(repo, library);
      for (const file of users) {
        for (const call of dartCalls(file, taker)) {
          const first = dartArgument(call, argument);
          if (first === undefined) continue;
          const name = /(?<![\w$])[\w$]+$/.exec(
            file.code.slice(first.start, first.end).trimEnd(),
          )?.[0];
          const others = name === undefined ? [] : await repo.sourcesContaining('dart', [name]);
          const callback = callbackOf(call, first, others);
          const message = callback && whatIsWrong(callback);
          if (message === undefined) continue;
          const taken = { file: file.path, line: file.line(call.offset) };
          const at =
            callback?.kind === 'function'
              ? {
                  file: callback.found.file.path,
                  line: callback.found.file.line(callback.found.offset),
                }
              : taken;
          const isThere = at.file === taken.file && at.line === taken.line;
          const says = `it is handed to ${library ?? 'PluginUtilities.getCallbackHandle'} here`;
          const evidence = !isThere
            ? [{ ...taken, says }]
            : library === undefined
              ? declarationOf(callback)
              : [await pubDependencyOf(repo, library)];
          findings.push({ ...at, message, evidence });
        }
      }
    }
    return [...findings, ...(await withoutCallback(repo))];
  },
};

/** Work of workmanager, whose callback nothing in the app hands over. */
async function withoutCallback(repo: DoctorRepo): Promise<Finding[]> {
  const users = await dartUsing(repo, WORKMANAGER);
  if (users.some(({ code }) => /\binitialize\b/.test(code))) return [];
  for (const file of users) {
    const [call] = dartCalls(file, /\bregister(?:OneOff|Periodic|Processing)Task/);
    if (call === undefined) continue;
    const message =
      'this schedules work, and nothing calls initialize of workmanager, which takes the callback';
    const evidence = [await pubDependencyOf(repo, WORKMANAGER)];
    return [{ file: file.path, line: file.line(call.offset), message, evidence }];
  }
  return [];
}

function declarationOf(callback: DartCallback | undefined): readonly Evidence[] {
  if (callback === undefined || callback.kind === 'closure') return [];
  const { file, offset, name } = callback.found;
  return [{ file: file.path, line: file.line(offset), says: `${name} is declared here` }];
}

function whatIsWrong(callback: DartCallback): string | undefined {
  if (callback.kind === 'closure') return 'a closure has no handle: no run can enter it';
  const { name, owner } = callback.found;
  switch (callback.kind) {
    case 'method':
      return `${owner ?? ''}.${name} is a method of an object, which has no handle: no run can enter it`;
    case 'inner':
      return `${name} is a function inside of another, which has no handle: no run can enter it`;
    case 'function':
      return keptByPragma(callback.found) === 'not'
        ? `${name} has no @pragma('vm:entry-point'): a release build leaves it out`
        : undefined;
  }
}
