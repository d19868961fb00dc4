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
  registration,
  schedule,
} from '../checks/ios-files.ts';
import {
  BOTH,
  CALL,
  HANDLE,
  ID,
  LEAVES,
  REFRESH,
  REGISTERED,
  SOUND,
  objc,
  swift,
} from './ios-apps.ts';
import { describeSituations } from './situation.ts';

/** Neighbours of the reports about iOS: the same kinds in other spellings, each with sound twins. */

const METHOD = `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`;
const TASKS = `enum Tasks {
  static func start() {
${REGISTERED.replace('self.', 'Tasks.')}
  }
${RUN.replace('private func', 'static func')}
${schedule(REFRESH, 'BGAppRefreshTaskRequest').replace('func schedule', 'static func schedule')}
}`;

describeSituations('F01, neighbours: submitted, and nothing is registered', {
  'a constant of an enum in another file': {
    base: 'react-native',
    files: {
      ...swift(
        '',
        LEAVES(
          'let request = BGAppRefreshTaskRequest(identifier: TaskID.refresh)\ntry? BGTaskScheduler.shared.submit(request)',
        ),
      ),
      'ios/Demo/TaskID.swift': `enum TaskID {\n  static let refresh = ${REFRESH}\n}\n`,
    },
    finds: [`I35 ${DELEGATE}:15`],
    says: ID,
  },
  'the raw value of a case': {
    base: 'react-native',
    files: swift(
      '',
      LEAVES(
        'try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: TaskID.refresh.rawValue))',
      ),
      `enum TaskID: String {\n  case refresh = ${REFRESH}\n}`,
    ),
    finds: [`I35 ${DELEGATE}:15`],
  },
  'through a name for the scheduler, in a task': {
    base: 'react-native',
    files: swift(
      '',
      LEAVES(
        `let scheduler = BGTaskScheduler.shared\nTask.detached {\n  let request = BGAppRefreshTaskRequest(identifier: ${REFRESH})\n  try? scheduler.submit(request)\n}`,
      ),
    ),
    finds: [`I35 ${DELEGATE}:17`],
  },
  'a request that a function makes': {
    base: 'react-native',
    files: swift(
      '',
      `${LEAVES('try? BGTaskScheduler.shared.submit(makeRequest())')}
func makeRequest() -> BGAppRefreshTaskRequest {
  let request = BGAppRefreshTaskRequest(identifier: ${REFRESH})
  request.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)
  return request
}`,
    ),
    finds: [`I35 ${DELEGATE}`],
  },
  'the bundle id and a suffix': {
    base: 'react-native',
    files: swift(
      '',
      LEAVES(
        'try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: "\\(Bundle.main.bundleIdentifier!).refresh"))',
      ),
    ),
    finds: [`I35 ${DELEGATE}:15`],
  },
  'a macro of Objective-C in another file': {
    base: 'react-native',
    files: {
      ...objc(
        '#import "Tasks.h"',
        '[self scheduleSync];',
        objcSchedule('kRefreshTask', 'BGAppRefreshTaskRequest'),
      ),
      'ios/Demo/Tasks.h': `#define kRefreshTask @${REFRESH}\n`,
    },
    finds: [`I35 ${OBJC_DELEGATE}`],
  },
  'Objective-C++': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/AppDelegate.mm': objcDelegate(
        '',
        '[self scheduleSync];',
        objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest'),
      ),
      [PLIST]: BOTH,
    },
    finds: ['I35 ios/Demo/AppDelegate.mm:16'],
  },
  'the other case of the enum is registered': {
    base: 'react-native',
    files: {
      ...swift(
        registration('TaskID.cleanup.rawValue', 'BGAppRefreshTask'),
        RUN + schedule('TaskID.refresh.rawValue', 'BGAppRefreshTaskRequest'),
        `enum TaskID: String {\n  case refresh = ${REFRESH}\n  case cleanup = "com.example.demo.cleanup"\n}`,
      ),
      [PLIST]: background(['fetch'], [ID, 'com.example.demo.cleanup']),
    },
    finds: [`I35 ${DELEGATE}:24`],
  },
  'sound: the raw value on both sides, one of them implied by its name': {
    base: 'react-native',
    files: {
      ...swift(
        registration('TaskID.refresh.rawValue', 'BGAppRefreshTask'),
        RUN + schedule('TaskID.refresh.rawValue', 'BGAppRefreshTaskRequest'),
        'enum TaskID: String {\n  case refresh\n}',
      ),
      [PLIST]: background(['fetch'], ['refresh']),
    },
  },
  'sound: an extension in another file submits': {
    base: 'react-native',
    files: {
      ...swift(REGISTERED, RUN),
      'ios/Demo/AppDelegate+Sync.swift': `import BackgroundTasks\nextension AppDelegate {\n${schedule(REFRESH, 'BGAppRefreshTaskRequest')}\n}\n`,
    },
  },
  'sound: registered where the system allows it': {
    base: 'react-native',
    files: swift(`if #available(iOS 13.0, *) {\n${REGISTERED}\n}`, SOUND),
  },
  'sound: registered through a list of constants': {
    base: 'react-native',
    files: swift(
      `[TaskID.refresh].forEach { id in\n  BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in self.run(task, id: id) }\n}`,
      SOUND,
      `enum TaskID { static let refresh = ${REFRESH} }`,
    ),
  },
});

describeSituations('F02, neighbours: tasks that run once', {
  'sound: continued processing in Objective-C': {
    base: 'react-native',
    files: objc(
      '',
      objcRegistration(`@${REFRESH}`).replace(
        '[self handleTask:task]',
        '[self exportTask:(BGContinuedProcessingTask *)task]',
      ),
      `- (void)exportTask:(BGContinuedProcessingTask *)task
{
  task.expirationHandler = ^{ [task setTaskCompletedWithSuccess:NO]; };
  [self.exporter runWithCompletion:^(BOOL ok) { [task setTaskCompletedWithSuccess:ok]; }];
}
- (void)startExport
{
  BGContinuedProcessingTaskRequest *request = [[BGContinuedProcessingTaskRequest alloc] initWithIdentifier:@${REFRESH} title:@"Export" subtitle:@""];
  [[BGTaskScheduler sharedScheduler] submitTaskRequest:request error:nil];
}`,
    ),
  },
  'sound: continued processing whose handler is a method': {
    base: 'react-native',
    files: swift(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil, launchHandler: handleExport)`,
      `func handleExport(_ task: BGTask) {
  guard let task = task as? BGContinuedProcessingTask else { task.setTaskCompleted(success: false); return }
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  export { task.setTaskCompleted(success: $0) }
}
func startExport() throws {
  let request = BGContinuedProcessingTaskRequest(identifier: ${REFRESH}, title: "Export", subtitle: "")
  request.strategy = .fail
  try BGTaskScheduler.shared.submit(request)
}`,
    ),
  },
  'a refresh task that asks for no next run, handled by a method': {
    base: 'react-native',
    files: swift(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil, launchHandler: handle)`,
      `func handle(_ task: BGTask) {
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  drain { task.setTaskCompleted(success: $0) }
}
${LEAVES('schedule()')}
${schedule(REFRESH, 'BGAppRefreshTaskRequest')}`,
    ),
    finds: [`I14 ${DELEGATE}`],
  },
});

const LATE: Readonly<
  Record<string, readonly [launch: string, members: string, finds: readonly string[]]>
> = {
  asyncAfter: [
    'DispatchQueue.main.asyncAfter(deadline: .now() + 1) { self.registerTasks() }',
    METHOD,
    [`I06 ${DELEGATE}:16`],
  ],
  'an operation': [
    'OperationQueue.main.addOperation { self.registerTasks() }',
    METHOD,
    [`I06 ${DELEGATE}:16`],
  ],
  'a timer': [
    'Timer.scheduledTimer(withTimeInterval: 1, repeats: false) { _ in self.registerTasks() }',
    METHOD,
    [`I06 ${DELEGATE}:16`],
  ],
  'a selector with a delay': [
    'perform(#selector(registerTasks), with: nil, afterDelay: 0.1)',
    METHOD.replace('private func registerTasks', '@objc private func registerTasks'),
    [`I06 ${DELEGATE}:16`],
  ],
  'MainActor.run in a task': [
    'Task { await MainActor.run { self.registerTasks() } }',
    METHOD,
    [`I06 ${DELEGATE}:16`],
  ],
  'the answer of a request': [
    'URLSession.shared.dataTask(with: configUrl) { _, _, _ in self.registerTasks() }.resume()',
    METHOD,
    [`I06 ${DELEGATE}:16`],
  ],
  'the answer to a question': [
    'UNUserNotificationCenter.current().requestAuthorization(options: []) { _, _ in self.registerTasks() }',
    METHOD,
    [`I06 ${DELEGATE}:16`],
  ],
  'as the app comes to the front': [
    '',
    `func applicationDidBecomeActive(_ application: UIApplication) { registerTasks() }\n${METHOD}`,
    [`I08 ${DELEGATE}:17`],
  ],
  'as the app leaves': ['', `${LEAVES('registerTasks()')}\n${METHOD}`, [`I08 ${DELEGATE}:19`]],
};

describeSituations('F03, neighbours: registered late', {
  ...Object.fromEntries(
    Object.entries(LATE).map(([name, [launch, members, finds]]) => [
      name,
      { base: 'react-native' as const, files: swift(launch, members), finds },
    ]),
  ),
  'in viewDidLoad': {
    base: 'react-native',
    files: {
      ...swift('', '', TASKS),
      'ios/Demo/RootViewController.swift':
        'import UIKit\nclass RootViewController: UIViewController {\n  override func viewDidLoad() {\n    super.viewDidLoad()\n    Tasks.start()\n  }\n}\n',
    },
    finds: [`I08 ${DELEGATE}:20`],
  },
  'as the scene changes its phase': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  @Environment(\\.scenePhase) private var phase
  var body: some Scene {
    WindowGroup { ContentView() }
      .onChange(of: phase) { _, now in
        if now == .background { Tasks.start() }
      }
  }
}
${TASKS}
`,
      [PLIST]: BOTH,
    },
    finds: ['I08 ios/Demo/DemoApp.swift:17'],
  },
  'in a function of an Expo module': {
    base: 'react-native',
    files: {
      ...swift(''),
      'ios/Demo/SyncModule.swift': `import BackgroundTasks
import ExpoModulesCore

public class SyncModule: Module {
  public func definition() -> ModuleDefinition {
    Name("Sync")
    Function("start") { Tasks.start() }
  }
}
${TASKS}
`,
    },
    finds: ['I08 ios/Demo/SyncModule.swift:13'],
  },
  'in a method that JavaScript calls, in Objective-C': {
    base: 'react-native',
    files: {
      ...swift(''),
      'ios/Demo/Sync.m': `#import <React/RCTBridgeModule.h>
#import <BackgroundTasks/BackgroundTasks.h>
@interface Sync : NSObject <RCTBridgeModule>
@end
@implementation Sync
RCT_EXPORT_MODULE()
RCT_EXPORT_METHOD(start)
{
  [self registerTasks];
}
- (void)registerTasks
{
${objcRegistration(`@${REFRESH}`)}
}
${OBJC_RUN}${objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest')}
@end
`,
    },
    finds: ['I08 ios/Demo/Sync.m:14'],
  },
  'sound: as the launch begins': {
    base: 'react-native',
    files: {
      [DELEGATE]: delegate('', METHOD).replace(
        '  func application(\n',
        `  func application(_ application: UIApplication, willFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]? = nil) -> Bool {
    registerTasks()
    return true
  }
  func application(\n`,
      ),
      [PLIST]: BOTH,
    },
  },
  'sound: deferred to the end of the launch': {
    base: 'react-native',
    files: swift('defer { registerTasks() }', METHOD),
  },
  'sound: on the main actor, at once': {
    base: 'react-native',
    files: swift('MainActor.assumeIsolated { registerTasks() }', METHOD),
  },
  'sound: a closure that is called where it stands': {
    base: 'react-native',
    files: swift('_ = { self.registerTasks() }()', METHOD),
  },
  'sound: a delegate of SwiftUI': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  @UIApplicationDelegateAdaptor(AppDelegate.self) var appDelegate
  var body: some Scene { WindowGroup { Text("hi") } }
}

class AppDelegate: NSObject, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]? = nil) -> Bool {
    Tasks.start()
    return true
  }
}
${TASKS}
`,
      [PLIST]: BOTH,
    },
  },
  'sound: a subscriber of Expo': {
    base: 'react-native',
    files: {
      ...swift(''),
      'ios/Demo/SyncSubscriber.swift': `import BackgroundTasks
import ExpoModulesCore

public class SyncSubscriber: ExpoAppDelegateSubscriber {
  public func application(_ application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]? = nil) -> Bool {
    Tasks.start()
    return true
  }
}
${TASKS}
`,
    },
  },
  'sound: as the class is loaded': {
    base: 'react-native',
    files: objc(
      '',
      '',
      `+ (void)load\n{\n  [[Tasks shared] registerTasks];\n}\n- (void)registerTasks\n{\n${objcRegistration(`@${REFRESH}`)}\n}\n${OBJC_RUN}${objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest')}`,
    ),
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
const launches = (text: string) => ({ ...RNBF, [DELEGATE]: text });

describeSituations('F04, neighbours: the launch line never runs', {
  'a name that UIKit does not know, by one letter': {
    base: 'react-native',
    files: launches(
      delegate(CALL).replace(
        'didFinishLaunchingWithOptions options',
        'didFinishLaunchingWithOption options',
      ),
    ),
    finds: [`I31 ${DELEGATE}:10`],
    says: 'never called',
  },
  'a type that UIKit does not know, in Objective-C': {
    base: 'react-native',
    files: {
      ...RNBF,
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        '',
        '',
        `- (BOOL)application:(UIApplication *)application didFinishLaunching:(NSDictionary *)options\n{\n  [[TSBackgroundFetch sharedInstance] didFinishLaunching];\n  return YES;\n}`,
      ),
    },
    finds: [`I31 ${OBJC_DELEGATE}:15`],
  },
  'of a class that is no delegate any more': {
    base: 'react-native',
    files: {
      ...launches(delegate('')),
      'ios/Demo/OldAppDelegate.swift': delegate(CALL).replace(
        '@main\nclass AppDelegate: UIResponder, UIApplicationDelegate',
        'class OldAppDelegate: NSObject',
      ),
    },
    finds: ['I31 ios/Demo/OldAppDelegate.swift:9'],
  },
  'in the simulator alone': {
    base: 'react-native',
    files: launches(delegate(`#if targetEnvironment(simulator)\n${CALL}\n#endif`)),
    finds: [`I31 ${DELEGATE}:11`],
  },
  'behind a fatal error': {
    base: 'react-native',
    files: launches(delegate(`fatalError("not yet")\n${CALL}`)),
    finds: [`I31 ${DELEGATE}:11`],
  },
  'if false': {
    base: 'react-native',
    files: launches(delegate(`if false {\n  ${CALL}\n}`)),
    finds: [`I31 ${DELEGATE}:11`],
  },
  'in an extension that nothing calls': {
    base: 'react-native',
    files: {
      ...launches(delegate('')),
      'ios/Demo/AppDelegate+Fetch.swift': `extension AppDelegate {\n  func startFetch() {\n    ${CALL}\n  }\n}\n`,
    },
    finds: ['I31 ios/Demo/AppDelegate+Fetch.swift:3'],
  },
  'commented out': {
    base: 'react-native',
    files: launches(delegate(`// ${CALL}`)),
    finds: [`I31 ${DELEGATE}`],
  },
  'sound: in release builds alone': {
    base: 'react-native',
    files: launches(delegate(`#if !DEBUG\n${CALL}\n#endif`)),
  },
  'sound: the older method of UIKit': {
    base: 'react-native',
    files: launches(`import UIKit
@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func applicationDidFinishLaunching(_ application: UIApplication) {
    ${CALL}
  }
}
`),
  },
  'sound: behind a guard that a test run alone does not pass': {
    base: 'react-native',
    files: launches(
      delegate(`guard NSClassFromString("XCTestCase") == nil else { return true }\n${CALL}`),
    ),
  },
  'sound: a delegate of Expo overrides it': {
    base: 'react-native',
    files: launches(`import Expo
import TSBackgroundFetch

@main
class AppDelegate: ExpoAppDelegate {
  public override func application(_ application: UIApplication, didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]? = nil) -> Bool {
    ${CALL}
    return super.application(application, didFinishLaunchingWithOptions: launchOptions)
  }
}
`),
  },
  'sound: through a class of the app': {
    base: 'react-native',
    files: {
      ...launches(delegate('FetchSetup.shared.start()')),
      'ios/Demo/FetchSetup.swift': `final class FetchSetup {\n  static let shared = FetchSetup()\n  func start() {\n    ${CALL}\n  }\n}\n`,
    },
  },
});

const CAST = (handler: string, body: string, request = 'BGProcessingTaskRequest') =>
  swift(
    `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil) { ${handler} }`,
    `${body}\n${schedule(REFRESH, request)}`,
  );
const HANDLES = (body: string) =>
  CAST(
    'task in self.handle(task)',
    `func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
${body}
}`,
    'BGAppRefreshTaskRequest',
  );

describeSituations('F05, neighbours: types, and paths that complete nothing', {
  'a request under its base type, from a function': {
    base: 'react-native',
    files: swift(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: TaskID.refresh, using: nil) { task in self.handle(task as! BGAppRefreshTask) }`,
      `${HANDLE}
func schedule() { try? BGTaskScheduler.shared.submit(make()) }
func make() -> BGTaskRequest {
  let request: BGTaskRequest = BGProcessingTaskRequest(identifier: TaskID.refresh)
  return request
}`,
      `enum TaskID { static let refresh = ${REFRESH} }`,
    ),
    finds: [`I36 ${DELEGATE}`],
  },
  'a handler by name, that casts': {
    base: 'react-native',
    files: swift(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil, launchHandler: run)`,
      `func run(_ task: BGTask) {\n  handle(task as! BGAppRefreshTask)\n}\n${HANDLE}\n${schedule(REFRESH)}`,
    ),
    finds: [`I36 ${DELEGATE}`],
  },
  'a catch that completes nothing': {
    base: 'react-native',
    files: HANDLES(`  do {
    try work()
    task.setTaskCompleted(success: true)
  } catch {
    print(error)
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'a catch in a task': {
    base: 'react-native',
    files: HANDLES(`  Task {
    do {
      try await sync()
      task.setTaskCompleted(success: true)
    } catch {
      print(error)
    }
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'an if without its else': {
    base: 'react-native',
    files: HANDLES(`  if isLoggedIn {
    drain { task.setTaskCompleted(success: $0) }
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'a case that does nothing': {
    base: 'react-native',
    files: HANDLES(`  sync { result in
    switch result {
    case .success:
      task.setTaskCompleted(success: true)
    case .failure(let error):
      print(error)
    }
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'a guard in the answer of a request': {
    base: 'react-native',
    files: HANDLES(`  URLSession.shared.dataTask(with: url) { data, _, _ in
    guard let data = data else { return }
    store(data)
    task.setTaskCompleted(success: true)
  }.resume()`),
    finds: [`I12 ${DELEGATE}`],
  },
  'an early return of Objective-C': {
    base: 'react-native',
    files: objc(
      '',
      objcRegistration(`@${REFRESH}`),
      OBJC_RUN.replace('  [self.queue', '  if (!self.isLoggedIn) { return; }\n  [self.queue') +
        objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest'),
    ),
    finds: [`I12 ${OBJC_DELEGATE}`],
  },
  'completed before what a queue does': {
    base: 'react-native',
    files: HANDLES(`  DispatchQueue.global().async { self.drainNow() }
  task.setTaskCompleted(success: true)`),
    finds: [`I37 ${DELEGATE}`],
  },
  'sound: the block of an operation, as Apple shows it': {
    base: 'react-native',
    files: HANDLES(`  let queue = OperationQueue()
  let operation = SyncOperation()
  task.expirationHandler = { queue.cancelAllOperations() }
  operation.completionBlock = { task.setTaskCompleted(success: !operation.isCancelled) }
  queue.addOperation(operation)`),
  },
  'sound: a switch that completes in each case': {
    base: 'react-native',
    files: HANDLES(`  sync { result in
    switch result {
    case .success: task.setTaskCompleted(success: true)
    case .failure: task.setTaskCompleted(success: false)
    }
  }`),
  },
  'sound: once, behind the do': {
    base: 'react-native',
    files: HANDLES(`  Task {
    var ok = true
    do { try await sync() } catch { ok = false }
    task.setTaskCompleted(success: ok)
  }`),
  },
  'sound: the answer of Combine': {
    base: 'react-native',
    files: HANDLES(`  sync.publisher
    .sink(receiveCompletion: { _ in task.setTaskCompleted(success: true) }, receiveValue: { _ in })
    .store(in: &bag)`),
  },
  'sound: a cast by a pattern': {
    base: 'react-native',
    files: CAST(
      'task in switch task { case let one as BGAppRefreshTask: self.handle(one) case let two as BGProcessingTask: self.long(two) default: task.setTaskCompleted(success: false) }',
      `${HANDLE}\nfunc long(_ task: BGProcessingTask) { schedule(); task.setTaskCompleted(success: true) }`,
    ),
  },
});

const intervalOf = (date: string) =>
  swift(
    REGISTERED,
    RUN +
      schedule(REFRESH, 'BGAppRefreshTaskRequest').replace(
        'Date(timeIntervalSinceNow: 15 * 60)',
        date,
      ),
  );

describeSituations('F19, neighbours on iOS: seconds', {
  milliseconds: {
    base: 'react-native',
    files: intervalOf('Date(timeIntervalSinceNow: 15 * 60 * 1000)'),
    finds: [`I39 ${DELEGATE}`],
  },
  'minutes, added to now': {
    base: 'react-native',
    files: intervalOf('Date().addingTimeInterval(15)'),
    finds: [`I39 ${DELEGATE}`],
  },
  'a constant that is in milliseconds': {
    base: 'react-native',
    files: {
      ...intervalOf('Date.now.addingTimeInterval(Every.refresh)'),
      'ios/Demo/Every.swift': 'enum Every {\n  static let refresh: TimeInterval = 900_000\n}\n',
    },
    finds: [`I39 ${DELEGATE}`],
  },
  'Objective-C': {
    base: 'react-native',
    files: objc(
      '',
      objcRegistration(`@${REFRESH}`),
      OBJC_RUN +
        objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest').replace('15 * 60', '15 * 60 * 1000'),
    ),
    finds: [`I39 ${OBJC_DELEGATE}`],
  },
  'sound: by the calendar': {
    base: 'react-native',
    files: intervalOf('Calendar.current.date(byAdding: .minute, value: 15, to: Date())'),
  },
  'sound: an hour, added to now': { base: 'react-native', files: intervalOf('Date.now + 3600') },
  'sound: a day': {
    base: 'react-native',
    files: intervalOf('Date(timeIntervalSinceNow: 24 * 60 * 60)'),
  },
});
