import { realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fileSystem } from '../../../src/file-system.ts';
import { detectProject } from '../../../src/project/detect.ts';
import { findNeighbours } from '../../../src/project/neighbours.ts';
import type { Neighbour } from '../../../src/project/neighbours.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { change, changePackageJson, write } from '../../helpers/traits/files.ts';

const CLAIM = {
  taskId: 'dev.bgsync.processing',
  moduleDir: 'modules/background-sync',
  platforms: ['android', 'ios'],
} as const;

interface Setup {
  readonly files?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly permitted?: readonly string[];
  readonly modes?: readonly string[];
}

async function find(setup: Setup, claim: object = {}): Promise<Neighbour[]> {
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
  return findNeighbours(fileSystem, project, { ...CLAIM, ...claim });
}

const RNBF = 'react-native-background-fetch';
const SWIFT = 'ios/HelloWorld/Extra.swift';
const register = (id: string): string =>
  `BGTaskScheduler.shared.register(\n  forTaskWithIdentifier: ${id}, using: nil) { _ in }\n`;

test.each<[string, Setup, object[]]>([
  ['a plain app', {}, []],
  [
    'background-fetch that registers all: I32 refuses it',
    { dependencies: { [RNBF]: '^4.2.1' } },
    [],
  ],
  [
    'background-fetch, as it is installed',
    {
      dependencies: { [RNBF]: '^4.1.0' },
      files: { [`node_modules/${RNBF}/package.json`]: '{"version":"4.2.2"}' },
    },
    [{ name: RNBF, severity: 'note' }],
  ],
  [
    'background-fetch at a commit',
    { dependencies: { [RNBF]: 'github:a/b#c' } },
    [{ severity: 'warning' }],
  ],
  [
    'background-geolocation without it',
    { dependencies: { 'react-native-background-geolocation': '4.0.0' } },
    [{ name: 'react-native-background-geolocation', severity: 'warning' }],
  ],
  [
    'the legacy fetch, in Objective-C',
    {
      files: {
        'ios/HelloWorld/Old.m':
          '// performFetchWithCompletionHandler\n- (void)application:(UIApplication *)a performFetchWithCompletionHandler:(void (^)(UIBackgroundFetchResult))h {}\n',
      },
    },
    [{ severity: 'warning', file: 'ios/HelloWorld/Old.m', line: 2 }],
  ],
  [
    'the legacy fetch, turned off already',
    {
      files: { [SWIFT]: 'app.setMinimumBackgroundFetchInterval(1)\n' },
      permitted: ['com.x'],
    },
    [{ name: 'BGTaskSchedulerPermittedIdentifiers', severity: 'note' }],
  ],
  [
    'the legacy fetch of a library',
    { dependencies: { 'expo-background-fetch': '14.0.7' } },
    [{ name: 'expo-background-fetch', severity: 'warning' }],
  ],
  [
    'the fetch mode alone',
    { modes: ['audio', 'fetch'] },
    [{ name: 'fetch mode', severity: 'warning' }],
  ],
  ['our own plist, the second time', { permitted: [CLAIM.taskId], modes: ['processing'] }, []],
  [
    'a task of its own',
    { files: { [SWIFT]: register('"com.x"') } },
    [{ severity: 'note', file: SWIFT, line: 1 }],
  ],
  ['the same task: I07 refuses it', { files: { [SWIFT]: register(`"${CLAIM.taskId}"`) } }, []],
  [
    'a loop over all: I07 refuses it',
    {
      files: {
        [SWIFT]: `let all = Bundle.main.object(forInfoDictionaryKey: "BGTaskSchedulerPermittedIdentifiers")\n${register('id')}`,
      },
    },
    [],
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
    [{ name: 'WorkManager' }, { name: 'HeadlessJsTaskService' }],
  ],
])('%s', async (_name, setup, expected) => {
  expect(await find(setup)).toMatchObject(expected);
});

test('a platform that is left out has no neighbours', async () => {
  const setup = { dependencies: { [RNBF]: '4.2.1' }, files: { [SWIFT]: register('"a"') } };
  expect(await find(setup, { platforms: ['android'] })).toEqual([]);
});
