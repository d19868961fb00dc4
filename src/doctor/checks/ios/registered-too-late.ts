import type { Check, Evidence, Finding } from '../../check.ts';
import { waysTo } from '../../code/apple-reach.ts';
import type { Way } from '../../code/apple-reach.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import { isContinued, placeOf } from '../../code/launch-handlers.ts';

export const registeredTooLate: Check = {
  id: 'I08',
  title: 'Launch handlers are registered at launch, not in a scene, a view or a JavaScript call',
  severity: 'error',
  why: 'A background launch connects no scene, shows no view and calls no method from JavaScript: the task that iOS started the app for has no handler. In the foreground the late call raises an exception.',
  source: 'https://github.com/transistorsoft/flutter_background_fetch/issues/414',
  fix: 'Move the registration to application(_:didFinishLaunchingWithOptions:).',
  explain: [
    'When iOS starts the app for a task it calls didFinishLaunching and then looks for the handler of the id. scene(_:willConnectTo:), viewDidLoad, applicationDidBecomeActive and methods that JavaScript calls come later, or not at all. BGTaskScheduler refuses registrations from then on with an exception: “All launch handlers must be registered before application finishes launching”.',
    'In an app that moved to scenes, set-up code is often moved with it into the scene delegate. The registration has to stay in the app delegate.',
    'doctor follows the calls of the app’s own code from what UIKit and SwiftUI call to the registration, closures included. It says nothing where one of the ways to it begins at the launch, or cannot be told.',
  ].join('\n\n'),
  async run(repo) {
    const { registrations } = await backgroundTasksOf(repo);
    const findings: Finding[] = [];
    for (const registration of registrations) {
      if (registration.isSwiftUi || (await isContinued(repo, registration))) continue;
      const ways = await waysTo(repo, registration.file, registration.offset);
      const [first] = ways;
      if (first === undefined) continue;
      const isLate = ways.every(
        ({ kind, isOpen }) => kind === 'late' || (kind === 'never' && isOpen !== true),
      );
      const late = isLate ? (ways.find(({ kind }) => kind === 'late') ?? first) : undefined;
      if (late === undefined) continue;
      const message =
        late.kind === 'never'
          ? `the launch handler is not registered here: ${late.through}`
          : `the launch handler is registered in ${late.through}, which is not called when the app is launched for a task`;
      const own = placeOf(registration);
      findings.push({ ...own, message, evidence: evidenceOf(late, own) });
    }
    return findings;
  },
};

/** Where the way begins, or what ends it, where that is not the line of the registration itself. */
function evidenceOf({ at, kind, through }: Way, own: ReturnType<typeof placeOf>): Evidence[] {
  if (at === undefined || (at.file === own.file && at.line === own.line)) return [];
  return [{ ...at, says: kind === 'never' ? through : `${through}: the way to it begins here` }];
}
