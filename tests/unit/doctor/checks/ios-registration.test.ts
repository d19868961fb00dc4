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
const SYNC = `"${ID}"`;
const REST = RUN + schedule(SYNC);
const SOUND_PLIST = background(['processing', 'fetch'], [ID]);

const swift = (launch: string, members = REST, rest = '') => ({
  [DELEGATE]: delegate(launch, members, rest),
  [PLIST]: SOUND_PLIST,
});

describeCheck('I06', {
  base: 'react-native',
  triggers: {
    'dispatched to the main queue': {
      files: swift(`DispatchQueue.main.async {\n${registration(SYNC)}\n}`),
      at: `${DELEGATE}:12`,
      message: 'async { … }',
    },
    'in a task': { files: swift(`Task {\n${registration(SYNC)}\n}`), at: `${DELEGATE}:12` },
    'Objective-C': {
      files: {
        [DELEGATE]: undefined,
        [OBJC_DELEGATE]: objcDelegate(
          '',
          `dispatch_async(dispatch_get_main_queue(), ^{\n${objcRegistration(`@${SYNC}`)}\n});`,
          OBJC_RUN + objcSchedule(`@${SYNC}`),
        ),
        [PLIST]: SOUND_PLIST,
      },
      at: `${OBJC_DELEGATE}:11`,
    },
  },
  near: {
    'at once': swift(registration(SYNC)),
    'where the system is new enough': swift(
      `if #available(iOS 13.0, *) {\n${registration(SYNC)}\n}`,
    ),
    'beside something that is dispatched': swift(
      `DispatchQueue.main.async { Analytics.start() }\n${registration(SYNC)}`,
    ),
  },
});

describeCheck('I08', {
  base: 'react-native',
  triggers: {
    'in the scene delegate': {
      files: {
        [PLIST]: SOUND_PLIST,
        'ios/Demo/SceneDelegate.swift': `import BackgroundTasks
import UIKit

class SceneDelegate: UIResponder, UIWindowSceneDelegate {
  func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) {
    ${registration(SYNC).trim()}
  }
  ${REST}
}
`,
      },
      at: 'ios/Demo/SceneDelegate.swift:6',
      message: 'willConnectTo',
    },
    'in what a late function alone calls': {
      files: swift(
        '',
        `func applicationDidBecomeActive(_ application: UIApplication) {\n  setUpSync()\n}\nfunc setUpSync() {\n${registration(SYNC)}\n}\n${REST}`,
      ),
      at: `${DELEGATE}:19`,
      message: 'applicationDidBecomeActive',
    },
    'in a method for JavaScript': {
      files: {
        [PLIST]: SOUND_PLIST,
        'ios/Demo/SyncModule.m': `#import <React/RCTBridgeModule.h>
#import <BackgroundTasks/BackgroundTasks.h>

@implementation SyncModule
RCT_EXPORT_MODULE()

RCT_EXPORT_METHOD(start:(NSString *)queue)
{
  ${objcRegistration(`@${SYNC}`).trim()}
}
${OBJC_RUN}${objcSchedule(`@${SYNC}`)}
@end
`,
      },
      at: 'ios/Demo/SyncModule.m:9',
      message: 'RCT_EXPORT_METHOD',
    },
  },
  near: {
    'in a function that the launch calls as well': swift(
      'setUpSync()',
      `func applicationDidBecomeActive(_ application: UIApplication) {\n  if !isSetUp { setUpSync() }\n}\nfunc setUpSync() {\n${registration(SYNC)}\n}\n${REST}`,
    ),
    'in a function that nothing here calls': swift(
      '',
      `func setUpSync() {\n${registration(SYNC)}\n}\n${REST}`,
    ),
  },
});

describeCheck('I07', {
  base: 'react-native',
  triggers: {
    'twice in the app delegate': {
      files: swift(
        `${registration(SYNC)}\nregisterAll()`,
        `func registerAll() {\n${registration(SYNC)}\n}\n${REST}`,
      ),
      at: `${DELEGATE}:21`,
      message: `in ${DELEGATE}:10`,
    },
    'what a library registers': {
      files: {
        ...swift(
          registration('"com.transistorsoft.fetch"'),
          RUN + schedule('"com.transistorsoft.fetch"'),
        ),
        [PLIST]: background(['processing', 'fetch'], ['com.transistorsoft.fetch']),
        'package.json': packageJson({
          'react-native': '0.87.2',
          'react-native-background-fetch': '4.4.2',
        }),
      },
      at: `${DELEGATE}:10`,
      message: 'by react-native-background-fetch',
    },
  },
  near: {
    'by a condition of the build': swift(
      `#if STAGING\n${registration(SYNC)}\n#else\n${registration(SYNC)}\n#endif`,
    ),
    'in two branches': swift(
      `if Flags.isNew {\n${registration(SYNC)}\n} else {\n${registration(SYNC)}\n}`,
    ),
  },
});

const SIX = project('SWIFT_VERSION = 5.0;', 'SWIFT_VERSION = 6.0;');

describeCheck('I10', {
  base: 'react-native',
  triggers: {
    'in the app delegate, in Swift 6': {
      files: { ...swift(registration(SYNC)), [PROJECT]: SIX },
      at: `${DELEGATE}:10`,
    },
    'isolated by default': {
      files: {
        ...swift('Sync.register()', ''),
        'ios/Demo/Sync.swift': `import BackgroundTasks

enum Sync {
  static func register() {
    ${registration(SYNC).replaceAll('self.', '').trim()}
  }
  ${REST.replaceAll('func', 'static func')}
}
`,
        [PROJECT]: project(
          'SWIFT_VERSION = 5.0;',
          'SWIFT_VERSION = 6.0; SWIFT_DEFAULT_ACTOR_ISOLATION = MainActor;',
        ),
      },
      at: 'ios/Demo/Sync.swift:5',
    },
  },
  near: {
    'Swift 5': swift(registration(SYNC)),
    'in a nonisolated function, as the check advises': {
      ...swift('setUpSync()', `nonisolated func setUpSync() {\n${registration(SYNC)}\n}\n${REST}`),
      [PROJECT]: SIX,
    },
    'a closure that is @Sendable': {
      ...swift(registration(SYNC).replace('task in', '@Sendable task in')),
      [PROJECT]: SIX,
    },
    'on the main queue': {
      ...swift(registration(SYNC).replace('using: nil', 'using: .main')),
      [PROJECT]: SIX,
    },
    'in a type of no actor': {
      [DELEGATE]: delegate('Sync.register()'),
      [PLIST]: SOUND_PLIST,
      'ios/Demo/Sync.swift': `import BackgroundTasks

enum Sync {
  static func register() {
    ${registration(SYNC).replaceAll('self.', '').trim()}
  }
  ${REST.replaceAll('func', 'static func')}
}
`,
      [PROJECT]: SIX,
    },
  },
});

const RELEASE =
  '(BGTaskScheduler.shared as AnyObject).perform(NSSelectorFromString("_simulateLaunchForTaskWithIdentifier:"), with: id)';
const debugMenu = (call: string): string => `import BackgroundTasks

final class DebugMenu {
  func runNow(_ id: String) {
${call}
  }
}
`;
const MENU = 'ios/Demo/DebugMenu.swift';

describeCheck('I16', {
  base: 'react-native',
  triggers: {
    'in a release build': { files: { [MENU]: debugMenu(RELEASE) }, at: `${MENU}:5` },
    'put together from pieces': {
      files: {
        [MENU]: debugMenu(
          'let name = ["_simulateLaunch", "ForTaskWithIdentifier:"].joined()\nperform(Selector(name))',
        ),
      },
      at: `${MENU}:5`,
    },
    appended: {
      files: {
        [MENU]: debugMenu(
          'perform(Selector("_simulate".appending("LaunchForTaskWithIdentifier:")))',
        ),
      },
      at: `${MENU}:5`,
    },
    'in the branch that is not for debug': {
      files: { [MENU]: debugMenu(`#if DEBUG\nprint(id)\n#else\n${RELEASE}\n#endif`) },
      at: `${MENU}:8`,
    },
    'Objective-C': {
      files: {
        'ios/Demo/DebugMenu.m': `@implementation DebugMenu
- (void)expire:(NSString *)identifier
{
  [[BGTaskScheduler sharedScheduler] _simulateExpirationForTaskWithIdentifier:identifier];
}
@end
`,
      },
      at: 'ios/Demo/DebugMenu.m:4',
    },
  },
  near: {
    'in a debug build': { [MENU]: debugMenu(`#if DEBUG\n${RELEASE}\n#endif`) },
    'in Objective-C for debug': {
      'ios/Demo/DebugMenu.m': `#ifdef DEBUG
void SimulateLaunch(NSString *identifier) {
  [[BGTaskScheduler sharedScheduler] _simulateLaunchForTaskWithIdentifier:identifier];
}
#endif
`,
    },
    'in a comment': { [MENU]: debugMenu(`// e -l objc -- ${RELEASE}`) },
    'a sound app': { [DELEGATE]: soundDelegate(SYNC), [PLIST]: SOUND_PLIST },
  },
});

const FETCHING = {
  'package.json': packageJson({ 'react-native': '0.81.0', 'expo-background-task': '1.0.8' }),
};
const CANCEL = 'BGTaskScheduler.shared.cancelAllTaskRequests()';
const cancelling = (launch: string, members = '') => ({
  ...FETCHING,
  [DELEGATE]: delegate(launch, members),
});

describeCheck('I38', {
  base: 'react-native',
  triggers: {
    'at the launch': {
      files: cancelling(CANCEL),
      at: `${DELEGATE}:10`,
      message: 'at each launch of the app cancels',
    },
    'in a closure that the launch hands on': {
      files: cancelling(`DispatchQueue.main.async {\n${CANCEL}\n}`),
      at: `${DELEGATE}:11`,
      message: 'at each launch',
    },
    'in a function that the launch calls': {
      files: cancelling('reset()', `private func reset() {\n${CANCEL}\n}`),
      at: `${DELEGATE}:15`,
      message: 'at each launch',
    },
    'Objective-C': {
      files: {
        ...FETCHING,
        [DELEGATE]: undefined,
        [OBJC_DELEGATE]: objcDelegate(
          '',
          '[[BGTaskScheduler sharedScheduler] cancelAllTaskRequests];',
        ),
      },
      at: `${OBJC_DELEGATE}:9`,
      message: 'at each launch',
    },
    'by a log-out: information': {
      files: cancelling('', `@objc func logOut() {\n${CANCEL}\n}`),
      at: `${DELEGATE}:15`,
      message: 'cancelAllTaskRequests() in logOut cancels',
    },
    'behind a condition: information': {
      files: cancelling(`if isFirstLaunch {\n${CANCEL}\n}`),
      at: `${DELEGATE}:11`,
      message: 'cancelAllTaskRequests() in application cancels',
    },
  },
  near: {
    'the app’s own request': cancelling(
      'BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: "com.example.demo.sync")',
    ),
    'in debug builds': cancelling(`#if DEBUG\n${CANCEL}\n#endif`),
    'in a comment': cancelling(`// ${CANCEL}`),
    'never called': cancelling('', `private func reset() {\n${CANCEL}\n}`),
    'another scheduler': cancelling('Uploads.shared.cancelAllTaskRequests()'),
    'nobody else has requests': { [DELEGATE]: delegate(CANCEL) },
  },
});
