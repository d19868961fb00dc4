import { DELEGATE, PLIST, background, delegate, schedule } from '../checks/ios-files.ts';
import { ID, objc } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Launch handlers that complete their task in the completion of a function of the app, which has to call it on each path (I12). */

type App = Pick<Situation, 'base' | 'files'>;

const app = (body: string, more = '', rest = ''): App => ({
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
const OBJC = 'ios/Demo/AppDelegate.m';
const objcApp = (body: string, more: string): App => ({
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
const found = (one: App, says?: string, file = DELEGATE): Situation => ({
  ...one,
  finds: [`I12 ${file}`],
  ...(says !== undefined && { says }),
});
const CALLS = '  drain { ok in task.setTaskCompleted(success: ok) }';
const drain = (body: string): string =>
  `func drain(_ completion: @escaping (Bool) -> Void) {\n${body}\n}`;
const SENDS = '  api.send(items) { error in completion(error == nil) }';

describeSituations('a function that leaves without its completion (I12)', {
  'a guard': found(
    app(CALLS, drain(`  guard let token = keychain.token else { return }\n${SENDS}`)),
    'returns here without a call of completion',
  ),
  'an if': found(app(CALLS, drain(`  if items.isEmpty {\n    return\n  }\n${SENDS}`))),
  'a run that is under way': found(
    app(CALLS, drain(`  guard !isSyncing else { return }\n  isSyncing = true\n${SENDS}`)),
  ),
  'a catch that only prints': found(
    app(
      CALLS,
      drain(
        '  do {\n    let data = try encoder.encode(items)\n    api.send(data) { completion($0) }\n  } catch {\n    print(error)\n  }',
      ),
    ),
    'a path goes on from here',
  ),
  'a catch that returns': found(
    app(
      CALLS,
      drain(
        '  let data: Data\n  do {\n    data = try encoder.encode(items)\n  } catch {\n    return\n  }\n  api.send(data) { completion($0) }',
      ),
    ),
  ),
  'a switch': found(
    app(
      CALLS,
      drain(
        '  switch state {\n  case .online:\n    api.send(items) { completion($0) }\n  case .offline:\n    return\n  }',
      ),
    ),
  ),
  'a switch that returns nothing': found(
    app(
      CALLS,
      drain(
        '  switch state {\n  case .online:\n    api.send(items) { completion($0) }\n  case .offline:\n    print("offline")\n  }',
      ),
    ),
  ),
  'in what the request calls back': found(
    app(
      CALLS,
      drain(
        '  URLSession.shared.dataTask(with: url) { data, response, error in\n    guard let data = data, error == nil else { return }\n    self.save(data)\n    completion(true)\n  }.resume()',
      ),
    ),
  ),
  'in an else': found(
    app(
      CALLS,
      drain(
        '  URLSession.shared.dataTask(with: url) { data, _, _ in\n    if let data = data {\n      self.save(data)\n      completion(true)\n    } else {\n      print("no data")\n    }\n  }.resume()',
      ),
    ),
  ),
  never: found(
    app(CALLS, drain('  api.send(items) { error in print(error as Any) }')),
    'never calls completion',
  ),
  'a try in a Task': found(
    app(CALLS, drain('  Task {\n    try await api.send(items)\n    completion(true)\n  }')),
  ),
  'two functions further, by its name': found(
    app(
      '  SyncManager.shared.sync(completion: { ok in\n    task.setTaskCompleted(success: ok)\n  })',
      '',
      `final class SyncManager {
  static let shared = SyncManager()
  func sync(completion: @escaping (Bool) -> Void) {
    upload(items, completion: completion)
  }
  private func upload(_ items: [Item], completion done: @escaping (Bool) -> Void) {
    guard !items.isEmpty else { return }
    api.send(items) { done($0) }
  }
}`,
    ),
    'call of done',
  ),
  'two functions further, in a closure': found(
    app(
      CALLS,
      `${drain('  load { items in\n    self.api.send(items) { completion($0) }\n  }')}
func load(then next: @escaping ([Item]) -> Void) {
  guard let file = store.file else { return }
  next(file.items)
}`,
    ),
    'call of next',
  ),
  'Objective-C': found(
    objcApp(
      '  [self drainWithCompletion:^(BOOL ok) { [task setTaskCompletedWithSuccess:ok]; }];',
      '- (void)drainWithCompletion:(void (^)(BOOL))completion\n{\n  if (!self.token) return;\n  [self.api send:self.items done:^(NSError *error) { completion(error == nil); }];\n}',
    ),
    'call of completion',
    OBJC,
  ),
  'Objective-C, with braces, and two arguments': found(
    objcApp(
      '  [self send:self.items completion:^(BOOL ok) {\n    [task setTaskCompletedWithSuccess:ok];\n  }];',
      '- (void)send:(NSArray *)items completion:(void (^)(BOOL))completion\n{\n  if (items.count == 0) {\n    return;\n  }\n  [self.api send:items done:^(NSError *error) { completion(error == nil); }];\n}',
    ),
    'call of completion',
    OBJC,
  ),
  'the handler itself: a switch that returns': found(
    app(
      '  switch state {\n  case .online:\n    api.send(items) { task.setTaskCompleted(success: $0) }\n  case .offline:\n    return\n  }',
    ),
    'returns here',
  ),
  'the handler itself: a catch that returns': found(
    app(
      '  let data: Data\n  do {\n    data = try encoder.encode(items)\n  } catch {\n    return\n  }\n  api.send(data) { task.setTaskCompleted(success: $0) }',
    ),
  ),
});

describeSituations('sound: a function that calls its completion on each path (I12)', {
  'a guard that calls it': app(
    CALLS,
    drain(`  guard let token = keychain.token else { completion(false); return }\n${SENDS}`),
  ),
  'a guard that returns its call': app(
    CALLS,
    drain(`  guard let token = keychain.token else { return completion(false) }\n${SENDS}`),
  ),
  'a guard that calls it on the main queue': app(
    CALLS,
    drain(
      `  guard let token = keychain.token else {\n    DispatchQueue.main.async { completion(false) }\n    return\n  }\n${SENDS}`,
    ),
  ),
  'in a defer': app(
    CALLS,
    drain('  defer { completion(true) }\n  guard !items.isEmpty else { return }\n  write(items)'),
  ),
  'kept for later': app(
    CALLS,
    `var waiting: [(Bool) -> Void] = []\n${drain(`  waiting.append(completion)\n  guard !isSyncing else { return }\n${SENDS}`)}`,
  ),
  'an object that is gone': app(
    CALLS,
    drain(
      '  api.send(items) { [weak self] error in\n    guard let self = self else { return }\n    self.log(error)\n    completion(error == nil)\n  }',
    ),
  ),
  'an object that is gone, in a Task': app(
    CALLS,
    drain(
      '  Task { [weak self] in\n    guard let self else { return }\n    await self.send()\n    completion(true)\n  }',
    ),
  ),
  'called already': app(
    CALLS,
    drain(
      '  var isDone = false\n  let finish = { (ok: Bool) in\n    guard !isDone else { return }\n    isDone = true\n    completion(ok)\n  }\n  api.send(items) { finish($0) }\n  timer.start { finish(false) }',
    ),
  ),
  'the last of many': app(
    CALLS,
    drain(
      '  var left = items.count\n  for one in items {\n    api.send(one) { ok in\n      left -= 1\n      guard left == 0 else { return }\n      completion(true)\n    }\n  }',
    ),
  ),
  'by a group': app(
    CALLS,
    drain(
      '  let group = DispatchGroup()\n  for one in items {\n    group.enter()\n    api.send(one) { ok in\n      defer { group.leave() }\n      guard ok else { return }\n      self.mark(one)\n    }\n  }\n  group.notify(queue: .main) { completion(true) }',
    ),
  ),
  'a throw that the handler catches': app(
    '  do {\n    try drain { ok in task.setTaskCompleted(success: ok) }\n  } catch {\n    task.setTaskCompleted(success: false)\n  }',
    `func drain(_ completion: @escaping (Bool) -> Void) throws {\n  guard let token = keychain.token else { throw Missing.token }\n${SENDS}\n}`,
  ),
  'a switch whose ways all call it': app(
    CALLS,
    drain(
      '  switch state {\n  case .online:\n    api.send(items) { completion($0) }\n  case .offline:\n    completion(false)\n    return\n  }',
    ),
  ),
  'a result of two': app(
    CALLS,
    drain(
      '  api.send(items) { result in\n    switch result {\n    case .success: completion(true)\n    case .failure(let error):\n      self.log(error)\n      completion(false)\n    }\n  }',
    ),
  ),
  'the function of another object': app(
    '  store.drain { ok in task.setTaskCompleted(success: ok) }',
    'let store = Library.shared',
    'class Other {\n  func drain(_ completion: @escaping (Bool) -> Void) {\n    guard ready else { return }\n    completion(true)\n  }\n}',
  ),
  'one for each kind of build': app(
    CALLS,
    `#if DEBUG\n${drain('  print("no")')}\n#else\n${drain(SENDS)}\n#endif`,
  ),
  'asks what the task is': app(
    `  guard let refresh = task as? BGAppRefreshTask else { return }\n  drain { ok in refresh.setTaskCompleted(success: ok) }`,
    drain(SENDS),
  ),
  'Objective-C': objcApp(
    '  [self drainWithCompletion:^(BOOL ok) { [task setTaskCompletedWithSuccess:ok]; }];',
    '- (void)drainWithCompletion:(void (^)(BOOL))completion\n{\n  if (!self.token) {\n    completion(NO);\n    return;\n  }\n  __weak typeof(self) weakSelf = self;\n  [self.api send:self.items done:^(NSError *error) {\n    __strong typeof(weakSelf) strongSelf = weakSelf;\n    if (!strongSelf) return;\n    completion(error == nil);\n  }];\n}',
  ),
});
