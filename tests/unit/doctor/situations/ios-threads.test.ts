import {
  DELEGATE,
  OBJC_DELEGATE,
  PLIST,
  background,
  delegate,
  objcDelegate,
} from '../checks/ios-files.ts';
import { handlerApp, objcHandlerApp } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** Timers and waits of a run, on threads that cannot serve them (I45). */

type App = Pick<Situation, 'base' | 'files'>;
const found = (app: App, says: string, file = DELEGATE): Situation => ({
  ...app,
  finds: [`I45 ${file}`],
  says,
});

const push = (body: string, more = ''): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: delegate(
      '',
      `func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any], fetchCompletionHandler done: @escaping (UIBackgroundFetchResult) -> Void) {
${body}
  done(.newData)
}
${more}`,
    ),
    [PLIST]: background(['remote-notification']),
  },
});
const objcPush = (body: string): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: undefined,
    [OBJC_DELEGATE]: objcDelegate(
      '',
      '',
      `- (void)application:(UIApplication *)application didReceiveRemoteNotification:(NSDictionary *)userInfo fetchCompletionHandler:(void (^)(UIBackgroundFetchResult))done
{
${body}
  done(UIBackgroundFetchResultNewData);
}`,
    ),
    [PLIST]: background(['remote-notification']),
  },
});
const edited = ({ base, files }: App, from: string, to: string): App => {
  const text = files[DELEGATE];
  if (typeof text !== 'string' || !text.includes(from)) throw new Error(`no ${from}`);
  return { base, files: { ...files, [DELEGATE]: text.replace(from, to) } };
};
const TIMER =
  'Timer.scheduledTimer(withTimeInterval: 20, repeats: false) { _ in task.setTaskCompleted(success: true) }';
const IDLE = 'Timer.scheduledTimer(withTimeInterval: 1, repeats: true) { _ in self.tick() }';
const FIRES = 'this timer never fires';
const HOLDS = 'this wait never ends';
const SEMAPHORE = '  let gate = DispatchSemaphore(value: 0)\n';
describeSituations('timers without a run loop (I45)', {
  'of a launch handler on a queue of the system’s': found(handlerApp(`  ${TIMER}`), FIRES),
  'on a global queue': found(
    handlerApp(
      `  drain { task.setTaskCompleted(success: true) }\n  watch()`,
      `func watch() {\n  DispatchQueue.global(qos: .utility).async {\n    ${IDLE}\n  }\n}`,
    ),
    FIRES,
  ),
  'of a push, on a global queue': {
    ...push(`  DispatchQueue.global().async {\n    ${IDLE}\n  }`),
    finds: [`I45 ${DELEGATE}`, `I43 ${DELEGATE}`],
    says: FIRES,
  },
  'in a branch': found(
    handlerApp(
      `  if isLong {\n    ${TIMER}\n  } else {\n    task.setTaskCompleted(success: true)\n  }`,
    ),
    FIRES,
  ),
  'Objective-C': found(
    objcHandlerApp(
      '  [NSTimer scheduledTimerWithTimeInterval:20 repeats:NO block:^(NSTimer *timer) {\n    [task setTaskCompletedWithSuccess:YES];\n  }];',
    ),
    FIRES,
    OBJC_DELEGATE,
  ),
});

describeSituations('sound: timers that fire, or are none of a run (I45)', {
  'on the main queue': handlerApp(`  DispatchQueue.main.async {\n    ${TIMER}\n  }`),
  'of a queue that is main': edited(handlerApp(`  ${TIMER}`), 'using: nil', 'using: .main'),
  'with a run loop': handlerApp(`  ${TIMER}\n  RunLoop.current.run()`),
  'of the main actor': handlerApp(`  Task { @MainActor in\n    ${TIMER}\n  }`),
  'of a handler that is the main actor’s': edited(
    handlerApp(`  ${TIMER}`),
    'func handle(',
    '@MainActor func handle(',
  ),
  'of a screen': {
    base: 'react-native',
    files: {
      'ios/Demo/Clock.swift': `class Clock: UIViewController {\n  override func viewDidLoad() {\n    DispatchQueue.global().async {\n      ${IDLE}\n    }\n  }\n}\n`,
    },
  },
  'in debug builds alone': handlerApp(
    `  #if DEBUG\n  ${IDLE}\n  #endif\n  drain { task.setTaskCompleted(success: true) }`,
  ),
});

describeSituations('a wait on the main thread for the main thread (I45)', {
  'a Task of the app delegate': found(
    push(`${SEMAPHORE}  Task {\n    await sync()\n    gate.signal()\n  }\n  gate.wait()`),
    HOLDS,
  ),
  'a closure of the main queue': found(
    push(
      `${SEMAPHORE}  api.send { _ in\n    DispatchQueue.main.async { gate.signal() }\n  }\n  gate.wait()`,
    ),
    HOLDS,
  ),
  'a group, in a function that it calls': found(
    push(
      '  sync()',
      'func sync() {\n  let group = DispatchGroup()\n  group.enter()\n  api.send { _ in DispatchQueue.main.async { group.leave() } }\n  group.wait()\n}',
    ),
    HOLDS,
  ),
  Alamofire: found(
    push(
      `${SEMAPHORE}  AF.request(url).responseData { _ in gate.signal() }\n  gate.wait(timeout: .distantFuture)`,
    ),
    HOLDS,
  ),
  'Objective-C': found(
    objcPush(
      '  dispatch_semaphore_t gate = dispatch_semaphore_create(0);\n  [self.api send:^{\n    dispatch_async(dispatch_get_main_queue(), ^{ dispatch_semaphore_signal(gate); });\n  }];\n  dispatch_semaphore_wait(gate, DISPATCH_TIME_FOREVER);',
    ),
    HOLDS,
    OBJC_DELEGATE,
  ),
  'a launch handler on the main queue': found(
    edited(
      handlerApp(
        `${SEMAPHORE}  api.send { _ in DispatchQueue.main.async { gate.signal() } }\n  gate.wait()\n  task.setTaskCompleted(success: true)`,
      ),
      'using: nil',
      'using: DispatchQueue.main',
    ),
    HOLDS,
  ),
});

describeSituations('sound: waits that end (I45)', {
  'a closure of another thread': push(
    `${SEMAPHORE}  api.send { _ in gate.signal() }\n  gate.wait()`,
  ),
  'for a time': push(
    `${SEMAPHORE}  Task {\n    await sync()\n    gate.signal()\n  }\n  _ = gate.wait(timeout: .now() + 10)`,
  ),
  'a detached Task': push(
    `${SEMAPHORE}  Task.detached {\n    await sync()\n    gate.signal()\n  }\n  gate.wait()`,
  ),
  'on another queue': push(
    `${SEMAPHORE}  DispatchQueue.global().async {\n    api.send { _ in DispatchQueue.main.async { gate.signal() } }\n    gate.wait()\n  }`,
  ),
  'Alamofire with a queue': push(
    `${SEMAPHORE}  AF.request(url).responseData(queue: .global()) { _ in gate.signal() }\n  gate.wait()`,
  ),
  'a launch handler on a queue of the background': handlerApp(
    `${SEMAPHORE}  api.send { _ in DispatchQueue.main.async { gate.signal() } }\n  gate.wait()\n  task.setTaskCompleted(success: true)`,
  ),
});
