import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeTemplateApp, runCli } from '../helpers/template-app.ts';

/** An app whose lock file was recorded. A case is never changed once recorded: a new one is added. */
export interface LockCase {
  readonly name: string;
  /** The app before bgsync, in an empty folder. */
  readonly make: (root: string) => void;
  /** Flags of `init`. */
  readonly args?: readonly string[];
  /** What was done after `init`, before the lock file was recorded. */
  readonly then?: (root: string) => void;
  /** What `update` edits outside of the package, beside a pin. */
  readonly updates?: readonly string[];
  /** What `remove` keeps: files of the user's with changes that git does not have. */
  readonly keeps?: readonly string[];
}

function run(root: string, ...args: string[]): void {
  const { code, stdout, stderr } = runCli(args, root);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code ?? 'signal'}\n${stdout}${stderr}`);
}

const retire = (root: string): void => run(root, 'remove', '--retire', '--yes');

const DYNAMIC = `export default ({ config }) => ({
  ...config,
  name: 'Demo',
});
`;

/** Makes the app and does with this bgsync what the case says. */
export function integrate({ make, args = [], then }: LockCase, root: string): void {
  make(root);
  run(root, 'init', '--yes', ...args);
  then?.(root);
}

export const LOCK_CASES: readonly LockCase[] = [
  { name: 'react-native', make: (root) => makeTemplateApp('0.87', root) },
  { name: 'react-native-pinned', make: (root) => makeTemplateApp('0.81', root), args: ['--pin'] },
  {
    name: 'react-native-in-other-folders',
    make: (root) => makeTemplateApp('0.87', root),
    args: [
      '--module-dir',
      'native/sync',
      '--handler',
      'app/sync.tsx',
      '--task-id',
      'com.example.x',
    ],
  },
  {
    name: 'react-native-renamed-task',
    make: (root) => makeTemplateApp('0.87', root),
    then: (root) => {
      const config = join(root, 'bgsync.config.json');
      const text = readFileSync(config, 'utf8');
      writeFileSync(config, text.replace('dev.bgsync.processing', 'dev.new'));
      run(root, 'update', '--yes');
    },
    keeps: ['bgsync.config.json'],
    // The id before the change is permitted again: phones have requests for it.
    updates: ['ios/HelloWorld/Info.plist'],
  },
  {
    name: 'react-native-android-alone',
    make: (root) => {
      makeTemplateApp('0.87', root);
      rmSync(join(root, 'ios'), { recursive: true });
    },
  },
  { name: 'react-native-retired', make: (root) => makeTemplateApp('0.87', root), then: retire },
  { name: 'expo-generated', make: (root) => makeExpoFixture(root) },
  {
    name: 'expo-router-pinned',
    make: (root) => makeExpoFixture(root, { main: 'expo-router/entry' }),
    args: ['--pin'],
  },
  {
    name: 'expo-router-retired',
    make: (root) => makeExpoFixture(root, { main: 'expo-router/entry' }),
    args: ['--pin'],
    then: retire,
  },
  {
    name: 'expo-prebuilt',
    make: (root) => makeExpoFixture(root, { workflow: 'committed-config' }),
  },
  {
    name: 'expo-prebuilt-without-config',
    make: (root) => makeExpoFixture(root, { workflow: 'committed' }),
  },
  {
    name: 'expo-dynamic-config',
    make: (root) => makeExpoFixture(root, { files: { 'app.config.ts': DYNAMIC } }),
  },
];
