import { DELEGATE, OBJC_DELEGATE, delegate, objcDelegate } from '../checks/ios-files.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** The time that UIKit gives an app behind its time on the screen: asked for, and given back (I44). */

type App = Pick<Situation, 'base' | 'files'>;

const leaves = (body: string, more = '', rest = ''): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: delegate(
      '',
      `var id = UIBackgroundTaskIdentifier.invalid
func applicationDidEnterBackground(_ application: UIApplication) {
${body}
}
${more}`,
      rest,
    ),
  },
});
const objcLeaves = (body: string): App => ({
  base: 'react-native',
  files: {
    [DELEGATE]: undefined,
    [OBJC_DELEGATE]: objcDelegate(
      '',
      '',
      `- (void)applicationDidEnterBackground:(UIApplication *)application
{
${body}
}`,
    ),
  },
});
const found = (app: App, says: string, file = DELEGATE): Situation => ({
  ...app,
  finds: [`I44 ${file}`],
  says,
});
const END = 'UIApplication.shared.endBackgroundTask(id)';

describeSituations('time that is not given back (I44)', {
  never: found(
    leaves('  id = UIApplication.shared.beginBackgroundTask(withName: "sync")\n  sync()'),
    'nothing calls endBackgroundTask',
  ),
  'never, of the argument': found(
    leaves('  id = application.beginBackgroundTask { print("over") }\n  sync()'),
    'nothing calls endBackgroundTask',
  ),
  'an empty handler': found(
    leaves(
      `  id = UIApplication.shared.beginBackgroundTask(withName: "sync") {}\n  sync { ${END} }`,
    ),
    'the expiration handler does not call',
  ),
  'a handler that logs': found(
    leaves(
      `  id = UIApplication.shared.beginBackgroundTask(expirationHandler: { [weak self] in\n    print("time is over")\n    os_log("over")\n  })\n  sync { ${END} }`,
    ),
    'the expiration handler does not call',
  ),
  'Objective-C, never': found(
    objcLeaves(
      '  self.identifier = [application beginBackgroundTaskWithExpirationHandler:^{ NSLog(@"over"); }];\n  [self sync];',
    ),
    'nothing calls endBackgroundTask',
    OBJC_DELEGATE,
  ),
  'Objective-C, a handler that logs': found(
    objcLeaves(
      '  self.identifier = [[UIApplication sharedApplication] beginBackgroundTaskWithName:@"sync" expirationHandler:^{\n    NSLog(@"over");\n  }];\n  [self sync:^{ [application endBackgroundTask:self.identifier]; }];',
    ),
    'the expiration handler does not call',
    OBJC_DELEGATE,
  ),
});

describeSituations('sound: time that is given back (I44)', {
  'in both': leaves(
    `  id = UIApplication.shared.beginBackgroundTask { [weak self] in\n    print("over")\n    ${END}\n  }\n  sync { ${END} }`,
  ),
  'in a function': leaves(
    '  id = UIApplication.shared.beginBackgroundTask(withName: "sync") { self.end() }\n  sync { self.end() }',
    `func end() { ${END}; id = .invalid }`,
  ),
  'by what is cancelled': leaves(
    `  let work = Task {\n    await sync()\n    ${END}\n  }\n  id = UIApplication.shared.beginBackgroundTask { work.cancel() }`,
  ),
  'by what is called like a log': leaves(
    `  id = UIApplication.shared.beginBackgroundTask { self.log.close() }\n  sync { ${END} }`,
    `func close() { ${END} }`,
  ),
  'Objective-C, a method of the app of this name': {
    base: 'react-native',
    files: {
      'ios/Demo/TimeKeeper.m':
        '@implementation TimeKeeper\n- (NSUInteger)beginBackgroundTaskWithName:(NSString *)name\n{\n  return 0;\n}\n@end\n',
    },
  },
  'without a handler, and ended': leaves(
    `  id = UIApplication.shared.beginBackgroundTask()\n  sync { ${END} }`,
  ),
  'a function of the app of this name': leaves(
    '  TimeKeeper.shared.beginBackgroundTask()',
    '',
    'final class TimeKeeper {\n  static let shared = TimeKeeper()\n  func beginBackgroundTask() { save() }\n}',
  ),
  'in debug builds': leaves(
    '#if DEBUG\n  id = UIApplication.shared.beginBackgroundTask(withName: "sync")\n#endif',
  ),
  'Objective-C': objcLeaves(
    '  self.identifier = [application beginBackgroundTaskWithExpirationHandler:^{ [application endBackgroundTask:self.identifier]; }];\n  [self sync:^{ [application endBackgroundTask:self.identifier]; }];',
  ),
});
