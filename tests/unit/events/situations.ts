/**
 * What systems and libraries say of background work, in the words of their own classes: of AOSP 12 to 17 as android-all of
 * Robolectric has them (Maven Central), of androidx.work 2.11.2, expo-background-task 57, expo-task-manager 58,
 * @capacitor/background-runner 3; of iOS as public reports have them.
 */
export interface Situation {
  readonly name: string;
  readonly by: 'app' | 'system';
  readonly tag: string;
  readonly level?: string;
  readonly text: string;
  /** The signals of doctor that tell of it; none for what is no fault, and shows something all the same. */
  readonly ids: readonly string[];
  readonly says: readonly string[];
  /** False where it is about no process: it is tied to no run. */
  readonly isTied?: false;
}

export const APP = 'com.example.demo';
export const PIDS = { android: 4242, ios: 711 } as const;

const JOB = `1f2 #u0a190/3 ${APP}/androidx.work.impl.background.systemjob.SystemJobService`;
const SERVICE = `ServiceRecord{3b2b00c u0 ${APP}/.SyncService c:${APP}}`;
const crash = (exception: string, frames: string): string =>
  `FATAL EXCEPTION: main\nProcess: ${APP}, PID: 4242\n${exception}\n${frames}`;
const FRAMES =
  '\tat android.os.Handler.run(Handler.java:1)\n\tat com.example.demo.Sync.drain(Sync.kt:42)';
const OWN_FRAME = 'at com.example.demo.Sync.drain(Sync.kt:42)';

const android = (
  name: string,
  tag: string,
  text: string,
  ids: string,
  ...says: readonly string[]
): Situation => ({
  name,
  by: /^(?:Activity(?:Manager)?|JobServiceContext|lowmemorykiller|am_\w+)$/.test(tag)
    ? 'system'
    : 'app',
  tag,
  text,
  ids: ids === '' ? [] : ids.split(' '),
  says,
});

const fgs = (name: string, exception: string, check: string, ...says: string[]): Situation =>
  android(
    name,
    'AndroidRuntime',
    crash(exception, FRAMES),
    'R19 R23',
    OWN_FRAME,
    `${check} explains it`,
    ...says,
  );

export const ANDROID: readonly Situation[] = [
  // JobServiceContext
  android(
    'a job at its limit (12)',
    'JobServiceContext',
    `Client timed out while executing (no jobFinished received), sending onStop: ${JOB}`,
    'R25',
    'Client timed out',
  ),
  android(
    'a job at its limit (14)',
    'JobServiceContext',
    `Client timed out while executing (no jobFinished received). Sending onStop: ${JOB}`,
    'R25',
    'Client timed out',
  ),
  android(
    'a job that cannot be bound (12)',
    'JobServiceContext',
    `Time-out while trying to bind ${JOB}, dropping.`,
    'R25',
    'Time-out while trying to bind',
  ),
  android(
    'a job that does not answer its start (12)',
    'JobServiceContext',
    `No response from client for onStartJob ${JOB}`,
    'R25',
    'onStartJob',
  ),
  android(
    'a job that does not answer its stop (12)',
    'JobServiceContext',
    `No response from client for onStopJob ${JOB}`,
    'R25',
    'onStopJob',
  ),
  android(
    'a job that makes room (15)',
    'JobServiceContext',
    `Stopping client after min execution time: ${JOB} because blocking Unmetered queue`,
    'R25',
    'because blocking',
  ),
  android(
    'a job whose constraints are gone (15)',
    'JobServiceContext',
    `JS was waiting to stop this job. Sending onStop: ${JOB}`,
    'R25',
    'JS was waiting',
  ),
  android(
    'a job whose process is gone',
    'JobServiceContext',
    `${JOB} unexpectedly disconnected`,
    'R25',
    'unexpectedly disconnected',
  ),
  android(
    'onStopJob of androidx.work',
    'WM-SystemJobService',
    'onStopJob for WorkGenerationalId(workSpecId=0f0f, generation=0)',
    'R25',
    'onStopJob',
  ),
  android(
    'onStopJob of an app, with its reason',
    'SyncJob',
    'onStopJob: stopReason=4',
    'R25',
    'stopReason=4',
  ),
  // Foreground services
  fgs(
    'no startForeground in time',
    `android.app.RemoteServiceException$ForegroundServiceDidNotStartInTimeException: Context.startForegroundService() did not then call Service.startForeground(): ${SERVICE}`,
    'A48',
  ),
  fgs(
    'a start from the background',
    'android.app.ForegroundServiceStartNotAllowedException: startForegroundService() not allowed due to mAllowStartForeground false: service com.example.demo/.SyncService',
    'A29',
  ),
  fgs(
    'a start from BOOT_COMPLETED',
    'android.app.ForegroundServiceStartNotAllowedException: FGS type dataSync not allowed to start from BOOT_COMPLETED!',
    'A49',
  ),
  fgs(
    'no type',
    'android.app.MissingForegroundServiceTypeException: Starting FGS without a type  callerApp=ProcessRecord{3b2b00c 4242:com.example.demo/u0a513} targetSDK=34',
    'A22',
  ),
  fgs(
    'a type of none',
    'android.app.InvalidForegroundServiceTypeException: Starting FGS with type none callerApp=ProcessRecord{3b2b00c 4242:com.example.demo/u0a513} targetSDK=34 has been prohibited',
    'A22',
  ),
  fgs(
    'no permission of the type',
    'java.lang.SecurityException: Starting FGS with type dataSync callerApp=ProcessRecord{3b2b00c 4242:com.example.demo/u0a513} targetSDK=34 requires permissions: all of the permissions allOf=true [android.permission.FOREGROUND_SERVICE_DATA_SYNC]',
    'A22',
  ),
  fgs(
    'a type that the manifest lacks',
    'java.lang.IllegalArgumentException: foregroundServiceType 0x00000001 is not a subset of foregroundServiceType attribute 0x00000000 in service element of manifest file',
    'A22',
  ),
  fgs(
    'dataSync for six hours',
    'android.app.RemoteServiceException$ForegroundServiceDidNotStopInTimeException: A foreground service of type dataSync did not stop within its timeout: com.example.demo/.SyncService',
    'A50',
  ),
  fgs(
    'a service from the background',
    'java.lang.IllegalStateException: Not allowed to start service Intent { cmp=com.example.demo/.SyncService }: app is in background uid UidRecord{1 u0a513 SVC}',
    'A29',
  ),
  android(
    'a foreground that was refused',
    'ActivityManager',
    `Service.startForeground() not allowed due to mAllowStartForeground false: service ${APP}/.SyncService`,
    'R23',
    'A29 explains it',
  ),
  android(
    'a foreground that was refused (17)',
    'ActivityManager',
    `Service.startForeground() not allowed: service ${APP}/.SyncService`,
    'R23',
    'A29 explains it',
  ),
  android(
    'a service that never came to the foreground',
    'ActivityManager',
    `Bringing down service while still waiting for start foreground: ${SERVICE}`,
    'R23',
    'A48 explains it',
  ),
  android(
    'a service that is in no manifest',
    'ActivityManager',
    `Unable to start service Intent { cmp=${APP}/.SyncService } U=0: not found`,
    'R23',
    'A45 explains it',
  ),
  android(
    'a short service whose time is over',
    'ActivityManager',
    `Short FGS ANR'ed: ${SERVICE}`,
    'R23',
    'A50 explains it',
  ),
  fgs(
    'a notification of a channel that nobody made',
    'android.app.RemoteServiceException$CannotPostForegroundServiceNotificationException: Bad notification for startForeground',
    'A63',
  ),
  android(
    'a service of expo-location that the background starts',
    'ReactNativeJS',
    "[Error: Call to function 'ExpoLocation.startLocationUpdatesAsync' has been rejected.\n→ Caused by: Couldn't start the foreground service. Foreground service cannot be started when the application is in the background]",
    'R23',
    'A29 explains it',
  ),
  // ANR, memory, the user
  android(
    'an ANR in a service',
    'ActivityManager',
    `ANR in ${APP}\nPID: 4242\nReason: executing service ${APP}/.SyncService, waited 200008ms\nFrozen: false`,
    'R25',
    'ANR in com.example.demo',
    'executing service',
  ),
  android(
    'an ANR in a broadcast',
    'ActivityManager',
    `ANR in ${APP}\nPID: 4242\nReason: Broadcast of Intent { act=android.intent.action.BOOT_COMPLETED cmp=${APP}/.Boot }`,
    'R25',
    'Broadcast of Intent',
  ),
  android(
    'an ANR in a job',
    'ActivityManager',
    `ANR in ${APP}\nPID: 4242\nErrorId: 0f0f\nReason: No response to onStartJob`,
    'R25',
    'No response to onStartJob',
  ),
  android(
    'am_anr',
    'am_anr',
    `[0,4242,${APP},952680005,executing service ${APP}/.SyncService]`,
    'R25',
    'executing service',
  ),
  android(
    'a service that takes too long',
    'ActivityManager',
    `Timeout executing service: ${SERVICE}`,
    'R25',
    'Timeout executing service',
  ),
  android(
    'lmkd',
    'lowmemorykiller',
    `Kill '${APP}' (4242), uid 10190, oom_score_adj 905 to free 140528kB rss, 37404kB swap; reason: low watermark is breached`,
    'R25',
    'low watermark',
  ),
  android(
    'a process that is killed',
    'ActivityManager',
    `Killing 4242:${APP}/u0a190 (adj 905): remove task`,
    'R25',
    'remove task',
  ),
  android(
    'a process that died',
    'ActivityManager',
    `Process ${APP} (pid 4242) has died: cch+5 CRE`,
    'R25',
    'has died',
  ),
  android(
    'a forced stop',
    'ActivityManager',
    `Force stopping ${APP} appid=10190 user=0: from pid 9001`,
    'R25',
    'Force stopping',
  ),
  android(
    'a forced stop, as androidx.work finds it',
    'WM-ForceStopRunnable',
    'Application was force-stopped, rescheduling.',
    'R25',
    'force-stopped',
  ),
  android(
    'a process that crashes again and again',
    'ActivityManager',
    `Process ${APP} has crashed too many times, killing! Reason: crashed quickly`,
    'R25',
    'too many times',
  ),
  // JavaScript
  android(
    'JavaScript that throws',
    'AndroidRuntime',
    crash(
      'com.facebook.react.common.JavascriptException: TypeError: undefined is not a function, stack:\ndrain@1:4321\nanonymous@1:99',
      '\tat com.facebook.react.modules.core.ExceptionsManagerModule.reportException(ExceptionsManagerModule.java:72)',
    ),
    'R19',
    'TypeError: undefined is not a function',
    'drain@1:4321',
  ),
  android(
    'Hermes without memory',
    'HermesVM',
    'OOM: [RNBridgeless] reason = Max heap size was exceeded (vm_allocate_category), numCollections = 5070',
    'R19',
    'Max heap size',
  ),
  android(
    'a bundle that fails while it is loaded',
    'ReactNativeJS',
    "[runtime not ready]: ReferenceError: Property 'queue' doesn't exist, stack:\nglobal@1:17",
    'R19',
    'ReferenceError',
    'global@1:17',
  ),
  android(
    'a task that nobody defined',
    'ReactNativeJS',
    'TaskManager: Execution of "daily-sync" was requested but looks like it is not defined. Available tasks: []',
    'R24',
    'J03 explains it',
  ),
  android(
    'a headless task that nobody registered',
    'ReactNativeJS',
    'No task registered for key SyncTask',
    'R24',
    'J03 explains it',
  ),
  android(
    'a push that no handler takes',
    'ReactNativeJS',
    'No background message handler has been set. Set a handler via the "setBackgroundMessageHandler" method.',
    'R24',
    'J01 explains it',
  ),
  android(
    'an event of Notifee that no handler takes',
    'ReactNativeJS',
    '[notifee] no background event handler has been set. Set a handler via the "onBackgroundEvent" method.',
    'R24',
    'J01 explains it',
  ),
  android(
    'a foreground service of Notifee that runs nothing',
    'ReactNativeJS',
    '[notifee] no registered foreground service has been set for displaying a foreground notification.',
    'R24',
    'no registered foreground service',
  ),
  android(
    'a callback of Flutter that is not in the build',
    'flutter',
    '[ERROR:flutter/runtime/dart_isolate.cc(668)] Could not resolve main entrypoint function.',
    'R24',
    'F05 explains it',
  ),
  android(
    'workmanager for Flutter that was not initialized',
    'flutter',
    "PlatformException(1, You have not properly initialized the Flutter WorkManager Package. You should ensure you have called the 'initialize' function first!",
    'R24',
    'F05 explains it',
  ),
  android(
    'a task of Expo that throws',
    'ReactNativeJS',
    '\'TaskManager: Task "sync" failed:\', [Error: offline]',
    'R27',
    'offline',
  ),
  android(
    'a worker of Expo that does not start',
    'BackgroundTaskScheduler',
    'Worker failed to start with error Cancelled',
    'R27',
    'Worker failed to start',
  ),
  android(
    'a task of Expo that fails',
    'BackgroundTaskScheduler',
    'Task failed: offline',
    'R27',
    'Task failed: offline',
  ),
  android(
    'a worker of Expo that is stopped',
    'BackgroundTaskWork',
    'doWork: Worker was cancelled',
    'R25',
    'Worker was cancelled',
  ),
  android(
    'Dart that throws',
    'flutter',
    '[ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: MissingPluginException(No implementation found for method getAll on channel plugins.flutter.io/shared_preferences)',
    'R27',
    'MissingPluginException',
  ),
  android(
    'a runner of Capacitor that throws',
    '[RUNNER WORKER for com.example.demo.task]',
    'java.lang.Exception: runner source file path is missing or invalid',
    'R27',
    'runner source file',
  ),
  // androidx.work
  android(
    'a worker that fails',
    'WM-WorkerWrapper',
    'Worker result FAILURE for Work [ id=0f0f, tags={ com.example.demo.SyncWorker } ]',
    'R28',
    'FAILURE',
  ),
  android(
    'a worker that asks for a retry',
    'WM-WorkerWrapper',
    'Worker result RETRY for Work [ id=0f0f, tags={ com.example.demo.SyncWorker } ]',
    'R28',
    'RETRY',
  ),
  android(
    'a worker that is cancelled',
    'WM-WorkerWrapper',
    'Work [ id=0f0f, tags={ com.example.demo.SyncWorker } ] was cancelled',
    'R25',
    'was cancelled',
  ),
  android(
    'a worker that throws',
    'WM-WorkerWrapper',
    'Work [ id=0f0f, tags={ com.example.demo.SyncWorker } ] failed because it threw an exception/error\njava.net.UnknownHostException: example.com',
    'R27',
    'A16 explains it',
  ),
  android(
    'a worker without a constructor',
    'WM-WorkerFactory',
    'Could not instantiate com.example.demo.SyncWorker\njava.lang.NoSuchMethodException: com.example.demo.SyncWorker.<init> [class android.content.Context]',
    'R22',
    'A31 explains it',
  ),
  android(
    'too many jobs',
    'WM-SystemJobScheduler',
    "JobScheduler 150 job limit exceeded. In JobScheduler there are 150 jobs from WorkManager. There are 1 jobs tracked by WorkManager's database;",
    'R28',
    'limit exceeded',
  ),
  android(
    'a back-off on an idle job',
    'AndroidRuntime',
    crash(
      'java.lang.IllegalArgumentException: Cannot set backoff criteria on an idle mode job',
      FRAMES,
    ),
    'R19 R28',
    OWN_FRAME,
    'A35 explains it',
  ),
  android(
    'a persisted job without its permission',
    'AndroidRuntime',
    crash(
      'java.lang.IllegalArgumentException: Requested job cannot be persisted without holding android.permission.RECEIVE_BOOT_COMPLETED permission',
      FRAMES,
    ),
    'R19 R28',
    OWN_FRAME,
    'A37 explains it',
  ),
  android(
    'an exact alarm without its permission',
    'AndroidRuntime',
    crash(
      'java.lang.SecurityException: Caller com.example.demo needs to hold android.permission.SCHEDULE_EXACT_ALARM or android.permission.USE_EXACT_ALARM to set exact alarms.',
      FRAMES,
    ),
    'R19 R28',
    OWN_FRAME,
    'A47 explains it',
  ),
  android(
    'an interval that is too short',
    'JobInfo',
    'Requested interval +1m0s0ms for job 7 is too small; raising to +15m0s0ms',
    'R28',
    'A19 explains it',
  ),
  android(
    'an interval that is too short, of androidx.work',
    'WM-WorkSpec',
    'Interval duration lesser than minimum allowed value; Changed to 900000',
    'R28',
    'A19 explains it',
  ),
  android(
    'JavaScript that throws, in development',
    'ReactNativeJS',
    'TypeError: undefined is not a function, js engine: hermes',
    'R19',
    'undefined is not a function',
  ),
  android(
    'a worker that succeeds',
    'WM-WorkerWrapper',
    'Worker result SUCCESS for Work [ id=0f0f, tags={ com.example.demo.SyncWorker } ]',
    '',
  ),
];

const ios = (
  name: string,
  tag: string,
  text: string,
  ids: string,
  ...says: readonly string[]
): Situation => ({
  name,
  by: tag === 'Demo' ? 'app' : 'system',
  tag,
  text,
  ids: ids === '' ? [] : ids.split(' '),
  says,
  ...(tag === 'dasd' ? { isTied: false as const } : {}),
});

const ACTIVITY = 'bgProcessing-com.example.demo.sync:B5B340';

export const IOS: readonly Situation[] = [
  ios(
    'refused: unavailable',
    'Demo',
    'Could not schedule app refresh: Error Domain=BGTaskSchedulerErrorDomain Code=1 "(null)"',
    'R21',
    'R06 explains it',
  ),
  ios(
    'refused: too many',
    'Demo',
    'Could not schedule app refresh: Error Domain=BGTaskSchedulerErrorDomain Code=2 "(null)"',
    'R21',
    'Code=2',
  ),
  ios(
    'refused: not permitted',
    'Demo',
    'Could not schedule app refresh: Error Domain=BGTaskSchedulerErrorDomain Code=3 "(null)"',
    'R21',
    'I01 explains it',
  ),
  ios(
    'refused, in words',
    'Demo',
    'Could not schedule: The operation couldn’t be completed. (BGTaskSchedulerErrorDomain error 3.)',
    'R21',
    'I01 explains it',
  ),
  ios(
    'refused, in German',
    'Demo',
    'Der Vorgang konnte nicht abgeschlossen werden. (BGTaskSchedulerErrorDomain-Fehler 1.)',
    'R21',
    'R06 explains it',
  ),
  ios(
    'refused by the App Store',
    'Demo',
    "ITMS-90771: Missing Info.plist value - The Info.plist key 'BGTaskSchedulerPermittedIdentifiers' must contain a list of identifiers used to submit and handle tasks when 'UIBackgroundModes' has a value of 'processing'.",
    'R21',
    'I04 explains it',
  ),
  ios(
    'a background task of UIKit’s own that is over',
    'Demo',
    "Can't end BackgroundTask: no background task exists with identifier 12 (0xc), or it may have already been ended. Break in UIApplicationEndBackgroundTaskError() to debug.",
    '',
  ),
  ios(
    'no launch handler',
    'Demo',
    "*** Terminating app due to uncaught exception 'NSInternalInconsistencyException', reason: 'No launch handler registered for task with identifier com.example.demo.weekly'",
    'R20',
    'I08 explains it',
  ),
  ios(
    'a late registration',
    'Demo',
    "*** Terminating app due to uncaught exception 'NSInternalInconsistencyException', reason: 'All launch handlers must be registered before application finishes launching'",
    'R20',
    'I08 explains it',
  ),
  ios(
    'a crash',
    'Demo',
    "*** Terminating app due to uncaught exception 'NSInvalidArgumentException', reason: '-[NSNull length]: unrecognized selector sent to instance 0x1'\n*** First throw call stack:\n0   CoreFoundation                      0x00000001803f0000 __exceptionPreprocess + 172\n5   Demo                                0x0000000104a31f10 $s4Demo4SyncC5drainyyF + 44",
    'R19',
    'unrecognized selector',
    '$s4Demo4SyncC5drainyyF',
  ),
  ios(
    'JavaScript that throws',
    'Demo',
    "*** Terminating app due to uncaught exception 'RCTFatalException: Unhandled JS Exception: TypeError: undefined is not a function', reason: 'Unhandled JS Exception: TypeError: undefined is not a function, stack:\ndrain@1:4321\n'",
    'R19',
    'TypeError',
    'drain@1:4321',
  ),
  ios(
    'the watchdog',
    'runningboardd',
    `[app<${APP}>:711] Terminating with context: <RBSTerminateContext| domain:10 code:0x8BADF00D explanation:scene-update watchdog transgression: app<${APP}>:711 exhausted real (wall clock) time allowance of 10.00 seconds>`,
    'R25',
    '8BADF00D',
  ),
  ios(
    'a lock',
    'runningboardd',
    `[app<${APP}>:711] Terminating with context: <RBSTerminateContext| domain:15 code:0xDEAD10CC explanation:[app<${APP}>:711] was suspended with locked system files>`,
    'R25',
    'DEAD10CC',
  ),
  ios(
    'a background task without end',
    'runningboardd',
    `[app<${APP}>:711] Terminating with context: <RBSTerminateContext| domain:15 code:0x2182BAD2 explanation:task did not end in time>`,
    'R25',
    'I13 explains it',
  ),
  ios(
    'heat',
    'runningboardd',
    `[app<${APP}>:711] Terminating with context: <RBSTerminateContext| domain:15 code:0xC00010FF explanation:thermal>`,
    'R25',
    'C00010FF',
  ),
  ios(
    'jetsam, as SpringBoard has it',
    'SpringBoard',
    `Process exited: <FBApplicationProcess; app<${APP}>:711> -> <RBSProcessExitContext| specific, status:<RBSProcessExitStatus| domain:jetsam(1) code:highwater>>`,
    'R25',
    'jetsam',
  ),
  ios(
    'jetsam, as the kernel has it',
    'kernel',
    'memorystatus: killing_specific_process pid 711 [Demo] (per-process-limit 3 0s rf:- type:app) 204800KB',
    'R25',
    'per-process-limit',
  ),
  ios(
    'the limit of memory',
    'kernel',
    'memorystatus: Demo [711] exceeded mem limit: ActiveHard 200 MB (fatal)',
    'R25',
    'ActiveHard',
  ),
  ios(
    'a fetch that says nothing',
    'Demo',
    'Warning: Application delegate received call to -application:performFetchWithCompletionHandler: but the completion handler was never called.',
    'R29',
    'I25 explains it',
  ),
  ios(
    'a background task that stays open',
    'Demo',
    'Background Task 3 ("Saving library"), was created over 30 seconds ago. In applications running in the background, this creates a risk of termination. Remember to call UIApplication.endBackgroundTask(_:) for your task in a timely manner to avoid this.',
    'R29',
    'over 30 seconds',
  ),
  ios(
    'a background task that outlives its expiration',
    'Demo',
    'Background task still not ended after expiration handlers were called: <_UIBackgroundTaskInfo: 0x28190d140>: taskID = 8. This app will likely be terminated by the system.',
    'R29',
    'still not ended',
  ),
  ios(
    'a task of Expo whose time is over',
    'Demo',
    'Expo Background Tasks - task expired',
    'R25',
    'task expired',
  ),
  ios(
    'a runner of Capacitor that throws',
    'Demo',
    'error executing task: jsException(details: "TypeError: undefined is not a function")',
    'R27',
    'jsException',
  ),
  ios(
    'Dart that throws',
    'Demo',
    'flutter: [ERROR:flutter/runtime/dart_vm_initializer.cc(41)] Unhandled Exception: MissingPluginException(No implementation found for method getAll)',
    'R27',
    'MissingPluginException',
  ),
  ios(
    'dasd: no',
    'dasd',
    `${ACTIVITY}:[\n\t{name: DeviceActivityPolicy, policyWeight: 5.000, response: {Decision: Must Not Proceed, Score: 0.00, Rationale: [{deviceActive == 1}]}}\n ], FinalDecision: Must Not Proceed}`,
    'R26',
    'Must Not Proceed',
  ),
  ios(
    'dasd: not yet',
    'dasd',
    `'${ACTIVITY}' CurrentScore: 0.410000, ThresholdScore: 0.694377 DecisionToRun:0`,
    'R26',
    'DecisionToRun:0',
  ),
  ios(
    'dasd: yes',
    'dasd',
    `'${ACTIVITY}' CurrentScore: 0.888734, ThresholdScore: 0.694377 DecisionToRun:1`,
    '',
  ),
];
