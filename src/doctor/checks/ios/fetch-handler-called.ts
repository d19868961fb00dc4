import type { Check, Finding } from '../../check.ts';
import { completionsOf, uncalledIn } from '../../code/apple-answers.ts';
import { answeredBefore, leftBehind, startOf } from '../../code/apple-early.ts';
import { functionsOf, isSwift } from '../../code/apple-functions.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import type { Handler } from '../../code/background-tasks.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { FunctionIndex, appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import type { DoctorRepo } from '../../repo.ts';
import { hasMode, permissionsOf } from './permissions.ts';

const PUSH = 'didReceiveRemoteNotification';
const FETCH = 'performFetchWithCompletionHandler';

export const fetchHandlerCalled: Check = {
  id: 'I43',
  title: 'The completion handler of a silent push, or of a fetch, is called once its work is done',
  severity: 'warning',
  why: 'iOS gives the app 30 seconds from the push to the call. An app that never calls it is held to have used them all, and gets fewer pushes; one that calls it first may be suspended with its work still to come.',
  source:
    'https://developer.apple.com/documentation/uikit/uiapplicationdelegate/application(_:didreceiveremotenotification:fetchcompletionhandler:)',
  fix: 'Call the completion handler in the end of the work, on every path, with what came of it.',
  explain: [
    'A push with content-available, and the old background fetch, start the app in the background and hand it a completion handler. It is what setTaskCompleted is for a background task: the time is over when it is called, and without the call it is used up to the end.',
    '    func application(_ application: UIApplication,\n                     didReceiveRemoteNotification userInfo: [AnyHashable: Any],\n                     fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void) {\n      guard isLoggedIn else { completionHandler(.noData); return }\n      sync { ok in completionHandler(ok ? .newData : .failed) }\n    }',
    'doctor follows the handler through the app’s own functions that get it, or a closure that calls it. A library that gets it has to do the rest. performFetchWithCompletionHandler is not looked at where BGTaskSchedulerPermittedIdentifiers turns it off (I25).',
  ].join('\n\n'),
  async run(repo) {
    const needles = [PUSH, FETCH];
    const files = await appleSourcesContaining(repo, needles);
    const receivers = files
      .flatMap((file) => functionsOf(file))
      .filter(({ header }) => header.includes(PUSH) || header.includes(FETCH));
    if (receivers.length === 0) return [];
    const functions = await FunctionIndex.of(repo);
    const isFetchOff = await turnsFetchOff(repo);
    const findings = new Map<string, Finding>();
    for (const one of receivers) {
      if (one.header.includes(FETCH) && isFetchOff) continue;
      if (isDebugOnly(one.file, one.offset)) continue;
      for (const found of problemsOf(functions, one)) {
        findings.set(`${found.file} ${found.line ?? 0}`, found);
      }
    }
    return [...findings.values(), ...(await onScreenAlone(repo, receivers))];
  },
};

/** What works for a push in the one method that iOS calls while the app is on the screen, and in no other. */
async function onScreenAlone(
  repo: DoctorRepo,
  receivers: readonly AppleFunction[],
): Promise<Finding[]> {
  const isSilent = ({ header }: AppleFunction): boolean =>
    header.includes('fetchCompletionHandler') || /\)\s*async\b/.test(header);
  const pushes = receivers.filter(({ header }) => header.includes(PUSH));
  if (pushes.some(isSilent)) return [];
  if (!(await permissionsOf(repo)).some((one) => hasMode(one, 'remote-notification'))) return [];
  const { ofDelegate } = await import('./push-needs.ts');
  return (await ofDelegate(repo)).map(({ at }) => ({
    file: at.file,
    ...(at.line !== undefined && { line: at.line }),
    message: `${PUSH} without a completion handler is called while the app is on the screen alone: no silent push gets here`,
    fix: 'Implement application(_:didReceiveRemoteNotification:fetchCompletionHandler:) in its place.',
  }));
}

const turnsFetchOff = async (repo: DoctorRepo): Promise<boolean> =>
  (await permissionsOf(repo)).some(
    ({ permitted }) => permitted.status === 'ok' && permitted.values.length > 0,
  );

function problemsOf(functions: FunctionIndex, one: AppleFunction): Finding[] {
  const { file, body, header, parameters } = one;
  const at = (place: Handler['file'], offset: number) => ({
    file: place.path,
    line: place.line(offset),
  });
  const name = parameters.find(
    ({ label }) => label === 'fetchCompletionHandler' || label === FETCH,
  )?.name;
  if (name === undefined) {
    // `async -> UIBackgroundFetchResult`: its end is the answer.
    if (!isSwift(file) || !/\)\s*async\b/.test(header)) return [];
    const left = leftBehind({ file, ...body, task: undefined }, functions);
    if (left === undefined) return [];
    const place = at(file, left.offset);
    const what = left.call === undefined ? 'this work' : `${left.call.name}()`;
    const message = `${what} goes on when this method returns: iOS may suspend the app then`;
    const evidence = startOf(left, { path: place.file, line: place.line });
    return [{ ...place, message, evidence }];
  }
  const handler: Handler = { file, ...body, task: name, isClosure: true };
  if (/\bsuper\b/.test(bodyOf(one)) && !mentions(one, name)) return [];
  const found: Finding[] = [];
  for (const each of [handler, ...completionsOf(functions, handler)]) {
    const { task = '' } = each;
    const by = each === handler ? '' : `, which calls ${name}`;
    const left = uncalledIn(functions, each);
    if (left !== undefined) {
      const isNever = each === handler && !mentions(one, name);
      const message = isNever ? `${name} is never called` : `${left.says} ${task}${by}`;
      found.push({ ...at(each.file, isNever ? one.offset : left.offset), message });
      continue;
    }
    const early = answeredBefore(each, functions);
    if (early === undefined) continue;
    const place = at(each.file, early.offset);
    const message =
      early.call === undefined
        ? `${task}${by} is called before the work that is started above it`
        : `${task}${by} is called right behind ${early.call.name}(), which returns before its work is done`;
    const evidence = startOf(early, { path: place.file, line: place.line });
    found.push({ ...place, message, evidence });
  }
  return found;
}

const mentions = (one: AppleFunction, name: string): boolean =>
  new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(bodyOf(one));
