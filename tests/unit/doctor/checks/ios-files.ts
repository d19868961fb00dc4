import { BASES, infoPlist, packageJson } from '../../../helpers/doctor-bases.ts';
import { VERSION } from '../../../../src/version.ts';

/** What the cases of the iOS checks share: the files of the bases that they change, in the style of real apps. */

export const PLIST = 'ios/Demo/Info.plist';
export const DELEGATE = 'ios/Demo/AppDelegate.swift';
export const OBJC_DELEGATE = 'ios/Demo/AppDelegate.m';
export const PROJECT = 'ios/Demo.xcodeproj/project.pbxproj';

const array = (key: string, values: readonly string[] | undefined): string =>
  values === undefined
    ? ''
    : `\t<key>${key}</key>\n\t<array>\n${values.map((one) => `\t\t<string>${one}</string>\n`).join('')}\t</array>`;

/** An Info.plist with these background modes and permitted identifiers; undefined leaves the key out. */
export const background = (
  modes: readonly string[] | undefined,
  ids?: readonly string[],
  more = '',
): string =>
  infoPlist(
    [array('UIBackgroundModes', modes), array('BGTaskSchedulerPermittedIdentifiers', ids), more]
      .filter((text) => text !== '')
      .join('\n'),
  );

const indented = (text: string, by: string): string => text.trim().replace(/^(?=.)/gm, by);

/** AppDelegate.swift with this in didFinishLaunching, this behind it, and this at the end of the file. */
export const delegate = (launch: string, members = '', rest = ''): string => `import BackgroundTasks
import UIKit

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(
    _ application: UIApplication,
    didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?
  ) -> Bool {
${indented(launch, '    ')}
    return true
  }

${indented(members, '  ')}
}

${rest}
`;

/** A registration whose handler does all it should, for this id expression. */
export const registration = (id: string, kind = 'BGProcessingTask'): string => `
let accepted = BGTaskScheduler.shared.register(forTaskWithIdentifier: ${id}, using: nil) { task in
  self.run(task as! ${kind}, id: ${id})
}
if !accepted { NSLog("not registered") }
`;

/** What {@link registration} calls. */
export const RUN = `
private func run(_ task: BGTask, id: String) {
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  schedule()
  drain { ok in task.setTaskCompleted(success: ok) }
}
`;

/** Submits a request of this class for this id expression. */
export const schedule = (id: string, request = 'BGProcessingTaskRequest'): string => `
func schedule() {
  let request = ${request}(identifier: ${id})
  request.earliestBeginDate = Date(timeIntervalSinceNow: 15 * 60)
  do {
    try BGTaskScheduler.shared.submit(request)
  } catch {
    print("could not schedule: \\(error)")
  }
}
`;

/** A whole, sound AppDelegate for one task. */
export const soundDelegate = (id: string, request = 'BGProcessingTaskRequest'): string =>
  delegate(registration(id, request.replace('Request', '')), RUN + schedule(id, request));

/** AppDelegate.m with this above @implementation, this in didFinishLaunching, and this behind it. */
export const objcDelegate = (
  above: string,
  launch: string,
  members = '',
): string => `#import "AppDelegate.h"
#import <BackgroundTasks/BackgroundTasks.h>

${above}
@implementation AppDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)launchOptions
{
${indented(launch, '  ')}
  return YES;
}

${members}
@end
`;

export const OBJC_RUN = `
- (void)handleTask:(BGTask *)task
{
  task.expirationHandler = ^{
    [task setTaskCompletedWithSuccess:NO];
  };
  [self scheduleSync];
  [self.queue drainWithCompletion:^(BOOL ok) {
    [task setTaskCompletedWithSuccess:ok];
  }];
}
`;

export const objcRegistration = (id: string): string => `
BOOL accepted = [[BGTaskScheduler sharedScheduler] registerForTaskWithIdentifier:${id}
                                                                      usingQueue:nil
                                                                   launchHandler:^(__kindof BGTask *_Nonnull task) {
  [self handleTask:task];
}];
if (!accepted) { NSLog(@"not registered"); }
`;

export const objcSchedule = (id: string, request = 'BGProcessingTaskRequest'): string => `
- (void)scheduleSync
{
  ${request} *request = [[${request} alloc] initWithIdentifier:${id}];
  request.earliestBeginDate = [NSDate dateWithTimeIntervalSinceNow:15 * 60];
  NSError *error = nil;
  [[BGTaskScheduler sharedScheduler] submitTaskRequest:request error:&error];
}
`;

/** The Xcode project of the base with something put in place of something else. */
export function project(from: string, to: string): string {
  const text = BASES.ios['Demo.xcodeproj/project.pbxproj'] ?? '';
  if (!text.includes(from)) throw new Error(`the project has no ${from}`);
  return text.replaceAll(from, to);
}

/** An app with bgsync for iOS, in its least form; with these keys in its Info.plist, and this in its app delegate. */
export const integrated = (more = '', launch = ''): Record<string, string> => ({
  'package.json': packageJson({ 'react-native': '0.87.2' }),
  'bgsync.config.json': JSON.stringify({ platforms: ['ios'] }),
  'react-native.config.js':
    "module.exports = { dependencies: { 'background-sync': { root: `${__dirname}/modules/background-sync` } } };\n",
  'index.js': `${BASES['react-native']['index.js']}import './src/background-sync';\n`,
  'src/background-sync.ts': `import { registerBackgroundSync } from '../modules/background-sync/src';

registerBackgroundSync({ queue: { drainQueue: async () => ({ remaining: 0 }) } });
`,
  'modules/background-sync/package.json': JSON.stringify({
    name: 'background-sync',
    version: '1.2.0',
  }),
  'modules/background-sync/ios/BackgroundSyncConfig.swift':
    'enum BackgroundSyncConfig {\n  static let taskId = "dev.bgsync.processing"\n}\n',
  'modules/background-sync/bgsync.lock.json': JSON.stringify({
    lockVersion: 2,
    host: 'react-native',
    bgsync: VERSION,
    moduleDir: 'modules/background-sync',
    handler: 'src/background-sync.ts',
    taskIds: ['dev.bgsync.processing'],
    folders: [],
    files: {},
    edits: [],
  }),
  [DELEGATE]: delegate(launch),
  [PLIST]: background(['processing'], ['dev.bgsync.processing'], more),
});
