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
import { BOTH, ID, LEAVES, REFRESH, REGISTERED, SOUND, objc, swift } from './ios-apps.ts';
import { describeSituations } from './situation.ts';

/** A third round of the reports' kinds on iOS, in syntax that neither the reports nor their first neighbours have. */

const SUBMIT = `try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: ${REFRESH}))`;

describeSituations('F01, unseen: submitted, and nothing is registered', {
  'an extension of String with a static member': {
    base: 'react-native',
    files: swift(
      '',
      LEAVES(
        'try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: .refreshTask))',
      ),
      `extension String {\n  static let refreshTask = ${REFRESH}\n}`,
    ),
    finds: [`I35 ${DELEGATE}:15`],
  },
  'a computed property': {
    base: 'react-native',
    files: swift(
      '',
      `private var refreshID: String { ${REFRESH} }\n` +
        LEAVES(
          'try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: refreshID))',
        ),
    ),
    finds: [`I35 ${DELEGATE}`],
  },
  'a default argument': {
    base: 'react-native',
    files: swift(
      '',
      `${LEAVES('submitRefresh()')}
func submitRefresh(identifier: String = ${REFRESH}) {
  let request = BGAppRefreshTaskRequest(identifier: identifier)
  try? BGTaskScheduler.shared.submit(request)
}`,
    ),
    finds: [`I35 ${DELEGATE}`],
  },
  'a method that takes the request': {
    base: 'react-native',
    files: swift(
      '',
      `${LEAVES(`enqueue(BGAppRefreshTaskRequest(identifier: ${REFRESH}))`)}
private func enqueue(_ request: BGTaskRequest) {
  request.earliestBeginDate = Date(timeIntervalSinceNow: 900)
  do { try BGTaskScheduler.shared.submit(request) } catch { print(error) }
}`,
    ),
    finds: [`I35 ${DELEGATE}`],
  },
  'in an actor': {
    base: 'react-native',
    files: {
      ...swift('', LEAVES('Task { await Sync.shared.plan() }')),
      'ios/Demo/Sync.swift': `import BackgroundTasks
actor Sync {
  static let shared = Sync()
  private let taskID = ${REFRESH}
  func plan() {
    let request = BGAppRefreshTaskRequest(identifier: taskID)
    try? BGTaskScheduler.shared.submit(request)
  }
}
`,
    },
    finds: ['I35 ios/Demo/Sync.swift'],
  },
  'a switch expression': {
    base: 'react-native',
    files: swift(
      '',
      LEAVES(SUBMIT),
      `enum Job { case a\n var id: String { switch self { case .a: return "x" } } }`,
    ),
    finds: [`I35 ${DELEGATE}:15`],
  },
  'Objective-C with a static NSString and a category': {
    base: 'react-native',
    files: {
      ...objc('#import "AppDelegate+Sync.h"', '[self scheduleSync];'),
      'ios/Demo/AppDelegate+Sync.m': `#import "AppDelegate+Sync.h"
#import <BackgroundTasks/BackgroundTasks.h>
static NSString *const kRefresh = @${REFRESH};
@implementation AppDelegate (Sync)
${objcSchedule('kRefresh', 'BGAppRefreshTaskRequest')}
@end
`,
    },
    finds: ['I35 ios/Demo/AppDelegate+Sync.m'],
  },
  'the permitted id is registered, a longer one is submitted': {
    base: 'react-native',
    files: {
      [DELEGATE]: delegate(REGISTERED, RUN + schedule(`"${ID}.v2"`, 'BGAppRefreshTaskRequest')),
      [PLIST]: background(['fetch'], [ID, `${ID}.v2`]),
    },
    finds: [`I35 ${DELEGATE}`],
  },
  'sound: a computed property on both sides': {
    base: 'react-native',
    files: swift(
      registration('refreshID', 'BGAppRefreshTask'),
      `private var refreshID: String { ${REFRESH} }\n${RUN}${schedule('refreshID', 'BGAppRefreshTaskRequest')}`,
    ),
  },
  'sound: the handler is a key path of a type': {
    base: 'react-native',
    files: swift(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil, launchHandler: handle)`,
      `private func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  drain { ok in task.setTaskCompleted(success: ok) }
}
${schedule(REFRESH, 'BGAppRefreshTaskRequest')}`,
    ),
  },
  'sound: a static member of String on both sides': {
    base: 'react-native',
    files: swift(
      registration('.refreshTask', 'BGAppRefreshTask'),
      RUN + schedule('.refreshTask', 'BGAppRefreshTaskRequest'),
      `extension String {\n  static let refreshTask = ${REFRESH}\n}`,
    ),
  },
  'sound: SwiftUI with an id of an enum': {
    base: 'react-native',
    files: {
      [DELEGATE]: `import BackgroundTasks
import SwiftUI

enum Jobs { static let refresh = ${REFRESH} }

@main
struct DemoApp: App {
  var body: some Scene {
    WindowGroup { Text("hi") }
      .backgroundTask(.appRefresh(Jobs.refresh)) { await refresh() }
  }
  func refresh() async {
    let request = BGAppRefreshTaskRequest(identifier: Jobs.refresh)
    try? BGTaskScheduler.shared.submit(request)
  }
}
`,
      [PLIST]: BOTH,
    },
  },
});

describeSituations('F03, unseen: registered late', {
  'in a navigation link’s task, by a method of a model': {
    base: 'react-native',
    files: {
      ...swift(''),
      [PLIST]: BOTH,
      'ios/Demo/HomeView.swift': `import BackgroundTasks
import SwiftUI
final class HomeModel: ObservableObject {
  func start() {
${REGISTERED}
  }
${SOUND}
}
struct HomeView: View {
  @StateObject var model = HomeModel()
  var body: some View {
    NavigationStack { List { Text("a") } }
      .task { model.start() }
  }
}
`,
    },
    finds: ['I08 ios/Demo/HomeView.swift'],
  },
  'perform with a delay': {
    base: 'react-native',
    files: swift(
      'perform(#selector(registerTasks), with: nil, afterDelay: 0.5)',
      `@objc private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}`],
  },
  'OperationQueue.main': {
    base: 'react-native',
    files: swift(
      `OperationQueue.main.addOperation { [weak self] in self?.registerTasks() }`,
      `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}`],
  },
  'a timer': {
    base: 'react-native',
    files: swift(
      `Timer.scheduledTimer(withTimeInterval: 1, repeats: false) { _ in self.registerTasks() }`,
      `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}`],
  },
  'as the app becomes active': {
    base: 'react-native',
    files: swift(
      '',
      `func applicationDidBecomeActive(_ application: UIApplication) { registerTasks() }\nprivate func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I08 ${DELEGATE}`],
  },
  'the answer of the permission for notifications': {
    base: 'react-native',
    files: swift(
      `UNUserNotificationCenter.current().requestAuthorization(options: [.alert]) { granted, _ in
      if granted { self.registerTasks() }
    }`,
      `private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
    finds: [`I06 ${DELEGATE}`],
  },
  'dispatch_once of Objective-C in viewDidAppear': {
    base: 'react-native',
    files: {
      ...objc('', ''),
      'ios/Demo/HomeController.m': `#import "HomeController.h"
#import <BackgroundTasks/BackgroundTasks.h>
@implementation HomeController
- (void)viewDidAppear:(BOOL)animated
{
  [super viewDidAppear:animated];
  static dispatch_once_t once;
  dispatch_once(&once, ^{
    ${objcRegistration(`@${REFRESH}`)}
  });
}
${OBJC_RUN}
${objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest')}
@end
`,
    },
    finds: ['I08 ios/Demo/HomeController.m'],
  },
  'sound: dispatch_once in didFinishLaunching': {
    base: 'react-native',
    files: objc(
      '',
      `static dispatch_once_t once;
  dispatch_once(&once, ^{
    ${objcRegistration(`@${REFRESH}`)}
  });`,
      `${OBJC_RUN}${objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest')}`,
    ),
  },
  'sound: lazy of a singleton that the launch touches': {
    base: 'react-native',
    files: {
      ...swift('_ = SyncManager.shared'),
      'ios/Demo/SyncManager.swift': `import BackgroundTasks
final class SyncManager {
  static let shared = SyncManager()
  private init() {
${REGISTERED}
  }
${SOUND}
}
`,
    },
  },
  'sound: through a chain of optional members': {
    base: 'react-native',
    files: {
      ...swift('environment.sync?.registerTasks()', 'let environment = Environment()'),
      'ios/Demo/Environment.swift': `import BackgroundTasks
struct Environment { var sync: SyncService? = SyncService() }
final class SyncService {
  func registerTasks() {
${REGISTERED}
  }
${SOUND}
}
`,
    },
  },
  'sound: forEach over the jobs': {
    base: 'react-native',
    files: {
      ...swift('jobs.forEach { $0.register() }', 'let jobs: [Job] = [RefreshJob()]'),
      'ios/Demo/Job.swift': `import BackgroundTasks
protocol Job { func register() }
final class RefreshJob: Job {
  func register() {
${REGISTERED}
  }
${SOUND}
}
`,
    },
  },
  'sound: willFinishLaunching': {
    base: 'react-native',
    files: swift(
      '',
      `func application(_ application: UIApplication, willFinishLaunchingWithOptions o: [UIApplication.LaunchOptionsKey: Any]? = nil) -> Bool {
  registerTasks()
  return true
}
private func registerTasks() {\n${REGISTERED}\n}\n${SOUND}`,
    ),
  },
});

const handled = (body: string, more = '') =>
  swift(
    `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil) { task in
  self.handle(task as! BGAppRefreshTask)
}`,
    `private func handle(_ task: BGAppRefreshTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
${body}
}
${more}
${schedule(REFRESH, 'BGAppRefreshTaskRequest')}`,
  );

describeSituations('F05, unseen: paths that complete nothing', {
  'a guard case': {
    base: 'react-native',
    files: handled(`  guard case .signedIn(let user) = session.state else { return }
  drain(user) { ok in task.setTaskCompleted(success: ok) }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'a Result that is switched, one case of which does nothing': {
    base: 'react-native',
    files: handled(`  api.fetch { result in
    switch result {
    case .success: task.setTaskCompleted(success: true)
    case .failure(let error): print(error)
    }
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'an if let in a continuation': {
    base: 'react-native',
    files: handled(`  URLSession.shared.dataTask(with: url) { data, _, error in
    if let error = error { NSLog("%@", error.localizedDescription); return }
    self.store(data)
    task.setTaskCompleted(success: true)
  }.resume()`),
    finds: [`I12 ${DELEGATE}`],
  },
  'a task that throws past the end': {
    base: 'react-native',
    files: handled(`  Task {
    do {
      try await drain()
      task.setTaskCompleted(success: true)
    } catch is CancellationError {
      task.setTaskCompleted(success: false)
    } catch {
      logger.error("failed")
    }
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'a Task whose body throws': {
    base: 'react-native',
    files: handled(`  Task {
    try await drain()
    task.setTaskCompleted(success: true)
  }`),
    finds: [`I12 ${DELEGATE}`],
  },
  'sound: what a Task throws is awaited': {
    base: 'react-native',
    files: handled(`  let work = Task {
    try await drain()
    task.setTaskCompleted(success: true)
  }
  Task {
    do { try await work.value } catch { task.setTaskCompleted(success: false) }
  }`),
  },
  'sound: defer in a Task': {
    base: 'react-native',
    files: handled(`  Task {
    defer { task.setTaskCompleted(success: true) }
    try await drain()
  }`),
  },
  'sound: try? in a Task': {
    base: 'react-native',
    files: handled(`  Task {
    let ok = (try? await drain()) != nil
    task.setTaskCompleted(success: ok)
  }`),
  },
  'sound: async let': {
    base: 'react-native',
    files: handled(`  Task {
    async let first = drain()
    async let second = upload()
    let ok = await first && second
    task.setTaskCompleted(success: ok)
  }`),
  },
  'sound: an if expression': {
    base: 'react-native',
    files: handled(`  let done: (Bool) -> Void = { ok in task.setTaskCompleted(success: ok) }
  guard hasWork else { return done(true) }
  drain(done)`),
  },
  'sound: the method is handed on': {
    base: 'react-native',
    files: handled(`  drain(completion: task.setTaskCompleted(success:))`),
  },
  'sound: a group, notified': {
    base: 'react-native',
    files: handled(`  let group = DispatchGroup()
  group.enter()
  drain { _ in group.leave() }
  group.notify(queue: .main) { task.setTaskCompleted(success: true) }`),
  },
  'completed before the Task': {
    base: 'react-native',
    files: handled(`  Task.detached(priority: .background) { await self.drain() }
  task.setTaskCompleted(success: true)`),
    finds: [`I37 ${DELEGATE}`],
  },
  'a request of the other type, which the handler gives up on': {
    base: 'react-native',
    files: swift(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: ${REFRESH}, using: nil) { task in
  guard let task = task as? BGProcessingTask else { return }
  self.run(task, id: ${REFRESH})
}`,
      SOUND,
    ),
    finds: [`I36 ${DELEGATE}`],
  },
  'Objective-C: an NSURLSession block that returns': {
    base: 'react-native',
    files: objc(
      '',
      objcRegistration(`@${REFRESH}`),
      `- (void)handleTask:(BGTask *)task
{
  task.expirationHandler = ^{ [task setTaskCompletedWithSuccess:NO]; };
  [self scheduleSync];
  [[[NSURLSession sharedSession] dataTaskWithURL:self.url completionHandler:^(NSData *data, NSURLResponse *response, NSError *error) {
    if (error != nil) { return; }
    [task setTaskCompletedWithSuccess:YES];
  }] resume];
}
${objcSchedule(`@${REFRESH}`, 'BGAppRefreshTaskRequest')}`,
    ),
    finds: [`I12 ${OBJC_DELEGATE}`],
  },
});

const launches = (files: Record<string, string | undefined>) => ({
  'package.json': JSON.stringify({
    name: 'demo',
    version: '1.0.0',
    main: 'index.js',
    dependencies: { 'react-native': '0.87.2', 'react-native-background-fetch': '4.2.8' },
  }),
  'index.js': `import { AppRegistry } from 'react-native';
import BackgroundFetch from 'react-native-background-fetch';
import App from './App';
AppRegistry.registerComponent('demo', () => App);
BackgroundFetch.configure({ minimumFetchInterval: 15 }, async (id) => { try { await drain(); } finally { BackgroundFetch.finish(id); } }, (id) => BackgroundFetch.finish(id));
`,
  [PLIST]: background(['fetch'], ['com.transistorsoft.fetch']),
  ...files,
});
const LAUNCH = 'TSBackgroundFetch.sharedInstance().didFinishLaunching()';

describeSituations('F04, unseen: the launch line never runs', {
  'behind an availability that no device has': {
    base: 'react-native',
    files: launches({
      [DELEGATE]: delegate(
        '',
        `func application(_ application: UIApplication, didFinishLaunching options: [String: Any]?) -> Bool {\n${LAUNCH}\nreturn true\n}`,
      ),
    }),
    finds: [`I31 ${DELEGATE}`],
  },
  'in a closure that nobody calls': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`let start = { ${LAUNCH} }`) }),
    finds: [`I31 ${DELEGATE}`],
  },
  'in #if false': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`#if false\n${LAUNCH}\n#endif`) }),
    finds: [`I31 ${DELEGATE}`],
  },
  'in a string of several lines': {
    base: 'react-native',
    files: launches({
      [DELEGATE]: delegate(`let help = """\n    ${LAUNCH}\n    """\nprint(help)`),
    }),
    finds: [`I31 ${DELEGATE}`],
  },
  'in Objective-C, behind #if 0': {
    base: 'react-native',
    files: launches({
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        '',
        '#if 0\n[[TSBackgroundFetch sharedInstance] didFinishLaunching];\n#endif',
      ),
    }),
    finds: [`I31 ${OBJC_DELEGATE}`],
  },
  'in Objective-C, under a condition that is false': {
    base: 'react-native',
    files: launches({
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        '',
        'if (NO) {\n    [[TSBackgroundFetch sharedInstance] didFinishLaunching];\n  }',
      ),
    }),
    finds: [`I31 ${OBJC_DELEGATE}`],
  },
  'in an else that only simulators have': {
    base: 'react-native',
    files: launches({
      [DELEGATE]: delegate(
        `#if !targetEnvironment(simulator)\nprint("device")\n#else\n${LAUNCH}\n#endif`,
      ),
    }),
    finds: [`I31 ${DELEGATE}`],
  },
  'in a closure that a lazy property keeps': {
    base: 'react-native',
    files: launches({
      [DELEGATE]: delegate('', `private lazy var start: () -> Void = { ${LAUNCH} }`),
    }),
    finds: [`I31 ${DELEGATE}`],
  },
  'sound: a closure that is handed on': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`let start = { ${LAUNCH} }\nrun(start)`) }),
  },
  'sound: a closure that is called': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`let start = { ${LAUNCH} }\nstart()`) }),
  },
  'sound: behind an availability': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`if #available(iOS 13.0, *) {\n${LAUNCH}\n}`) }),
  },
  'sound: a local function': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`func setUp() { ${LAUNCH} }\nsetUp()`) }),
  },
  'sound: defer': {
    base: 'react-native',
    files: launches({ [DELEGATE]: delegate(`defer { ${LAUNCH} }`) }),
  },
});

const AT = (expression: string): string =>
  schedule(REFRESH, 'BGAppRefreshTaskRequest').replace(
    'Date(timeIntervalSinceNow: 15 * 60)',
    expression,
  );

describeSituations('F19, unseen on iOS: seconds', {
  'a Measurement, in minutes': {
    base: 'react-native',
    files: swift(
      REGISTERED,
      RUN +
        AT(
          'Date().addingTimeInterval(Measurement(value: 15, unit: UnitDuration.minutes).converted(to: .seconds).value)',
        ),
    ),
  },
  'minutes of a constant': {
    base: 'react-native',
    files: swift(
      REGISTERED,
      `static let interval: TimeInterval = 15\n${RUN}${AT('Date(timeIntervalSinceNow: AppDelegate.interval)')}`,
    ),
    finds: [`I39 ${DELEGATE}`],
  },
  'milliseconds by Date.now': {
    base: 'react-native',
    files: swift(REGISTERED, RUN + AT('Date.now.addingTimeInterval(15 * 60 * 1_000)')),
    finds: [`I39 ${DELEGATE}`],
  },
  'milliseconds by + ': {
    base: 'react-native',
    files: swift(REGISTERED, RUN + AT('Date() + 900_000')),
    finds: [`I39 ${DELEGATE}`],
  },
  'sound: hours': {
    base: 'react-native',
    files: swift(REGISTERED, RUN + AT('.now + 4 * 60 * 60')),
  },
  'sound: .init with seconds': {
    base: 'react-native',
    files: swift(REGISTERED, RUN + AT('.init(timeIntervalSinceNow: 60 * 20)')),
  },
});
