import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import {
  DELEGATE,
  OBJC_DELEGATE,
  OBJC_RUN,
  PLIST,
  RUN,
  background,
  delegate,
  objcDelegate,
  objcRegistration,
  objcSchedule,
  registration,
  schedule,
  soundDelegate,
} from './ios-files.ts';

const BOTH = ['fetch', 'processing'];
const ID = 'com.example.demo.sync';

/** Registers what `launch` says and requests one id. */
const registers = (launch: string, rest: string): string =>
  delegate(launch, RUN + schedule('"com.example.demo.upload"'), rest);

const FOUR = `
enum TaskId: String, CaseIterable {
  case upload = "com.example.demo.upload"
  case refresh = "com.example.demo.refresh"
  case cleanup = "com.example.demo.cleanup"
  case photos = "com.example.demo.photos"
}
`;

describeCheck('I01', {
  base: 'react-native',
  triggers: {
    'a literal': {
      files: { [DELEGATE]: soundDelegate(`"${ID}"`), [PLIST]: background(BOTH, ['other']) },
      at: `${PLIST}:12`,
      message: `${ID}, which ${DELEGATE}:10 needs`,
    },
    'no array at all': {
      files: { [DELEGATE]: soundDelegate(`"${ID}"`), [PLIST]: background(BOTH) },
      at: PLIST,
      message: 'is missing',
    },
    'upper and lower case': {
      files: {
        [DELEGATE]: soundDelegate(`"${ID}"`),
        [PLIST]: background(BOTH, ['com.example.Demo.sync']),
      },
      at: `${PLIST}:14`,
      message: 'upper and lower case',
    },
    'four ids through an enum, one of them permitted': {
      files: {
        [DELEGATE]: registers(
          ['upload', 'refresh', 'cleanup', 'photos']
            .map((name) =>
              registration(`TaskId.${name}.rawValue`)
                .replace('let accepted', `let ${name}`)
                .replace('!accepted', `!${name}`),
            )
            .join(''),
          FOUR,
        ),
        [PLIST]: background(BOTH, ['com.example.demo.upload']),
      },
      at: [`${PLIST}:12`, `${PLIST}:12`, `${PLIST}:12`],
      message: 'com.example.demo.cleanup',
    },
    'four ids through a loop, one of them permitted': {
      files: {
        [DELEGATE]: registers(
          `for id in TaskId.allCases {\n${registration('id.rawValue')}\n}`,
          FOUR,
        ),
        [PLIST]: background(BOTH, ['com.example.demo.upload']),
      },
      at: [`${PLIST}:12`, `${PLIST}:12`, `${PLIST}:12`],
    },
    'four ids through a function of the app, one of them permitted': {
      files: {
        [DELEGATE]: delegate(
          '["upload", "refresh", "cleanup", "photos"].forEach { name in\n  register("com.example.demo.\\(name)")\n}',
          `func register(_ identifier: String) {\n${registration('identifier')}\n}` +
            RUN +
            schedule('"com.example.demo.upload"'),
        ),
        [PLIST]: background(BOTH, ['com.example.demo.upload']),
      },
      at: [`${PLIST}:12`, `${PLIST}:12`, `${PLIST}:12`],
    },
    'a static let in another file': {
      files: {
        [DELEGATE]: soundDelegate('SyncIds.Background.sync'),
        'ios/Demo/SyncIds.swift': `struct SyncIds {\n  struct Background {\n    static let sync: String = "${ID}"\n  }\n}\n`,
        [PLIST]: background(BOTH, ['other']),
      },
      at: `${PLIST}:12`,
      message: ID,
    },
    'the bundle id and a suffix': {
      files: {
        [DELEGATE]: delegate(
          registration('taskId'),
          `private let taskId = Bundle.main.bundleIdentifier! + ".sync"` + RUN + schedule('taskId'),
        ),
        [PLIST]: background(BOTH, ['$(PRODUCT_BUNDLE_IDENTIFIER).upload']),
      },
      at: `${PLIST}:12`,
      message: '$(PRODUCT_BUNDLE_IDENTIFIER).sync',
    },
    'Objective-C with a constant': {
      files: {
        [DELEGATE]: undefined,
        [OBJC_DELEGATE]: objcDelegate(
          `static NSString *const kSyncTask = @"${ID}";\n`,
          objcRegistration('kSyncTask'),
          OBJC_RUN + objcSchedule('kSyncTask'),
        ),
        [PLIST]: background(BOTH, ['com.example.demo.other']),
      },
      at: `${PLIST}:12`,
      message: ID,
    },
    'the id of expo-background-task': {
      files: {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'expo-background-task': '~57.0.0',
        }),
        'src/sync.ts':
          "import * as BackgroundTask from 'expo-background-task';\nBackgroundTask.registerTaskAsync('sync');\n",
        [PLIST]: background(['processing'], ['com.example.demo.sync']),
      },
      at: `${PLIST}:11`,
      message: 'com.expo.modules.backgroundtask.processing, which expo-background-task needs',
    },
    'the ids of react-native-background-fetch': {
      files: {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'react-native-background-fetch': '4.4.2',
        }),
        'src/sync.ts': `import BackgroundFetch from 'react-native-background-fetch';
BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.upload', delay: 60000 });
`,
        [PLIST]: background(BOTH, ['com.transistorsoft.fetch']),
      },
      at: `${PLIST}:12`,
      message: 'com.transistorsoft.upload',
    },
    'the label of the background runner': {
      base: 'capacitor',
      files: {
        'package.json': packageJson({
          '@capacitor/core': '7.4.0',
          '@capacitor/background-runner': '3.0.0',
        }),
        'capacitor.config.json': JSON.stringify({
          appId: 'com.example.demo',
          plugins: {
            BackgroundRunner: { label: 'com.example.demo.runner', src: 'runner.js', repeat: true },
          },
        }),
        'ios/App/Demo/AppDelegate.swift': delegate(
          'BackgroundRunnerPlugin.registerBackgroundTask()',
        ),
        'ios/App/Demo/Info.plist': background(BOTH, ['com.example.demo.other']),
      },
      at: 'ios/App/Demo/Info.plist:12',
      message: 'com.example.demo.runner',
    },
  },
  near: {
    'a literal that is permitted': {
      [DELEGATE]: soundDelegate(`"${ID}"`),
      [PLIST]: background(BOTH, [ID]),
    },
    'a bundle id that comes to the same': {
      [DELEGATE]: soundDelegate(`"${ID}"`),
      [PLIST]: background(BOTH, ['$(PRODUCT_BUNDLE_IDENTIFIER).sync']),
    },
    'a suffix of the bundle id, permitted as a literal': {
      [DELEGATE]: soundDelegate('"\\(Bundle.main.bundleIdentifier!).sync"'),
      [PLIST]: background(BOTH, [ID]),
    },
    'an id that only runs at run time': {
      [DELEGATE]: soundDelegate('Remote.settings.taskId'),
      [PLIST]: background(BOTH, [ID]),
    },
    'one of two constants of a name, by build': {
      [DELEGATE]: delegate(
        registration('Ids.sync'),
        RUN + schedule('Ids.sync'),
        `enum Ids {\n#if STAGING\n  static let sync = "a.b"\n#else\n  static let sync = "${ID}"\n#endif\n}`,
      ),
      [PLIST]: background(BOTH, [ID]),
    },
    'a call in a comment': {
      [DELEGATE]: delegate(
        `// BGTaskScheduler.shared.register(forTaskWithIdentifier: "${ID}", using: nil) { _ in }`,
      ),
    },
  },
});
