import type { Node } from '../../../formats/javascript.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import type { FunctionNode, Script } from '../../code/javascript.ts';
import { TASK_MANAGER } from '../../code/task-libraries.ts';
import type { DoctorRepo } from '../../repo.ts';

interface Library {
  readonly module: string;
  /** The enum of its answers. */
  readonly results: string;
  /** What it takes the other library's answers for, by their names; those that mean the same are left out. */
  readonly takes: Readonly<Record<string, string>>;
}

/**
 * The numbers are those of the packages: Success 1 and Failed 2 of the one, NoData 1, NewData 2 and Failed 3 of the other.
 * https://github.com/expo/expo/blob/main/packages/expo-background-task/ios/BackgroundTaskConsumer.swift
 */
const TASK: Library = {
  module: 'expo-background-task',
  results: 'BackgroundTaskResult',
  takes: { NewData: '2, which is Failed', Failed: '3, which is no failure' },
};
const FETCH: Library = {
  module: 'expo-background-fetch',
  results: 'BackgroundFetchResult',
  takes: { Success: '1, which is NoData', Failed: '2, which is NewData' },
};

/** Functions that one answer is followed through. */
const DEEPEST = 5;

export const taskResult: Check = {
  id: 'J23',
  title: 'A task answers with the results of the library that runs it',
  severity: 'warning',
  why: 'The results of expo-background-task and of expo-background-fetch are numbers, and not the same ones: iOS is told that a run failed which worked, or the other way round, and plans the next ones by that.',
  source: 'https://docs.expo.dev/versions/latest/sdk/background-task/#backgroundtaskresult',
  fix: 'Return the results of the library whose registerTaskAsync has the task’s name.',
  explain: [
    'expo-background-task knows BackgroundTaskResult.Success (1) and Failed (2); expo-background-fetch knows BackgroundFetchResult.NoData (1), NewData (2) and Failed (3). A task that moved from one to the other and kept its answers says Failed where it means NewData, and TypeScript takes it: both are numbers.',
    "    TaskManager.defineTask('sync', async () => {\n      await sync();\n      return BackgroundTask.BackgroundTaskResult.Success; // not BackgroundFetch.BackgroundFetchResult.NewData\n    });\n    BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });",
    'A task that both libraries register is left alone.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(TASK_MANAGER),
  async run(repo) {
    const users = await repo.sourcesContaining('javascript', [TASK.results, FETCH.results]);
    if (users.length === 0) return [];
    const [javascript, { constantOf, resolveFunction }] = await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-resolve.ts'),
    ]);
    const { callsOf, lineIn, scriptsContaining } = javascript;
    const registered = async ({ module }: Library): Promise<ReadonlyMap<unknown, Evidence>> => {
      const names = new Map<unknown, Evidence>();
      for (const script of await scriptsContaining(repo, ['registerTaskAsync'])) {
        for (const call of callsOf(script, { module, name: 'registerTaskAsync' })) {
          const name = await constantOf(repo, script, call.arguments[0]);
          const says = `registers '${String(name)}' with ${module}`;
          names.set(name, { file: script.path, line: lineIn(script, call), says });
        }
      }
      return names;
    };
    const [tasks, fetches] = [await registered(TASK), await registered(FETCH)];
    // A name that only a run knows may be any.
    if (tasks.has(undefined) || fetches.has(undefined)) return [];
    const findings: Finding[] = [];
    for (const script of await scriptsContaining(repo, ['defineTask'])) {
      for (const call of callsOf(script, { module: TASK_MANAGER, name: 'defineTask' })) {
        const name = await constantOf(repo, script, call.arguments[0]);
        if (name === undefined || tasks.has(name) === fetches.has(name)) continue;
        const [own, other] = tasks.has(name) ? [TASK, FETCH] : [FETCH, TASK];
        const task = await resolveFunction(repo, script, call.arguments[1]);
        if (task === undefined) continue;
        for (const { script: at, node, member } of await answersOf(repo, task, other)) {
          const taken = Object.hasOwn(own.takes, member) ? own.takes[member] : undefined;
          if (taken === undefined) continue;
          const place = tasks.get(name) ?? fetches.get(name);
          findings.push({
            file: at.path,
            line: lineIn(at, node),
            message: `answers ${other.results}.${member} to ${own.module}: it is ${taken} there`,
            evidence: place === undefined ? [] : [place],
          });
        }
      }
    }
    return findings;
  },
};

interface Answer {
  readonly script: Script;
  readonly node: Node;
  /** Of the enum. */
  readonly member: string;
}

/** The members of a library's enum that a task may end with. */
async function answersOf(
  repo: DoctorRepo,
  task: { readonly script: Script; readonly node: FunctionNode },
  library: Library,
): Promise<readonly Answer[]> {
  const [
    { importedNames, isFunction },
    { resultsOf },
    { resolveFunction },
    { propertyName, unwrap },
  ] = await Promise.all([
    import('../../code/javascript.ts'),
    import('../../code/js-called.ts'),
    import('../../code/js-resolve.ts'),
    import('../../../formats/javascript.ts'),
  ]);
  const found = new Map<Node, Answer>();
  const isEnum = (script: Script, node: Node): boolean => {
    const value = unwrap(node);
    const isNamed = (name: string, imported: readonly string[]): boolean =>
      importedNames(script).some(
        (one) =>
          one.local === name && one.module === library.module && imported.includes(one.imported),
      );
    if (value.type === 'Identifier') return isNamed(value.name, [library.results]);
    return (
      value.type === 'MemberExpression' &&
      propertyName(value.property, value.computed) === library.results &&
      value.object.type === 'Identifier' &&
      isNamed(value.object.name, ['*', 'default'])
    );
  };
  const look = async (script: Script, node: Node, depth: number): Promise<void> => {
    const value = unwrap(node);
    if (depth > DEEPEST) return;
    if (value.type === 'AwaitExpression') return look(script, value.argument, depth);
    if (value.type === 'ConditionalExpression') {
      await look(script, value.consequent, depth + 1);
      return look(script, value.alternate, depth + 1);
    }
    if (value.type === 'MemberExpression') {
      const member = propertyName(value.property, value.computed);
      if (member !== undefined && isEnum(script, value.object)) {
        found.set(value, { script, node: value, member });
      }
      return undefined;
    }
    if (value.type !== 'CallExpression') return undefined;
    const called = await resolveFunction(repo, script, value.callee);
    // `sync().then(() => Result.NewData)`
    const callee = unwrap(value.callee);
    const then =
      callee.type === 'MemberExpression' &&
      ['then', 'catch'].includes(propertyName(callee.property, callee.computed) ?? '')
        ? value.arguments.filter((one) => isFunction(one))
        : [];
    if (callee.type === 'MemberExpression' && then.length > 0) {
      await look(script, callee.object, depth + 1);
    }
    for (const one of then) await within({ script, node: one }, depth + 1);
    return called && within(called, depth + 1);
  };
  const within = async (
    { script, node }: { readonly script: Script; readonly node: FunctionNode },
    depth: number,
  ): Promise<void> => {
    for (const result of resultsOf(node)) {
      if (result !== undefined) await look(script, result, depth);
    }
  };
  await within(task, 0);
  return [...found.values()];
}
