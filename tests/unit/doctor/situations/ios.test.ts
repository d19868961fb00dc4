import { packageJson } from '../../../helpers/doctor-bases.ts';
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
  schedule,
} from '../checks/ios-files.ts';
import { BOTH, CALL, HANDLE, ID, LEAVES, REFRESH, REGISTERED, SOUND, swift } from './ios-apps.ts';
import { describeSituations } from './situation.ts';

const submit = (id = REFRESH, request = 'BGAppRefreshTaskRequest'): string =>
  `try? BGTaskScheduler.shared.submit(${request}(identifier: ${id}))`;

describeSituations('submitted, and no launch handler registered (F01)', {
  'F01: submitted alone': {
    base: 'ios',
    files: {
      'Demo/AppDelegate.swift': delegate('', LEAVES(submit())),
      'Demo/Info.plist': BOTH,
    },
    finds: ['I35 Demo/AppDelegate.swift:15'],
    says: `${ID} is submitted here, and no launch handler is registered for it`,
  },
  'a typo between the two sides': {
    base: 'react-native',
    files: {
      ...swift(REGISTERED, RUN + schedule('"com.example.demo.refersh"', 'BGAppRefreshTaskRequest')),
      [PLIST]: background(['fetch', 'processing'], [ID]),
    },
    finds: [`I35 ${DELEGATE}:24`, `I01 ${PLIST}:14`],
    says: `did you mean ${ID}`,
  },
  'Objective-C': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        `static NSString *const kSync = @${REFRESH};`,
        '[self scheduleSync];',
        objcSchedule('kSync', 'BGAppRefreshTaskRequest'),
      ),
      [PLIST]: BOTH,
    },
    finds: [`I35 ${OBJC_DELEGATE}:16`],
  },
  'registered in a debug build alone': {
    base: 'react-native',
    files: swift(`#if DEBUG\n${REGISTERED}\n#endif`, SOUND),
    finds: [`I35 ${DELEGATE}:28`],
    says: 'debug builds alone',
  },
  'two tasks, one of which is registered': {
    base: 'react-native',
    files: {
      ...swift(
        REGISTERED,
        `${SOUND}\n${LEAVES(submit('"com.example.demo.cleanup"', 'BGProcessingTaskRequest'))}`,
      ),
      [PLIST]: background(['fetch', 'processing'], [ID, 'com.example.demo.cleanup']),
    },
    finds: [`I35 ${DELEGATE}:34`],
  },
  'sound: both sides': { base: 'react-native', files: swift(REGISTERED, SOUND) },
  'sound: SwiftUI registers': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  var body: some Scene {
    WindowGroup { ContentView() }
      .backgroundTask(.appRefresh(${REFRESH})) { schedule(); await Queue.shared.drain() }
  }
}

${schedule(REFRESH, 'BGAppRefreshTaskRequest')}
`,
      [PLIST]: BOTH,
    },
  },
  'sound: a library registers it': {
    base: 'react-native',
    files: {
      ...swift('', LEAVES(submit('"com.transistorsoft.fetch"'))),
      [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
      'package.json': packageJson({
        'react-native': '0.87.2',
        'react-native-background-fetch': '4.3.0',
      }),
    },
  },
  'sound: an id that is put together at run time': {
    base: 'react-native',
    files: swift('Registrar.registerAll(from: Bundle.main)', LEAVES(submit('names.next()'))),
  },
  'sound: registered under an id that cannot be read': {
    base: 'react-native',
    files: swift(
      `for id in Remote.identifiers() {\n  BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in self.run(task, id: id) }\n}`,
      SOUND,
    ),
  },
  'sound: through a wrapper that gets the id': {
    base: 'react-native',
    files: swift(
      `Tasks.register(${REFRESH}) { task in self.run(task, id: ${REFRESH}) }`,
      SOUND,
      `enum Tasks {
  static func register(_ id: String, _ body: @escaping (BGTask) -> Void) {
    BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil, launchHandler: body)
  }
}`,
    ),
  },
});

const EXPORT = `
func startExport() {
  BGTaskScheduler.shared.register(forTaskWithIdentifier: "com.example.demo.export", using: queue) { task in
    guard let task = task as? BGContinuedProcessingTask else { return }
    task.expirationHandler = { task.setTaskCompleted(success: false) }
    self.work(task)
  }
  try? BGTaskScheduler.shared.submit(BGContinuedProcessingTaskRequest(identifier: "com.example.demo.export", title: "Export", subtitle: "…"))
}
func work(_ task: BGTask) { task.setTaskCompleted(success: true) }
`;

describeSituations('a continued processing task is no repeating task (F02)', {
  'F02: a one-off that the user starts': {
    base: 'react-native',
    files: { ...swift('', EXPORT), [PLIST]: background(undefined, ['com.example.demo.export']) },
  },
  'beside a task that does repeat, and submits no next one': {
    base: 'react-native',
    files: {
      ...swift(
        `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil) { task in\n  task.expirationHandler = { task.setTaskCompleted(success: false) }\n  task.setTaskCompleted(success: true)\n}`,
        EXPORT + LEAVES(submit()),
      ),
      [PLIST]: background(['fetch'], [ID, 'com.example.demo.export']),
    },
    finds: [`I14 ${DELEGATE}:10`],
  },
  'registered with a wildcard, as Apple shows it': {
    base: 'react-native',
    files: {
      ...swift('', EXPORT.replaceAll('demo.export', 'demo.export.1')),
      [PLIST]: background(undefined, ['com.example.demo.export.*']),
    },
  },
  'by its cast alone': {
    base: 'react-native',
    files: {
      ...swift('', EXPORT.replace(/ {2}try\? .*\n/, '  submitLater(Requests.make())\n')),
      [PLIST]: background(undefined, ['com.example.demo.export']),
    },
  },
});

const swiftUi = (view: string) => ({
  [DELEGATE]: undefined,
  'ios/Demo/DemoApp.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  var body: some Scene {
    WindowGroup {
${view}
    }
  }
}

${RUN}
${schedule(REFRESH, 'BGAppRefreshTaskRequest')}
`,
  [PLIST]: BOTH,
});

describeSituations('registered late, one step away (F03)', {
  'F03: onAppear of SwiftUI': {
    base: 'react-native',
    files: swiftUi(`Text("hi").onAppear {\n${REGISTERED}\n}`),
    finds: ['I08 ios/Demo/DemoApp.swift:10'],
    says: 'onAppear',
  },
  '.task of SwiftUI': {
    base: 'react-native',
    files: swiftUi(`Text("hi").task {\n${REGISTERED}\n}`),
    finds: ['I08 ios/Demo/DemoApp.swift:10'],
  },
  'a button, through a function': {
    base: 'react-native',
    files: {
      ...swiftUi('Button("Sync") { Tasks.start() }'),
      'ios/Demo/Tasks.swift': `import BackgroundTasks
enum Tasks {
  static func start() {
    ${REGISTERED.replace('self.', 'Tasks.')}
  }
  ${RUN}
}
`,
    },
    finds: ['I08 ios/Demo/Tasks.swift:5'],
  },
  'F03: dispatched, then one call': {
    base: 'react-native',
    files: swift(
      'DispatchQueue.main.async { self.registerTasks() }',
      `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}:16`],
    says: 'async { … }',
  },
  'in a Task, two calls away': {
    base: 'react-native',
    files: swift(
      'Task { await setUp() }',
      `private func setUp() async { registerTasks() }\nprivate func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}:17`],
  },
  'from a notification that is observed': {
    base: 'react-native',
    files: swift(
      'NotificationCenter.default.addObserver(forName: .ready, object: nil, queue: .main) { _ in self.registerTasks() }',
      `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}:16`],
  },
  'dispatched in Objective-C, then one call': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        '',
        'dispatch_async(dispatch_get_main_queue(), ^{ [self registerTasks]; });',
        `- (void)registerTasks\n{\n${objcRegistration(`@${REFRESH}`)}\n}\n${OBJC_RUN}${objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest')}`,
      ),
      [PLIST]: BOTH,
    },
    finds: [`I06 ${OBJC_DELEGATE}:16`],
  },
  'sound: one call away, at once': {
    base: 'react-native',
    files: swift(
      'registerTasks()\nDispatchQueue.main.async { self.refreshUi() }',
      `private func refreshUi() {}\nprivate func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
  },
  'sound: at once, and again from a view': {
    base: 'react-native',
    files: {
      ...swift(
        'Tasks.start()',
        '',
        `enum Tasks {\n  static func start() {\n${REGISTERED.replace('self.', 'Tasks.')}\n}\n${RUN + schedule(REFRESH, 'BGAppRefreshTaskRequest')}\n}`,
      ),
      'ios/Demo/ContentView.swift':
        'import SwiftUI\nstruct ContentView: View {\n  var body: some View { Text("hi").onAppear { Tasks.start() } }\n}\n',
    },
  },
  'sound: in the initializer of the app': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  init() {
    Tasks.start()
  }
  var body: some Scene { WindowGroup { Text("hi").onAppear { print("shown") } } }
}

enum Tasks {
  static func start() {
    ${REGISTERED.replace('self.', 'Tasks.')}
  }
  ${RUN}
  ${schedule(REFRESH, 'BGAppRefreshTaskRequest')}
}
`,
      [PLIST]: BOTH,
    },
  },
  'sound: on a queue that is waited for': {
    base: 'react-native',
    files: swift(`DispatchQueue.global().sync {\n${REGISTERED}\n}`, SOUND),
  },
});

const RNBF = {
  'package.json': packageJson({
    'react-native': '0.81.6',
    'react-native-background-fetch': '4.2.8',
  }),
  'index.js': `import { AppRegistry } from 'react-native';
import BackgroundFetch from 'react-native-background-fetch';
import App from './App';

AppRegistry.registerComponent('demo', () => App);
BackgroundFetch.configure({}, async (id) => { try { await drain(); } finally { BackgroundFetch.finish(id); } }, (id) => BackgroundFetch.finish(id));
`,
  [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
};

describeSituations('the launch line is there, and never runs (F04)', {
  'F04: a method that UIKit never calls': {
    base: 'react-native',
    files: {
      ...RNBF,
      [DELEGATE]: `import UIKit
import TSBackgroundFetch

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
    ${CALL}
    return true
  }
}
`,
    },
    finds: [`I31 ${DELEGATE}:7`],
    says: 'is never called',
  },
  'in a function that nothing calls': {
    base: 'react-native',
    files: { ...RNBF, [DELEGATE]: delegate('', `private func setUpFetch() {\n  ${CALL}\n}`) },
    finds: [`I31 ${DELEGATE}:15`],
    says: 'is never called',
  },
  'in debug builds alone': {
    base: 'react-native',
    files: { ...RNBF, [DELEGATE]: delegate(`#if DEBUG\n${CALL}\n#endif`) },
    finds: [`I31 ${DELEGATE}:11`],
    says: 'debug builds alone',
  },
  'in a scene': {
    base: 'react-native',
    files: {
      ...RNBF,
      'ios/Demo/SceneDelegate.swift': `import UIKit
class SceneDelegate: UIResponder, UIWindowSceneDelegate {
  func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) {
    ${CALL}
  }
}
`,
    },
    finds: ['I31 ios/Demo/SceneDelegate.swift:4'],
    says: 'willConnectTo',
  },
  'behind a return': {
    base: 'react-native',
    files: { ...RNBF, [DELEGATE]: delegate(`return true\n${CALL}`) },
    finds: [`I31 ${DELEGATE}:11`],
    says: 'behind the return',
  },
  'a launch handler that is registered in a function that nothing calls': {
    base: 'react-native',
    files: swift('', `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`),
    finds: [`I08 ${DELEGATE}:16`],
    says: 'never called',
  },
  'sound: in didFinishLaunching': {
    base: 'react-native',
    files: { ...RNBF, [DELEGATE]: delegate(CALL) },
  },
  'sound: one call away': {
    base: 'react-native',
    files: {
      ...RNBF,
      [DELEGATE]: delegate('setUpFetch()', `private func setUpFetch() {\n  ${CALL}\n}`),
    },
  },
  'sound: Objective-C': {
    base: 'react-native',
    files: {
      ...RNBF,
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate('', '[[TSBackgroundFetch sharedInstance] didFinishLaunching];'),
    },
  },
});

const CAST = (handler: string, body: string, request = 'BGProcessingTaskRequest') =>
  swift(
    `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil) { ${handler} }`,
    `${body}\n${schedule(REFRESH, request)}`,
  );

describeSituations('the request is of another type than the handler (F05)', {
  'F05: a processing request, cast to a refresh task': {
    base: 'react-native',
    files: CAST('self.handle($0 as! BGAppRefreshTask)', HANDLE),
    finds: [`I36 ${DELEGATE}:10`],
    says: 'BGProcessingTaskRequest',
  },
  'a refresh request, cast to a processing task': {
    base: 'react-native',
    files: CAST(
      'task in self.handle(task as! BGProcessingTask)',
      HANDLE.replace('BGAppRefreshTask', 'BGProcessingTask'),
      'BGAppRefreshTaskRequest',
    ),
    finds: [`I36 ${DELEGATE}:10`],
  },
  'the cast one call away': {
    base: 'react-native',
    files: CAST(
      'task in self.run(task)',
      `func run(_ task: BGTask) {\n  let refresh = task as! BGAppRefreshTask\n  handle(refresh)\n}\n${HANDLE}`,
    ),
    finds: [`I36 ${DELEGATE}:15`],
  },
  'a cast that gives up': {
    base: 'react-native',
    files: CAST(
      'task in guard let task = task as? BGAppRefreshTask else { task.setTaskCompleted(success: false); return }; self.handle(task)',
      HANDLE,
    ),
    finds: [`I36 ${DELEGATE}:10`],
  },
  'Objective-C': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        '',
        objcRegistration(`@${REFRESH}`).replace(
          '[self handleTask:task]',
          '[self handleTask:(BGAppRefreshTask *)task]',
        ),
        OBJC_RUN + objcSchedule(`@${REFRESH}`),
      ),
      [PLIST]: BOTH,
    },
    finds: [`I36 ${OBJC_DELEGATE}:12`],
  },
  'sound: the same type': {
    base: 'react-native',
    files: CAST('self.handle($0 as! BGAppRefreshTask)', HANDLE, 'BGAppRefreshTaskRequest'),
  },
  'sound: one handler tells the two apart': {
    base: 'react-native',
    files: CAST(
      'task in if let one = task as? BGAppRefreshTask { self.handle(one) } else if let two = task as? BGProcessingTask { self.long(two) } else { task.setTaskCompleted(success: false) }',
      `${HANDLE}\nfunc long(_ task: BGProcessingTask) { schedule(); task.setTaskCompleted(success: true) }`,
    ),
  },
  'sound: two ids, a type each': {
    base: 'react-native',
    files: {
      ...swift(
        `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil) { self.handle($0 as! BGAppRefreshTask) }
BGTaskScheduler.shared.register(forTaskWithIdentifier: "com.example.demo.long", using: nil) { self.long($0 as! BGProcessingTask) }`,
        `${HANDLE}
func long(_ task: BGProcessingTask) {
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  ${submit('"com.example.demo.long"', 'BGProcessingTaskRequest')}
  task.setTaskCompleted(success: true)
}
${schedule(REFRESH, 'BGAppRefreshTaskRequest')}`,
      ),
      [PLIST]: background(['fetch', 'processing'], [ID, 'com.example.demo.long']),
    },
  },
});

describeSituations('a path of a launch handler that completes nothing (F05b)', {
  'a guard in a function that is called': {
    base: 'react-native',
    files: CAST(
      'self.handle($0 as! BGAppRefreshTask)',
      `func handle(_ task: BGAppRefreshTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  guard isLoggedIn else { return }
  task.setTaskCompleted(success: true)
}`,
      'BGAppRefreshTaskRequest',
    ),
    finds: [`I12 ${DELEGATE}:17`],
  },
  'a return in a closure of the drain': {
    base: 'react-native',
    files: CAST(
      'task in self.handle(task)',
      `func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  drain { error in
    if error != nil {
      return
    }
    task.setTaskCompleted(success: true)
  }
}`,
      'BGAppRefreshTaskRequest',
    ),
    finds: [`I12 ${DELEGATE}:19`],
  },
  'completed before the work that is still to come': {
    base: 'react-native',
    files: CAST(
      'task in self.handle(task)',
      `func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  Task { await Queue.shared.drain() }
  task.setTaskCompleted(success: true)
}`,
      'BGAppRefreshTaskRequest',
    ),
    finds: [`I37 ${DELEGATE}:18`],
    says: 'before',
  },
  'sound: every path': {
    base: 'react-native',
    files: CAST(
      'task in self.handle(task)',
      `func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  guard isLoggedIn else { task.setTaskCompleted(success: true); return }
  drain { error in
    guard error == nil else {
      task.setTaskCompleted(success: false)
      return
    }
    task.setTaskCompleted(success: true)
  }
}`,
      'BGAppRefreshTaskRequest',
    ),
  },
  'sound: deferred': {
    base: 'react-native',
    files: CAST(
      'task in self.handle(task)',
      `func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  Task {
    defer { task.setTaskCompleted(success: true) }
    guard isLoggedIn else { return }
    await Queue.shared.drain()
  }
}`,
      'BGAppRefreshTaskRequest',
    ),
  },
  'sound: work in a task, completed in it': {
    base: 'react-native',
    files: CAST(
      'task in self.handle(task)',
      `func handle(_ task: BGTask) {
  schedule()
  let work = Task {
    let ok = await Queue.shared.drain()
    task.setTaskCompleted(success: ok)
  }
  task.expirationHandler = { work.cancel(); task.setTaskCompleted(success: false) }
}`,
      'BGAppRefreshTaskRequest',
    ),
  },
});
