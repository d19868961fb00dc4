import type { Node } from '../../../formats/javascript.ts';
import { BACKGROUND_FETCH } from '../../code/task-libraries.ts';
import type { JavaScript } from '../../code/in-background-functions.ts';
import type { FunctionNode } from '../../code/javascript.ts';
import type { Check, Finding } from '../../check.ts';

export const fetchFinishes: Check = {
  id: 'J16',
  title: 'A run of react-native-background-fetch is finished',
  severity: 'error',
  why: 'The OS waits for BackgroundFetch.finish(taskId). Without it iOS ends the app when its time is over, and gives it fewer runs from then on.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch#-example',
  fix: 'Call BackgroundFetch.finish(taskId) at the end of the callback, in `finally`, and in the timeout callback.',
  explain: [
    'configure takes two functions: one that does the work, and one that is called when the OS wants its time back. Each has to end with BackgroundFetch.finish(taskId). A processing task that is not finished is not finished by the library either: iOS kills the app.',
    '    BackgroundFetch.configure(\n      { minimumFetchInterval: 15 },\n      async (taskId) => {\n        try {\n          await sync();\n        } finally {\n          BackgroundFetch.finish(taskId);\n        }\n      },\n      (taskId) => BackgroundFetch.finish(taskId),\n    );',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(BACKGROUND_FETCH),
  async run(repo) {
    const users = await repo.sourcesContaining('javascript', [BACKGROUND_FETCH]);
    if (users.some(({ code }) => /\bfinish\b/.test(code))) return [];
    const javascript = await import('../../code/javascript.ts');
    const { callsOf, isFunction, lineIn, openScript } = javascript;
    const findings: Finding[] = [];
    for (const { path } of users) {
      const script = await openScript(repo, path);
      if (script === undefined) continue;
      for (const call of callsOf(script, { module: BACKGROUND_FETCH, name: 'configure' })) {
        // One that is imported, or is handed the id, may finish where doctor does not look.
        const [, callback] = call.arguments;
        if (callback === undefined || !isFunction(callback) || handsOn(callback, javascript)) {
          continue;
        }
        const message = 'BackgroundFetch.finish is never called';
        findings.push({ file: path, line: lineIn(script, call), message });
      }
    }
    return findings;
  },
};

/** Whether the id of the run, its first parameter, goes anywhere but into the log. */
function handsOn({ params: [id], body }: FunctionNode, { walk }: JavaScript): boolean {
  if (id === undefined) return false;
  if (id.type !== 'Identifier') return true;
  let found = false;
  walk(body, (node) => {
    if (isConsole(node)) return false;
    found ||= node.type === 'Identifier' && node.name === id.name;
    return !found;
  });
  return found;
}

const isConsole = (node: Node): boolean =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  node.callee.object.type === 'Identifier' &&
  node.callee.object.name === 'console';
