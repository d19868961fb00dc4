import { BUILD, EXPO, FLUTTER, IOS, REACT_NATIVE, WORK } from '../facts.ts';
import type { HostId } from '../project/project.ts';
import { HOSTS } from './hosts.ts';

/** By host: what of it is tested, as the facts know it. */
const VERSIONS: Record<HostId, string> = {
  'react-native': `${REACT_NATIVE.oldest} to ${REACT_NATIVE.newest}; the old architecture below ${REACT_NATIVE.newArchitectureOnly}`,
  expo: `SDK ${EXPO.oldest} to ${EXPO.newest}, with and without native folders`,
  flutter: `${FLUTTER.oldest} and newer (Dart ${FLUTTER.dart}); never yet built by a Flutter SDK`,
};

/** What each command does by kind of app, and what it makes of constraints and `tasks` of the config. */
const COMMAND_ROWS: readonly (readonly [
  command: string,
  reactNative: string,
  flutter: string,
  tasks: string,
])[] = [
  [
    'init',
    'yes',
    'yes; no `--drain`',
    'written into the native code, ids into Info.plist or the app config; names each task whose queue the handler does not hand over',
  ],
  ['diff', 'yes', 'yes', 'a config that was changed is a difference'],
  [
    'update',
    'yes',
    'yes',
    'as `init`; the id of a task that was taken out stays, and is cancelled',
  ],
  ['doctor', 'yes', 'yes', 'misses the id of each on iOS; `--log` reads the runs of all'],
  ['remove', 'yes', 'yes', 'takes all ids out; `--retire` cancels the work of all'],
  [
    'trigger',
    'yes; `--platform local` in Node, with played native halves',
    'yes; `--platform local` in your `dart`, without `--server` and `--fresh`',
    '`--task`, `--respect-constraints`',
  ],
  ['logs', 'yes', 'yes', '`--task`'],
  ['status', 'yes', 'yes', '`--task`; what is needed, and what of it is not there'],
  [
    'queue',
    'of the local platform, of a debug build, of a file',
    'of a debug build, of a file',
    '–',
  ],
  ['devices', 'yes', 'yes', '–'],
  ['migrate', 'from three libraries', 'no', '–'],
  ['ci', 'yes', 'yes', '–'],
  ['completion', 'yes', 'yes', '–'],
];

/** docs/compatibility.md: every kind of app, and what there is for it. */
export function documentCompatibility(): string {
  const rows = Object.entries(HOSTS).map(([id, host]) => [
    host.name,
    VERSIONS[id as HostId],
    `\`${host.moduleDir}\``,
    'yes',
    host.queueDriver,
    'yes',
  ]);
  const table = [
    [
      'host',
      'versions',
      'generated package',
      '`trigger --platform local`',
      '`--queue`',
      '`remove --retire`',
    ],
    ['---', '---', '---', '---', '---', '---'],
    ...rows,
    ['Capacitor', '`init` refuses; `doctor` works', '–', 'no', '–', 'no'],
    ['Android or iOS alone', '`init` refuses; `doctor` works', '–', 'no', '–', 'no'],
  ];
  const needs = [
    ['of', 'needed'],
    ['---', '---'],
    ['iOS', `${IOS.oldest}`],
    ['Android', `minSdk ${BUILD.minSdk}, compileSdk ${WORK.compileLevel.compileSdk}`],
    ['Android Gradle plugin', `${BUILD.agp}, where the build names one`],
    ['Kotlin', `${BUILD.kotlin}, where the build names one`],
    [
      'androidx.work',
      `${WORK.default} is generated; ${WORK.oldestForWorker} or newer, but none from ${WORK.broken.from} on that is older than ${WORK.broken.before}`,
    ],
  ];
  const lines = (of: string[][]): string[] => of.map((cells) => `| ${cells.join(' | ')} |`);
  return [
    '# Compatibility',
    '',
    'Generated from the table of hosts and from `src/facts.ts`. What is too old is refused with its place; what is newer than was tested is',
    'said by `init`. Where each limit is known from: [limits.md](limits.md).',
    '',
    ...lines(table),
    '',
    '## Commands',
    '',
    'In a Flutter app, `trigger`, `logs` and `status` on devices were tried against a played phone and simulator.',
    '',
    ...lines([
      ['command', 'React Native, Expo', 'Flutter', 'constraints and `tasks`'],
      ['---', '---', '---', '---'],
      ...COMMAND_ROWS.map(([name, ...cells]) => [`\`${name}\``, ...cells]),
    ]),
    '',
    '## What the build needs',
    '',
    ...lines(needs),
    '',
    `androidx.work ${WORK.losesJobs.before} can be asked for (\`android.workRuntime\`), and its behaviour is tested on it. It is not the default yet, as it is`,
    'weeks old and not held to R8 and the manifest merger here. By their AARs and POMs it asks for what the default does (Android Gradle plugin',
    `${BUILD.agp}, compileSdk ${WORK.compileLevel.compileSdk}, Room 2.7.0, coroutines 1.9.0, Kotlin 2.1 metadata), but for minSdk ${WORK.higherLevel.minSdk} in place of ${WORK.level.minSdk}, and its classes are`,
    'Java 11’s, not 8’s. What it mends, a job that WorkManager loses, the generated package mends at the app’s start with every version.',
    '',
  ].join('\n');
}
