import type { Node } from '../../../formats/javascript.ts';
import { inBackgroundFunctions } from '../../code/in-background-functions.ts';
import type {
  FindFunction,
  FoundFunction,
  JavaScript,
} from '../../code/in-background-functions.ts';
import type { FunctionNode, Script } from '../../code/javascript.ts';
import type { Check } from '../../check.ts';

type AwaitExpression = Extract<Node, { type: 'AwaitExpression' }>;

export const headlessRejects: Check = {
  id: 'J05',
  title: 'A headless task does not reject',
  severity: 'info',
  why: 'React Native logs the rejection of a headless task and does not finish the task: native code waits until its timeout, and then takes it for a hang.',
  source:
    'https://github.com/react/react-native/blob/main/packages/react-native/Libraries/ReactNative/AppRegistryImpl.js',
  fix: 'Put the body of the task into try … catch.',
  explain: [
    'AppRegistry.startHeadlessTask finishes a task when its promise is fulfilled. When it is rejected, only an error of type HeadlessJsTaskError is reported back; any other is printed, and the task stays open until the timeout of HeadlessJsTaskConfig. Without a timeout it stays open for ever.',
    'Whether something that is awaited can fail is not known from the code alone, so this is no more than a hint. It cannot happen to bgsync’s drainQueue: what it throws is caught, and the run ends as `retry`.',
    "    AppRegistry.registerHeadlessTask('Sync', () => async () => {\n      try {\n        await sync();\n      } catch (error) {\n        report(error);\n      }\n    });",
  ].join('\n\n'),
  run: (repo) =>
    inBackgroundFunctions(repo, async ({ kind, script, node }, javascript, find) => {
      if (kind !== 'headless') return [];
      const open = await openAwait({ script, node }, javascript, find);
      if (open === undefined) return [];
      const message = 'what this await throws leaves the headless task open until its timeout';
      return [{ file: script.path, line: javascript.lineIn(script, open), message }];
    }),
};

/** The first `await` of a function that nothing catches, around it or in what it calls. */
async function openAwait(
  { script, node }: FoundFunction,
  javascript: JavaScript,
  find: FindFunction,
  seen = new Set<FunctionNode>(),
): Promise<Node | undefined> {
  seen.add(node);
  for (const open of uncaughtAwaits(script, node, javascript)) {
    const awaited = javascript.unwrap(open.argument);
    if (awaited.type !== 'CallExpression') return open;
    if (catches(awaited, javascript)) continue;
    const called = await find(script, awaited.callee);
    const isSafe =
      called !== undefined &&
      !seen.has(called.node) &&
      guardsAll(called.node) &&
      (await openAwait(called, javascript, find, seen)) === undefined;
    if (!isSafe) return open;
  }
  return undefined;
}

function uncaughtAwaits(
  script: Script,
  node: FunctionNode,
  { ancestorsOf, isFunction, walk }: JavaScript,
): AwaitExpression[] {
  const found: AwaitExpression[] = [];
  walk(node.body, (inner) => {
    if (isFunction(inner)) return false;
    if (inner.type !== 'AwaitExpression') return undefined;
    const around = ancestorsOf(script, inner);
    const within = around.slice(0, around.indexOf(node));
    const isCaught = within.some(
      (outer, index) =>
        // What stands in the catch clause is about the error already.
        outer.type === 'CatchClause' ||
        (outer.type === 'TryStatement' &&
          outer.handler !== null &&
          outer.block === (within[index - 1] ?? inner)),
    );
    if (!isCaught) found.push(inner);
    return undefined;
  });
  return found;
}

/** `….catch(report)`, and what is chained to it. */
function catches(call: Node, { propertyName, unwrap }: JavaScript): boolean {
  for (let at = call; at.type === 'CallExpression';) {
    const callee = unwrap(at.callee);
    if (callee.type !== 'MemberExpression') return false;
    const name = propertyName(callee.property, callee.computed);
    if (name === 'catch' || name === 'allSettled') return true;
    at = unwrap(callee.object);
  }
  return false;
}

/** Whether everything in a function stands in one `try` with a `catch`. */
function guardsAll({ body }: FunctionNode): boolean {
  if (body.type !== 'BlockStatement') return false;
  return body.body.every(
    (statement) => statement.type === 'TryStatement' && statement.handler !== null,
  );
}
