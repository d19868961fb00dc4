import type { Check, Finding } from '../../check.ts';
import { functionAround } from '../../code/apple-functions.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { placeOf } from '../../code/launch-handlers.ts';
import type { DoctorRepo } from '../../repo.ts';

/** Functions that the system or a framework calls when the launch is over, or perhaps never in the background. */
const LATE =
  /\b(?:sceneDidBecomeActive|sceneWillEnterForeground|sceneDidEnterBackground|applicationDidBecomeActive|applicationDidEnterBackground|applicationWillResignActive|applicationWillEnterForeground|viewDidLoad|viewWillAppear|viewDidAppear)\b|\bwillConnectTo(?:Session)?\b|\bRCT_(?:EXPORT|REMAP)_METHOD\b/;

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
    'doctor looks at the function that registers, and at those that call it.',
  ].join('\n\n'),
  async run(repo) {
    const { registrations } = await backgroundTasksOf(repo);
    const findings: Finding[] = [];
    for (const registration of registrations) {
      if (registration.isSwiftUi) continue;
      const around = functionAround(registration.file, registration.offset);
      const late = around && (await lateCaller(repo, around, new Set()));
      if (late === undefined) continue;
      const message = `the launch handler is registered in ${late}, which is not called when the app is launched for a task`;
      findings.push({ ...placeOf(registration), message });
    }
    return findings;
  },
};

/** The late function that alone leads to this one; undefined where another way may. */
async function lateCaller(
  repo: DoctorRepo,
  one: AppleFunction,
  seen: Set<string>,
): Promise<string | undefined> {
  const late = LATE.exec(one.header)?.[0];
  if (late !== undefined) return late;
  if (seen.has(one.name) || seen.size > 4 || one.name === 'init' || one.name === 'application') {
    return undefined;
  }
  seen.add(one.name);
  const found = new Set<string | undefined>();
  for (const file of await appleSourcesContaining(repo, [one.name])) {
    for (const { index } of file.code.matchAll(new RegExp(`\\b${one.name}\\b`, 'g'))) {
      const isDeclaration =
        (file === one.file && index >= one.offset && index < one.body.start) ||
        /\bfunc\s+$/.test(file.code.slice(Math.max(0, index - 20), index)) ||
        /^[-+]\s*\([^()]*\)\s*$/m.test(
          file.code
            .slice(Math.max(0, index - 40), index)
            .split('\n')
            .at(-1) ?? '',
        );
      if (isDeclaration) continue;
      const caller = functionAround(file, index);
      if (caller === one) continue;
      found.add(caller && (await lateCaller(repo, caller, seen)));
    }
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
