import { relative, sep } from 'node:path';
import type { Platform } from '../../config.ts';
import { PACKAGE_NAME } from '../../templates/model.ts';
import type { Finding } from '../check.ts';
import { settingOf } from '../evidence.ts';
import type { RunnableCheck } from '../run.ts';
import { askTool } from './bench.ts';
import type { Tool, ToolBench } from './bench.ts';

/** Starts the @react-native-community/cli that the app has; it says all platforms at once. */
const OF_REACT_NATIVE: Tool = {
  ...{ name: 'react-native config', package: 'react-native', script: 'cli.js' },
  args: ['config'],
};

/** What Gradle and CocoaPods ask in an Expo app: https://docs.expo.dev/modules/autolinking/#react-native-config */
const ofExpo = (platform: Platform): Tool => ({
  ...{ name: 'expo-modules-autolinking react-native-config', package: 'expo' },
  script: 'bin/autolinking',
  args: ['react-native-config', '--json', '--platform', platform],
});

export const reactNativeConfig: RunnableCheck<ToolBench> = {
  id: 'T01',
  title: 'The app’s own autolinking lists the generated package',
  severity: 'error',
  why: 'Gradle and CocoaPods link what `react-native config` lists, or in an Expo app what expo-modules-autolinking does, and nothing else: without it the app builds, and has no native module.',
  source: 'https://github.com/react-native-community/cli/blob/main/docs/autolinking.md',
  fix: 'Run `npx bgsync init` again, or put the entry into what react-native.config.js exports.',
  explain: [
    'J12 reads react-native.config.js. This check runs it: with --run-tools, `react-native config` of the app’s own node_modules is started in the app’s folder, in an Expo app `expo-modules-autolinking react-native-config`, and its JSON must have the package with the folder of bgsync.config.json, for each of its platforms. It finds what cannot be read from the text: an entry that is overwritten later, a config of another file that wins, a package.json of the generated package that was broken, a podspec or a build.gradle that is not found.',
    'It is never run unless asked for, because it executes code of the repo.',
  ].join('\n\n'),
  appliesTo: ({ repo: { integration } }) => integration?.config !== undefined,
  async run(bench) {
    const { repo } = bench;
    const config = repo.integration?.config;
    if (config === undefined) return [];
    const { moduleDir, platforms } = config;
    const isExpo = repo.host === 'expo';
    const answers = isExpo
      ? platforms.map((platform) => ({ tool: ofExpo(platform), about: [platform] }))
      : [{ tool: OF_REACT_NATIVE, about: platforms }];
    const evidence = [
      await settingOf(repo, 'moduleDir', `the generated package is in ${moduleDir}`),
    ];
    const findings: Finding[] = [];
    for (const { tool, about } of answers) {
      const entry = entryIn(await askTool(bench, tool));
      const message = problemOf(entry, tool.name, about, { root: repo.root, moduleDir });
      if (message === undefined) continue;
      findings.push({ file: 'react-native.config.js', message, evidence });
    }
    // Both platforms say the same of a package that neither knows.
    return findings.filter(
      ({ message }, index) => findings.findIndex((one) => one.message === message) === index,
    );
  },
};

interface Entry {
  readonly root?: unknown;
  readonly platforms?: Readonly<Record<string, unknown>>;
}

const entryIn = (document: unknown): Entry | undefined =>
  (document as { dependencies?: Record<string, Entry | undefined> }).dependencies?.[PACKAGE_NAME];

function problemOf(
  entry: Entry | undefined,
  tool: string,
  platforms: readonly Platform[],
  { root, moduleDir }: { readonly root: string; readonly moduleDir: string },
): string | undefined {
  if (typeof entry?.root !== 'string') return `${tool} does not list '${PACKAGE_NAME}'`;
  const found = relative(root, entry.root).split(sep).join('/');
  if (found !== moduleDir) {
    return `${tool} has '${PACKAGE_NAME}' in ${found}, the package is in ${moduleDir}`;
  }
  // https://github.com/react-native-community/cli/blob/main/docs/dependencies.md: null is a platform that is switched off, or not found.
  const without = platforms.filter((name) => (entry.platforms?.[name] ?? null) === null);
  if (without.length === 0) return undefined;
  return `${tool} lists '${PACKAGE_NAME}' without ${without.join(' and ')}`;
}
