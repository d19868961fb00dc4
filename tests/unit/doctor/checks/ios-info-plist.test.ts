import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import {
  DELEGATE,
  OBJC_DELEGATE,
  PLIST,
  PROJECT,
  RUN,
  background,
  delegate,
  objcDelegate,
  project,
  registration,
  schedule,
  soundDelegate,
} from './ios-files.ts';

const ID = 'com.example.demo.sync';
const BOTH = ['processing', 'fetch'];
const FROM_BUNDLE = delegate(
  registration('taskId'),
  `private let taskId = Bundle.main.bundleIdentifier! + ".sync"\n${RUN}${schedule('taskId')}`,
);
const STAGING = project(
  'TD = { isa = XCBuildConfiguration; name = Debug; buildSettings = { INFOPLIST_FILE = Demo/Info.plist; PRODUCT_BUNDLE_IDENTIFIER = com.example.demo;',
  'TD = { isa = XCBuildConfiguration; name = Debug; buildSettings = { INFOPLIST_FILE = Demo/Info.plist; PRODUCT_BUNDLE_IDENTIFIER = com.example.demo.dev;',
);

describeCheck('I04', {
  base: 'react-native',
  triggers: {
    'no permitted identifiers': {
      files: { [PLIST]: background(['fetch', 'processing']) },
      at: `${PLIST}:10`,
      message: 'is missing',
    },
    'an empty array': {
      files: { [PLIST]: background(['processing'], []) },
      at: `${PLIST}:9`,
      message: 'is empty',
    },
  },
  near: {
    'fetch alone': { [PLIST]: background(['fetch', 'remote-notification']) },
    'an id that nothing here registers': { [PLIST]: background(['processing'], [ID]) },
  },
});

describeCheck('I19', {
  base: 'react-native',
  triggers: {
    'a literal where the code takes the bundle id': {
      files: { [DELEGATE]: FROM_BUNDLE, [PROJECT]: STAGING, [PLIST]: background(BOTH, [ID]) },
      at: `${PLIST}:12`,
      message: 'in target Demo, Debug',
    },
    'a second target without the id': {
      files: {
        [DELEGATE]: soundDelegate(`"${ID}"`),
        [PLIST]: background(BOTH, [ID]),
        [PROJECT]: project(
          'TR = { isa = XCBuildConfiguration; name = Release; buildSettings = { INFOPLIST_FILE = Demo/Info.plist;',
          'TR = { isa = XCBuildConfiguration; name = Release; buildSettings = { INFOPLIST_FILE = Demo/Release.plist;',
        ),
        'ios/Demo/Release.plist': background(BOTH, ['com.example.demo.other']),
      },
      at: 'ios/Demo/Release.plist:12',
      message: `does not contain ${ID}`,
    },
  },
  near: {
    'the bundle id in both': {
      [DELEGATE]: FROM_BUNDLE,
      [PROJECT]: STAGING,
      [PLIST]: background(BOTH, ['$(PRODUCT_BUNDLE_IDENTIFIER).sync']),
    },
    'a bundle id from an xcconfig': {
      [DELEGATE]: FROM_BUNDLE,
      [PROJECT]: project('PRODUCT_BUNDLE_IDENTIFIER = com.example.demo; ', ''),
      [PLIST]: background(BOTH, [ID]),
    },
  },
});

const GENERATED = project('INFOPLIST_FILE = Demo/Info.plist;', 'GENERATE_INFOPLIST_FILE = YES;');

describeCheck('I20', {
  base: 'react-native',
  triggers: {
    'generated from build settings': {
      files: { [DELEGATE]: soundDelegate(`"${ID}"`), [PROJECT]: GENERATED },
      at: PROJECT,
      message: 'GENERATE_INFOPLIST_FILE',
    },
  },
  near: { 'no background tasks': { [PROJECT]: GENERATED } },
});

const ENTITLED = project(
  'INFOPLIST_FILE = Demo/Info.plist;',
  'INFOPLIST_FILE = Demo/Info.plist; CODE_SIGN_ENTITLEMENTS = Demo/Demo.entitlements;',
);
const protection = (value: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>com.apple.developer.default-data-protection</key>
	<string>${value}</string>
</dict>
</plist>
`;
const SOUND = { [DELEGATE]: soundDelegate(`"${ID}"`), [PLIST]: background(BOTH, [ID]) };
const ENTITLEMENTS = 'ios/Demo/Demo.entitlements';

describeCheck('I21', {
  base: 'react-native',
  triggers: {
    complete: {
      files: {
        ...SOUND,
        [PROJECT]: ENTITLED,
        [ENTITLEMENTS]: protection('NSFileProtectionComplete'),
      },
      at: `${ENTITLEMENTS}:4`,
    },
  },
  near: {
    'until first unlock': {
      ...SOUND,
      [PROJECT]: ENTITLED,
      [ENTITLEMENTS]: protection('NSFileProtectionCompleteUntilFirstUserAuthentication'),
    },
    'no background tasks': {
      [PROJECT]: ENTITLED,
      [ENTITLEMENTS]: protection('NSFileProtectionComplete'),
    },
  },
});

const FETCH = `func application(
  _ application: UIApplication,
  performFetchWithCompletionHandler done: @escaping (UIBackgroundFetchResult) -> Void
) {
  Feed.refresh { done(.newData) }
}
`;

describeCheck('I25', {
  base: 'react-native',
  triggers: {
    'beside permitted ids': {
      files: {
        [DELEGATE]: delegate('', FETCH),
        [PLIST]: background(['fetch'], [ID]),
      },
      at: `${DELEGATE}:16`,
    },
    'Objective-C': {
      files: {
        [DELEGATE]: undefined,
        [OBJC_DELEGATE]: objcDelegate(
          '',
          '[application setMinimumBackgroundFetchInterval:UIApplicationBackgroundFetchIntervalMinimum];',
        ),
        [PLIST]: background(['fetch'], [ID]),
      },
      at: `${OBJC_DELEGATE}:9`,
    },
    'expo-background-fetch': {
      files: {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'expo-background-fetch': '14.0.0',
        }),
        'src/sync.ts': "import * as BackgroundFetch from 'expo-background-fetch';\n",
        [PLIST]: background(['fetch'], [ID]),
      },
      at: 'src/sync.ts:1',
    },
  },
  near: {
    'without permitted ids': { [DELEGATE]: delegate('', FETCH), [PLIST]: background(['fetch']) },
    'what react-native-background-fetch once asked for': {
      [DELEGATE]: delegate(
        '',
        FETCH.replace(
          'Feed.refresh { done(.newData) }',
          'TSBackgroundFetch.sharedInstance().perform(done)',
        ),
      ),
      [PLIST]: background(['fetch'], [ID]),
    },
  },
});

const NATIVE_EXPO = {
  'package.json': packageJson({ expo: '~57.0.0', 'react-native': '0.87.2' }),
  ...SOUND,
};
const appJson = (infoPlist: Record<string, unknown>): string =>
  JSON.stringify({ expo: { name: 'demo', slug: 'demo', ios: { infoPlist } } }, null, 2);

describeCheck('I26', {
  base: 'react-native',
  triggers: {
    'an id that the Info.plist alone has': {
      files: {
        ...NATIVE_EXPO,
        'app.json': appJson({
          UIBackgroundModes: ['processing'],
          BGTaskSchedulerPermittedIdentifiers: ['com.example.demo.other'],
        }),
      },
      at: 'app.json:10',
      message: `lacks ${ID}`,
    },
    'the same in app.config.json': {
      files: {
        ...NATIVE_EXPO,
        'app.json': undefined,
        'app.config.json': appJson({
          UIBackgroundModes: ['processing'],
          BGTaskSchedulerPermittedIdentifiers: ['com.example.demo.other'],
        }),
      },
      at: 'app.config.json:10',
    },
    'the same in a config without the key expo': {
      files: {
        ...NATIVE_EXPO,
        'app.json': JSON.stringify(
          {
            slug: 'demo',
            ios: { infoPlist: { BGTaskSchedulerPermittedIdentifiers: ['com.example.demo.other'] } },
          },
          null,
          2,
        ),
      },
      at: 'app.json:5',
    },
  },
  near: {
    'both in both': {
      ...NATIVE_EXPO,
      'app.json': appJson({
        UIBackgroundModes: ['processing'],
        BGTaskSchedulerPermittedIdentifiers: [ID],
      }),
    },
    'none in app.json': { ...NATIVE_EXPO, 'app.json': appJson({}) },
  },
});

const refresh = (id: string): string =>
  `func schedule${id.length}() {\n  try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: "${id}"))\n}\n`;

const RAN = RUN.replace('schedule()', `schedule${ID.length}()`);
/** Without it I35 would tell of the other half. */
const handled = (id: string): string => registration(`"${id}"`, 'BGAppRefreshTask');

describeCheck('I27', {
  base: 'react-native',
  triggers: {
    'two of the app': {
      files: {
        [DELEGATE]: delegate(
          handled(ID) + handled('com.example.demo.news.feed'),
          RAN + refresh(ID) + refresh('com.example.demo.news.feed'),
        ),
        [PLIST]: background(BOTH, [ID, 'com.example.demo.news.feed']),
      },
      at: `${PLIST}:7`,
      message: '2 app refresh tasks',
    },
    'one beside that of a library': {
      files: {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'react-native-background-fetch': '4.4.2',
        }),
        'src/sync.ts': "import BackgroundFetch from 'react-native-background-fetch';\n",
        [DELEGATE]: delegate(handled(ID), RAN + refresh(ID)),
        [PLIST]: background(BOTH, [ID, 'com.transistorsoft.fetch']),
      },
      at: `${PLIST}:7`,
    },
  },
  near: {
    'one that is requested twice': {
      [DELEGATE]: delegate(
        handled(ID),
        RAN + refresh(ID) + refresh(ID).replace('schedule', 'again'),
      ),
      [PLIST]: background(BOTH, [ID]),
    },
    'a refresh and a processing task': {
      [DELEGATE]: delegate(
        handled(ID) + registration('"com.example.demo.night"'),
        RAN + refresh(ID) + schedule('"com.example.demo.night"'),
      ),
      [PLIST]: background(BOTH, [ID, 'com.example.demo.night']),
    },
  },
});

describeCheck('I28', {
  base: 'react-native',
  triggers: {
    'expo-background-task was removed': {
      files: {
        [PLIST]: background(['processing'], [ID, 'com.expo.modules.backgroundtask.processing']),
      },
      at: `${PLIST}:14`,
      message: 'package.json has no expo-background-task',
    },
    'bgsync was removed': {
      files: { [PLIST]: background(['processing'], ['dev.bgsync.processing']) },
      at: `${PLIST}:13`,
    },
  },
  near: {
    'an id of the app': { [PLIST]: background(['processing'], [ID]) },
    'react-native-background-geolocation brings its own': {
      'package.json': packageJson({
        'react-native': '0.87.2',
        'react-native-background-geolocation': '4.18.0',
      }),
      [PLIST]: background(BOTH, ['com.transistorsoft.fetch']),
    },
  },
});
