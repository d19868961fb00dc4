import { realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultConfig } from '../../../src/config.ts';
import type { Config } from '../../../src/config.ts';
import type { Neighbour } from '../../../src/doctor/background-work.ts';
import { CHECKS } from '../../../src/doctor/checks/index.ts';
import { judgePlan } from '../../../src/doctor/gate.ts';
import { openRepo } from '../../../src/doctor/repo.ts';
import { runRepoChecks } from '../../../src/doctor/run-repo.ts';
import { UserError } from '../../../src/errors.ts';
import { fileSystem } from '../../../src/file-system.ts';
import { planIntegration } from '../../../src/integrations/plan.ts';
import { overlay } from '../../../src/plan/overlay.ts';
import { afterOf } from '../../../src/plan/plan.ts';
import { detectProject } from '../../../src/project/detect.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { change, changePackageJson, write } from '../../helpers/traits/files.ts';

const TASK_ID = defaultConfig().taskId;
const TELLING = new Set(CHECKS.filter(({ tells }) => tells === true).map(({ id }) => id));

interface Setup {
  readonly files?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly permitted?: readonly string[];
  readonly modes?: readonly string[];
}

/** What `init` says of an app, held against what doctor finds after it; the ids that refuse the plan, where it is refused. */
async function find(
  setup: Setup,
  settings: Partial<Config> = {},
): Promise<readonly Neighbour[] | string[]> {
  const root = realpathSync(scratchFolder());
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeTemplateApp('0.87', root);
  write(root, setup.files ?? {});
  if (setup.dependencies !== undefined) {
    changePackageJson(root, (data) => void Object.assign(data.dependencies, setup.dependencies));
  }
  const lists = {
    BGTaskSchedulerPermittedIdentifiers: setup.permitted,
    UIBackgroundModes: setup.modes,
  };
  for (const [key, values] of Object.entries(lists)) {
    if (values === undefined) continue;
    const strings = values.map((value) => `<string>${value}</string>`).join('');
    change(root, 'ios/HelloWorld/Info.plist', (text) =>
      text.replace('<dict>', `<dict><key>${key}</key><array>${strings}</array>`),
    );
  }
  symlinkSync('.', join(root, 'ios/loop'));
  const project = await detectProject(fileSystem, root);
  const config = { ...defaultConfig(), ...settings };
  const plan = await planIntegration(fileSystem, { project, config, pin: false });
  const files = plan.changes.map((one) => [join(root, one.path), afterOf(one) ?? null] as const);
  const repo = await openRepo(overlay(fileSystem, new Map(files)), root);
  const { findings } = await runRepoChecks(CHECKS, repo);
  const said = await judgePlan(fileSystem, root, plan, config).catch((error: unknown) => {
    if (error instanceof UserError) return [...error.message.matchAll(/\((\w\d+)\)$/gm)];
    throw error;
  });
  if (said.some((one) => Array.isArray(one))) return said.map((one) => (one as string[])[1] ?? '');
  const told = (said as readonly Neighbour[]).map(({ name, file, message }) => [
    name,
    file,
    message,
  ]);
  const suppressed = new Set(config.doctor?.suppress.map(({ id }) => id));
  for (const { id, file, message } of findings) {
    if (TELLING.has(id) && !suppressed.has(id)) expect(told).toContainEqual([id, file, message]);
  }
  return said as readonly Neighbour[];
}

const RNBF = 'react-native-background-fetch';
const SWIFT = 'ios/HelloWorld/Extra.swift';
const register = (id: string): string =>
  `BGTaskScheduler.shared.register(\n  forTaskWithIdentifier: ${id}, using: nil) { _ in }\n`;

test.each<[string, Setup, (object | string)[]]>([
  ['a plain app', {}, []],
  ['background-fetch that registers all', { dependencies: { [RNBF]: '^4.2.1' } }, ['I32']],
  [
    'background-fetch, as it is installed',
    {
      dependencies: { [RNBF]: '^4.1.0' },
      files: { [`node_modules/${RNBF}/package.json`]: '{"version":"4.2.2"}' },
    },
    [{ name: 'A27', severity: 'warning' }],
  ],
  [
    'background-fetch at a commit',
    { dependencies: { [RNBF]: 'github:a/b#c' } },
    [{ name: 'A27' }, { name: 'I32', severity: 'warning' }],
  ],
  [
    'background-geolocation without it',
    { dependencies: { 'react-native-background-geolocation': '4.0.0' } },
    [{ name: 'I32', severity: 'warning', message: /brings react-native-background-fetch/ }],
  ],
  [
    'background-geolocation with one that is sound',
    {
      dependencies: { 'react-native-background-geolocation': '4.0.0' },
      files: { [`node_modules/${RNBF}/package.json`]: '{"version":"4.2.2"}' },
    },
    [],
  ],
  [
    'the legacy fetch, in Objective-C',
    {
      files: {
        'ios/HelloWorld/Old.m':
          '// performFetchWithCompletionHandler\n- (void)application:(UIApplication *)a performFetchWithCompletionHandler:(void (^)(UIBackgroundFetchResult))h {}\n',
      },
    },
    [{ name: 'I25', severity: 'warning', file: 'ios/HelloWorld/Old.m', line: 2 }],
  ],
  [
    'the legacy fetch, where the key was there before',
    {
      files: { [SWIFT]: 'app.setMinimumBackgroundFetchInterval(1)\n' },
      permitted: ['com.x'],
    },
    [{ name: 'I25', file: SWIFT }],
  ],
  [
    'the legacy fetch of a library',
    {
      dependencies: { 'expo-background-fetch': '14.0.7' },
      files: {
        'src/sync.ts':
          "import { registerTaskAsync } from 'expo-background-fetch';\nregisterTaskAsync('a');\n",
      },
    },
    [{ name: 'A27' }, { name: 'I25', file: 'src/sync.ts' }],
  ],
  [
    'the fetch mode alone',
    { modes: ['audio', 'fetch'] },
    [{ name: 'fetch mode', severity: 'note' }],
  ],
  ['the fetch mode, where the key was there before', { modes: ['fetch'], permitted: ['a.b'] }, []],
  ['our own plist, the second time', { permitted: [TASK_ID], modes: ['processing'] }, []],
  [
    'a task of its own',
    { files: { [SWIFT]: register('"com.x"') }, permitted: ['com.x'] },
    [{ name: 'BGTaskScheduler', severity: 'note', file: SWIFT, line: 1 }],
  ],
  ['the same task', { files: { [SWIFT]: register(`"${TASK_ID}"`) } }, ['I07']],
  [
    'a loop over all',
    {
      files: {
        [SWIFT]: `let all = Bundle.main.object(forInfoDictionaryKey: "BGTaskSchedulerPermittedIdentifiers")\n${register('id')}`,
      },
    },
    ['I07'],
  ],
  [
    'comments, strings, tests and Pods',
    {
      files: {
        [SWIFT]: `// ${register('"a"').replaceAll('\n', ' ')}\nlet s = "setMinimumBackgroundFetchInterval"\n`,
        'ios/HelloWorldTests/A.swift': register('"a"'),
        'ios/Pods/A.swift': register('"a"'),
      },
    },
    [],
  ],
  [
    'Android',
    {
      files: {
        'android/app/src/main/java/A.kt': 'import androidx.work.Worker\n',
        'android/app/src/main/java/B.java': 'class B extends HeadlessJsTaskService {}\n',
        'android/app/build/C.kt': 'import androidx.work.Worker\n',
      },
    },
    [{ name: 'HeadlessJsTaskService' }, { name: 'WorkManager' }],
  ],
])('%s', async (_name, setup, expected) => {
  const said = await find(setup);
  expect(said).toHaveLength(expected.length);
  expected.forEach((one, index) => {
    const { message, ...rest } = (typeof one === 'string' ? {} : one) as { message?: RegExp };
    if (typeof one === 'string') return expect(said[index]).toBe(one);
    expect(said[index]).toMatchObject(rest);
    if (message !== undefined) expect((said[index] as Neighbour).message).toMatch(message);
  });
});

test('a platform that is left out has no neighbours', async () => {
  const setup = { dependencies: { [RNBF]: '4.2.2' }, files: { [SWIFT]: register('"a"') } };
  const said = await find(setup, { platforms: ['android'] });
  expect(said.map((one) => (one as Neighbour).name)).toEqual(['A27']);
});

test('what the settings suppress is not told', async () => {
  const setup = { dependencies: { [RNBF]: '4.2.2' } };
  const suppress = [{ id: 'A27', reason: 'for location alone' }];
  expect(await find(setup, { doctor: { suppress } })).toEqual([]);
});
