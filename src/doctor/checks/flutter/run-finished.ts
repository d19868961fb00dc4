import type { Check, Finding } from '../../check.ts';
import { unfinishedRun } from '../../code/dart-finish.ts';
import { fetchRuns, fetchTimeouts } from '../../code/dart-runs.ts';
import { dartFunctions } from '../../code/dart.ts';
import { BACKGROUND_FETCH, dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';

const FINISH = /\bBackgroundFetch\s*\.\s*finish\b/;

export const runFinished: Check = {
  id: 'F14',
  title: 'A run of background_fetch is finished (Flutter)',
  severity: 'error',
  why: 'The OS waits for BackgroundFetch.finish(taskId). Without it iOS ends the app when its time is over, and gives it fewer runs from then on.',
  source:
    'https://pub.dev/documentation/background_fetch/latest/background_fetch/BackgroundFetch/finish.html',
  fix: 'Call BackgroundFetch.finish(taskId) on each path: in `finally`, before an early return, when the time is over.',
  explain: [
    'configure takes a callback that works, and one that is called when the OS wants its time back; the headless task is called for both, and tells them apart by task.timeout. Each of them ends with BackgroundFetch.finish.',
    "    @pragma('vm:entry-point')\n    void headlessTask(HeadlessTask task) async {\n      if (task.timeout) {\n        BackgroundFetch.finish(task.taskId);\n        return;\n      }\n      try {\n        await sync();\n      } finally {\n        BackgroundFetch.finish(task.taskId);\n      }\n    }",
    'doctor follows if and else, try and catch, loops and early returns. What is thrown past the callback is not followed: `finally` covers it.',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const findings = new Map<string, Finding>();
    const users = await dartUsing(repo, BACKGROUND_FETCH);
    if (users.length === 0) return [];
    const files = await repo.sources('dart');
    // Functions that finish, or that hand the run on to one that does.
    const finishing = new Set(
      files
        .flatMap(dartFunctions)
        .filter(({ file, body }) => FINISH.test(file.code.slice(body.start, body.end)))
        .map(({ name }) => name),
    );
    for (const file of users) {
      const timeouts = fetchTimeouts(file, files);
      for (const run of [...fetchRuns(file, files), ...timeouts]) {
        const { parameter, body } = run;
        // What is left to be written does nothing, and is no run.
        if (run.file.code.slice(body.start, body.end).trim() === '') continue;
        const handed =
          parameter === undefined
            ? undefined
            : new RegExp(`[(,]\\s*${parameter.replaceAll('$', '\\$')}\\s*[,)]`);
        const answers = (code: string): boolean =>
          FINISH.test(code) ||
          [...code.matchAll(/(?<![\w$])([\w$]+)\s*\(/g)].some(([, name = '']) =>
            finishing.has(name),
          ) ||
          (handed !== undefined && isHanded(code, handed));
        const problem = unfinishedRun(run, answers);
        if (problem === undefined) continue;
        const line = run.file.line(problem.offset);
        const message = SAYS[problem.how];
        const evidence = [await pubDependencyOf(repo, BACKGROUND_FETCH)];
        findings.set(`${run.file.path}:${line}`, { file: run.file.path, line, message, evidence });
      }
    }
    return [...findings.values()];
  },
};

/** Whether the run is given to a function that is not seen, besides one that only tells of it. */
const isHanded = (code: string, handed: RegExp): boolean =>
  handed.test(code.replace(/\b(?:debugPrint|print|log|logger\.\w+)\s*\([^()]*\)/g, ''));

const SAYS = {
  never: 'this callback never calls BackgroundFetch.finish',
  leaves: 'this path leaves without BackgroundFetch.finish',
  end: 'there is a path through this callback that ends without BackgroundFetch.finish',
} as const;
