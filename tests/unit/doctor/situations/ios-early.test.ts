import { DELEGATE, PLIST, background, delegate, schedule } from '../checks/ios-files.ts';
import { ID, objc } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Launch handlers that complete their task while the work goes on that they have begun (I37), and sound twins. */

type App = Pick<Situation, 'base' | 'files'>;

const handler = (body: string, more = '', rest = ''): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: delegate(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: "${ID}", using: nil) { task in self.handle(task) }`,
      `func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
${body}
}
${more}
${schedule(`"${ID}"`, 'BGAppRefreshTaskRequest')}`,
      rest,
    ),
    [PLIST]: background(['fetch'], [ID]),
  },
});
const objcHandler = (body: string, more = ''): App => ({
  base: 'react-native',
  files: objc(
    '',
    `[[BGTaskScheduler sharedScheduler] registerForTaskWithIdentifier:@"${ID}" usingQueue:nil launchHandler:^(BGTask *task) {
  [self handleTask:task];
}];`,
    `- (void)handleTask:(BGTask *)task
{
  task.expirationHandler = ^{ [task setTaskCompletedWithSuccess:NO]; };
  [self scheduleSync];
${body}
}
${more}
- (void)scheduleSync
{
  BGAppRefreshTaskRequest *request = [[BGAppRefreshTaskRequest alloc] initWithIdentifier:@"${ID}"];
  request.earliestBeginDate = [NSDate dateWithTimeIntervalSinceNow:15 * 60];
  [[BGTaskScheduler sharedScheduler] submitTaskRequest:request error:nil];
}
`,
  ),
});
const found = (app: App, says?: string): Situation => ({
  ...app,
  finds: [
    `I37 ${Object.keys(app.files).find((path) => path.endsWith('AppDelegate.m')) ?? DELEGATE}`,
  ],
  ...(says !== undefined && { says }),
});
const DONE = 'task.setTaskCompleted(success: true)';
const DATA =
  'func startWork() {\n  let call = URLSession.shared.dataTask(with: url) { data, _, _ in self.save(data) }\n  call.resume()\n}';

describeSituations('a function begins the work, and the task is completed behind it (I37)', {
  'a request': found(handler(`  startWork()\n  ${DONE}`, DATA), 'right behind startWork()'),
  'a Task': found(
    handler(
      `  self.startWork()\n  ${DONE}`,
      'func startWork() {\n  Task { await queue.drain() }\n}',
    ),
  ),
  'another queue': found(
    handler(
      `  syncAll()\n  ${DONE}`,
      'private func syncAll() {\n  DispatchQueue.global(qos: .background).async {\n    Database.shared.upload()\n  }\n}',
    ),
  ),
  'of a class of the app': found(
    handler(
      `  SyncManager.shared.sync()\n  ${DONE}`,
      '',
      'final class SyncManager {\n  static let shared = SyncManager()\n  func sync() { Task { try await self.send() } }\n}',
    ),
  ),
  'of an object that is kept': found(
    handler(
      `  uploader.uploadAll()\n  ${DONE}`,
      'let uploader = PhotoUploader()',
      'class PhotoUploader {\n  func uploadAll() {\n    URLSession.shared.uploadTask(with: request, from: data, completionHandler: { _, _, _ in }).resume()\n  }\n}',
    ),
  ),
  'through two functions': found(
    handler(`  refresh()\n  ${DONE}`, `func refresh() {\n  prepare()\n  startWork()\n}\n${DATA}`),
  ),
  'in a defer': found(handler(`  defer { ${DONE} }\n  startWork()`, DATA)),
  'nothing hears of the request at all': found(
    handler(
      `  ping()\n  ${DONE}`,
      'func ping() {\n  URLSession.shared.dataTask(with: url).resume()\n}',
    ),
  ),
  'Objective-C': found(
    objcHandler(
      '  [self startWork];\n  [task setTaskCompletedWithSuccess:YES];',
      `- (void)startWork
{
  NSURLSessionDataTask *call = [[NSURLSession sharedSession] dataTaskWithRequest:self.request completionHandler:^(NSData *data, NSURLResponse *response, NSError *error) {
    [self save:data];
  }];
  [call resume];
}`,
    ),
  ),
  'Objective-C, another queue': found(
    objcHandler(
      '  [self syncAll];\n  [task setTaskCompletedWithSuccess:YES];',
      '- (void)syncAll\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue drain];\n  });\n}',
    ),
  ),
  'Objective-C, in the handler itself': found(
    objcHandler(
      '  [[[NSURLSession sharedSession] dataTaskWithURL:self.url completionHandler:^(NSData *data, NSURLResponse *response, NSError *error) { [self save:data]; }] resume];\n  [task setTaskCompletedWithSuccess:YES];',
    ),
  ),
  SwiftUI: {
    base: 'ios',
    files: {
      'Demo/AppDelegate.swift': `import BackgroundTasks
import SwiftUI

@main
struct DemoApp: App {
  var body: some Scene {
    WindowGroup { Text("demo") }
      .backgroundTask(.appRefresh("${ID}")) {
        schedule()
        startWork()
      }
  }
}

func startWork() {
  Task { await drain() }
}
${schedule(`"${ID}"`, 'BGAppRefreshTaskRequest')}
`,
      'Demo/Info.plist': background(['fetch'], [ID]),
    },
    finds: ['I37 Demo/AppDelegate.swift:10'],
    says: 'startWork() goes on',
  },
});

describeSituations('sound: a function that has done its work, or tells of its end (I37)', {
  'it is awaited': handler(
    `  Task {\n    await startWork()\n    ${DONE}\n  }`,
    'func startWork() async { await queue.drain() }',
  ),
  'it calls back': handler(
    `  startWork { ok in task.setTaskCompleted(success: ok) }`,
    'func startWork(_ done: @escaping (Bool) -> Void) {\n  URLSession.shared.dataTask(with: url) { _, _, error in done(error == nil) }.resume()\n}',
  ),
  'it calls back by a name': handler(
    `  let done: (Bool) -> Void = { task.setTaskCompleted(success: $0) }\n  startWork(completion: done)`,
    'func startWork(completion: @escaping (Bool) -> Void) {\n  URLSession.shared.dataTask(with: url) { _, _, error in completion(error == nil) }.resume()\n}',
  ),
  'it does its work at once': handler(
    `  startWork()\n  ${DONE}`,
    'func startWork() {\n  for one in items { database.write(one) }\n}',
  ),
  'it waits': handler(
    `  startWork()\n  ${DONE}`,
    'func startWork() {\n  let group = DispatchGroup()\n  group.enter()\n  URLSession.shared.dataTask(with: url) { _, _, _ in group.leave() }.resume()\n  group.wait()\n}',
  ),
  'the handler waits': handler(
    `  startWork()\n  semaphore.wait()\n  ${DONE}`,
    'let semaphore = DispatchSemaphore(value: 0)\nfunc startWork() {\n  URLSession.shared.dataTask(with: url) { _, _, _ in self.semaphore.signal() }.resume()\n}',
  ),
  'a function waits': handler(
    `  startWork()\n  waitForWork()\n  ${DONE}`,
    'let semaphore = DispatchSemaphore(value: 0)\nfunc startWork() {\n  URLSession.shared.dataTask(with: url) { _, _, _ in self.semaphore.signal() }.resume()\n}\nfunc waitForWork() { semaphore.wait() }',
  ),
  'what it gives is waited for': handler(
    `  Task {\n    let work = startWork()\n    let ok = await work.value\n    task.setTaskCompleted(success: ok)\n  }`,
    'func startWork() -> Task<Bool, Never> {\n  Task { await queue.drain() }\n}',
  ),
  'it logs on another queue': handler(
    `  logRun()\n  drain()\n  ${DONE}`,
    'func logRun() {\n  DispatchQueue.global().async { self.log.append("run") }\n}\nfunc drain() { database.flush() }',
  ),
  'it shows something': handler(
    `  refreshBadge()\n  ${DONE}`,
    'func refreshBadge() {\n  DispatchQueue.main.async { UIApplication.shared.applicationIconBadgeNumber = 1 }\n}',
  ),
  'a transfer of a background session goes on without the app': {
    ...handler(
      `  startUpload()\n  ${DONE}`,
      'let session = URLSession(configuration: .background(withIdentifier: "com.example.demo.upload"), delegate: nil, delegateQueue: nil)\nfunc startUpload() {\n  session.uploadTask(with: request, fromFile: file).resume()\n}\nfunc application(_ application: UIApplication, handleEventsForBackgroundURLSession identifier: String, completionHandler: @escaping () -> Void) {\n  done = completionHandler\n}\nfunc urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {\n  DispatchQueue.main.async { self.done?() }\n}\nvar done: (() -> Void)?',
    ),
  },
  'another class has a function of this name': handler(
    `  store.sync()\n  ${DONE}`,
    'let store = UserDefaults.standard',
    'class Cloud {\n  func sync() { Task { await send() } }\n}',
  ),
  'Objective-C, with a block': objcHandler(
    '  [self startWork:^{ [task setTaskCompletedWithSuccess:YES]; }];',
    '- (void)startWork:(void (^)(void))done\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue drain];\n    done();\n  });\n}',
  ),
  'in another branch': handler(
    `  if items.isEmpty {\n    ${DONE}\n  } else {\n    startWork(task)\n  }`,
    'func startWork(_ task: BGTask) {\n  Task {\n    await queue.drain()\n    task.setTaskCompleted(success: true)\n  }\n}',
  ),
});

describeSituations('the task is completed first, and the work begins behind it (I37)', {
  'a function': found(
    handler(`  ${DONE}\n  startWork()`, DATA),
    'startWork() begins when the task is completed already',
  ),
  'a Task': found(handler(`  ${DONE}\n  Task { await sync() }`), 'this work begins'),
  'a request': found(
    handler(
      `  ${DONE}\n  URLSession.shared.dataTask(with: url) { data, _, _ in self.save(data) }.resume()`,
    ),
    'this work begins',
  ),
  'Objective-C': found(
    objcHandler(
      '  [task setTaskCompletedWithSuccess:YES];\n  [self syncAll];',
      '- (void)syncAll\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue drain];\n  });\n}',
    ),
    'syncAll() begins',
  ),
  'sound: a path of its own': handler(
    `  guard isLoggedIn else {\n    ${DONE}\n    return\n  }\n  startWork(task)`,
    'func startWork(_ task: BGTask) {\n  Task {\n    await queue.drain()\n    task.setTaskCompleted(success: true)\n  }\n}',
  ),
  'sound: the next run, and a word in the log': handler(
    `  drain()\n  ${DONE}\n  scheduleNext()\n  logRun()`,
    'func drain() { database.flush() }\nfunc scheduleNext() { DispatchQueue.global().async { self.schedule() } }\nfunc logRun() { Task { await log.write("done") } }',
  ),
  'sound: something for the screen': handler(
    `  drain()\n  ${DONE}\n  Task { @MainActor in await badge.show() }\n  showBadge()`,
    'func drain() { database.flush() }\nfunc showBadge() { Task { @MainActor in await badge.show() } }',
  ),
  'sound: in the closure of the work': handler(
    `  drain { ok in\n    task.setTaskCompleted(success: ok)\n    self.isRunning = false\n  }`,
    'func drain(_ done: @escaping (Bool) -> Void) { api.send { done($0) } }',
  ),
});

describeSituations('operations (I37)', {
  'one that is added': found(
    handler(`  let op = SyncOperation()\n  queue.addOperation(op)\n  ${DONE}`),
    'before the work',
  ),
  'a closure': found(handler(`  OperationQueue().addOperation { drain() }\n  ${DONE}`)),
  'several, without waiting': found(
    handler(`  queue.addOperations(operations, waitUntilFinished: false)\n  ${DONE}`),
  ),
  'in a function': found(
    handler(
      `  startSync()\n  ${DONE}`,
      'func startSync() {\n  let queue = OperationQueue()\n  queue.addOperation(SyncOperation())\n}',
    ),
  ),
  'Objective-C': found(
    objcHandler(
      '  [self.operations addOperation:[SyncOperation new]];\n  [task setTaskCompletedWithSuccess:YES];',
    ),
  ),
  'Objective-C, with a block': found(
    objcHandler(
      '  [self.operations addOperationWithBlock:^{ [self drain]; }];\n  [task setTaskCompletedWithSuccess:YES];',
    ),
  ),
  'sound: by its completionBlock': handler(
    '  let op = SyncOperation()\n  op.completionBlock = { task.setTaskCompleted(success: !op.isCancelled) }\n  queue.addOperation(op)',
  ),
  'sound: by a barrier': handler(
    `  queue.addOperation(SyncOperation())\n  queue.addBarrierBlock { ${DONE} }`,
  ),
  'sound: a last one': handler(
    `  queue.addOperation { drain() }\n  queue.addOperation { ${DONE} }`,
  ),
  'sound: waiting': handler(
    `  queue.addOperations([SyncOperation()], waitUntilFinished: true)\n  ${DONE}`,
  ),
  'sound: waiting for all': handler(
    `  queue.addOperation { drain() }\n  queue.waitUntilAllOperationsAreFinished()\n  ${DONE}`,
  ),
  'sound: waiting for the one': handler(
    `  let op = SyncOperation()\n  queue.addOperation(op)\n  op.waitUntilFinished()\n  ${DONE}`,
  ),
  'sound: on the main queue, for the screen': handler(
    `  drain()\n  OperationQueue.main.addOperation { self.showBadge() }\n  ${DONE}`,
    'func drain() { database.flush() }',
  ),
  'sound: Apple’s own example': handler(
    '  let queue = OperationQueue()\n  let operations = makeOperations()\n  let last = operations.last!\n  task.expirationHandler = { queue.cancelAllOperations() }\n  last.completionBlock = { task.setTaskCompleted(success: !last.isCancelled) }\n  queue.addOperations(operations, waitUntilFinished: false)',
  ),
  'sound: Objective-C, waiting': objcHandler(
    '  [self.operations addOperation:[SyncOperation new]];\n  [self.operations waitUntilAllOperationsAreFinished];\n  [task setTaskCompletedWithSuccess:YES];',
  ),
});
