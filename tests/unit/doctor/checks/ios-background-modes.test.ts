import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import {
  DELEGATE,
  OBJC_DELEGATE,
  OBJC_RUN,
  PLIST,
  PROJECT,
  RUN,
  background,
  delegate,
  objcDelegate,
  objcRegistration,
  objcSchedule,
  project,
  registration,
  schedule,
  soundDelegate,
} from './ios-files.ts';

const ID = 'com.example.demo.sync';
const WITH_MODES = project(
  'SWIFT_VERSION = 5.0;',
  'SWIFT_VERSION = 5.0; INFOPLIST_KEY_UIBackgroundModes = "fetch processing";',
);

describeCheck('I03', {
  base: 'react-native',
  triggers: {
    'a processing task where only fetch is set': {
      files: { [DELEGATE]: soundDelegate(`"${ID}"`), [PLIST]: background(['fetch'], [ID]) },
      at: `${PLIST}:7`,
      message: 'does not contain processing, which ios/Demo/AppDelegate.swift:24 needs',
    },
    'a refresh task where only processing is set': {
      files: {
        [DELEGATE]: soundDelegate(`"${ID}"`, 'BGAppRefreshTaskRequest'),
        [PLIST]: background(['processing'], [ID]),
      },
      at: `${PLIST}:7`,
      message: 'does not contain fetch',
    },
    'no modes': {
      files: { [DELEGATE]: soundDelegate(`"${ID}"`), [PLIST]: background(undefined, [ID]) },
      at: PLIST,
      message: 'UIBackgroundModes is missing',
    },
    'a mode that there is not': {
      files: { [DELEGATE]: soundDelegate(`"${ID}"`), [PLIST]: background(['process'], [ID]) },
      at: `${PLIST}:9`,
      message: 'contains process, which is no background mode',
    },
    'an id that is not known': {
      files: {
        [DELEGATE]: delegate(registration('taskId()'), RUN + schedule('taskId()')),
        [PLIST]: background(['fetch'], [ID]),
      },
      at: `${PLIST}:7`,
    },
    'Objective-C': {
      files: {
        [DELEGATE]: undefined,
        [OBJC_DELEGATE]: objcDelegate(
          '',
          objcRegistration(`@"${ID}"`),
          OBJC_RUN + objcSchedule(`@"${ID}"`),
        ),
        [PLIST]: background(['fetch'], [ID]),
      },
      at: `${PLIST}:7`,
      message: 'processing',
    },
    SwiftUI: {
      files: {
        [DELEGATE]: undefined,
        'ios/Demo/DemoApp.swift': `import SwiftUI

@main
struct DemoApp: App {
  var body: some Scene {
    WindowGroup { ContentView() }
      .backgroundTask(.appRefresh("${ID}")) {
        await schedule()
        await Sync.shared.drain()
      }
  }
}

func schedule() async {
  let request = BGAppRefreshTaskRequest(identifier: "${ID}")
  try? BGTaskScheduler.shared.submit(request)
}
`,
        [PLIST]: background(['processing'], [ID]),
      },
      at: `${PLIST}:7`,
      message: 'fetch',
    },
    'expo-background-fetch': {
      files: {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'expo-background-fetch': '14.0.0',
        }),
        'src/sync.ts': "import * as BackgroundFetch from 'expo-background-fetch';\n",
        [PLIST]: background(['remote-notification']),
      },
      at: `${PLIST}:7`,
      message: 'expo-background-fetch',
    },
  },
  near: {
    'the mode is there': {
      [DELEGATE]: soundDelegate(`"${ID}"`),
      [PLIST]: background(['processing'], [ID]),
    },
    'the mode is a build setting': {
      [DELEGATE]: soundDelegate(`"${ID}"`),
      [PLIST]: background(undefined, [ID]),
      [PROJECT]: WITH_MODES,
    },
    'a library that is not imported': {
      'package.json': packageJson({ 'react-native': '0.87.2', 'expo-background-fetch': '14.0.0' }),
    },
  },
});
