import {
  DELEGATE,
  OBJC_DELEGATE,
  PLIST,
  RUN,
  background,
  delegate,
  objcDelegate,
  registration,
  schedule,
} from '../checks/ios-files.ts';
import type { Situation } from './situation.ts';

/** What the situations of several files are made of. */

export const ID = 'com.example.demo.refresh';
export const REFRESH = `"${ID}"`;
export const BOTH = background(['fetch', 'processing'], [ID]);
export const swift = (launch: string, members = '', rest = '') => ({
  [DELEGATE]: delegate(launch, members, rest),
  [PLIST]: BOTH,
});
export const LEAVES = (body: string): string =>
  `func applicationDidEnterBackground(_ a: UIApplication) {\n${body}\n}`;
export const SOUND = RUN + schedule(REFRESH, 'BGAppRefreshTaskRequest');
export const REGISTERED = registration(REFRESH, 'BGAppRefreshTask');
export const CALL = 'TSBackgroundFetch.sharedInstance().didFinishLaunching()';
export const HANDLE = `func handle(_ task: BGAppRefreshTask) {
  schedule()
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  task.setTaskCompleted(success: true)
}`;
export const objc = (above: string, launch: string, members = '') => ({
  [DELEGATE]: undefined,
  [OBJC_DELEGATE]: objcDelegate(above, launch, members),
  [PLIST]: BOTH,
});

export type App = Pick<Situation, 'base' | 'files'>;

/** A launch handler in Swift that plans the next run and can expire, with `body` for its work. */
export const handlerApp = (body: string, more = '', rest = ''): App => ({
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

/** The same in Objective-C. */
export const objcHandlerApp = (body: string, more = ''): App => ({
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
