import type { Check } from '../../check.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { dartCalls } from '../../code/dart.ts';
import { WORKMANAGER, dartUsing, pubDependencyOf, pubPackagesOf } from '../../code/pub-packages.ts';
import { WORKMANAGER_PLUGIN } from '../../code/workmanager.ts';

/** Plugins whose iOS half answers over a channel, and has to be registered with each engine. */
const PLUGINS = [
  'battery_plus',
  'connectivity_plus',
  'device_info_plus',
  'firebase_core',
  'flutter_local_notifications',
  'flutter_secure_storage',
  'geolocator',
  'home_widget',
  'package_info_plus',
  'permission_handler',
  'shared_preferences',
  'sqflite',
];

export const pluginRegistrant: Check = {
  id: 'F09',
  title: 'On iOS the engine of a workmanager run gets the app’s plugins',
  severity: 'warning',
  why: 'A run on iOS has an engine of its own, and workmanager registers no plugin with it by itself. What the callback asks of one ends as MissingPluginException, in the background alone.',
  source: 'https://docs.page/fluttercommunity/flutter_workmanager/quickstart',
  fix: 'In application(_:didFinishLaunchingWithOptions:), before super: WorkmanagerPlugin.setPluginRegistrantCallback { registry in GeneratedPluginRegistrant.register(with: registry) }',
  explain: [
    'GeneratedPluginRegistrant.register(with: self) registers the plugins with the engine of the screen. A background run of workmanager makes another engine, and calls what setPluginRegistrantCallback was given; on Android Flutter registers plugins with each engine by itself, which is why the same code works there.',
    '    WorkmanagerPlugin.setPluginRegistrantCallback { registry in\n      GeneratedPluginRegistrant.register(with: registry)\n    }',
    'With scenes it stays in application(_:didFinishLaunchingWithOptions:). The package that bgsync generates registers plugins with its engine without any edit.',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    if ((await repo.ios()) === undefined) return [];
    const packages = await pubPackagesOf(repo);
    const plugin = PLUGINS.find((name) => packages?.depends(name) === true);
    if (plugin === undefined) return [];
    const files = await dartUsing(repo, WORKMANAGER);
    if (!files.some((file) => dartCalls(file, /\.\s*executeTask/).length > 0)) return [];
    const calls = await appleSourcesContaining(repo, ['setPluginRegistrantCallback']);
    const isSet = calls.some((file) =>
      /\bWorkmanagerPlugin(?:\s*\.)?\s*setPluginRegistrantCallback\b/.test(file.code),
    );
    if (isSet) return [];
    const [delegate] = await appleSourcesContaining(repo, ['didFinishLaunchingWithOptions']);
    const at = delegate?.code.indexOf('didFinishLaunchingWithOptions') ?? -1;
    if (delegate === undefined || at === -1) return [];
    const message = `${WORKMANAGER_PLUGIN}.setPluginRegistrantCallback is not called: in a run on iOS no plugin answers, ${plugin} among them`;
    const evidence = [
      await pubDependencyOf(repo, WORKMANAGER),
      await pubDependencyOf(repo, plugin),
    ];
    return [{ file: delegate.path, line: delegate.line(at), message, evidence }];
  },
};
