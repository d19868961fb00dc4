import { WORKMANAGER_PLUGIN } from '../../../facts.ts';
import { sceneManifestLine } from '../../../project/info-plist.ts';
import { isBelow } from '../../../versions.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { waysTo } from '../../code/apple-reach.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { placeOf } from '../../code/launch-handlers.ts';
import { WORKMANAGER, pubDependencyOf, pubPackagesOf } from '../../code/pub-packages.ts';
import { dartTasks, pluginRegistrations } from '../../code/workmanager.ts';
import type { PluginRegistration } from '../../code/workmanager.ts';
import type { DoctorRepo } from '../../repo.ts';

export const pluginLaunchHandler: Check = {
  id: 'F08',
  title:
    'The app delegate has workmanager register the tasks that Dart schedules, before the launch is over',
  severity: 'error',
  why: 'iOS looks for the handler of a task when it launches the app for it. An app with scenes registers its plugins later than that, and a workmanager of before 0.9.3 registers nothing by itself: the app ends with “No launch handler registered for task with identifier …”.',
  source: 'https://github.com/fluttercommunity/flutter_workmanager/issues/660',
  fix: 'Call WorkmanagerPlugin.registerPeriodicTask(withIdentifier:) or registerBGProcessingTask(withIdentifier:) for the id in application(_:didFinishLaunchingWithOptions:), or registerLaunchHandlers() from workmanager_apple 0.9.5 on.',
  explain: [
    'The unique name that Dart gives to registerPeriodicTask and registerProcessingTask is the task’s id on iOS. Three places have to agree on it: Dart, BGTaskSchedulerPermittedIdentifiers of the Info.plist (I01), and the launch handler in the app delegate.',
    'From 0.9.3 on (workmanager_apple) the plugin registers what it scheduled before by itself, in its own application(_:didFinishLaunchingWithOptions:). In an app with scenes, which is the default from Flutter 3.41 on, plugins are registered when the scene connects: too late, or never in a launch for a task. There the call has to stand in the app delegate.',
    '    override func application(…, didFinishLaunchingWithOptions …) -> Bool {\n      WorkmanagerPlugin.registerLaunchHandlers()\n      return super.application(application, didFinishLaunchingWithOptions: launchOptions)\n    }',
    'didInitializeImplicitFlutterEngine is the wrong place for it: the engine of the storyboard is made when the launch is over (https://github.com/flutter/flutter/issues/184267).',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    if ((await repo.ios()) === undefined) return [];
    const registrations = await pluginRegistrations(repo);
    const findings: Finding[] = [];
    const good: PluginRegistration[] = [];
    for (const registration of registrations) {
      const ways = await waysTo(repo, registration.file, registration.offset);
      const late = ways.every(({ kind }) => kind === 'late' || kind === 'deferred') && ways[0];
      if (!late) {
        good.push(registration);
        continue;
      }
      const message = `workmanager registers its tasks in ${late.through}, which is called when the launch is over`;
      const evidence = [await pubDependencyOf(repo, WORKMANAGER)];
      findings.push({ ...placeOf(registration), message, evidence });
    }
    if (findings.length > 0 || good.some(({ ids }) => ids === undefined || ids.length === 0)) {
      return findings;
    }
    const why = await whatIsMissing(repo);
    if (why === undefined) return [];
    const seen = new Set(good.flatMap(({ ids }) => ids ?? []));
    for (const { library, id, call, file, offset } of await dartTasks(repo)) {
      if (library !== WORKMANAGER || seen.has(id)) continue;
      seen.add(id);
      const message = `${call} schedules ${id}, and no launch handler is registered for it`;
      findings.push({ file: file.path, line: file.line(offset), message, evidence: [why] });
    }
    return findings;
  },
};

/** Why the plugin does not register by itself, in time; undefined where it does, or that cannot be told. */
async function whatIsMissing(repo: DoctorRepo): Promise<Evidence | undefined> {
  const delegates = await appleSourcesContaining(repo, ['didFinishLaunchingWithOptions']);
  const packages = await pubPackagesOf(repo);
  if (delegates.length === 0 || packages === undefined) return undefined;
  for (const plist of await repo.infoPlists()) {
    const line = sceneManifestLine(plist);
    if (line !== undefined) {
      const says = 'the app has scenes: plugins are registered when one connects';
      return { file: plist.path, line, says };
    }
  }
  const { firstFederated, firstThatRegisters } = WORKMANAGER_PLUGIN;
  const locked = packages.locked.get('workmanager_apple') ?? packages.locked.get(WORKMANAGER);
  const declared = packages.spec.dependencies[WORKMANAGER];
  // Up to the next minor version, as long as the major one is 0.
  const range = typeof declared === 'string' ? /^\^0\.(\d+)\.\d/.exec(declared)?.[1] : undefined;
  const isOld =
    locked === undefined
      ? range !== undefined && isBelow(`0.${range}.0`, '0.9.0')
      : isBelow(
          locked,
          packages.locked.has('workmanager_apple') ? firstThatRegisters : firstFederated,
        );
  return isOld ? pubDependencyOf(repo, WORKMANAGER) : undefined;
}
