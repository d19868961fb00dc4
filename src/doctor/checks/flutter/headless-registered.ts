import type { Check, Finding } from '../../check.ts';
import { dartCalls } from '../../code/dart.ts';
import { BACKGROUND_FETCH, dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';

export const headlessRegistered: Check = {
  id: 'F06',
  title: 'A background_fetch that is to run without the app has its headless task, and is let run',
  severity: 'error',
  why: 'With enableHeadless Android starts Dart without the app, and calls what registerHeadlessTask was given. Where that was never called, or stopOnTerminate is left at its default of true, nothing runs once the app is gone from the recent apps.',
  source:
    'https://pub.dev/documentation/background_fetch/latest/background_fetch/BackgroundFetch/registerHeadlessTask.html',
  fix: 'Call BackgroundFetch.registerHeadlessTask in main(), beside runApp, and say stopOnTerminate: false with enableHeadless: true.',
  explain: [
    'background_fetch’s callback of `configure` lives in the app’s own isolate. When the user swipes the app away, Android alone goes on, headless: a new Dart isolate, in which only the function of `registerHeadlessTask` is called. `enableHeadless: true` asks for it, and it holds only where `stopOnTerminate` is false, which is not the default. So does `startOnBoot: true`, the start after a restart of the device.',
    '    void main() {\n      runApp(const App());\n      BackgroundFetch.registerHeadlessTask(headlessTask);\n    }\n\n    BackgroundFetch.configure(\n      BackgroundFetchConfig(minimumFetchInterval: 15, stopOnTerminate: false, enableHeadless: true), …);',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const files = await dartUsing(repo, BACKGROUND_FETCH);
    const isRegistered = files.some((file) => /\bregisterHeadlessTask\b/.test(file.code));
    // Of an object that is changed later on.
    if (files.some((file) => /\.\s*stopOnTerminate\s*=(?!=)/.test(file.code))) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      for (const { offset, named } of dartCalls(file, /\b(?:BackgroundFetchConfig|TaskConfig)/)) {
        const valueOf = (name: string): string | undefined => {
          const range = named.get(name);
          return range && file.code.slice(range.start, range.end).trim();
        };
        const stop = valueOf('stopOnTerminate');
        const stops = stop === undefined ? 'left at true' : stop === 'true' ? 'true' : undefined;
        const headless = valueOf('enableHeadless') === 'true';
        const boot = valueOf('startOnBoot') === 'true';
        const message =
          headless && !isRegistered
            ? 'enableHeadless is true, and nothing calls registerHeadlessTask'
            : stops === undefined || !(headless || boot)
              ? undefined
              : headless
                ? `enableHeadless is true, and stopOnTerminate is ${stops}: it ends with the app`
                : `startOnBoot is true, and stopOnTerminate is ${stops}: nothing starts after a restart of the device`;
        if (message === undefined) continue;
        const evidence = [await pubDependencyOf(repo, BACKGROUND_FETCH)];
        const at = named.get(headless ? 'enableHeadless' : 'startOnBoot')?.start ?? offset;
        const line = file.line(stop === undefined ? offset : at);
        findings.push({ file: file.path, line, message, evidence });
      }
    }
    return findings;
  },
};
