import { DART_MAIN } from '../../../integrations/edits/dart-main.ts';
import { dartHandler } from '../../../integrations/flutter/handler.ts';
import { exportIn, startsAnother } from '../../../integrations/flutter/plan.ts';
import { readDart } from '../../../formats/dart.ts';
import { findMains } from '../../../project/flutter-apps.ts';
import type { Check, Finding } from '../../check.ts';
import { pubPackagesOf } from '../../code/pub-packages.ts';
import { editFix } from '../../edit-fix.ts';
import { settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';

export const handlerCompiled: Check = {
  id: 'F02',
  title: 'Each file that the app starts at has the handler in its program',
  severity: 'error',
  why: 'Dart compiles what the file of `main` imports or exports. A handler that is not among it is not in the app: each run is skipped, because there is no such function.',
  source:
    'https://api.flutter.dev/javadoc/io/flutter/embedding/engine/dart/DartExecutor.DartEntrypoint.html',
  fix: 'Run `npx bgsync init` again, or put the line that the finding names below the last import.',
  mends:
    'Adds the export below the last import; the handler’s libraries are compiled into the app with it. Where the handler is not there, it is left to you.',
  explain: [
    'A run starts an engine of its own, and enters Dart at backgroundSyncMain of the handler, by the name of its library. That library must be a part of the compiled program, which begins at `lib/main.dart` or at what `flutter build -t` names.',
    "    export 'background_sync.dart' show backgroundSyncMain;",
    'An export is never an unused import. One that reaches the handler over another file is as good: doctor looks at the file itself, and at another main that it imports.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.host === 'flutter' && runningConfig(repo) !== undefined,
  async run(repo) {
    const config = runningConfig(repo);
    const app = (await pubPackagesOf(repo))?.spec.name;
    if (config === undefined || app === undefined) return [];
    const mains = await findMains(
      (folder) => repo.list(folder),
      (path) => repo.read(path),
    );
    const evidence = [await settingOf(repo, 'handler', `the handler is ${config.handler}`)];
    const findings: Finding[] = [];
    for (const { path } of mains) {
      const text = (await repo.read(path)) ?? '';
      if (
        startsAnother(
          text,
          path,
          mains.map((one) => one.path),
          app,
        )
      )
        continue;
      const wanted = exportIn(path, config.handler, app);
      const result = DART_MAIN.ensure(text, wanted);
      if (result.status === 'already') continue;
      if (await isReached(text, path, wanted.uri, (other) => repo.read(other))) continue;
      const message = `does not export ${wanted.uri}`;
      // Another path would end the text in the export, or be of no library.
      const isNameable = dartHandler.pattern.test(config.handler);
      const offered =
        result.status === 'changed' && isNameable && (await repo.exists(config.handler))
          ? {
              fixEdits: editFix(path, text, DART_MAIN.reason, (one) =>
                DART_MAIN.ensure(one, wanted),
              ),
            }
          : {};
      findings.push({ file: path, message, evidence, ...offered });
    }
    return findings;
  },
};

/** Whether one of the files that it names itself has the handler. */
async function isReached(
  source: string,
  path: string,
  handler: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<boolean> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const { uri, isDeferred } of readDart(source)?.directives ?? []) {
    if (uri === undefined || isDeferred || !/^[\w./-]+\.dart$/.test(uri) || uri.startsWith('.'))
      continue;
    const text = await read(`${folder}${uri}`);
    if (text?.includes(handler.slice(handler.lastIndexOf('/') + 1)) === true) return true;
  }
  return false;
}
