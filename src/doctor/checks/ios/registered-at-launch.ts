import type { Check, Finding } from '../../check.ts';
import { deferralOf, waysTo } from '../../code/apple-reach.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Registration } from '../../code/background-tasks.ts';
import { isContinued, placeOf } from '../../code/launch-handlers.ts';
import type { DoctorRepo } from '../../repo.ts';

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
    const findings: Finding[] = [];
    for (const registration of registrations) {
      if (registration.isSwiftUi || (await isContinued(repo, registration))) continue;
      const { file, offset } = registration;
      const how = deferralOf(file, offset) ?? (await deferredWay(repo, registration));
      if (how === undefined) continue;
      const message = `the launch handler is registered in ${how}, which runs when the launch is over`;
      findings.push({ ...placeOf(registration), message });
    }
    return findings;
  },
};

/** What puts off a registration in a function that calls its own; undefined where one way to it is at once. */
async function deferredWay(
  repo: DoctorRepo,
  { file, offset }: Registration,
): Promise<string | undefined> {
  const ways = await waysTo(repo, file, offset);
  const isLate = ways.every(({ kind }) => kind === 'deferred' || kind === 'late');
  return isLate ? ways.find(({ kind }) => kind === 'deferred')?.through : undefined;
}
