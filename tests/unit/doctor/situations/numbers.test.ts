import { BUILD, SOURCES, java, kotlin, withWork } from '../checks/android-files.ts';
import {
  DELEGATE,
  OBJC_DELEGATE,
  PLIST,
  background,
  delegate,
  registration,
} from '../checks/ios-files.ts';
import { schedule } from '../checks/ios-files.ts';
import { BASE_WORKER, WORKER } from './android-apps.ts';
import { HANDLE, ID, objcHandlerApp } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** The flex of periodic work (A19), and a chain that begins with the end of the app (I14). */

const SYNC = `${SOURCES}/Sync.kt`;
const JAVA_SYNC = `${SOURCES}/Sync.java`;
const work = (request: string): Pick<Situation, 'base' | 'files'> => ({
  base: 'react-native',
  files: {
    [BUILD]: withWork('2.11.2'),
    [WORKER]: kotlin(BASE_WORKER),
    [SYNC]: kotlin(
      `const val FLEX = 2L\nclass Sync(private val context: Context) {\n  fun plan() {\n    WorkManager.getInstance(context).enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, ${request}.build())\n  }\n}`,
    ),
  },
});
const finds = (request: string, says: string): Situation => ({
  ...work(request),
  finds: [`A19 ${SYNC}:8`],
  says,
});
const javaWork = (request: string): Pick<Situation, 'base' | 'files'> => ({
  base: 'react-native',
  files: {
    [BUILD]: withWork('2.11.2'),
    [WORKER]: kotlin(BASE_WORKER),
    [JAVA_SYNC]: java(
      `class Sync {\n  void plan(Context context) {\n    WorkManager.getInstance(context).enqueueUniquePeriodicWork("sync", ExistingPeriodicWorkPolicy.KEEP, ${request}.build());\n  }\n}`,
    ),
  },
});
const job = (call: string): Pick<Situation, 'base' | 'files'> => ({
  base: 'react-native',
  files: {
    [SYNC]: kotlin(
      `fun plan(component: ComponentName) = JobInfo.Builder(1, component)\n  .${call}\n  .build()`,
    ),
  },
});

describeSituations('a flex that WorkManager changes (A19)', {
  'below five minutes': finds(
    'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS, 1, TimeUnit.MINUTES)',
    'the flex is 1 minute; WorkManager makes 5 minutes of it',
  ),
  'of a constant': finds(
    'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS, FLEX, TimeUnit.MINUTES)',
    'the flex is 2 minutes',
  ),
  'by its name': finds(
    'PeriodicWorkRequestBuilder<SyncWorker>(repeatInterval = 1, repeatIntervalTimeUnit = TimeUnit.HOURS, flexTimeIntervalUnit = TimeUnit.SECONDS, flexTimeInterval = 30)',
    'the flex is 30 seconds',
  ),
  'longer than the period': finds(
    'PeriodicWorkRequestBuilder<SyncWorker>(30, TimeUnit.MINUTES, 1, TimeUnit.HOURS)',
    'the flex is 1 hour, more than the period of 30 minutes',
  ),
  'durations, in Java': {
    ...javaWork(
      'new PeriodicWorkRequest.Builder(SyncWorker.class, Duration.ofHours(1), Duration.ofMinutes(2))',
    ),
    finds: [`A19 ${JAVA_SYNC}:7`],
    says: 'the flex is 2 minutes',
  },
  'a job': {
    ...job('setPeriodic(3_600_000L, 60_000L)'),
    finds: [`A19 ${SYNC}:6`],
    says: 'the flex',
  },
});

describeSituations('sound: a flex that fits (A19)', {
  'five minutes': work(
    'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS, 5, TimeUnit.MINUTES)',
  ),
  'the whole period': work(
    'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS, 60, TimeUnit.MINUTES)',
  ),
  none: work('PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS)'),
  'that only a run knows': work(
    'PeriodicWorkRequestBuilder<SyncWorker>(1, TimeUnit.HOURS, flex, TimeUnit.SECONDS)',
  ),
  'durations, in Java': javaWork(
    'new PeriodicWorkRequest.Builder(SyncWorker.class, Duration.ofHours(1), Duration.ofMinutes(15))',
  ),
  'a period, in Java': javaWork(
    'new PeriodicWorkRequest.Builder(SyncWorker.class, 1, TimeUnit.HOURS)',
  ),
  'a job': job('setPeriodic(3_600_000L, 300_000L)'),
});

const REGISTER = registration(`"${ID}"`, 'BGAppRefreshTask')
  .replace('self.run(', 'self.handle(')
  .replace(`, id: "${ID}"`, '');
const app = (
  more: string,
  launch = '',
  scheduled = schedule(`"${ID}"`, 'BGAppRefreshTaskRequest'),
) => ({
  base: 'react-native' as const,
  files: {
    [DELEGATE]: delegate(`${REGISTER}\n${launch}`, `${HANDLE}\n${scheduled}\n${more}`),
    [PLIST]: background(['fetch'], [ID]),
  },
});
const TERMINATES = 'func applicationWillTerminate(_ application: UIApplication) {\n  schedule()\n}';
const ENTERS =
  'func applicationDidEnterBackground(_ application: UIApplication) {\n  schedule()\n}';

describeSituations('a chain that begins when the app ends (I14)', {
  'in applicationWillTerminate': {
    ...app(TERMINATES),
    finds: [`I14 ${DELEGATE}`],
    says: 'in applicationWillTerminate alone',
  },
  'through a function': {
    ...app(
      'func applicationWillTerminate(_ application: UIApplication) {\n  leave()\n}\nprivate func leave() {\n  schedule()\n}',
    ),
    finds: [`I14 ${DELEGATE}`],
  },
  'Objective-C': {
    ...objcHandlerApp(
      '  [task setTaskCompletedWithSuccess:YES];',
      '- (void)applicationWillTerminate:(UIApplication *)application\n{\n  [self scheduleSync];\n}',
    ),
    finds: [`I14 ${OBJC_DELEGATE}`],
  },
});

describeSituations('sound: a chain that begins (I14)', {
  'in the background': app(ENTERS),
  'in both': app(`${ENTERS}\n${TERMINATES}`),
  'at the launch, too': app(TERMINATES, 'schedule()'),
});
