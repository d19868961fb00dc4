import { DELEGATE, background, schedule } from '../checks/ios-files.ts';
import { ID, handlerApp, objcHandlerApp } from './ios-apps.ts';
import type { App } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Launch handlers that complete their task while the work goes on that they have begun (I37), and sound twins. */

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
  'a request': found(handlerApp(`  startWork()\n  ${DONE}`, DATA), 'right behind startWork()'),
  'a Task': found(
    handlerApp(
      `  self.startWork()\n  ${DONE}`,
      'func startWork() {\n  Task { await queue.drain() }\n}',
    ),
  ),
  'another queue': found(
    handlerApp(
      `  syncAll()\n  ${DONE}`,
      'private func syncAll() {\n  DispatchQueue.global(qos: .background).async {\n    Database.shared.upload()\n  }\n}',
    ),
  ),
  'of a class of the app': found(
    handlerApp(
      `  SyncManager.shared.sync()\n  ${DONE}`,
      '',
      'final class SyncManager {\n  static let shared = SyncManager()\n  func sync() { Task { try await self.send() } }\n}',
    ),
  ),
  'of an object that is kept': found(
    handlerApp(
      `  uploader.uploadAll()\n  ${DONE}`,
      'let uploader = PhotoUploader()',
      'class PhotoUploader {\n  func uploadAll() {\n    URLSession.shared.uploadTask(with: request, from: data, completionHandler: { _, _, _ in }).resume()\n  }\n}',
    ),
  ),
  'through two functions': found(
    handlerApp(
      `  refresh()\n  ${DONE}`,
      `func refresh() {\n  prepare()\n  startWork()\n}\n${DATA}`,
    ),
  ),
  'in a defer': found(handlerApp(`  defer { ${DONE} }\n  startWork()`, DATA)),
  'nothing hears of the request at all': found(
    handlerApp(
      `  ping()\n  ${DONE}`,
      'func ping() {\n  URLSession.shared.dataTask(with: url).resume()\n}',
    ),
  ),
  'Objective-C': found(
    objcHandlerApp(
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
    objcHandlerApp(
      '  [self syncAll];\n  [task setTaskCompletedWithSuccess:YES];',
      '- (void)syncAll\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue drain];\n  });\n}',
    ),
  ),
  'Objective-C, in the handler itself': found(
    objcHandlerApp(
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
  'it is awaited': handlerApp(
    `  Task {\n    await startWork()\n    ${DONE}\n  }`,
    'func startWork() async { await queue.drain() }',
  ),
  'it calls back': handlerApp(
    `  startWork { ok in task.setTaskCompleted(success: ok) }`,
    'func startWork(_ done: @escaping (Bool) -> Void) {\n  URLSession.shared.dataTask(with: url) { _, _, error in done(error == nil) }.resume()\n}',
  ),
  'it calls back by a name': handlerApp(
    `  let done: (Bool) -> Void = { task.setTaskCompleted(success: $0) }\n  startWork(completion: done)`,
    'func startWork(completion: @escaping (Bool) -> Void) {\n  URLSession.shared.dataTask(with: url) { _, _, error in completion(error == nil) }.resume()\n}',
  ),
  'it does its work at once': handlerApp(
    `  startWork()\n  ${DONE}`,
    'func startWork() {\n  for one in items { database.write(one) }\n}',
  ),
  'it waits': handlerApp(
    `  startWork()\n  ${DONE}`,
    'func startWork() {\n  let group = DispatchGroup()\n  group.enter()\n  URLSession.shared.dataTask(with: url) { _, _, _ in group.leave() }.resume()\n  group.wait()\n}',
  ),
  'the handler waits': handlerApp(
    `  startWork()\n  semaphore.wait()\n  ${DONE}`,
    'let semaphore = DispatchSemaphore(value: 0)\nfunc startWork() {\n  URLSession.shared.dataTask(with: url) { _, _, _ in self.semaphore.signal() }.resume()\n}',
  ),
  'a function waits': handlerApp(
    `  startWork()\n  waitForWork()\n  ${DONE}`,
    'let semaphore = DispatchSemaphore(value: 0)\nfunc startWork() {\n  URLSession.shared.dataTask(with: url) { _, _, _ in self.semaphore.signal() }.resume()\n}\nfunc waitForWork() { semaphore.wait() }',
  ),
  'what it gives is waited for': handlerApp(
    `  Task {\n    let work = startWork()\n    let ok = await work.value\n    task.setTaskCompleted(success: ok)\n  }`,
    'func startWork() -> Task<Bool, Never> {\n  Task { await queue.drain() }\n}',
  ),
  'it logs on another queue': handlerApp(
    `  logRun()\n  drain()\n  ${DONE}`,
    'func logRun() {\n  DispatchQueue.global().async { self.log.append("run") }\n}\nfunc drain() { database.flush() }',
  ),
  'it shows something': handlerApp(
    `  refreshBadge()\n  ${DONE}`,
    'func refreshBadge() {\n  DispatchQueue.main.async { UIApplication.shared.applicationIconBadgeNumber = 1 }\n}',
  ),
  'a transfer of a background session goes on without the app': {
    ...handlerApp(
      `  startUpload()\n  ${DONE}`,
      'let session = URLSession(configuration: .background(withIdentifier: "com.example.demo.upload"), delegate: nil, delegateQueue: nil)\nfunc startUpload() {\n  session.uploadTask(with: request, fromFile: file).resume()\n}\nfunc application(_ application: UIApplication, handleEventsForBackgroundURLSession identifier: String, completionHandler: @escaping () -> Void) {\n  done = completionHandler\n}\nfunc urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {\n  DispatchQueue.main.async { self.done?() }\n}\nvar done: (() -> Void)?',
    ),
  },
  'another class has a function of this name': handlerApp(
    `  store.sync()\n  ${DONE}`,
    'let store = UserDefaults.standard',
    'class Cloud {\n  func sync() { Task { await send() } }\n}',
  ),
  'Objective-C, with a block': objcHandlerApp(
    '  [self startWork:^{ [task setTaskCompletedWithSuccess:YES]; }];',
    '- (void)startWork:(void (^)(void))done\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue drain];\n    done();\n  });\n}',
  ),
  'in another branch': handlerApp(
    `  if items.isEmpty {\n    ${DONE}\n  } else {\n    startWork(task)\n  }`,
    'func startWork(_ task: BGTask) {\n  Task {\n    await queue.drain()\n    task.setTaskCompleted(success: true)\n  }\n}',
  ),
});

describeSituations('the task is completed first, and the work begins behind it (I37)', {
  'a function': found(
    handlerApp(`  ${DONE}\n  startWork()`, DATA),
    'startWork() begins when the task is completed already',
  ),
  'a Task': found(handlerApp(`  ${DONE}\n  Task { await sync() }`), 'this work begins'),
  'a request': found(
    handlerApp(
      `  ${DONE}\n  URLSession.shared.dataTask(with: url) { data, _, _ in self.save(data) }.resume()`,
    ),
    'this work begins',
  ),
  'Objective-C': found(
    objcHandlerApp(
      '  [task setTaskCompletedWithSuccess:YES];\n  [self syncAll];',
      '- (void)syncAll\n{\n  dispatch_async(dispatch_get_global_queue(QOS_CLASS_UTILITY, 0), ^{\n    [self.queue drain];\n  });\n}',
    ),
    'syncAll() begins',
  ),
  'sound: a path of its own': handlerApp(
    `  guard isLoggedIn else {\n    ${DONE}\n    return\n  }\n  startWork(task)`,
    'func startWork(_ task: BGTask) {\n  Task {\n    await queue.drain()\n    task.setTaskCompleted(success: true)\n  }\n}',
  ),
  'sound: the next run, and a word in the log': handlerApp(
    `  drain()\n  ${DONE}\n  scheduleNext()\n  logRun()`,
    'func drain() { database.flush() }\nfunc scheduleNext() { DispatchQueue.global().async { self.schedule() } }\nfunc logRun() { Task { await log.write("done") } }',
  ),
  'sound: something for the screen': handlerApp(
    `  drain()\n  ${DONE}\n  Task { @MainActor in await badge.show() }\n  showBadge()`,
    'func drain() { database.flush() }\nfunc showBadge() { Task { @MainActor in await badge.show() } }',
  ),
  'sound: in the closure of the work': handlerApp(
    `  drain { ok in\n    task.setTaskCompleted(success: ok)\n    self.isRunning = false\n  }`,
    'func drain(_ done: @escaping (Bool) -> Void) { api.send { done($0) } }',
  ),
});

describeSituations('operations (I37)', {
  'one that is added': found(
    handlerApp(`  let op = SyncOperation()\n  queue.addOperation(op)\n  ${DONE}`),
    'before the work',
  ),
  'a closure': found(handlerApp(`  OperationQueue().addOperation { drain() }\n  ${DONE}`)),
  'several, without waiting': found(
    handlerApp(`  queue.addOperations(operations, waitUntilFinished: false)\n  ${DONE}`),
  ),
  'in a function': found(
    handlerApp(
      `  startSync()\n  ${DONE}`,
      'func startSync() {\n  let queue = OperationQueue()\n  queue.addOperation(SyncOperation())\n}',
    ),
  ),
  'Objective-C': found(
    objcHandlerApp(
      '  [self.operations addOperation:[SyncOperation new]];\n  [task setTaskCompletedWithSuccess:YES];',
    ),
  ),
  'Objective-C, with a block': found(
    objcHandlerApp(
      '  [self.operations addOperationWithBlock:^{ [self drain]; }];\n  [task setTaskCompletedWithSuccess:YES];',
    ),
  ),
  'sound: by its completionBlock': handlerApp(
    '  let op = SyncOperation()\n  op.completionBlock = { task.setTaskCompleted(success: !op.isCancelled) }\n  queue.addOperation(op)',
  ),
  'sound: by a barrier': handlerApp(
    `  queue.addOperation(SyncOperation())\n  queue.addBarrierBlock { ${DONE} }`,
  ),
  'sound: a last one': handlerApp(
    `  queue.addOperation { drain() }\n  queue.addOperation { ${DONE} }`,
  ),
  'sound: waiting': handlerApp(
    `  queue.addOperations([SyncOperation()], waitUntilFinished: true)\n  ${DONE}`,
  ),
  'sound: waiting for all': handlerApp(
    `  queue.addOperation { drain() }\n  queue.waitUntilAllOperationsAreFinished()\n  ${DONE}`,
  ),
  'sound: waiting for the one': handlerApp(
    `  let op = SyncOperation()\n  queue.addOperation(op)\n  op.waitUntilFinished()\n  ${DONE}`,
  ),
  'sound: on the main queue, for the screen': handlerApp(
    `  drain()\n  OperationQueue.main.addOperation { self.showBadge() }\n  ${DONE}`,
    'func drain() { database.flush() }',
  ),
  'sound: Apple’s own example': handlerApp(
    '  let queue = OperationQueue()\n  let operations = makeOperations()\n  let last = operations.last!\n  task.expirationHandler = { queue.cancelAllOperations() }\n  last.completionBlock = { task.setTaskCompleted(success: !last.isCancelled) }\n  queue.addOperations(operations, waitUntilFinished: false)',
  ),
  'sound: Objective-C, waiting': objcHandlerApp(
    '  [self.operations addOperation:[SyncOperation new]];\n  [self.operations waitUntilAllOperationsAreFinished];\n  [task setTaskCompletedWithSuccess:YES];',
  ),
});
