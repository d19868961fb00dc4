import type { Check, Finding } from '../../check.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import { waysTo } from '../../code/apple-reach.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Registration } from '../../code/background-tasks.ts';
import { FunctionIndex, appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import { isContinued, launchHandlersOf, placeOf } from '../../code/launch-handlers.ts';

const SUBMITS = /\bsubmit(?:TaskRequest)?\b/;

export const chainContinues: Check = {
  id: 'I14',
  title: 'Every run asks for the next one',
  severity: 'warning',
  why: 'A request is for one run. Where the launch handler submits no other, the background sync runs once and then not again until the user opens the app.',
  source:
    'https://developer.apple.com/documentation/uikit/using-background-tasks-to-update-your-app',
  fix: 'Submit the next request at the start of the launch handler, before the work.',
  explain: [
    'BGTaskScheduler has no repeating tasks: a request is gone once it has run. Submitting it again at the start of the handler keeps the chain alive whatever becomes of the run, also when iOS ends it early. At the end, or on success alone, one failed run is the last.',
    '    BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in\n      schedule()          // first: the next window\n      task.expirationHandler = { … }\n      …\n    }',
    'Submitting in applicationDidEnterBackground alone runs the task once each time the app was open; applicationWillTerminate is hardly ever called. doctor counts what the launch handler, or application(_:didFinishLaunchingWithOptions:), reaches in the app’s own code.',
  ].join('\n\n'),
  async run(repo) {
    const { registrations, submits, requests } = await backgroundTasksOf(repo);
    if (registrations.length === 0) return [];
    // Where the app makes no request itself, something else may.
    if (submits.length === 0 && requests.length > 0) return [];
    const functions = await FunctionIndex.of(repo);
    const launch = (one: AppleFunction): string => withoutHandlers(one, registrations);
    const atLaunch = [...functions.named('application'), ...functions.named('init')]
      .filter(({ name, header, types }) =>
        name === 'init'
          ? types.some((type) => /:\s*(?:SwiftUI\.)?App\b/.test(type.header))
          : header.includes('didFinishLaunchingWithOptions'),
      )
      .map(launch);
    const reached = functions.reachable(atLaunch.join('\n'), launch).map(launch);
    if ([...atLaunch, ...reached].some((code) => SUBMITS.test(code))) return [];
    const last = await onlyAtTheEnd(repo, submits);
    if (last !== undefined) return [last];
    const findings: Finding[] = [];
    for (const { registration, reachable, escapes } of await launchHandlersOf(repo)) {
      if (SUBMITS.test(reachable) || escapes || (await isContinued(repo, registration))) continue;
      const ids = registration.ids.join(', ');
      const what = ids === '' ? 'the launch handler' : `the launch handler of ${ids}`;
      const message =
        submits.length === 0
          ? `${what} is registered, and nothing submits a request`
          : `${what} submits no next request`;
      const evidence = submits.map((submit) => ({
        ...placeOf(submit),
        says: 'submits a request, and the launch handler does not come here',
      }));
      findings.push({ ...placeOf(registration), message, evidence });
    }
    return findings;
  },
};

const END = 'applicationWillTerminate';

/**
 * The method that alone begins the chain, where it is {@link END}: iOS calls it for an app that runs, and ends a suspended one
 * without it (https://developer.apple.com/documentation/uikit/uiapplicationdelegate/applicationwillterminate(_:)).
 *
 * @param submits of an app that submits nothing at its launch
 */
async function onlyAtTheEnd(
  repo: DoctorRepo,
  submits: readonly { readonly file: SourceFile; readonly offset: number }[],
): Promise<Finding | undefined> {
  if ((await appleSourcesContaining(repo, [END])).length === 0) return undefined;
  const ways = await Promise.all(submits.map(({ file, offset }) => waysTo(repo, file, offset)));
  // What is left of the launch are its handlers, which no run comes to before the first request.
  const begins = ways.flat().filter(({ kind, isDebug }) => kind !== 'launch' && !isDebug);
  const [first] = begins;
  if (first?.at === undefined || !begins.every(({ through }) => through === END)) return undefined;
  const message = `a request is submitted in ${END} alone, which iOS does not call for a suspended app: nothing begins`;
  return {
    ...first.at,
    message,
    fix: 'Submit the first request in applicationDidEnterBackground.',
  };
}

/** The body of a function without the launch handlers in it, which run later. */
function withoutHandlers(one: AppleFunction, registrations: readonly Registration[]): string {
  const code = bodyOf(one);
  const { start } = one.body;
  return registrations.reduce((text, { handler }) => {
    if (handler?.file !== one.file || handler.start < start || handler.end > one.body.end)
      return text;
    const from = handler.start - start;
    const to = handler.end - start;
    return text.slice(0, from) + ' '.repeat(to - from) + text.slice(to);
  }, code);
}
