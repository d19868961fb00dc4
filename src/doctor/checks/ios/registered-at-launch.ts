import type { Check, Finding } from '../../check.ts';
import { functionAround } from '../../code/apple-functions.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Registration } from '../../code/background-tasks.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { placeOf } from '../../code/launch-handlers.ts';

/** Before the block of a closure that runs later, or on another thread. */
const DEFERRED =
  /(?:\.\s*async(?:After\s*\([^{}]*\))?\s*(?:\([^{}]*\)\s*)?|\bTask(?:\.detached)?\s*(?:\([^{}]*\)\s*)?|\bdispatch_(?:async|after)\s*\([^{}]*,\s*\^\s*(?:\(void\)\s*)?)$/;

export const registeredAtLaunch: Check = {
  id: 'I06',
  title: 'Launch handlers are registered in didFinishLaunching itself, not later from it',
  severity: 'error',
  why: 'All launch handlers have to be registered before the app has finished launching. A closure that is dispatched from didFinishLaunching runs after that: the app ends with an exception.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/register(fortaskwithidentifier:using:launchhandler:)',
  fix: 'Call BGTaskScheduler.register directly in application(_:didFinishLaunchingWithOptions:), before it returns.',
  explain: [
    'BGTaskScheduler takes launch handlers until application(_:didFinishLaunchingWithOptions:) returns. A later call raises NSInternalInconsistencyException, “All launch handlers must be registered before application finishes launching”.',
    'DispatchQueue.main.async { … }, asyncAfter and Task { … } run when the launch is over, even when they stand in didFinishLaunching.',
    '    func application(…, didFinishLaunchingWithOptions …) -> Bool {\n      BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in … }\n      return true\n    }',
  ].join('\n\n'),
  async run(repo) {
    const { registrations } = await backgroundTasksOf(repo);
    return registrations.flatMap((registration): Finding[] => {
      const how = deferral(registration);
      if (how === undefined) return [];
      const message = `the launch handler is registered in ${how}, which runs when the launch is over`;
      return [{ ...placeOf(registration), message }];
    });
  },
};

/** What puts off a registration within its function. */
function deferral({ file, offset, isSwiftUi }: Registration): string | undefined {
  if (isSwiftUi) return undefined;
  const around: AppleFunction | undefined = functionAround(file, offset);
  for (const { kind, open } of bracketsOf(file).around(offset)) {
    if (kind !== '{') continue;
    if (around !== undefined && open < around.body.start) return undefined;
    const before = file.code.slice(Math.max(0, open - 200), open).trimEnd();
    const match = DEFERRED.exec(before)?.[0];
    if (match !== undefined) return `${/\w+(?:\.\w+)?/.exec(match)?.[0] ?? 'a closure'} { … }`;
  }
  return undefined;
}
