import { inBackgroundFunctions } from '../../code/in-background-functions.ts';
import type { Check } from '../../check.ts';

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
    'Whether something that is awaited can fail is not known from the code alone, so this is no more than a hint. It cannot happen to bgsync’s drainQueue: what it throws is caught, and the run ends as `failure`.',
    "    AppRegistry.registerHeadlessTask('Sync', () => async () => {\n      try {\n        await sync();\n      } catch (error) {\n        report(error);\n      }\n    });",
  ].join('\n\n'),
  run: (repo) =>
    inBackgroundFunctions(
      repo,
      ({ kind, script, node }, { ancestorsOf, isFunction, lineIn, walk }) => {
        if (kind !== 'headless') return [];
        let line: number | undefined;
        walk(node.body, (inner) => {
          if (isFunction(inner) || line !== undefined) return false;
          if (inner.type !== 'AwaitExpression') return undefined;
          const around = ancestorsOf(script, inner);
          const isCaught = around
            .slice(0, around.indexOf(node))
            .some(
              (outer, index) =>
                outer.type === 'TryStatement' &&
                outer.handler !== null &&
                outer.block === (around[index - 1] ?? inner),
            );
          if (!isCaught) line = lineIn(script, inner);
          return undefined;
        });
        const message = 'what this await throws leaves the headless task open until its timeout';
        return line === undefined ? [] : [{ file: script.path, line, message }];
      },
    ),
};
