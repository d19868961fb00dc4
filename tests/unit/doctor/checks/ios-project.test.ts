import { encodeBase } from '../../../../src/plan/lock-file.ts';
import { sha256 } from '../../../../src/plan/plan.ts';
import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import {
  DELEGATE,
  PLIST,
  PROJECT,
  background,
  delegate,
  integrated,
  project,
  soundDelegate,
} from './ios-files.ts';

const ID = 'com.example.demo.sync';
const SOUND = {
  [DELEGATE]: soundDelegate(`"${ID}"`),
  [PLIST]: background(['processing', 'fetch'], [ID]),
};
const TASK = { 'react-native': '0.87.2', 'expo-background-task': '~57.0.0' };
const SCENES = '\t<key>UIApplicationSceneManifest</key>\n\t<dict/>';
const EXPO_ID = 'com.expo.modules.backgroundtask.processing';

describeCheck('I18', {
  base: 'react-native',
  triggers: {
    'expo-background-task in an app with scenes': {
      files: {
        'package.json': packageJson(TASK),
        [PLIST]: background(['processing'], [EXPO_ID], SCENES),
      },
      at: `${PLIST}:15`,
    },
    'bgsync in an app with scenes': {
      files: integrated(SCENES),
      at: `${PLIST}:15`,
    },
    'a computed factory, which the Objective-C runtime does not know': {
      files: {
        ...integrated(SCENES),
        [DELEGATE]: delegate('', 'var reactNativeFactory: RCTReactNativeFactory? { host.factory }'),
      },
      at: `${PLIST}:15`,
    },
    'the same over several lines': {
      files: {
        ...integrated(SCENES),
        [DELEGATE]: delegate(
          '',
          'override var reactNativeFactory: RCTReactNativeFactory? {\n    get { host.factory }\n  }',
        ),
      },
      at: `${PLIST}:15`,
    },
  },
  near: {
    'a computed factory with @objc': {
      ...integrated(SCENES),
      [DELEGATE]: delegate(
        '',
        '@objc var reactNativeFactory: RCTReactNativeFactory? { host.factory }',
      ),
    },
    'a stored factory that is observed': {
      ...integrated(SCENES),
      [DELEGATE]: delegate(
        '',
        'var reactNativeFactory: RCTReactNativeFactory? {\n    didSet { print("set") }\n  }',
      ),
    },
    'a lazy factory: the runtime knows its storage': {
      ...integrated(SCENES),
      [DELEGATE]: delegate(
        '',
        'lazy var reactNativeFactory = RCTReactNativeFactory(delegate: self)',
      ),
    },
    'a computed factory, and it is handed over': {
      ...integrated(
        SCENES,
        'BackgroundSync.hostProvider = { [weak self] in self?.reactNativeFactory }',
      ),
      'ios/Demo/Factory.swift':
        'extension AppDelegate {\n  var reactNativeFactory: RCTReactNativeFactory? { nil }\n}\n',
    },
    'the factory is handed over': integrated(
      SCENES,
      'BackgroundSync.hostProvider = { [weak self] in self?.reactNativeFactory }',
    ),
    'the app delegate owns the factory': {
      ...integrated(SCENES),
      [DELEGATE]: delegate('', 'var reactNativeFactory: RCTReactNativeFactory?'),
    },
    'scenes for CarPlay, and React Native started in the app delegate': {
      ...integrated(SCENES),
      [DELEGATE]: delegate('factory.startReactNative(withModuleName: "App", in: window)'),
    },
    'no scenes': {
      'package.json': packageJson(TASK),
      [PLIST]: background(['processing'], [EXPO_ID]),
    },
    'nothing that runs JavaScript in the background': {
      [PLIST]: background(undefined, undefined, SCENES),
    },
  },
});

const KEYCHAIN = 'ios/Demo/TokenStore.swift';
const tokenStore = (accessible: string): string => `import Security

enum TokenStore {
  static func save(_ token: Data) {
    SecItemAdd([kSecClass: kSecClassGenericPassword, kSecValueData: token, kSecAttrAccessible: ${accessible}] as CFDictionary, nil)
  }
}
`;

describeCheck('I22', {
  base: 'react-native',
  triggers: {
    'when unlocked': {
      files: { ...SOUND, [KEYCHAIN]: tokenStore('kSecAttrAccessibleWhenUnlocked') },
      at: `${KEYCHAIN}:5`,
    },
  },
  near: {
    'after first unlock': {
      ...SOUND,
      [KEYCHAIN]: tokenStore('kSecAttrAccessibleAfterFirstUnlock'),
    },
    'no background tasks': { [KEYCHAIN]: tokenStore('kSecAttrAccessibleWhenUnlocked') },
  },
});

const SCHEDULER = 'ios/Demo/Scheduler.swift';
const SCHEDULER_CODE = `import BackgroundTasks

enum Scheduler {
  static func submit() {
    try? BGTaskScheduler.shared.submit(BGProcessingTaskRequest(identifier: "${ID}"))
  }
}
`;
/** A project whose app target compiles these files of ios/Demo, and has references to the others. */
const files = (compiled: readonly string[], others: readonly string[] = []): string => {
  const all = [...compiled, ...others];
  const objects = [
    `G = { isa = PBXGroup; children = ( GD ); sourceTree = "<group>"; };`,
    `GD = { isa = PBXGroup; path = Demo; children = ( ${all.map((_, at) => `R${at}`).join(', ')} ); sourceTree = "<group>"; };`,
    ...all.map(
      (name, at) => `R${at} = { isa = PBXFileReference; path = ${name}; sourceTree = "<group>"; };`,
    ),
    ...compiled.map((_, at) => `B${at} = { isa = PBXBuildFile; fileRef = R${at}; };`),
    `S = { isa = PBXSourcesBuildPhase; files = ( ${compiled.map((_, at) => `B${at}`).join(', ')} ); };`,
  ];
  return project('PL = {', `${objects.join('\n\t\t')}\n\t\tPL = {`)
    .replace('isa = PBXNativeTarget;', 'isa = PBXNativeTarget; buildPhases = ( S );')
    .replace('isa = PBXProject;', 'isa = PBXProject; mainGroup = G;');
};

describeCheck('I29', {
  base: 'react-native',
  triggers: {
    'a file that the project does not have': {
      files: { ...SOUND, [SCHEDULER]: SCHEDULER_CODE, [PROJECT]: files(['AppDelegate.swift']) },
      at: `${SCHEDULER}:1`,
      message: 'Scheduler.swift is in no target',
    },
    'a file that no target compiles, though the project has it': {
      files: {
        ...SOUND,
        [SCHEDULER]: SCHEDULER_CODE,
        [PROJECT]: files(['AppDelegate.swift'], ['Scheduler.swift']),
      },
      at: `${SCHEDULER}:1`,
    },
    'a file of the same name in another folder is compiled': {
      files: {
        ...SOUND,
        'ios/Old/Scheduler.swift': SCHEDULER_CODE,
        [PROJECT]: files(['AppDelegate.swift', 'Scheduler.swift']),
      },
      at: 'ios/Old/Scheduler.swift:1',
    },
    'a phase that no target has': {
      files: {
        ...SOUND,
        [SCHEDULER]: SCHEDULER_CODE,
        [PROJECT]: files(['AppDelegate.swift'], ['Scheduler.swift']).replace(
          'PL = {',
          'BS = { isa = PBXBuildFile; fileRef = R1; };\n\t\tS2 = { isa = PBXSourcesBuildPhase; files = ( BS ); };\n\t\tPL = {',
        ),
      },
      at: `${SCHEDULER}:1`,
    },
  },
  near: {
    'a file that it has': {
      ...SOUND,
      [SCHEDULER]: SCHEDULER_CODE,
      [PROJECT]: files(['AppDelegate.swift', 'Scheduler.swift']),
    },
    'a folder that Xcode synchronizes': {
      ...SOUND,
      [SCHEDULER]: SCHEDULER_CODE,
      [PROJECT]: files(['AppDelegate.swift'])
        .replace(
          'GD = {',
          'F = { isa = PBXFileSystemSynchronizedRootGroup; path = Demo; sourceTree = "<group>"; };\n\t\tGD = {',
        )
        .replace('children = ( GD );', 'children = ( GD, F );')
        .replace(
          'buildPhases = ( S );',
          'buildPhases = ( S ); fileSystemSynchronizedGroups = ( F );',
        ),
    },
    'a project without lists, as a generator is given': {
      ...SOUND,
      [SCHEDULER]: SCHEDULER_CODE,
    },
    'a Swift package': {
      ...SOUND,
      [PROJECT]: files(['AppDelegate.swift']),
      'ios/Sync/Package.swift': '// swift-tools-version: 6.0\n',
      'ios/Sync/Sources/Scheduler.swift': SCHEDULER_CODE,
    },
  },
});

const RUNNER = {
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '3.0.0',
  }),
};
const CAPACITOR_DELEGATE = 'ios/App/Demo/AppDelegate.swift';
const CALL = 'BackgroundRunnerPlugin.registerBackgroundTask()';

describeCheck('I31', {
  base: 'capacitor',
  triggers: {
    'the background runner': {
      files: RUNNER,
      at: `${CAPACITOR_DELEGATE}:7`,
      message: CALL,
    },
    'in a comment': {
      files: { ...RUNNER, [CAPACITOR_DELEGATE]: delegate(`// ${CALL}`) },
      at: `${CAPACITOR_DELEGATE}:8`,
    },
    'an old react-native-background-fetch': {
      base: 'react-native',
      files: {
        'package.json': packageJson({
          'react-native': '0.79.0',
          'react-native-background-fetch': '4.2.7',
        }),
      },
      at: `${DELEGATE}:7`,
      message: 'TSBackgroundFetch',
    },
  },
  near: {
    'with the call': { ...RUNNER, [CAPACITOR_DELEGATE]: delegate(CALL) },
    'a library that registers by itself': {
      'package.json': packageJson({
        '@capacitor/core': '7.4.0',
        '@transistorsoft/capacitor-background-fetch': '8.1.3',
      }),
    },
  },
});

const transistor = (version: string) => ({
  'package.json': packageJson({
    'react-native': '0.79.0',
    'react-native-background-fetch': version,
  }),
  [DELEGATE]: soundDelegate(`"${ID}"`).replace(
    'return true',
    'TSBackgroundFetch.sharedInstance().didFinishLaunching()\n    return true',
  ),
  [PLIST]: background(['processing', 'fetch'], ['com.transistorsoft.fetch', ID]),
});

describeCheck('I32', {
  base: 'react-native',
  triggers: {
    'an old version beside a task of the app': {
      files: transistor('4.2.1'),
      at: `${PLIST}:15`,
      message: ID,
    },
  },
  near: { 'a newer version': transistor('4.2.2'), 'a commit, without bgsync': transistor('a/b#c') },
});

const scheduled = (id: string) => ({
  'package.json': packageJson({
    'react-native': '0.87.2',
    'react-native-background-fetch': '4.4.2',
  }),
  [PLIST]: background(['processing', 'fetch'], ['com.transistorsoft.fetch', id]),
  'src/sync.ts': `import BackgroundFetch from 'react-native-background-fetch';

export const later = () => BackgroundFetch.scheduleTask({
  taskId: '${id}',
  delay: 60_000,
});
`,
});

describeCheck('I33', {
  base: 'react-native',
  triggers: {
    'another id': { files: scheduled('com.example.upload'), at: 'src/sync.ts:4' },
  },
  near: { 'the prefix': scheduled('com.transistorsoft.upload') },
});

describeCheck('I23', {
  base: 'react-native',
  triggers: {
    'an old platform in the Podfile': {
      files: { ...integrated(), 'ios/Podfile': "require 'x'\n\nplatform :ios, '13.4'\n" },
      at: 'ios/Podfile:3',
      message: 'platform :ios is 13.4',
    },
    'behind a name': {
      files: {
        ...integrated(),
        'ios/Podfile': "lowest = '12.0'\n\nplatform(:ios, lowest) # the app\n",
      },
      at: 'ios/Podfile:1',
      message: 'platform :ios is 12.0',
    },
    'in what Expo’s Podfile reads': {
      files: {
        ...integrated(),
        'ios/Podfile': "platform :ios, podfile_properties['ios.deploymentTarget'] || '15.1'\n",
        'ios/Podfile.properties.json': '{\n  "ios.deploymentTarget": "13.4"\n}\n',
      },
      at: 'ios/Podfile.properties.json:2',
      message: 'platform :ios is 13.4',
    },
  },
  near: {
    'a comment': {
      ...integrated(),
      'ios/Podfile': "# platform :ios, '13.4'\nplatform :ios, '15.1' # not '12.0'\n",
    },
    'a name that is set twice': {
      ...integrated(),
      'ios/Podfile': "low = '12.0'\nlow = '16.0' if ENV['CI']\nplatform :ios, low\n",
    },
    'what Expo’s Podfile falls back to': {
      ...integrated(),
      'ios/Podfile': "platform :ios, podfile_properties['ios.deploymentTarget'] || '15.1'\n",
      'ios/Podfile.properties.json': '{ "newArchEnabled": "true" }\n',
    },
    'what React Native asks for': {
      ...integrated(),
      'ios/Podfile': 'platform :ios, min_ios_version_supported\n',
    },
    'a late one': { ...integrated(), 'ios/Podfile': "platform :ios, '16.0'\n" },
    'without bgsync': { 'ios/Podfile': "platform :ios, '13.4'\n" },
  },
});

const podfileLock = (...pods: string[]): string => `PODS:
  - boost (1.84.0)
${pods.map((pod) => `  - ${pod}:\n    - React-Core\n`).join('')}
DEPENDENCIES:
  - boost (from \`../node_modules/boost.podspec\`)

COCOAPODS: 1.16.2
`;

const OLDER_PODSPEC = "Pod::Spec.new do |s|\n  s.name = 'BackgroundSync'\nend\n";

const MARKER = `${PROJECT.replace(/\/project\.pbxproj$/, '')}/.spm-injected.json`;

describeCheck('I34', {
  base: 'react-native',
  triggers: {
    'pod install has not run since init': {
      files: { ...integrated(), 'ios/Podfile.lock': podfileLock() },
      at: 'ios/Podfile.lock',
      message: 'no pod Bgsync',
    },
    'pod install has not run since the update': {
      files: { ...integrated(), 'ios/Podfile.lock': podfileLock('Bgsync (1.1.0)') },
      at: 'ios/Podfile.lock:3',
      message: 'Bgsync 1.1.0, the package is 1.2.0',
    },
    'the pod stands among those that are asked for alone': {
      files: {
        ...integrated(),
        'ios/Podfile.lock': `${podfileLock()}\nDEPENDENCIES:\n  - Bgsync (1.2.0)\n`,
      },
      at: 'ios/Podfile.lock',
      message: 'no pod Bgsync',
    },
    'React Native comes as Swift packages': {
      files: { ...integrated(), [MARKER]: '{}' },
      at: MARKER,
      message: 'Swift Package Manager',
    },
  },
  near: {
    'the same version': {
      ...integrated(),
      'ios/Podfile.lock': podfileLock('Bgsync (1.2.0)'),
    },
    'a package whose pod has the older name': {
      ...integrated(),
      'modules/background-sync/BackgroundSync.podspec': OLDER_PODSPEC,
      'modules/background-sync/bgsync.lock.json': JSON.stringify({
        ...(JSON.parse(integrated()['modules/background-sync/bgsync.lock.json']!) as object),
        files: {
          'BackgroundSync.podspec': {
            sha256: sha256(OLDER_PODSPEC),
            base: encodeBase(OLDER_PODSPEC),
          },
        },
      }),
      'ios/Podfile.lock': podfileLock('BackgroundSync (1.2.0)'),
    },
    'no Podfile.lock': integrated(),
    'the marker of another project': {
      ...integrated(),
      'example/ios/Example.xcodeproj/.spm-injected.json': '{}',
    },
  },
});

const SWIFT_CONFIG = 'modules/background-sync/ios/BackgroundSyncConfig.swift';

/** The config of an app with several syncs, and Swift with those ids, laid out as generated. */
const withTasks = (ids: readonly string[], permitted = ids): Record<string, string> => ({
  ...integrated(),
  [PLIST]: background(['processing'], ['dev.bgsync.processing', ...permitted]),
  'bgsync.config.json':
    '{\n  "platforms": ["ios"],\n  "tasks": [{ "name": "photos" }, { "name": "mail" }]\n}\n',
  [SWIFT_CONFIG]: [
    'enum BackgroundSyncConfig {',
    '  static let taskId = "dev.bgsync.processing"',
    '  static let refreshTaskId = "dev.bgsync.refresh"',
    '  static let tasks = [',
    '    SyncTask(name: "", taskId: taskId, windows: windows),',
    ...ids.map(
      (id) => `    SyncTask(\n      name: "${id}", taskId: "${id}",\n      windows: windows),`,
    ),
    '  ]',
    '}\n',
  ].join('\n'),
});
const PHOTOS = 'dev.bgsync.processing.photos';
const MAIL = 'dev.bgsync.processing.mail';

describeCheck('I02', {
  base: 'react-native',
  triggers: {
    'another id in the generated code': {
      files: {
        ...integrated(),
        [SWIFT_CONFIG]:
          'enum BackgroundSyncConfig {\n  static let taskId = "dev.bgsync.other"\n}\n',
      },
      at: `${SWIFT_CONFIG}:2`,
    },
    'no id of the second of several tasks': {
      files: withTasks([PHOTOS], [PHOTOS, MAIL]),
      at: `${SWIFT_CONFIG}:2`,
    },
    'an id of a task that the config has no more': {
      files: withTasks([PHOTOS, MAIL, 'dev.bgsync.processing.old'], [PHOTOS, MAIL]),
      at: `${SWIFT_CONFIG}:13`,
    },
  },
  near: {
    'the same id': integrated(),
    'the same ids, in another order': withTasks([MAIL, PHOTOS]),
  },
});
