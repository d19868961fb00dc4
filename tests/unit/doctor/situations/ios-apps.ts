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
