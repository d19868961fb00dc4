import { TRANSISTOR } from '../../../facts.ts';
import type { Node } from '../../../formats/javascript.ts';
import { isBelow } from '../../../versions.ts';
import type { Script } from '../../code/javascript.ts';
import { BACKGROUND_FETCH, CAPACITOR_FETCH, LAST_TASKS } from '../../code/task-libraries.ts';
import type { Check, Finding } from '../../check.ts';

const FETCHES = [BACKGROUND_FETCH, CAPACITOR_FETCH];
const LIBRARIES = [...FETCHES, ...LAST_TASKS];
/** What the Capacitor variant exports. */
const OWNER = 'BackgroundFetch';
const EXIT_OWNER = 'BackgroundTask';

export const fetchFinishes: Check = {
  id: 'J16',
  title: 'A run of background-fetch, or of Capawesome’s background task, is finished',
  severity: 'error',
  why: 'The OS waits for BackgroundFetch.finish(taskId). Without it iOS ends the app when its time is over, and gives it fewer runs from then on.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch#-example',
  fix: 'Call BackgroundFetch.finish(taskId) at the end of the callback, in `finally`, and in the timeout callback.',
  explain: [
    'configure takes two functions: one that does the work, and one that is called when the OS wants its time back. Each has to end with BackgroundFetch.finish(taskId). A processing task that is not finished is not finished by the library either: iOS kills the app.',
    '    BackgroundFetch.configure(\n      { minimumFetchInterval: 15 },\n      async (taskId) => {\n        try {\n          await sync();\n        } finally {\n          BackgroundFetch.finish(taskId);\n        }\n      },\n      (taskId) => BackgroundFetch.finish(taskId),\n    );',
    'doctor follows each path through both functions: one that returns early, an await that may fail outside of try, a promise that nobody waits for, and finish before the work is done. Up to version 3 the third argument is for errors, and nothing is asked of it; from 4 on it is called when the time is over.',
    'What BackgroundTask.beforeExit of Capawesome is given ends with BackgroundTask.finish({ taskId }) in the same way. Otherwise iOS keeps the app awake until its time is over, each time that it leaves the screen; with finish before the work is done, the app may be suspended in the middle of it.',
  ].join('\n\n'),
  appliesTo: (repo) => LIBRARIES.some((one) => repo.depends(one)),
  async run(repo) {
    const users = await repo.sourcesContaining('javascript', LIBRARIES);
    if (users.length === 0) return [];
    const [
      javascript,
      { handingCalls, unfinishedPath },
      { floatingWork },
      { callsUnknown },
      { resolveFunction },
    ] = await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-finish.ts'),
      import('../../code/js-floating.ts'),
      import('../../code/js-called.ts'),
      import('../../code/js-resolve.ts'),
    ]);
    const version = await repo.version(BACKGROUND_FETCH);
    // Without a timeout: the work alone.
    const isForErrors = version !== undefined && isBelow(version, TRANSISTOR.firstWithTimeout);
    const last = isForErrors ? 2 : 3;
    const { callsOf, importedNames, lineIn, propertyName, scriptsContaining, unwrap, walk } =
      javascript;
    const findings: Finding[] = [];
    const scripts = await scriptsContaining(repo, LIBRARIES);
    // `const { finish } = BackgroundFetch`, `const done = BackgroundFetch.finish`
    const named = new Set(
      scripts
        .flatMap((script) => importedNames(script))
        .filter(({ module, imported }) => LIBRARIES.includes(module) && imported === 'finish')
        .map(({ local }) => local),
    );
    const isFinish = (node: Node): boolean => {
      if (node.type !== 'CallExpression') return false;
      const callee = unwrap(node.callee);
      return callee.type === 'Identifier'
        ? named.has(callee.name)
        : callee.type === 'MemberExpression' &&
            propertyName(callee.property, callee.computed) === 'finish';
    };
    const finishes = (statement: Node): boolean => {
      let found = false;
      walk(statement, (node) => {
        found ||= isFinish(node);
        return !found;
      });
      return found;
    };
    /** A call of it that says nothing of the run; up to version 3 that was no question. */
    const finishWithoutId = (script: Script, root: Node): Node | undefined => {
      const owners = new Set(
        importedNames(script)
          .filter(({ module, imported }) => LIBRARIES.includes(module) && imported !== 'finish')
          .map(({ local }) => local),
      );
      let found: Node | undefined;
      walk(root, (node) => {
        if (node.type !== 'CallExpression' || node.arguments.length > 0 || !isFinish(node)) return;
        const callee = unwrap(node.callee);
        const isOwn =
          callee.type !== 'MemberExpression' ||
          (callee.object.type === 'Identifier' && owners.has(callee.object.name));
        if (isOwn) found ??= node;
      });
      return isForErrors ? undefined : found;
    };
    for (const script of scripts) {
      const calls = (name: string) =>
        FETCHES.flatMap((module) => callsOf(script, { module, owner: OWNER, name }));
      const exits = LAST_TASKS.flatMap((module) =>
        callsOf(script, { module, owner: EXIT_OWNER, name: 'beforeExit' }),
      );
      const configured = calls('configure');
      const headless = calls('registerHeadlessTask');
      const handed = [
        ...configured.flatMap((call) =>
          call.arguments.slice(1, last).map((node) => ({ call, node })),
        ),
        ...[...headless, ...exits].flatMap((call) =>
          call.arguments.slice(0, 1).map((node) => ({ call, node })),
        ),
      ];
      for (const { call, node } of handed) {
        const callback = await resolveFunction(repo, script, node);
        const [parameter] = callback?.node.params ?? [];
        if (callback === undefined || (parameter && parameter.type !== 'Identifier')) continue;
        const isExit = exits.includes(call);
        const handle = isExit ? resultName(script, call) : parameter?.name;
        const handing = await handingCalls(repo, callback.script, callback.node, isFinish);
        const problem = unfinishedPath(callback.script, callback.node, {
          isAnswer: isFinish,
          isHanding: (one) => handing.has(one),
          isHandle: (name) => name === handle,
        });
        const add = (there: Script, at: Node, message: string): void => {
          const place = { file: there.path, line: lineIn(there, at) };
          const said = isExit ? message.replace(OWNER, EXIT_OWNER) : message;
          // iOS takes back what is left of it, when the time is over.
          findings.push({ ...place, message: said, ...(isExit && { severity: 'warning' }) });
        };
        const nameless =
          problem === undefined ? finishWithoutId(callback.script, callback.node) : undefined;
        if (nameless !== undefined) {
          add(callback.script, nameless, SAYS.nameless);
          continue;
        }
        const isNever = problem?.how === 'never';
        // `const taskId = await beforeExit(() => {})`, with the work and its finish behind it.
        if (isExit && isNever && finishes(script.module.program)) continue;
        const isTimeout = node === call.arguments[2];
        const isElsewhere =
          isNever &&
          users.some(
            ({ path: other, code }) => other !== script.path && /\bfinish\s*\(/.test(code),
          ) &&
          (await callsUnknown(repo, callback.script, callback.node));
        if (isElsewhere) continue;
        if (problem !== undefined) {
          const own = callback.script === script && isNever && !isTimeout;
          const place = own ? call : isNever ? callback.node : problem.at;
          add(callback.script, place, isTimeout && isNever ? SAYS.timeout : SAYS[problem.how]);
          continue;
        }
        const floating = await floatingWork(
          repo,
          callback.script,
          callback.node,
          (one) => handing.has(one) || finishes(one),
        );
        if (floating === undefined || isTimeout) continue;
        add(floating.script, floating.at, `${floating.what} is not awaited: ${SAYS.floating}`);
      }
    }
    return findings;
  },
};

/** `const taskId = await call` */
function resultName({ parents }: Script, call: Node): string | undefined {
  const awaited = parents.get(call);
  const holder = awaited?.type === 'AwaitExpression' ? parents.get(awaited) : awaited;
  return holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier'
    ? holder.id.name
    : undefined;
}

const SAYS = {
  nameless: 'BackgroundFetch.finish is called without the id of the run, and finishes none',
  never: 'BackgroundFetch.finish is never called',
  timeout:
    'the third argument is what is called when the time is over, and it never calls BackgroundFetch.finish',
  return: 'this path leaves without BackgroundFetch.finish',
  throws: 'what fails here, or throws, ends the run without BackgroundFetch.finish',
  before: 'BackgroundFetch.finish was called before this work',
  floating: 'BackgroundFetch.finish is called before its work is done',
  end: 'there is a path that ends without BackgroundFetch.finish',
} as const;
