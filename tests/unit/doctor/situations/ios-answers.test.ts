import { DELEGATE } from '../checks/ios-files.ts';
import { handlerApp, objcHandlerApp } from './ios-apps.ts';
import type { App } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Launch handlers that complete their task in the completion of a function of the app, which has to call it on each path (I12). */

const OBJC = 'ios/Demo/AppDelegate.m';
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
    handlerApp(CALLS, drain(`  guard let token = keychain.token else { return }\n${SENDS}`)),
    'returns here without a call of completion',
  ),
  'an if': found(handlerApp(CALLS, drain(`  if items.isEmpty {\n    return\n  }\n${SENDS}`))),
  'a run that is under way': found(
    handlerApp(CALLS, drain(`  guard !isSyncing else { return }\n  isSyncing = true\n${SENDS}`)),
  ),
  'a catch that only prints': found(
    handlerApp(
      CALLS,
      drain(
        '  do {\n    let data = try encoder.encode(items)\n    api.send(data) { completion($0) }\n  } catch {\n    print(error)\n  }',
      ),
    ),
    'a path goes on from here',
  ),
  'a catch that returns': found(
    handlerApp(
      CALLS,
      drain(
        '  let data: Data\n  do {\n    data = try encoder.encode(items)\n  } catch {\n    return\n  }\n  api.send(data) { completion($0) }',
      ),
    ),
  ),
  'a switch': found(
    handlerApp(
      CALLS,
      drain(
        '  switch state {\n  case .online:\n    api.send(items) { completion($0) }\n  case .offline:\n    return\n  }',
      ),
    ),
  ),
  'a switch that returns nothing': found(
    handlerApp(
      CALLS,
      drain(
        '  switch state {\n  case .online:\n    api.send(items) { completion($0) }\n  case .offline:\n    print("offline")\n  }',
      ),
    ),
  ),
  'in what the request calls back': found(
    handlerApp(
      CALLS,
      drain(
        '  URLSession.shared.dataTask(with: url) { data, response, error in\n    guard let data = data, error == nil else { return }\n    self.save(data)\n    completion(true)\n  }.resume()',
      ),
    ),
  ),
  'in an else': found(
    handlerApp(
      CALLS,
      drain(
        '  URLSession.shared.dataTask(with: url) { data, _, _ in\n    if let data = data {\n      self.save(data)\n      completion(true)\n    } else {\n      print("no data")\n    }\n  }.resume()',
      ),
    ),
  ),
  never: found(
    handlerApp(CALLS, drain('  api.send(items) { error in print(error as Any) }')),
    'never calls completion',
  ),
  'a try in a Task': found(
    handlerApp(CALLS, drain('  Task {\n    try await api.send(items)\n    completion(true)\n  }')),
  ),
  'two functions further, by its name': found(
    handlerApp(
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
    handlerApp(
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
    objcHandlerApp(
      '  [self drainWithCompletion:^(BOOL ok) { [task setTaskCompletedWithSuccess:ok]; }];',
      '- (void)drainWithCompletion:(void (^)(BOOL))completion\n{\n  if (!self.token) return;\n  [self.api send:self.items done:^(NSError *error) { completion(error == nil); }];\n}',
    ),
    'call of completion',
    OBJC,
  ),
  'Objective-C, with braces, and two arguments': found(
    objcHandlerApp(
      '  [self send:self.items completion:^(BOOL ok) {\n    [task setTaskCompletedWithSuccess:ok];\n  }];',
      '- (void)send:(NSArray *)items completion:(void (^)(BOOL))completion\n{\n  if (items.count == 0) {\n    return;\n  }\n  [self.api send:items done:^(NSError *error) { completion(error == nil); }];\n}',
    ),
    'call of completion',
    OBJC,
  ),
  'the handler itself: a switch that returns': found(
    handlerApp(
      '  switch state {\n  case .online:\n    api.send(items) { task.setTaskCompleted(success: $0) }\n  case .offline:\n    return\n  }',
    ),
    'returns here',
  ),
  'the handler itself: a catch that returns': found(
    handlerApp(
      '  let data: Data\n  do {\n    data = try encoder.encode(items)\n  } catch {\n    return\n  }\n  api.send(data) { task.setTaskCompleted(success: $0) }',
    ),
  ),
});

describeSituations('sound: a function that calls its completion on each path (I12)', {
  'a guard that calls it': handlerApp(
    CALLS,
    drain(`  guard let token = keychain.token else { completion(false); return }\n${SENDS}`),
  ),
  'a guard that returns its call': handlerApp(
    CALLS,
    drain(`  guard let token = keychain.token else { return completion(false) }\n${SENDS}`),
  ),
  'a guard that calls it on the main queue': handlerApp(
    CALLS,
    drain(
      `  guard let token = keychain.token else {\n    DispatchQueue.main.async { completion(false) }\n    return\n  }\n${SENDS}`,
    ),
  ),
  'in a defer': handlerApp(
    CALLS,
    drain('  defer { completion(true) }\n  guard !items.isEmpty else { return }\n  write(items)'),
  ),
  'kept for later': handlerApp(
    CALLS,
    `var waiting: [(Bool) -> Void] = []\n${drain(`  waiting.append(completion)\n  guard !isSyncing else { return }\n${SENDS}`)}`,
  ),
  'an object that is gone': handlerApp(
    CALLS,
    drain(
      '  api.send(items) { [weak self] error in\n    guard let self = self else { return }\n    self.log(error)\n    completion(error == nil)\n  }',
    ),
  ),
  'an object that is gone, in a Task': handlerApp(
    CALLS,
    drain(
      '  Task { [weak self] in\n    guard let self else { return }\n    await self.send()\n    completion(true)\n  }',
    ),
  ),
  'called already': handlerApp(
    CALLS,
    drain(
      '  var isDone = false\n  let finish = { (ok: Bool) in\n    guard !isDone else { return }\n    isDone = true\n    completion(ok)\n  }\n  api.send(items) { finish($0) }\n  timer.start { finish(false) }',
    ),
  ),
  'the last of many': handlerApp(
    CALLS,
    drain(
      '  var left = items.count\n  for one in items {\n    api.send(one) { ok in\n      left -= 1\n      guard left == 0 else { return }\n      completion(true)\n    }\n  }',
    ),
  ),
  'by a group': handlerApp(
    CALLS,
    drain(
      '  let group = DispatchGroup()\n  for one in items {\n    group.enter()\n    api.send(one) { ok in\n      defer { group.leave() }\n      guard ok else { return }\n      self.mark(one)\n    }\n  }\n  group.notify(queue: .main) { completion(true) }',
    ),
  ),
  'a throw that the handler catches': handlerApp(
    '  do {\n    try drain { ok in task.setTaskCompleted(success: ok) }\n  } catch {\n    task.setTaskCompleted(success: false)\n  }',
    `func drain(_ completion: @escaping (Bool) -> Void) throws {\n  guard let token = keychain.token else { throw Missing.token }\n${SENDS}\n}`,
  ),
  'a switch whose ways all call it': handlerApp(
    CALLS,
    drain(
      '  switch state {\n  case .online:\n    api.send(items) { completion($0) }\n  case .offline:\n    completion(false)\n    return\n  }',
    ),
  ),
  'a result of two': handlerApp(
    CALLS,
    drain(
      '  api.send(items) { result in\n    switch result {\n    case .success: completion(true)\n    case .failure(let error):\n      self.log(error)\n      completion(false)\n    }\n  }',
    ),
  ),
  'the function of another object': handlerApp(
    '  store.drain { ok in task.setTaskCompleted(success: ok) }',
    'let store = Library.shared',
    'class Other {\n  func drain(_ completion: @escaping (Bool) -> Void) {\n    guard ready else { return }\n    completion(true)\n  }\n}',
  ),
  'one for each kind of build': handlerApp(
    CALLS,
    `#if DEBUG\n${drain('  print("no")')}\n#else\n${drain(SENDS)}\n#endif`,
  ),
  'asks what the task is': handlerApp(
    `  guard let refresh = task as? BGAppRefreshTask else { return }\n  drain { ok in refresh.setTaskCompleted(success: ok) }`,
    drain(SENDS),
  ),
  'Objective-C': objcHandlerApp(
    '  [self drainWithCompletion:^(BOOL ok) { [task setTaskCompletedWithSuccess:ok]; }];',
    '- (void)drainWithCompletion:(void (^)(BOOL))completion\n{\n  if (!self.token) {\n    completion(NO);\n    return;\n  }\n  __weak typeof(self) weakSelf = self;\n  [self.api send:self.items done:^(NSError *error) {\n    __strong typeof(weakSelf) strongSelf = weakSelf;\n    if (!strongSelf) return;\n    completion(error == nil);\n  }];\n}',
  ),
});
