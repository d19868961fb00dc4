import { ENTRY_POINT } from '../../../integrations/flutter/plan.ts';
import type { Check } from '../../check.ts';
import { dartFunctions, keptByPragma } from '../../code/dart.ts';
import { runningConfig } from '../../repo.ts';
import { MaskedFile } from '../../source-files.ts';

export const entryPoint: Check = {
  id: 'F03',
  title: 'The handler has its entry point, and the compiler keeps it',
  severity: 'error',
  why: "Native enters Dart at backgroundSyncMain by its name. Nothing in Dart calls it: without `@pragma('vm:entry-point')` a release build leaves it out, and each run is skipped there, and in no debug build.",
  source:
    'https://github.com/dart-lang/sdk/blob/main/runtime/docs/compiler/aot/entry_point_pragma.md',
  fix: "Write `@pragma('vm:entry-point')` above `backgroundSyncMain`, at the top level of the handler file.",
  explain: [
    "A release build of Flutter takes out what nothing in Dart refers to, and shortens names. `@pragma('vm:entry-point')` says that native code enters here. A debug build keeps all of it, which is why the fault shows in the store’s build alone.",
    "    @pragma('vm:entry-point')\n    Future<void> backgroundSyncMain() => runBackgroundSync(queue: AppQueue());",
    'The function has to be one of the top level, in the file that `handler` in bgsync.config.json names.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.host === 'flutter' && runningConfig(repo) !== undefined,
  async run(repo) {
    const handler = runningConfig(repo)?.handler ?? '';
    const text = await repo.read(handler);
    if (text === undefined) return [];
    const file = new MaskedFile(handler, text, 'dart');
    const found = dartFunctions(file).find(
      ({ name, scope }) => name === ENTRY_POINT && scope === 'library',
    );
    if (found === undefined) {
      // It may come from another file.
      if (/^[\t ]*(?:export|part)\b/m.test(file.code)) return [];
      return [{ file: handler, message: `has no function ${ENTRY_POINT} at its top level` }];
    }
    if (keptByPragma(found) !== 'not') return [];
    const line = file.line(found.offset);
    return [{ file: handler, line, message: `${ENTRY_POINT} has no @pragma('vm:entry-point')` }];
  },
};
