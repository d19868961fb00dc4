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

/** Silent pushes and fetches: their completion handler is called once, when the work is done (I43). */

type App = Pick<Situation, 'base' | 'files'>;

const push = (body: string, more = ''): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: delegate(
      '',
      `func application(
  _ application: UIApplication,
  didReceiveRemoteNotification userInfo: [AnyHashable: Any],
  fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void
) {
${body}
}
${more}`,
    ),
    [PLIST]: background(['remote-notification']),
  },
});
const fetchApp = (body: string, more = '', ids?: readonly string[]): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: delegate(
      '',
      `func application(_ application: UIApplication, performFetchWithCompletionHandler done: @escaping (UIBackgroundFetchResult) -> Void) {
${body}
}
${more}`,
    ),
    [PLIST]: background(['fetch'], ids),
  },
});
const objcPush = (body: string, more = ''): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: undefined,
    [OBJC_DELEGATE]: objcDelegate(
      '',
      '',
      `- (void)application:(UIApplication *)application didReceiveRemoteNotification:(NSDictionary *)userInfo fetchCompletionHandler:(void (^)(UIBackgroundFetchResult))completionHandler
{
${body}
}
${more}`,
    ),
    [PLIST]: background(['remote-notification']),
  },
});
const found = (app: App, says?: string, file = DELEGATE): Situation => ({
  ...app,
  finds: [`I43 ${file}`],
  ...(says !== undefined && { says }),
});

describeSituations('a completion handler that is left out, or called too early (I43)', {
  never: found(push('  sync()'), 'completionHandler is never called'),
  'a guard': found(
    push(
      '  guard let id = userInfo["id"] as? String else { return }\n  sync(id) { _ in completionHandler(.newData) }',
    ),
    'returns here without a call of completionHandler',
  ),
  'a switch that prints': found(
    push(
      '  switch kind(userInfo) {\n  case .sync: sync { _ in completionHandler(.newData) }\n  default: print("unknown push")\n  }',
    ),
  ),
  'before a request': found(
    push(
      '  URLSession.shared.dataTask(with: url) { data, _, _ in self.save(data) }.resume()\n  completionHandler(.newData)',
    ),
    'before the work',
  ),
  'behind a function that begins it': found(
    push(
      '  sync()\n  completionHandler(.newData)',
      'func sync() {\n  Task { await queue.drain() }\n}',
    ),
    'right behind sync()',
  ),
  'in a function that leaves': found(
    push(
      '  sync { ok in completionHandler(ok ? .newData : .failed) }',
      'func sync(_ then: @escaping (Bool) -> Void) {\n  guard isLoggedIn else { return }\n  api.send { then($0) }\n}',
    ),
    'call of then, which calls completionHandler',
  ),
  'handed on by its name': found(
    push(
      '  handle(userInfo, completionHandler)',
      'func handle(_ info: [AnyHashable: Any], _ done: @escaping (UIBackgroundFetchResult) -> Void) {\n  if info["sync"] == nil { return }\n  api.send { _ in done(.newData) }\n}',
    ),
    'call of done',
  ),
  'a fetch': found(
    fetchApp('  guard isLoggedIn else { return }\n  sync { _ in done(.newData) }'),
    'call of done',
  ),
  'Objective-C': found(
    objcPush(
      '  if (!self.token) return;\n  [self.api send:^{ completionHandler(UIBackgroundFetchResultNewData); }];',
    ),
    'returns here',
    OBJC_DELEGATE,
  ),
  'Objective-C, before its work': found(
    objcPush(
      '  [self startSync];\n  completionHandler(UIBackgroundFetchResultNewData);',
      '- (void)startSync\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{ [self.queue drain]; });\n}',
    ),
    'right behind startSync()',
    OBJC_DELEGATE,
  ),
  async: {
    base: 'react-native',
    files: {
      [DELEGATE]: delegate(
        '',
        'func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]) async -> UIBackgroundFetchResult {\n  sync()\n  return .newData\n}\nfunc sync() {\n  Task { await queue.drain() }\n}',
      ),
      [PLIST]: background(['remote-notification']),
    },
    finds: [`I43 ${DELEGATE}`],
    says: 'sync() goes on',
  },
});

describeSituations('sound: a completion handler that is called in the end (I43)', {
  'handed to a library': push(
    '  RNCPushNotificationIOS.didReceiveRemoteNotification(userInfo, fetchCompletionHandler: completionHandler)',
  ),
  'handed to the class above': push(
    '  super.application(application, didReceiveRemoteNotification: userInfo, fetchCompletionHandler: completionHandler)',
  ),
  'a push for a library': push(
    '  if Auth.auth().canHandleNotification(userInfo) {\n    completionHandler(.noData)\n    return\n  }\n  Messaging.messaging().appDidReceiveMessage(userInfo)\n  completionHandler(.newData)',
  ),
  'a post to whoever observes': push(
    '  NotificationCenter.default.post(name: .push, object: userInfo)\n  completionHandler(.newData)',
  ),
  'a guard that answers': push(
    '  guard let id = userInfo["id"] as? String else {\n    completionHandler(.noData)\n    return\n  }\n  sync(id) { _ in completionHandler(.newData) }',
  ),
  'in a Task that catches': push(
    '  Task {\n    do {\n      try await sync()\n      completionHandler(.newData)\n    } catch {\n      completionHandler(.failed)\n    }\n  }',
  ),
  kept: push(
    '  pending = completionHandler\n  guard isReady else { return }\n  start()',
    'var pending: ((UIBackgroundFetchResult) -> Void)?',
  ),
  'something for the screen': push(
    '  DispatchQueue.main.async { self.badge.text = "1" }\n  completionHandler(.noData)',
  ),
  'through a function of the app': push(
    '  sync { ok in completionHandler(ok ? .newData : .failed) }',
    'func sync(_ then: @escaping (Bool) -> Void) {\n  api.send { then($0) }\n}',
  ),
  'left to the class above': push('  super.received(userInfo)'),
  'in debug builds alone': {
    base: 'react-native',
    files: {
      [DELEGATE]: delegate(
        '',
        '#if DEBUG\nfunc application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any], fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void) {\n  sync()\n}\n#endif',
      ),
    },
  },
  'a fetch that is turned off': {
    ...fetchApp('  print("old")', '', ['com.example.demo.other']),
    finds: ['I25 ios/Demo/AppDelegate.swift'],
  },
  'Objective-C': objcPush(
    '  if (!self.token) {\n    completionHandler(UIBackgroundFetchResultNoData);\n    return;\n  }\n  [self.api send:^{ completionHandler(UIBackgroundFetchResultNewData); }];',
  ),
  'async and awaited': {
    base: 'react-native',
    files: {
      [DELEGATE]: delegate(
        '',
        'func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]) async -> UIBackgroundFetchResult {\n  await sync()\n  return .newData\n}\nfunc sync() async { await queue.drain() }',
      ),
      [PLIST]: background(['remote-notification']),
    },
  },
});
