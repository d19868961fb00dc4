import { describeCheck } from '../../../helpers/doctor-case.ts';
import {
  DELEGATE,
  OBJC_DELEGATE,
  PLIST,
  background,
  delegate,
  objcDelegate,
  objcRegistration,
  objcSchedule,
  schedule,
  soundDelegate,
} from './ios-files.ts';

const ID = 'com.example.demo.sync';
const SYNC = `"${ID}"`;
const SCHEDULE = schedule(SYNC);
const SOUND_PLIST = background(['processing', 'fetch'], [ID]);

/** AppDelegate.swift with this as the launch handler. */
const handles = (handler: string, members = SCHEDULE): string =>
  delegate(
    `let accepted = BGTaskScheduler.shared.register(forTaskWithIdentifier: ${SYNC}, using: nil) { task in
${handler.trim()}
}
if !accepted { NSLog("not registered") }`,
    members,
  );

const swift = (handler: string, members?: string) => ({
  [DELEGATE]: handles(handler, members),
  [PLIST]: SOUND_PLIST,
});

const objc = (handler: string) => ({
  [DELEGATE]: undefined,
  [OBJC_DELEGATE]: objcDelegate(
    '',
    objcRegistration(`@${SYNC}`),
    handler + objcSchedule(`@${SYNC}`),
  ),
  [PLIST]: SOUND_PLIST,
});

const EXPIRES = 'task.expirationHandler = { task.setTaskCompleted(success: false) }';

describeCheck('I11', {
  base: 'react-native',
  triggers: {
    'none in the handler': {
      files: swift('self.schedule()\ndrain { ok in task.setTaskCompleted(success: ok) }'),
      at: `${DELEGATE}:10`,
    },
    'none in the function that it calls': {
      files: swift(
        'self.handle(task: task as! BGProcessingTask)',
        `func handle(task: BGProcessingTask) {
  schedule()
  Task {
    let ok = await Queue.shared.drain()
    task.setTaskCompleted(success: ok)
  }
}
${SCHEDULE}`,
      ),
      at: `${DELEGATE}:10`,
    },
    'Objective-C': {
      files: objc(`
- (void)handleTask:(BGTask *)task
{
  [self scheduleSync];
  [self.queue drainWithCompletion:^(BOOL ok) {
    [task setTaskCompletedWithSuccess:ok];
  }];
}
`),
      at: `${OBJC_DELEGATE}:9`,
    },
  },
  near: {
    'set in the handler': swift(
      `${EXPIRES}\nself.schedule()\ndrain { ok in task.setTaskCompleted(success: ok) }`,
    ),
    'in a class of another file': {
      ...swift('SyncRunner.shared.execute(task)'),
      'ios/Demo/SyncRunner.swift': `import BackgroundTasks
final class SyncRunner {
  static let shared = SyncRunner()
  func execute(_ task: BGTask) {
    ${EXPIRES}
    AppDelegate.shared.schedule()
    task.setTaskCompleted(success: true)
  }
}
`,
    },
    'the task goes to a package': swift('self.schedule()\nSyncKit.run(task)'),
  },
});

describeCheck('I12', {
  base: 'react-native',
  triggers: {
    nowhere: {
      files: swift(
        'task.expirationHandler = { Queue.shared.cancel() }\nself.schedule()\nQueue.shared.drain()',
      ),
      at: `${DELEGATE}:10`,
      message: 'never calls',
    },
    'an early return': {
      files: swift(`
self.schedule()
guard Session.isLoggedIn else {
  return
}
${EXPIRES}
drain { ok in task.setTaskCompleted(success: ok) }`),
      at: `${DELEGATE}:13`,
      message: 'returns here',
    },
    'Objective-C': {
      files: objc(`
- (void)handleTask:(BGTask *)task
{
  task.expirationHandler = ^{ [self.queue cancel]; };
  [self scheduleSync];
  [self.queue drain];
}
`),
      at: `${OBJC_DELEGATE}:9`,
    },
  },
  near: {
    'an early return that completes': swift(`
${EXPIRES}
self.schedule()
guard Session.isLoggedIn else {
  task.setTaskCompleted(success: true)
  return
}
drain { ok in task.setTaskCompleted(success: ok) }`),
    'a cast that cannot fail': swift(`
guard let task = task as? BGProcessingTask else { return }
${EXPIRES}
self.schedule()
drain { ok in task.setTaskCompleted(success: ok) }`),
    deferred: swift(`
${EXPIRES}
defer { task.setTaskCompleted(success: true) }
self.schedule()
if Session.isLoggedOut { return }
Queue.shared.drain()`),
    'a return in a closure': swift(`
${EXPIRES}
self.schedule()
Queue.shared.items.forEach { item in
  if item.isSent { return }
  item.send()
}
task.setTaskCompleted(success: true)`),
  },
});

describeCheck('I13', {
  base: 'react-native',
  triggers: {
    'waits for the main queue': {
      files: swift(`
task.expirationHandler = {
  DispatchQueue.main.sync { Queue.shared.cancel() }
  task.setTaskCompleted(success: false)
}
self.schedule()
drain { ok in task.setTaskCompleted(success: ok) }`),
      at: `${DELEGATE}:12`,
      message: 'DispatchQueue.main.sync',
    },
    'waits for a semaphore': {
      files: swift(`
let done = DispatchSemaphore(value: 0)
task.expirationHandler = {
  Queue.shared.cancel { done.signal() }
  done.wait()
  task.setTaskCompleted(success: false)
}
self.schedule()
drain { ok in task.setTaskCompleted(success: ok) }`),
      at: `${DELEGATE}:14`,
    },
    'only prints': {
      files: swift(`
task.expirationHandler = {
  print("task timed out")
}
self.schedule()
drain { ok in task.setTaskCompleted(success: ok) }`),
      at: `${DELEGATE}:11`,
      message: 'neither stops',
    },
    'Objective-C, waits for a group': {
      files: objc(`
- (void)handleTask:(BGTask *)task
{
  task.expirationHandler = ^{
    dispatch_group_wait(self.group, DISPATCH_TIME_FOREVER);
    [task setTaskCompletedWithSuccess:NO];
  };
  [self scheduleSync];
  [self.queue drain];
  [task setTaskCompletedWithSuccess:YES];
}
`),
      at: `${OBJC_DELEGATE}:22`,
      message: 'dispatch_group_wait',
    },
  },
  near: {
    cancels: swift(`
task.expirationHandler = {
  logger.warning("expired")
  Queue.shared.cancel()
}
self.schedule()
drain { ok in task.setTaskCompleted(success: ok) }`),
    async: swift(`
task.expirationHandler = { [weak self] in
  DispatchQueue.main.async { self?.banner.hide() }
  task.setTaskCompleted(success: false)
}
self.schedule()
drain { ok in task.setTaskCompleted(success: ok) }`),
  },
});

const NO_CHAIN = `${EXPIRES}\ndrain { ok in task.setTaskCompleted(success: ok) }`;
const BACKGROUND =
  'func applicationDidEnterBackground(_ application: UIApplication) {\n  schedule()\n}\n';

describeCheck('I14', {
  base: 'react-native',
  triggers: {
    'submitted when the app leaves the foreground alone': {
      files: swift(NO_CHAIN, BACKGROUND + SCHEDULE),
      at: `${DELEGATE}:10`,
      message: `the launch handler of ${ID} submits no next request`,
    },
    'never submitted': {
      files: swift(NO_CHAIN, ''),
      at: `${DELEGATE}:10`,
      message: 'nothing submits a request',
    },
    SwiftUI: {
      files: {
        [DELEGATE]: undefined,
        'ios/Demo/DemoApp.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  @Environment(\\.scenePhase) private var phase

  var body: some Scene {
    WindowGroup { ContentView() }
      .onChange(of: phase) { _, now in if now == .background { schedule() } }
      .backgroundTask(.appRefresh(${SYNC})) { await Queue.shared.drain() }
  }
}

${schedule(SYNC, 'BGAppRefreshTaskRequest')}
`,
        [PLIST]: SOUND_PLIST,
      },
      at: 'ios/Demo/DemoApp.swift:11',
    },
    'Objective-C': {
      files: objc(`
- (void)handleTask:(BGTask *)task
{
  task.expirationHandler = ^{ [task setTaskCompletedWithSuccess:NO]; };
  [self.queue drain];
  [task setTaskCompletedWithSuccess:YES];
}
- (void)applicationDidEnterBackground:(UIApplication *)application
{
  [self scheduleSync];
}
`),
      at: `${OBJC_DELEGATE}:9`,
    },
  },
  near: {
    'submitted in the handler': { [DELEGATE]: soundDelegate(SYNC), [PLIST]: SOUND_PLIST },
    'submitted at each launch': {
      [DELEGATE]: handles(NO_CHAIN).replace('    return true', '    schedule()\n    return true'),
      [PLIST]: SOUND_PLIST,
    },
    'submitted by what the handler calls, two steps away': swift(
      `${EXPIRES}\nfinish(task)`,
      `func finish(_ task: BGTask) {\n  drain { ok in task.setTaskCompleted(success: ok); self.rearm() }\n}\nfunc rearm() { schedule() }\n${SCHEDULE}`,
    ),
  },
});
