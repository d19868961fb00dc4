import { packageJson } from '../../../helpers/doctor-bases.ts';
import {
  DELEGATE,
  OBJC_DELEGATE,
  PLIST,
  background,
  delegate,
  objcDelegate,
} from '../checks/ios-files.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What a silent push runs, and the background mode that iOS delivers it for (I03). */

type App = Pick<Situation, 'base' | 'files'>;

const RECEIVES = `func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any], fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void)`;
const push = (body: string, more = '', modes: readonly string[] | undefined = ['audio']): App => ({
  base: 'ios',
  files: {
    'Demo/AppDelegate.swift': delegate('', `${RECEIVES} {\n${body}\n}\n${more}`),
    'Demo/Info.plist': background(modes),
  },
});
const objcPush = (body: string, more = ''): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: undefined,
    [OBJC_DELEGATE]: objcDelegate(
      '',
      '',
      `- (void)application:(UIApplication *)application didReceiveRemoteNotification:(NSDictionary *)userInfo fetchCompletionHandler:(void (^)(UIBackgroundFetchResult))completionHandler\n{\n${body}\n}\n${more}`,
    ),
    [PLIST]: background(['fetch']),
  },
});
const SEND =
  'URLSession.shared.dataTask(with: url) { data, _, _ in\n  self.save(data)\n  completionHandler(.newData)\n}.resume()';
const AWAIT =
  'Task {\n  let ok = await queue.drain()\n  completionHandler(ok ? .newData : .failed)\n}';

describeSituations('a silent push without remote-notification: the app delegate (I03)', {
  'a request': {
    ...push(SEND),
    finds: ['I03 Demo/Info.plist:7'],
    says: 'does not contain remote-notification, which Demo/AppDelegate.swift:14 needs',
  },
  'a Task, and no modes': { ...push(AWAIT, '', undefined), finds: ['I03 Demo/Info.plist'] },
  'work of a function that it calls': {
    ...push(
      '  sync(userInfo) { ok in completionHandler(ok ? .newData : .failed) }',
      'func sync(_ info: [AnyHashable: Any], then: @escaping (Bool) -> Void) {\n  URLSession.shared.dataTask(with: url) { data, _, _ in then(data != nil) }.resume()\n}',
    ),
    finds: ['I03 Demo/Info.plist:7'],
  },
  'work of a library that answers later': {
    ...push('  SyncKit.shared.drain { ok in completionHandler(ok ? .newData : .failed) }'),
    finds: ['I03 Demo/Info.plist:7'],
  },
  'a mode that there is not': {
    ...push(AWAIT, '', ['remote-notifications']),
    finds: ['I03 Demo/Info.plist:9'],
    says: 'remote-notifications, which is no background mode',
  },
  async: {
    base: 'ios',
    files: {
      'Demo/AppDelegate.swift': delegate(
        '',
        'func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]) async -> UIBackgroundFetchResult {\n  await queue.drain()\n  return .newData\n}',
      ),
    },
    finds: ['I03 Demo/Info.plist'],
  },
  'Objective-C': {
    ...objcPush(
      '  [self.api syncWithCompletion:^(BOOL ok) {\n    completionHandler(ok ? UIBackgroundFetchResultNewData : UIBackgroundFetchResultFailed);\n  }];',
    ),
    finds: [`I03 ${PLIST}:7`],
  },
  'Objective-C, on another queue': {
    ...objcPush(
      '  [self drain:completionHandler];',
      '- (void)drain:(void (^)(UIBackgroundFetchResult))done\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue flush];\n    done(UIBackgroundFetchResultNewData);\n  });\n}',
    ),
    finds: [`I03 ${PLIST}:7`],
  },
});

describeSituations('sound: pushes that need no background mode, or have it (I03)', {
  'the mode is there': push(SEND, '', ['remote-notification']),
  'handed to a library': push(
    '  RNCPushNotificationIOS.didReceiveRemoteNotification(userInfo, fetchCompletionHandler: completionHandler)',
  ),
  'counted, and answered': push(
    '  if Auth.auth().canHandleNotification(userInfo) {\n    completionHandler(.noData)\n    return\n  }\n  Messaging.messaging().appDidReceiveMessage(userInfo)\n  completionHandler(.newData)',
  ),
  'for the screen': push(
    '  DispatchQueue.main.async { self.badge.text = "1" }\n  completionHandler(.noData)',
  ),
  'a function that shows something': push(
    '  show(userInfo)\n  completionHandler(.noData)',
    'func show(_ info: [AnyHashable: Any]) { banner.text = info["title"] as? String }',
  ),
  'in debug builds alone': {
    base: 'ios',
    files: {
      'Demo/AppDelegate.swift': delegate('', `#if DEBUG\n${RECEIVES} {\n${SEND}\n}\n#endif`),
    },
  },
  'Objective-C, handed to a library': objcPush(
    '  [RNCPushNotificationIOS didReceiveRemoteNotification:userInfo fetchCompletionHandler:completionHandler];',
  ),
  'Objective-C, for the screen': objcPush(
    '  dispatch_async(dispatch_get_main_queue(), ^{ [self.badge show]; });\n  completionHandler(UIBackgroundFetchResultNoData);',
  ),
});

const NOTIFIED = `import * as TaskManager from 'expo-task-manager';
import * as Notifications from 'expo-notifications';
import { Platform } from 'react-native';
TaskManager.defineTask('push', async () => { await sync(); });
`;
const expo = (config: object | string, register: string): App => ({
  base: 'expo',
  files: {
    'package.json': packageJson({
      expo: '~57.0.0',
      'react-native': '0.87.2',
      'expo-notifications': '~57.0.0',
      'expo-task-manager': '~57.0.0',
    }),
    'index.js': NOTIFIED + register,
    ...(typeof config === 'string'
      ? { 'app.json': undefined, 'app.config.js': config }
      : { 'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo', ...config } }) }),
  },
});
const REGISTER = "Notifications.registerTaskAsync('push');\n";
const on = { plugins: [['expo-notifications', { enableBackgroundRemoteNotifications: true }]] };

describeSituations('a task of expo-notifications without remote-notification (I03)', {
  'no plugin': {
    ...expo({}, REGISTER),
    finds: ['I03 app.json'],
    says: 'remote-notification, which expo-notifications needs',
  },
  'a plugin that does not switch it on': {
    ...expo({ plugins: [['expo-notifications', { sounds: [] }]] }, REGISTER),
    finds: ['I03 app.json'],
  },
  'a plugin that switches it off': {
    ...expo(
      "module.exports = { name: 'demo', plugins: [['expo-notifications', { enableBackgroundRemoteNotifications: false }]] };\n",
      REGISTER,
    ),
    finds: ['I03 app.config.js'],
  },
  'in a function': {
    ...expo(
      { plugins: ['expo-notifications'] },
      "export async function setUp() {\n  if (Platform.OS === 'web') return;\n  await Notifications.registerTaskAsync('push');\n}\nsetUp();\n",
    ),
    finds: ['I03 app.json'],
  },
  bare: {
    base: 'react-native',
    files: {
      'package.json': packageJson({
        'react-native': '0.87.2',
        'expo-notifications': '~57.0.0',
        'expo-task-manager': '~57.0.0',
      }),
      'index.js': NOTIFIED + REGISTER,
      [PLIST]: background(['fetch']),
    },
    finds: [`I03 ${PLIST}:7`],
  },
});

describeSituations('sound: a task of expo-notifications (I03)', {
  'the plugin switches it on': expo(on, REGISTER),
  'it stands in infoPlist': expo(
    {
      plugins: ['expo-notifications'],
      ios: { infoPlist: { UIBackgroundModes: ['remote-notification'] } },
    },
    REGISTER,
  ),
  'another plugin for pushes': expo({ plugins: ['onesignal-expo-plugin'] }, REGISTER),
  'options that only a run knows': {
    ...expo(
      "const { push } = require('./push');\nmodule.exports = { name: 'demo', plugins: [['expo-notifications', push]] };\n",
      REGISTER,
    ),
    notLookedAt: ['app.config.js'],
  },
  'on Android alone': expo({}, `if (Platform.OS === 'android') {\n  ${REGISTER}}\n`),
  'behind what leaves on iOS': expo(
    {},
    `async function setUp() {\n  if (Platform.OS !== 'android') return;\n  ${REGISTER}}\nsetUp();\n`,
  ),
  'in development alone': expo({}, `if (__DEV__) {\n  ${REGISTER}}\n`),
  'an app for Android alone': expo({ platforms: ['android'] }, REGISTER),
});

const firebase = (handler: string, modes: readonly string[] = ['audio'], more = ''): App => ({
  base: 'react-native',
  files: {
    'package.json': packageJson({
      'react-native': '0.87.2',
      '@react-native-firebase/messaging': '23.0.0',
    }),
    'index.js': `import { AppRegistry } from 'react-native';
import messaging from '@react-native-firebase/messaging';
import App from './App';
${more}
messaging().setBackgroundMessageHandler(${handler});
AppRegistry.registerComponent('demo', () => App);
`,
    [PLIST]: background(modes),
  },
});
const GIVEN = `async function sync() {\n  await fetch('https://example.com/sync', { method: 'POST' });\n}`;
const HANDLES =
  'Future<void> handle(RemoteMessage message) async {\n  await Firebase.initializeApp();';
const flutter = (work: string, modes: readonly string[] = ['audio']): App => ({
  base: 'flutter',
  files: {
    'pubspec.yaml':
      'name: demo\ndependencies:\n  flutter:\n    sdk: flutter\n  firebase_core: ^4.0.0\n  firebase_messaging: ^16.0.0\n  http: ^1.2.0\n',
    'lib/main.dart': `import 'package:firebase_core/firebase_core.dart';
import 'package:firebase_messaging/firebase_messaging.dart';
import 'package:http/http.dart' as http;

@pragma('vm:entry-point')
${HANDLES}
${work}
}
void main() {
  WidgetsFlutterBinding.ensureInitialized();
  FirebaseMessaging.onBackgroundMessage(handle);
}
`,
    [PLIST]: background(modes),
  },
});

describeSituations('a message of Firebase that syncs, without remote-notification (I03)', {
  'a request': {
    ...firebase("async () => { await fetch('https://example.com'); }"),
    finds: [`I03 ${PLIST}:7`],
    says: 'which index.js:5 needs',
  },
  'in a function that it calls': {
    ...firebase('async () => { await sync(); }', ['fetch'], GIVEN),
    finds: [`I03 ${PLIST}:7`],
  },
  Flutter: {
    ...flutter("  await http.post(Uri.parse('https://example.com'));"),
    finds: [`I03 ${PLIST}:7`],
    says: 'lib/main.dart',
  },
});

describeSituations('sound: messages of Firebase (I03)', {
  'the mode is there': firebase('async () => { await sync(); }', ['remote-notification'], GIVEN),
  'written to the log': firebase("async (m) => { console.log('in the background', m); }"),
  'in a file of Android’s': {
    base: 'react-native',
    files: {
      ...firebase('async () => {}').files,
      'push.android.js': `import messaging from '@react-native-firebase/messaging';\n${GIVEN}\nmessaging().setBackgroundMessageHandler(async () => { await sync(); });\n`,
    },
  },
  'Flutter, with the mode': flutter("  await http.post(Uri.parse('https://example.com'));", [
    'remote-notification',
  ]),
  'Flutter, written to the log': flutter("  print('Handling a background message');"),
});
