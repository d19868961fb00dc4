import { background, delegate } from '../checks/ios-files.ts';
import { handlerApp, objcHandlerApp } from './ios-apps.ts';
import { describeSituations } from './situation.ts';

/** What public reports of iOS showed. */

const push = (body: string) => ({
  base: 'ios' as const,
  files: {
    'Demo/Info.plist': background(['remote-notification']),
    'Demo/AppDelegate.swift': delegate(
      '',
      `private var bag = Set<AnyCancellable>()
func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any], fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void) {
${body}
}`,
    ),
  },
});
const sink = (completion: string, before = '') => `  SyncService.shared.pull(userInfo)${before}
    .sink(receiveCompletion: { completion in
      ${completion}
    }, receiveValue: { _ in
      completionHandler(.newData)
    })
    .store(in: &bag)`;

describeSituations('one closure for a success and one for a failure, which answers nothing', {
  'Combine, of a push (I43)': {
    ...push(sink('if case .failure(let error) = completion { print(error) }')),
    finds: ['I43 Demo/AppDelegate.swift'],
    says: 'without a call of completionHandler',
  },
  'two trailing closures, of a push (I43)': {
    ...push(`  api.sync { items in
    completionHandler(.newData)
  } onError: { error in
    log(error)
  }`),
    finds: ['I43 Demo/AppDelegate.swift'],
  },
  'success and failure of a launch handler (I12)': {
    ...handlerApp(`  client.sync(success: { items in
    task.setTaskCompleted(success: true)
  }, failure: { error in
    print(error)
  })`),
    finds: ['I12 ios/Demo/AppDelegate.swift'],
    says: 'without setTaskCompleted',
  },
  'blocks of Objective-C (I12)': {
    ...objcHandlerApp(`  [[Syncer shared] syncWithSuccess:^(NSArray *items) {
    [task setTaskCompletedWithSuccess:YES];
  } failure:^(NSError *error) {
    NSLog(@"%@", error);
  }];`),
    finds: ['I12 ios/Demo/AppDelegate.m'],
  },
  'sound: both answer': push(sink('if case .failure = completion { completionHandler(.failed) }')),
  'sound: a publisher that cannot fail': push(sink('log(completion)', '.replaceError(with: [])')),
  'sound: the failure gets the completion': handlerApp(
    `  client.sync(success: { items in
    task.setTaskCompleted(success: true)
  }, failure: { error in
    self.tryAgain(task)
  })`,
    'func tryAgain(_ task: BGTask) { task.setTaskCompleted(success: false) }',
  ),
  'sound: it is completed behind both': handlerApp(`  client.sync(success: { items in
    if items.isEmpty { task.setTaskCompleted(success: true) }
  }, failure: { error in
    print(error)
  })
  queue.async { task.setTaskCompleted(success: false) }`),
});
