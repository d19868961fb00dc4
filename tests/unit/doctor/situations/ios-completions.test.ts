import { DELEGATE, PLIST, background, delegate, schedule } from '../checks/ios-files.ts';
import { ID } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
/** Launch handlers of apps that complete their task on every path, each in another way. */

const handler = (body: string, more = '') => ({
  base: 'react-native' as const,
  files: {
    [DELEGATE]: delegate(
      `BGTaskScheduler.shared.register(forTaskWithIdentifier: "${ID}", using: nil) { task in self.handle(task) }`,
      `var completed = false
func handle(_ task: BGTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
${body}
}
${more}
${schedule(`"${ID}"`, 'BGAppRefreshTaskRequest')}`,
    ),
    [PLIST]: background(['fetch'], [ID]),
  },
});
describeSituations('sound: each path completes the task (I12, I37)', {
  'once, by a flag': handler(
    '  drain { self.finish(task, $0) }',
    'func finish(_ task: BGTask, _ ok: Bool) {\n  if !completed {\n    completed = true\n    task.setTaskCompleted(success: ok)\n  }\n}',
  ),
  'once, by a guard': handler(
    '  drain { self.finish(task, $0) }',
    'func finish(_ task: BGTask, _ ok: Bool) {\n  guard !completed else { return }\n  completed = true\n  task.setTaskCompleted(success: ok)\n}',
  ),
  'once, by a flag in a closure': handler(
    '  var done = false\n  Task {\n    let ok = await sync()\n    if !done { done = true; task.setTaskCompleted(success: ok) }\n  }',
  ),
  'a guard that completes': handler(
    '  drain { [weak self] ok in\n    guard let self = self else { task.setTaskCompleted(success: false); return }\n    self.log(ok)\n    task.setTaskCompleted(success: ok)\n  }',
  ),
  'by what the system has': handler(
    '  if #available(iOS 15.0, *) {\n    Task { await sync(); task.setTaskCompleted(success: true) }\n  } else {\n    drain { task.setTaskCompleted(success: $0) }\n  }',
  ),
  'left when the expiration has completed it': handler(
    '  let work = Task {\n    let ok = await sync()\n    if Task.isCancelled { return }\n    task.setTaskCompleted(success: ok)\n  }\n  task.expirationHandler = { work.cancel(); task.setTaskCompleted(success: false) }',
  ),
  'unless the expiration has completed it': handler(
    '  let work = Task {\n    let ok = await sync()\n    if !Task.isCancelled {\n      task.setTaskCompleted(success: ok)\n    }\n  }\n  task.expirationHandler = { work.cancel(); task.setTaskCompleted(success: false) }',
  ),
  'behind a group': handler(
    '  let group = DispatchGroup()\n  for one in items { group.enter(); send(one) { group.leave() } }\n  group.notify(queue: .main) { task.setTaskCompleted(success: true) }',
  ),
  'a catch of the cancellation': handler(
    '  let work = Task {\n    do { try await sync(); task.setTaskCompleted(success: true) }\n    catch is CancellationError { }\n    catch { task.setTaskCompleted(success: false) }\n  }\n  task.expirationHandler = { work.cancel(); task.setTaskCompleted(success: false) }',
  ),
  'kept, and completed elsewhere': handler(
    '  current = task\n  if isLoggedIn { drain() } else { finish() }',
    'var current: BGTask?\nfunc finish() { current?.setTaskCompleted(success: true) }\nfunc drain() { finish() }',
  ),
  'a branch that reads the task': handler(
    '  if verbose { print(task.identifier) }\n  drain { task.setTaskCompleted(success: $0) }',
  ),
  'one call for both': handler(
    '  drain { ok in task.setTaskCompleted(success: ok ? true : false) }',
  ),
  'a result that is tried': handler(
    '  drain { result in\n    do { _ = try result.get(); task.setTaskCompleted(success: true) } catch { task.setTaskCompleted(success: false) }\n  }',
  ),
});
