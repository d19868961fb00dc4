import { plistEntries } from '../../integrations/edits/info-plist.ts';
import type { Finding } from '../check.ts';
import { settingOf } from '../evidence.ts';
import { runningConfig } from '../repo.ts';
import type { RunnableCheck } from '../run.ts';
import { askTool } from './bench.ts';
import type { Tool, ToolBench } from './bench.ts';

/** Asks Expo's CLI what its plugins make of the native files. */
export const INTROSPECT: Tool = {
  ...{ name: 'expo config --type introspect', package: 'expo', script: 'bin/cli' },
  args: ['config', '--type', 'introspect', '--json'],
  // It asks nobody, and nothing of the network.
  env: { CI: '1', EXPO_NO_TELEMETRY: '1', EXPO_OFFLINE: '1' },
};

export const expoConfig: RunnableCheck<ToolBench> = {
  id: 'T02',
  title: 'Expo’s own CLI would write the Info.plist entries of the background sync',
  severity: 'error',
  why: '`npx expo prebuild` and EAS Build write the Info.plist that the config and its plugins make. Without the entries iOS refuses the task: registering it ends in an exception, and nothing ever runs.',
  source: 'https://docs.expo.dev/config-plugins/development-and-debugging/#introspection',
  fix: 'Run `npx bgsync init` again, or name the plugin of the generated package in the `plugins` that Expo gets.',
  explain: [
    'E01 reads the app config. This check runs it: with --run-tools, `expo config --type introspect` of the app’s own node_modules is started in the app’s folder, and the Info.plist that it makes must have the background modes and the task ids. It finds what cannot be read from the text: a config that is put together at run time, a plugin that takes entries out again, a list that a later one replaces.',
    'It is never run unless asked for, because it executes code of the repo.',
  ].join('\n\n'),
  appliesTo: ({ repo }) =>
    repo.host === 'expo' && runningConfig(repo)?.platforms.includes('ios') === true,
  async run(bench) {
    const { repo } = bench;
    const config = runningConfig(repo);
    const expo = await repo.expo();
    if (config === undefined || expo === undefined) return [];
    // Nobody runs prebuild there: the committed Info.plist is the truth, and I01 looks at it.
    if (expo.prebuild.kind === 'never') return [];
    const plist = plistIn(await askTool(bench, INTROSPECT));
    if (plist === undefined) throw new Error(`${INTROSPECT.name} says nothing of the Info.plist`);
    const used = new Set(plistEntries(config, []).flatMap(({ values }) => values));
    const retired = (repo.integration?.lock?.taskIds ?? []).filter((id) => !used.has(id));
    const file = expo.config.dynamic ?? expo.config.static ?? 'app.json';
    const says = `the background sync runs as ${config.taskId}`;
    const evidence = [await settingOf(repo, 'taskId', says)];
    return plistEntries(config, retired).flatMap(({ key, values }): Finding[] => {
      const list = plist[key];
      const lacks = values.filter((value) => !Array.isArray(list) || !list.includes(value));
      if (lacks.length === 0) return [];
      const message = `with this config Expo writes an Info.plist whose ${key} lacks ${lacks.join(', ')}`;
      return [{ file, message, evidence }];
    });
  },
};

type InfoPlist = Readonly<Record<string, unknown>>;

/** What the mods make of it where they were run, else what the config itself says. */
function plistIn(document: unknown): InfoPlist | undefined {
  const { ios, _internal } = document as {
    ios?: { infoPlist?: InfoPlist };
    _internal?: { modResults?: { ios?: { infoPlist?: InfoPlist } } };
  };
  return _internal?.modResults?.ios?.infoPlist ?? ios?.infoPlist;
}
