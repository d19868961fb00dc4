import type { Check, Finding } from '../../check.ts';
import { dartCalls } from '../../code/dart.ts';
import { BACKGROUND_FETCH, dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';

export const headlessRegistered: Check = {
  id: 'F06',
  title: 'A headless background_fetch has its headless task, and is let run without the app',
  severity: 'error',
  why: 'With enableHeadless Android starts Dart without the app, and calls what registerHeadlessTask was given. Where that was never called, or stopOnTerminate is left at its default of true, nothing runs once the app is gone from the recent apps.',
  source:
    'https://pub.dev/documentation/background_fetch/latest/background_fetch/BackgroundFetch/registerHeadlessTask.html',
  fix: 'Call BackgroundFetch.registerHeadlessTask in main(), beside runApp, and say stopOnTerminate: false with enableHeadless: true.',
  explain: [
    'background_fetch’s callback of `configure` lives in the app’s own isolate. When the user swipes the app away, Android alone goes on, headless: a new Dart isolate, in which only the function of `registerHeadlessTask` is called. `enableHeadless: true` asks for it, and it holds only where `stopOnTerminate` is false, which is not the default.',
    '    void main() {\n      runApp(const App());\n      BackgroundFetch.registerHeadlessTask(headlessTask);\n    }\n\n    BackgroundFetch.configure(\n      BackgroundFetchConfig(minimumFetchInterval: 15, stopOnTerminate: false, enableHeadless: true), …);',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const files = await dartUsing(repo, BACKGROUND_FETCH);
    const isRegistered = files.some((file) => /\bregisterHeadlessTask\b/.test(file.code));
    const findings: Finding[] = [];
    for (const file of files) {
      for (const { offset, named } of dartCalls(file, /\bBackgroundFetchConfig/)) {
        const valueOf = (name: string): string | undefined => {
          const range = named.get(name);
          return range && file.code.slice(range.start, range.end).trim();
        };
        const headless = named.get('enableHeadless');
        if (headless === undefined || valueOf('enableHeadless') !== 'true') continue;
        const stop = valueOf('stopOnTerminate');
        const message = !isRegistered
          ? 'enableHeadless is true, and nothing calls registerHeadlessTask'
          : stop === undefined || stop === 'true'
            ? `enableHeadless is true, and stopOnTerminate is ${stop === undefined ? 'left at true' : 'true'}: it ends with the app`
            : undefined;
        if (message === undefined) continue;
        const evidence = [await pubDependencyOf(repo, BACKGROUND_FETCH)];
        const line = file.line(stop === undefined ? offset : headless.start);
        findings.push({ file: file.path, line, message, evidence });
      }
    }
    return findings;
  },
};
