import { plistEntries } from '../../integrations/edits/info-plist.ts';
import type { Finding } from '../check.ts';
import { iosNeedsOf } from '../checks/ios/needs.ts';
import type { IosNeed } from '../checks/ios/needs.ts';
import { pushNeedsOf } from '../checks/ios/push-needs.ts';
import {
  MODES_KEY,
  PERMITTED_KEY,
  plannedPermissionsOf,
  prebuildFix,
} from '../checks/ios/permissions.ts';
import { settingOf } from '../evidence.ts';
import { runningConfig } from '../repo.ts';
import type { DoctorRepo } from '../repo.ts';
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
  title: 'Expo’s own CLI would write the Info.plist entries that background work needs',
  severity: 'error',
  why: '`npx expo prebuild` and EAS Build write the Info.plist that the config and its plugins make. Without the entries iOS refuses the task: registering it ends in an exception, and nothing ever runs.',
  source: 'https://docs.expo.dev/config-plugins/development-and-debugging/#introspection',
  fix: 'Run `npx bgsync init` again, or name the plugin of the generated package in the `plugins` that Expo gets.',
  explain: [
    'E01 reads the app config. This check runs it: with --run-tools, `expo config --type introspect` of the app’s own node_modules is started in the app’s folder, and the Info.plist that it makes must have the background modes and the task ids, of bgsync’s sync and, where I01 and I03 could not tell, of the app’s own code and libraries. It finds what cannot be read from the text: a config that is put together at run time, a plugin that takes entries out again, a list that a later one replaces.',
    'It is never run unless asked for, because it executes code of the repo.',
  ].join('\n\n'),
  appliesTo: ({ repo }) => repo.host === 'expo',
  async run(bench) {
    const { repo } = bench;
    const expo = await repo.expo();
    // Where nobody runs prebuild the committed Info.plist is the truth, and I01 looks at it.
    if (expo?.platforms.includes('ios') !== true || expo.prebuild.kind === 'never') return [];
    const config = runningConfig(repo);
    const hasSync = config?.platforms.includes('ios') === true;
    const needs = await unreadNeeds(repo);
    if (!hasSync && needs.length === 0) return [];
    const plist = plistIn(await askTool(bench, INTROSPECT));
    if (plist === undefined) throw new Error(`${INTROSPECT.name} says nothing of the Info.plist`);
    const file = expo.config.dynamic ?? expo.config.static ?? 'app.json';
    const missingIn = (key: string, values: readonly string[]): string[] => {
      const list = plist[key];
      return values.filter((value) => !Array.isArray(list) || !list.includes(value));
    };
    const messageOf = (key: string, lacks: string): string =>
      `with this config Expo writes an Info.plist whose ${key} lacks ${lacks}`;
    const findings: Finding[] = [];
    if (hasSync) {
      const used = new Set(plistEntries(config, []).flatMap(({ values }) => values));
      const retired = (repo.integration?.lock?.taskIds ?? []).filter((id) => !used.has(id));
      const says = `the background sync runs as ${config.taskId}`;
      const evidence = [await settingOf(repo, 'taskId', says)];
      for (const { key, values } of plistEntries(config, retired)) {
        const lacks = missingIn(key, values).join(', ');
        if (lacks !== '') findings.push({ file, message: messageOf(key, lacks), evidence });
      }
    }
    for (const { key, value, who, at } of needs) {
      if (missingIn(key, [value]).length === 0) continue;
      const message = `${messageOf(key, value)}, which ${who} needs`;
      findings.push({ file, message, evidence: [at], fix: prebuildFix(key, value, who) });
    }
    return findings;
  },
};

interface UnreadNeed extends Pick<IosNeed, 'who' | 'at'> {
  readonly key: string;
  readonly value: string;
}

/** What the app's code and libraries need of an Info.plist that the text of the app config does not tell: else I01 and I03 say it. */
async function unreadNeeds(repo: DoctorRepo): Promise<UnreadNeed[]> {
  const planned = await plannedPermissionsOf(repo);
  if (!planned.some(({ prebuilt }) => prebuilt?.open !== undefined)) return [];
  const needs = [...(await iosNeedsOf(repo)), ...(await pushNeedsOf(repo))];
  return needs.flatMap(({ id, mode, who, at }) => [
    // A build setting in it is another text in what Expo prints.
    ...(id === undefined || id.includes('$(') ? [] : [{ key: PERMITTED_KEY, value: id, who, at }]),
    ...(mode === undefined ? [] : [{ key: MODES_KEY, value: mode, who, at }]),
  ]);
}

type InfoPlist = Readonly<Record<string, unknown>>;

/** What the mods make of it where they were run, else what the config itself says. */
function plistIn(document: unknown): InfoPlist | undefined {
  const { ios, _internal } = document as {
    ios?: { infoPlist?: InfoPlist };
    _internal?: { modResults?: { ios?: { infoPlist?: InfoPlist } } };
  };
  return _internal?.modResults?.ios?.infoPlist ?? ios?.infoPlist;
}
