import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { swiftFiles } from './compile.mjs';
import { installTools } from './objective-c.mjs';

/** The oldest iOS that React Native 0.77 runs on: the podspec's. */
const DEPLOYMENT_TARGET = 15.1;

const of = (module, owner, text) => ({ module, owner, text });
const background = (owner, text) => of('BackgroundTasks', owner, text);
const uikit = (owner, text) => of('UIKit', owner, text);
const SWIFT_ONLY = 'Swift only: its link to the documentation stands in the stub';

/** Each declaration of the stubs, and where Apple's Objective-C header has it, as `@nativescript/types-ios` lists it. */
const APPLE = {
  BGTaskRequest: background('BGTaskRequest'),
  'BGTaskRequest.identifier': background('BGTaskRequest', 'readonly identifier: string'),
  'BGTaskRequest.earliestBeginDate': background('BGTaskRequest', 'earliestBeginDate: Date | null'),
  BGAppRefreshTaskRequest: background('BGAppRefreshTaskRequest'),
  'BGAppRefreshTaskRequest.init': background('BGAppRefreshTaskRequest', 'initWithIdentifier('),
  BGProcessingTaskRequest: background('BGProcessingTaskRequest'),
  'BGProcessingTaskRequest.init': background('BGProcessingTaskRequest', 'initWithIdentifier('),
  'BGProcessingTaskRequest.requiresNetworkConnectivity': background(
    'BGProcessingTaskRequest',
    'requiresNetworkConnectivity: boolean',
  ),
  'BGProcessingTaskRequest.requiresExternalPower': background(
    'BGProcessingTaskRequest',
    'requiresExternalPower: boolean',
  ),
  BGTask: background('BGTask'),
  'BGTask.identifier': background('BGTask', 'readonly identifier: string'),
  'BGTask.expirationHandler': background('BGTask', 'expirationHandler: () => void | null'),
  'BGTask.setTaskCompleted': background('BGTask', 'setTaskCompletedWithSuccess(success: boolean)'),
  BGProcessingTask: background('BGProcessingTask'),
  BGAppRefreshTask: background('BGAppRefreshTask'),
  BGTaskScheduler: background('BGTaskScheduler'),
  'BGTaskScheduler.shared': background('BGTaskScheduler', 'static readonly sharedScheduler'),
  'BGTaskScheduler.errorDomain': background('BGTaskSchedulerErrorDomain'),
  'BGTaskScheduler.Error': background('BGTaskSchedulerErrorCode'),
  'BGTaskScheduler.Code': background('BGTaskSchedulerErrorCode'),
  'BGTaskScheduler.unavailable': background('BGTaskSchedulerErrorCode', 'Unavailable = 1'),
  'BGTaskScheduler.tooManyPendingTaskRequests': background(
    'BGTaskSchedulerErrorCode',
    'TooManyPendingTaskRequests = 2',
  ),
  'BGTaskScheduler.notPermitted': background('BGTaskSchedulerErrorCode', 'NotPermitted = 3'),
  'BGTaskScheduler.immediateRunIneligible': background(
    'BGTaskSchedulerErrorCode',
    'ImmediateRunIneligible = 4',
  ),
  'BGTaskScheduler.code': SWIFT_ONLY,
  'BGTaskScheduler.errorCode': SWIFT_ONLY,
  'BGTaskScheduler.register': background(
    'BGTaskScheduler',
    'registerForTaskWithIdentifierUsingQueueLaunchHandler(',
  ),
  'BGTaskScheduler.submit': background('BGTaskScheduler', 'submitTaskRequestError('),
  'BGTaskScheduler.submitTaskRequest': 'iOS 27: not in the package, which ends with iOS 26',
  'BGTaskScheduler.cancel': background('BGTaskScheduler', 'cancelTaskRequestWithIdentifier('),
  'BGTaskScheduler.cancelAllTaskRequests': background('BGTaskScheduler', 'cancelAllTaskRequests('),
  'BGTaskScheduler.getPendingTaskRequests': background(
    'BGTaskScheduler',
    'getPendingTaskRequestsWithCompletionHandler(',
  ),
  UIBackgroundRefreshStatus: uikit('UIBackgroundRefreshStatus'),
  'UIBackgroundRefreshStatus.restricted': uikit('UIBackgroundRefreshStatus', 'Restricted = 0'),
  'UIBackgroundRefreshStatus.denied': uikit('UIBackgroundRefreshStatus', 'Denied = 1'),
  'UIBackgroundRefreshStatus.available': uikit('UIBackgroundRefreshStatus', 'Available = 2'),
  UIScene: uikit('UIScene'),
  'UIScene.willConnectNotification': uikit('UISceneWillConnectNotification'),
  UIWindow: uikit('UIWindow'),
  UIWindowScene: uikit('UIWindowScene'),
  'UIWindowScene.windows': uikit('UIWindowScene', 'readonly windows: NSArray<UIWindow>'),
  UIBackgroundTaskIdentifier: SWIFT_ONLY,
  'UIBackgroundTaskIdentifier.rawValue': SWIFT_ONLY,
  'UIBackgroundTaskIdentifier.init': SWIFT_ONLY,
  'UIBackgroundTaskIdentifier.invalid': uikit('UIBackgroundTaskInvalid'),
  'UIApplication.beginBackgroundTask': uikit(
    'UIApplication',
    'beginBackgroundTaskWithNameExpirationHandler(',
  ),
  'UIApplication.endBackgroundTask': uikit('UIApplication', 'endBackgroundTask('),
  UIResponder: uikit('UIResponder'),
  UIApplicationDelegate: uikit('UIApplicationDelegate'),
  UIApplication: uikit('UIApplication'),
  'UIApplication.delegate': uikit('UIApplication', 'delegate: UIApplicationDelegate'),
  'UIApplication.shared': uikit('UIApplication', 'static readonly sharedApplication'),
  'UIApplication.State': uikit('UIApplicationState'),
  'UIApplication.active': uikit('UIApplicationState', 'Active = 0'),
  'UIApplication.inactive': uikit('UIApplicationState', 'Inactive = 1'),
  'UIApplication.background': uikit('UIApplicationState', 'Background = 2'),
  'UIApplication.applicationState': uikit('UIApplication', 'readonly applicationState:'),
  'UIApplication.isProtectedDataAvailable': uikit(
    'UIApplication',
    'readonly protectedDataAvailable: boolean',
  ),
  'UIApplication.backgroundRefreshStatus': uikit(
    'UIApplication',
    'readonly backgroundRefreshStatus: UIBackgroundRefreshStatus',
  ),
  'UIApplication.connectedScenes': uikit(
    'UIApplication',
    'readonly connectedScenes: NSSet<UIScene>',
  ),
  'UIApplication.didEnterBackgroundNotification': uikit(
    'UIApplicationDidEnterBackgroundNotification',
  ),
  'UIApplication.didBecomeActiveNotification': uikit('UIApplicationDidBecomeActiveNotification'),
  UIDevice: uikit('UIDevice'),
  'UIDevice.current': uikit('UIDevice', 'static readonly currentDevice'),
  'UIDevice.BatteryState': uikit('UIDeviceBatteryState'),
  'UIDevice.unknown': uikit('UIDeviceBatteryState', 'Unknown = 0'),
  'UIDevice.unplugged': uikit('UIDeviceBatteryState', 'Unplugged = 1'),
  'UIDevice.charging': uikit('UIDeviceBatteryState', 'Charging = 2'),
  'UIDevice.full': uikit('UIDeviceBatteryState', 'Full = 3'),
  'UIDevice.isBatteryMonitoringEnabled': uikit('UIDevice', 'batteryMonitoringEnabled: boolean'),
  'UIDevice.batteryLevel': uikit('UIDevice', 'readonly batteryLevel: number'),
  'UIDevice.batteryState': uikit('UIDevice', 'readonly batteryState: UIDeviceBatteryState'),
  'ProcessInfo.isLowPowerModeEnabled': of(
    'Foundation',
    'NSProcessInfo',
    'readonly lowPowerModeEnabled: boolean',
  ),
  notify_register_dispatch: of('notify', 'notify_register_dispatch'),
  notify_get_state: of('notify', 'notify_get_state'),
};

/** What a caller of the stubs sees, without `@_spi(Fake)`: `Type.member`, a nested type's members under the outer one. */
function publicNames(text) {
  const names = [];
  let owner = '';
  let hidden = false;
  for (const line of text.split('\n')) {
    const topLevel = /^(?!\/\/)(\S.*)$/.exec(line)?.[1];
    if (topLevel !== undefined && topLevel !== '}') hidden = topLevel.startsWith('@_spi(Fake)');
    if (hidden || line.includes('@_spi(Fake)')) continue;
    const type = /^(?:@MainActor )?(?:open|public) (?:final )?(?:class|struct|enum) (\w+)/.exec(
      line,
    );
    const extension = /^extension (\w+)/.exec(line);
    if (type !== null || extension !== null) {
      owner = (type ?? extension)[1];
      if (type !== null) names.push(owner);
      continue;
    }
    const free = /^public func (\w+)/.exec(line);
    if (free !== null) names.push(free[1]);
    const member =
      /^ {2,4}(?:nonisolated )?public (?:static |class )?(?:var|let|func|enum|struct) (\w+)/.exec(
        line,
      ) ??
      /^ {2,4}public (init)\(/.exec(line) ??
      /^ +case (\w+)/.exec(line);
    if (member !== null && owner !== '') names.push(`${owner}.${member[1]}`);
  }
  return [...new Set(names)];
}

/** A class, enum, function or variable of the package, with the iOS version in front of it. */
function declaration(text, name) {
  const start = text.search(
    new RegExp(`^declare (?:class|const enum|var|const|function) ${name}\\b`, 'm'),
  );
  if (start < 0) return undefined;
  const before = text.slice(Math.max(0, start - 60), start);
  const since = /@since (\d+(?:\.\d+)?)\s*\*\/\s*$/.exec(before)?.[1];
  const end = text.indexOf('\n}', start);
  return { since: Number(since ?? 2), body: text.slice(start, end < 0 ? undefined : end) };
}

/** The iOS version of a member, where it differs from its type's. */
function memberSince(body, text) {
  const index = body.indexOf(text);
  return Number(/@since (\d+(?:\.\d+)?)\s*\*\/\s*$/.exec(body.slice(0, index))?.[1] ?? 2);
}

export function stubsMatchApple(context) {
  const require = installTools(context);
  const types = join(
    dirname(require.resolve('@nativescript/types-ios/package.json')),
    'lib/ios/objc-x86_64',
  );
  const texts = new Map();
  const headerOf = (module) => {
    if (!texts.has(module)) {
      texts.set(module, readFileSync(join(types, `objc!${module}.d.ts`), 'utf8'));
    }
    return texts.get(module);
  };

  const problems = [];
  let compared = 0;
  for (const module of ['BackgroundTasks', 'UIKit', 'notify']) {
    const names = swiftFiles(join(context.here, 'stubs', module)).flatMap((file) =>
      publicNames(readFileSync(file, 'utf8')),
    );
    if (names.length < 2) problems.push(`the stub of ${module} has ${names.length} declarations`);
    for (const name of names) {
      const apple = APPLE[name];
      if (apple === undefined) {
        problems.push(`${module} declares ${name}, which is in no table of Apple's API`);
        continue;
      }
      if (typeof apple === 'string') {
        console.log(`not compared: ${name} (${apple})`);
        continue;
      }
      const found = declaration(headerOf(apple.module), apple.owner);
      if (found === undefined) {
        problems.push(`Apple's ${apple.module} has no ${apple.owner}`);
        continue;
      }
      if (apple.text !== undefined && !found.body.includes(apple.text)) {
        problems.push(`Apple's ${apple.owner} has no ${apple.text}`);
        continue;
      }
      const since = Math.max(
        found.since,
        apple.text === undefined ? 0 : memberSince(found.body, apple.text),
      );
      if (since > DEPLOYMENT_TARGET) problems.push(`${name} is new in iOS ${since}`);
      compared += 1;
    }
  }
  console.log(
    `${compared} declarations of the stubs are in Apple's API, none newer than iOS ${DEPLOYMENT_TARGET}`,
  );
  console.log(`not compared: the stubs of os and Network (${SWIFT_ONLY})`);
  return problems;
}
