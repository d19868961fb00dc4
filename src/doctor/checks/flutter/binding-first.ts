import type { Check, Finding } from '../../check.ts';
import { dartFunctions } from '../../code/dart.ts';
import { reachedInDart } from '../../code/dart-reach.ts';
import { dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';
import type { SourceFile } from '../../source-files.ts';

/** Calls of plugins that speak to the platform at once. */
const CALLS = [
  { library: 'workmanager', call: /\bWorkmanager(?:\s*\(\s*\)|\s*\.\s*instance)?\s*\.\s*\w+\s*\(/ },
  {
    library: 'background_fetch',
    call: /\bBackgroundFetch\s*\.\s*(?:configure|start|scheduleTask)\s*\(/,
  },
  { library: 'android_alarm_manager_plus', call: /\bAndroidAlarmManager\s*\.\s*\w+\s*\(/ },
  {
    library: 'flutter_background_service',
    call: /\bFlutterBackgroundService\s*\(\s*\)\s*\.\s*\w+\s*\(/,
  },
] as const;

const BINDS = /\bensureInitialized\b|\brunApp\s*\(/;
/** What may stand in front of such a call, and binds nothing. */
const HARMLESS =
  /^(?:print|debugPrint|log|Duration|DateTime|Future|delayed|now|if|for|while|switch|const)$/;

export const bindingFirst: Check = {
  id: 'F12',
  title: 'main() has the binding before it calls a plugin of the background',
  severity: 'error',
  why: 'A plugin speaks to the platform through the binding, which runApp makes. Before that the call throws “Binding has not yet been initialized”: the work is never scheduled, or the app ends on a white screen.',
  source: 'https://api.flutter.dev/flutter/widgets/WidgetsFlutterBinding/ensureInitialized.html',
  fix: 'Call WidgetsFlutterBinding.ensureInitialized() at the start of main().',
  explain: [
    'Workmanager().initialize and its like send a message over a platform channel. ServicesBinding carries it, and there is none before WidgetsFlutterBinding.ensureInitialized() or runApp.',
    '    Future<void> main() async {\n      WidgetsFlutterBinding.ensureInitialized();\n      await Workmanager().initialize(callbackDispatcher);\n      runApp(const App());\n    }',
    'In a callback of workmanager it is not needed: executeTask does it.',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const findings: Finding[] = [];
    for (const { library, call } of CALLS) {
      const users = await dartUsing(repo, library);
      const files = users.length === 0 ? [] : await repo.sources('dart');
      for (const file of users) {
        const main = dartFunctions(file).find(
          ({ name, scope }) => name === 'main' && scope === 'library',
        );
        const code = main && file.code.slice(main.body.start, main.body.end);
        const at = code?.search(call) ?? -1;
        if (main === undefined || code === undefined || at === -1) continue;
        const before = code.slice(0, at);
        if (BINDS.test(before) || mayBind(before, files)) continue;
        const name = /^[\w$]+/.exec(code.slice(at))?.[0] ?? library;
        const message = `main() calls ${name} before there is a binding: it throws`;
        const evidence = [await pubDependencyOf(repo, library)];
        const line = file.line(main.body.start + at);
        findings.push({ file: file.path, line, message, evidence });
      }
    }
    return findings;
  },
};

/** Whether something that is called in a piece of code may make the binding. */
function mayBind(code: string, files: readonly SourceFile[]): boolean {
  for (const [, name = ''] of code.matchAll(/(?<![\w$])([\w$]+)\s*\(/g)) {
    if (HARMLESS.test(name)) continue;
    const own = files.flatMap(dartFunctions).filter((one) => one.name === name);
    if (own.length === 0) return true;
    const reached = own.flatMap((one) => reachedInDart(one, files));
    if (reached.some(({ file, body }) => BINDS.test(file.code.slice(body.start, body.end)))) {
      return true;
    }
  }
  return false;
}
