import { ENDED, KILL_CODES } from './ips.ts';

/** What a line of the system, or of a library, says about background work. */
export type SystemSign =
  | 'crash'
  | 'launch-handler'
  | 'request-refused'
  | 'worker-creation'
  | 'worker-threw'
  | 'foreground-service'
  | 'task-unknown'
  | 'ended-by-system'
  | 'held-back'
  | 'work-failed'
  | 'not-finished'
  /** What went as it should: it shows something, and is no fault. */
  | 'noted'
  /** Nothing by itself: it tells what a process is called. */
  | 'process-start';

export interface Phrase {
  readonly sign: SystemSign;
  readonly check?: string;
  /** Finds the line among the bytes of a log: it has no character that JSON escapes. */
  readonly needle: string;
  /** Where the needle alone is too little. The groups `pid` and `process` tell whom the line is about. */
  readonly pattern?: RegExp;
}

const JOB_DONE =
  /\bSTOP(?:-P)?: #?\w{1,20}\/\d+ \S{1,300} (?:app called jobFinished|successful_finish)/;
const JOB_STOPPED = /\bSTOP(?:-P)?: #?\w{1,20}\/\d+ (?<process>[\w.]{1,200})\/\S{1,200} [a-z]/;

/** bgsync’s own worker has events of its own. */
const NOT_BGSYNC = /^(?!.*dev\.bgsync\.)/;

// Where a text is short, what stands around it is added: the search skips as many bytes as the shortest has.
const AM_ANR = /\bam_anr\b[^[]{0,90}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/;
// Of Android 9 and older, and since: https://android.googlesource.com/platform/system/memory/lmkd
const LMKD = /\blmkd\b.*\bKill(?:ing)? '(?<process>[^']*)' \((?<pid>\d+)\)/;

/**
 * Texts of AOSP (ActiveServices, JobServiceContext, EventLogTags), of androidx.work 2.10 to 2.12 and react-android 0.81 as
 * their classes have them, of expo-task-manager 14 and expo-background-task 1, and of BackgroundTasks.framework, dasd and
 * the kernel of iOS as their own strings and public logs have them.
 * Where two fit, the first counts.
 */
export const PHRASES: readonly Phrase[] = [
  // First, as they are by far the most.
  {
    sign: 'process-start',
    needle: 'Start proc ',
    pattern: /Start proc (?<pid>\d+):(?<process>[^\s/]+)/,
  },
  {
    sign: 'process-start',
    needle: 'am_proc_start',
    pattern: /\bam_proc_start\b[^[]{0,90}\[\d+,(?<pid>\d+),\d+,(?<process>[^,\]]*)/,
  },
  // android.app: MissingForegroundServiceTypeException and its kin
  { sign: 'foreground-service', check: 'A49', needle: 'not allowed to start from BOOT_COMPLETED' },
  { sign: 'foreground-service', check: 'A22', needle: 'ForegroundServiceTypeException' },
  { sign: 'foreground-service', check: 'A29', needle: 'ForegroundServiceStartNotAllowed' },
  { sign: 'foreground-service', check: 'A48', needle: 'ForegroundServiceDidNotStartInTime' },
  // Android 14 (shortService) and 15 (dataSync, mediaProcessing): RemoteServiceException, and the next start.
  { sign: 'foreground-service', check: 'A50', needle: 'ForegroundServiceDidNotStopInTime' },
  { sign: 'foreground-service', check: 'A50', needle: 'did not stop within its timeout' },
  { sign: 'foreground-service', check: 'A50', needle: 'did not stop within a timeout' },
  {
    sign: 'foreground-service',
    check: 'A50',
    needle: 'Time limit already exhausted for foreground service',
  },
  // ActiveServices of AOSP 14 to 17
  { sign: 'foreground-service', check: 'A50', needle: 'FGS timed out: ' },
  { sign: 'foreground-service', check: 'A50', needle: 'FGS Crashed: ' },
  { sign: 'foreground-service', check: 'A50', needle: "Short FGS ANR'ed" },
  { sign: 'foreground-service', check: 'A50', needle: 'FGS (time-limited) timed out' },
  { sign: 'foreground-service', check: 'A50', needle: 'FGS (time-limited) Crash' },
  // SystemForegroundDispatcher of androidx.work
  { sign: 'foreground-service', check: 'A50', needle: 'Foreground service timed out, FGS type' },
  { sign: 'foreground-service', check: 'A22', needle: 'Starting FGS with' },
  { sign: 'foreground-service', check: 'A29', needle: 'Not allowed to start service' },
  // ActiveServices of AOSP, which the app hears nothing of.
  { sign: 'foreground-service', check: 'A29', needle: 'Background start not allowed: service' },
  { sign: 'foreground-service', check: 'A29', needle: 'Background started FGS: Disallowed' },
  // SystemForegroundService of androidx.work 2.11.2, which catches the exception.
  { sign: 'foreground-service', check: 'A22', needle: 'Unable to start foreground service' },
  { sign: 'foreground-service', check: 'A48', needle: 'did not then call Service.startForeground' },
  {
    sign: 'foreground-service',
    check: 'A48',
    needle: 'Bringing down service while still waiting for start foreground',
  },
  // ActiveServices of AOSP 12 to 17: the same, with or without its reason
  { sign: 'foreground-service', check: 'A29', needle: 'startForegroundService() not allowed' },
  { sign: 'foreground-service', needle: 'startForegroundService not allowed due to app op' },
  // expo-location 18, of a start in the background
  {
    sign: 'foreground-service',
    check: 'A29',
    needle: 'Foreground service cannot be started when the application is in the background',
  },
  // android.app.ActivityThread
  { sign: 'foreground-service', check: 'A63', needle: 'Bad notification for startForeground' },
  { sign: 'foreground-service', check: 'A29', needle: 'Service.startForeground() not allowed' },
  {
    sign: 'foreground-service',
    check: 'A22',
    needle: 'does not have permission to create foreground services',
  },
  {
    sign: 'foreground-service',
    check: 'A22',
    needle: 'is not a subset of foregroundServiceType attribute',
  },
  {
    sign: 'foreground-service',
    check: 'A45',
    needle: 'Unable to start service ',
    pattern: /Unable to start service Intent .*: not found/,
  },
  {
    sign: 'foreground-service',
    check: 'A51',
    needle: 'while in foreground, but this is not allowed',
  },
  { sign: 'launch-handler', check: 'I08', needle: 'No launch handler registered' },
  { sign: 'launch-handler', check: 'I08', needle: 'All launch handlers must be registered' },
  { sign: 'launch-handler', check: 'I07', needle: 'Launch handler for task with identifier' },
  {
    sign: 'request-refused',
    check: 'I01',
    needle: 'BGTaskSchedulerErrorDomain',
    // “(BGTaskSchedulerErrorDomain error 3.)” of localizedDescription, in any language, and a dictionary in any order
    pattern: /Code\W{0,8}3\b|BGTaskSchedulerErrorDomain\D{0,24}3\b/i,
  },
  {
    sign: 'request-refused',
    needle: 'BGTaskSchedulerErrorDomain',
    pattern: /Code\W{0,8}2\b|BGTaskSchedulerErrorDomain\D{0,24}2\b/i,
  },
  { sign: 'request-refused', check: 'R06', needle: 'BGTaskSchedulerErrorDomain' },
  {
    sign: 'request-refused',
    check: 'I01',
    needle: 'is not advertised in the application',
  },
  // App Store Connect, of an upload (ITMS-90771)
  {
    sign: 'request-refused',
    check: 'I04',
    needle: 'must contain a list of identifiers used to submit and handle tasks',
  },
  { sign: 'request-refused', needle: 'Invalid identifier form for Continued Processing Task' },
  { sign: 'request-refused', needle: 'An unknown BGTaskScheduler error occurred' },
  {
    sign: 'request-refused',
    needle: 'Could not reschedule the worker after task finished',
  },
  {
    sign: 'worker-creation',
    check: 'A31',
    needle: 'Could not instantiate',
    // Where the tag stands in a line of its own, as logcat -v long and an export of Android Studio have it: by the class.
    pattern: /WM-WorkerFactory|Could not instantiate [\w.$]{1,200}Worker\b/,
  },
  { sign: 'worker-creation', check: 'A31', needle: 'Could not create Worker' },
  // R8 took its constructor, or the class was renamed while the work waited.
  { sign: 'worker-creation', needle: 'Could not create Input Merger' },
  { sign: 'worker-creation', check: 'A08', needle: 'Received an already-used Worker' },
  {
    sign: 'worker-creation',
    check: 'A08',
    needle: 'which has already been invoked. createWorker()',
  },
  { sign: 'worker-creation', check: 'A30', needle: 'WorkManager is already initialized' },
  // WorkerWrapper of androidx.work, with the exception behind it.
  { sign: 'worker-threw', check: 'A16', needle: 'failed because it threw an exception/error' },
  // expo-task-manager, of what a task throws; expo-background-task, of its worker
  { sign: 'worker-threw', needle: 'TaskManager: Task ', pattern: /Task \\?"[^"\\]*\\?" failed:/ },
  { sign: 'worker-threw', needle: 'Worker failed to start with error' },
  {
    sign: 'worker-threw',
    needle: 'Task failed: ',
    pattern: /\bBackgroundTask\w{0,20}\b.{0,90}Task failed: /,
  },
  // ConstraintTrackingWorker and WorkerWrapper of androidx.work
  { sign: 'worker-threw', check: 'A16', needle: 'threw exception in startWork' },
  { sign: 'worker-threw', needle: 'Unexpected error in WorkerWrapper' },
  { sign: 'worker-threw', check: 'A46', needle: 'Expedited WorkRequests require a' },
  // @capacitor/background-runner 3
  { sign: 'worker-threw', needle: '[RUNNER WORKER for ' },
  { sign: 'worker-threw', needle: 'error executing task: ' },
  { sign: 'request-refused', needle: 'could not schedule background task: ' },
  { sign: 'launch-handler', needle: 'could not register background task: ' },
  // Of workmanager for Flutter, where its initialize was not called before
  {
    sign: 'task-unknown',
    check: 'F05',
    needle: 'not properly initialized the Flutter WorkManager Package',
  },
  // The engine of Flutter, of what Dart lets out
  {
    sign: 'worker-threw',
    needle: 'Unhandled Exception: ',
    pattern: /\[ERROR:flutter\/|\bflutter\b/,
  },
  { sign: 'worker-threw', needle: 'Dart Error: Unhandled exception' },
  {
    sign: 'task-unknown',
    check: 'F05',
    needle: 'Could not resolve main entrypoint function',
  },
  { sign: 'worker-creation', check: 'A06', needle: 'WorkManager is not initialized properly' },
  {
    sign: 'task-unknown',
    check: 'J03',
    needle: 'has been executed but looks like it is not defined',
  },
  // expo-task-manager 58
  { sign: 'task-unknown', check: 'J03', needle: 'was requested but looks like it is not defined' },
  {
    sign: 'task-unknown',
    check: 'J01',
    needle: 'was defined after the JavaScript bundle finished',
  },
  { sign: 'task-unknown', check: 'J03', needle: 'No task registered for key' },
  { sign: 'task-unknown', check: 'J03', needle: 'Task or consumer not found' },
  // @react-native-firebase/messaging 26, @notifee/react-native 9
  { sign: 'task-unknown', check: 'J01', needle: 'background message handler has been set' },
  { sign: 'task-unknown', check: 'J01', needle: 'background event handler has been set' },
  { sign: 'task-unknown', needle: 'no registered foreground service has been set' },
  {
    sign: 'task-unknown',
    check: 'A24',
    needle: 'ReactHost is not initialized in New Architecture',
  },
  { sign: 'task-unknown', check: 'A24', needle: 'Failed to start headless task' },
  { sign: 'task-unknown', needle: 'Could not find TaskService module' },
  // Of a public report alone: react-android 0.79 to 0.87 has no such text, and no check is known that explains it.
  { sign: 'task-unknown', needle: 'Start task requested, but context is null' },
  // android.app.job and JobSchedulerService of AOSP, WorkRequest of androidx.work
  {
    sign: 'work-failed',
    check: 'A35',
    needle: 'Cannot set backoff criteria on an idle mode job',
  },
  {
    sign: 'work-failed',
    check: 'A35',
    needle: 'An idle mode job will not respect any back-off',
  },
  { sign: 'work-failed', check: 'A20', needle: 'PeriodicWorkRequests cannot be expedited' },
  {
    sign: 'work-failed',
    check: 'A20',
    needle: 'Expedited jobs only support network and storage constraints',
  },
  { sign: 'work-failed', check: 'A20', needle: 'Expedited jobs cannot be delayed' },
  { sign: 'work-failed', check: 'A37', needle: 'job cannot be persisted without holding' },
  {
    sign: 'work-failed',
    check: 'A36',
    needle: 'does not require android.permission.BIND_JOB_SERVICE',
  },
  {
    sign: 'work-failed',
    check: 'A36',
    needle: 'No such service ',
    pattern: /No such service ComponentInfo/,
  },
  { sign: 'work-failed', check: 'A47', needle: 'to set exact alarms' },
  { sign: 'work-failed', needle: 'Apps may not schedule more than' },
  // JobInfo of AOSP, WorkSpec of androidx.work
  {
    sign: 'work-failed',
    check: 'A19',
    needle: 'is too small; raising to ',
    pattern: /Requested (?:interval|flex) .* is too small; raising to/,
  },
  {
    sign: 'work-failed',
    check: 'A19',
    needle: 'Interval duration lesser than minimum allowed value',
  },
  { sign: 'work-failed', needle: 'has called schedule() too many times' },
  { sign: 'work-failed', needle: 'package not allowed to start' },
  // androidx.work 2.11.2: JobSchedulerExt, SystemJobScheduler, ForceStopRunnable, Data, WorkerWrapper
  { sign: 'work-failed', needle: ' job limit exceeded.' },
  { sign: 'work-failed', needle: 'Unable to schedule work ID' },
  { sign: 'work-failed', needle: 'file system on the device is in a bad state' },
  { sign: 'work-failed', needle: 'Data cannot occupy more than' },
  { sign: 'work-failed', needle: 'Worker result FAILURE for', pattern: NOT_BGSYNC },
  { sign: 'work-failed', needle: 'Worker result RETRY for', pattern: NOT_BGSYNC },
  { sign: 'noted', needle: 'Worker result ' },
  {
    sign: 'noted',
    needle: 'Starting work for ',
    pattern: /\bWM-|Starting work for (?:[\da-f]{8}-|[\w.]{1,200}Worker\b)/,
  },
  // AndroidRuntime prints a report line by line.
  { sign: 'crash', needle: 'AndroidRuntime' },
  { sign: 'crash', needle: 'FATAL EXCEPTION' },
  // A report as Crashlytics and the Play Console show it
  {
    sign: 'crash',
    needle: 'Fatal Exception: ',
    pattern: /(?<![\w-])Fatal Exception: [a-z][\w.$]{2,200}/,
  },
  { sign: 'crash', needle: 'Exception java.', pattern: /^\s*Exception java\.[\w.$]{2,200}/ },
  { sign: 'crash', needle: 'Exception android.', pattern: /^\s*Exception android\.[\w.$]{2,200}/ },
  // `dumpsys activity exit-info`: ApplicationExitInfo of AOSP
  {
    sign: 'crash',
    needle: ' subreason=',
    pattern: /(?:\bprocess=(?<process>[\w.:]{1,200}) )?\breason=\d+ \(APP CRASH/,
  },
  {
    sign: 'ended-by-system',
    needle: ' subreason=',
    pattern: /(?:\bprocess=(?<process>[\w.:]{1,200}) )?\breason=\d+ \((?!EXIT_SELF)[A-Z]/,
  },
  // The history of `dumpsys jobscheduler`: JobPackageTracker of AOSP
  { sign: 'noted', needle: ' STOP: ', pattern: JOB_DONE },
  { sign: 'noted', needle: ' STOP-P: ', pattern: JOB_DONE },
  { sign: 'ended-by-system', needle: ' STOP: ', pattern: JOB_STOPPED },
  { sign: 'ended-by-system', needle: ' STOP-P: ', pattern: JOB_STOPPED },
  { sign: 'crash', needle: 'Terminating app due to uncaught exception' },
  {
    sign: 'crash',
    needle: 'terminating with uncaught exception',
    pattern: /libc\+\+abi|terminating due to/,
  },
  { sign: 'crash', needle: 'Unhandled JS Exception' },
  { sign: 'crash', needle: 'JavascriptException' },
  {
    sign: 'crash',
    needle: 'am_crash',
    pattern: /\bam_crash\b[^[]{0,90}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/,
  },
  // React Native, of a bundle that lacks what native code starts, or the other way round
  { sign: 'crash', needle: 'has not been registered. This can happen if' },
  { sign: 'crash', needle: 'TurboModuleRegistry.getEnforcing' },
  { sign: 'crash', needle: 'Unable to load script' },
  // The early handler of React Native 0.76 and newer, and RCTFatal of iOS
  { sign: 'crash', needle: '[runtime not ready]: ' },
  { sign: 'crash', needle: 'RCTFatalException' },
  // Of React Native, in the terminal of Metro
  { sign: 'crash', needle: ', js engine: ' },
  // Of Hermes: https://github.com/facebook/hermes
  { sign: 'crash', needle: 'Max heap size was exceeded' },
  // Hermes, of a bundle that is none
  { sign: 'crash', needle: 'Compiling JS failed' },
  {
    sign: 'crash',
    needle: 'Fatal signal',
    pattern: /Fatal signal \d+ .*?\bpid (?<pid>\d+)(?: \((?<process>[^)]*)\))?/,
  },
  { sign: 'crash', needle: '"bug_type"', pattern: /"bug_type"\s*:\s*"(?:309|109|327)"/ },
  // The text form of a crash report of iOS
  {
    sign: 'crash',
    needle: 'Exception Type: ',
    pattern: /Exception Type:\s+EXC_(?!CRASH \(SIGKILL\))/,
  },
  { sign: 'ended-by-system', needle: 'ANR in ', pattern: /ANR in (?<process>[\w.:]*)/ },
  // ActiveServices and BroadcastQueue of AOSP
  {
    sign: 'ended-by-system',
    needle: 'Timeout executing service: ',
  },
  { sign: 'ended-by-system', needle: 'Timeout of broadcast ' },
  { sign: 'ended-by-system', needle: 'Stopping service due to app idle: ' },
  {
    sign: 'ended-by-system',
    needle: 'has crashed too many times, killing!',
    pattern: /Process (?<process>\S+) has crashed too many/,
  },
  {
    sign: 'ended-by-system',
    needle: 'Force stopping ',
    pattern: /Force stopping (?<process>[\w.]+) appid=/,
  },
  { sign: 'ended-by-system', needle: 'Application was force-stopped, rescheduling' },
  {
    sign: 'ended-by-system',
    needle: 'am_proc_died',
    pattern: /\bam_proc_died\b[^[]{0,90}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/,
  },
  // The kernel’s: https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer
  {
    sign: 'ended-by-system',
    needle: 'Out of memory: ',
    pattern: /Out of memory: Kill(?:ed)? process (?<pid>\d+)/,
  },
  {
    sign: 'ended-by-system',
    needle: 'am_anr ',
    pattern: AM_ANR,
  },
  {
    sign: 'ended-by-system',
    needle: 'am_anr:',
    pattern: AM_ANR,
  },
  {
    sign: 'ended-by-system',
    needle: 'am_anr(',
    pattern: AM_ANR,
  },
  {
    sign: 'ended-by-system',
    needle: 'am_kill',
    pattern: /\bam_kill\b[^[]{0,90}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/,
  },
  { sign: 'ended-by-system', needle: 'watchdog transgression' },
  { sign: 'ended-by-system', needle: 'has active assertions beyond permitted time' },
  ...KILL_CODES.flatMap(({ code, check }) =>
    [code.toString(16), code.toString(16).toUpperCase(), String(code)].map((needle) => ({
      sign: 'ended-by-system' as const,
      needle,
      ...(check === undefined ? {} : { check }),
    })),
  ),
  // Of a report, where the code is none of these: `ended` of ips.ts
  { sign: 'ended-by-system', needle: `${ENDED} ` },
  // runningboardd and SpringBoard
  {
    sign: 'ended-by-system',
    needle: 'RBSProcessExitStatus| domain:',
    // What a signal ended is in its crash report; SIGTERM and SIGKILL are how the system and the user end an app.
    pattern:
      /RBSProcessExitStatus\| domain:(?:jetsam|runningboard|springboard|frontboard|thermal|signal\(2\) code:SIGKILL)/,
  },
  {
    sign: 'ended-by-system',
    needle: 'has died',
    pattern: /Process (?<process>\S+) \(pid (?<pid>\d+)\) has died/,
  },
  {
    sign: 'ended-by-system',
    needle: 'Killing ',
    pattern: /Killing (?<pid>\d+):(?<process>[^\s/]+)(?:\/\S*)? \(adj/,
  },
  // https://github.com/crdroidandroid/issue_tracker/issues/809
  {
    sign: 'ended-by-system',
    needle: 'lowmemorykiller',
    pattern: /[Kk]ill(?:ing)? '(?<process>[^']*)' \((?<pid>\d+)\)/,
  },
  {
    sign: 'ended-by-system',
    needle: ": Kill '",
    pattern: LMKD,
  },
  { sign: 'ended-by-system', needle: `"Kill '`, pattern: LMKD },
  { sign: 'ended-by-system', needle: "Killing '", pattern: LMKD },
  // https://github.com/getlantern/lantern/pull/8971, https://github.com/taskcluster/community-tc-config/issues/983
  {
    sign: 'ended-by-system',
    needle: 'exceeded mem limit',
    pattern: /(?<process>[^\s[]{0,64}) ?\[(?<pid>\d+)\] exceeded mem limit: .*\(fatal\)/,
  },
  {
    sign: 'ended-by-system',
    needle: '_process pid ',
    pattern:
      /killing_(?:specific|highwater|top|idle)_process pid (?<pid>\d+)(?: \[(?<process>[^\]]*)\])?/,
  },
  {
    sign: 'ended-by-system',
    needle: 'killed by jetsam',
    pattern: /(?<process>[^\s[]{0,64}) ?\[(?<pid>\d+)\] killed by jetsam reason/,
  },
  { sign: 'ended-by-system', needle: '"bug_type"', pattern: /"bug_type"\s*:\s*"298"/ },
  { sign: 'ended-by-system', needle: 'STOP_REASON_' },
  // Of JobService: called while the work is not over, and never after jobFinished
  { sign: 'ended-by-system', needle: 'onStopJob' },
  { sign: 'ended-by-system', needle: 'Client timed out while executing' },
  {
    sign: 'ended-by-system',
    needle: 'JobServiceContext',
    pattern:
      /Time(?:d |-)out while trying to bind|No response (?:from client for|to) on(?:Start|Stop)Job|Stopping client after min execution time|JS was waiting to stop this job|for death because|unexpectedly disconnected|Binding died|required notification not provided/,
  },
  // The same where the tag stands in a line of its own
  { sign: 'ended-by-system', needle: 'Stopping client after min execution time' },
  { sign: 'ended-by-system', needle: 'JS was waiting to stop this job' },
  {
    sign: 'ended-by-system',
    needle: 'while trying to bind',
    pattern: /Time(?:d |-)out while trying to bind/,
  },
  // WorkerWrapper and GreedyScheduler of androidx.work
  {
    sign: 'ended-by-system',
    needle: 'was cancelled',
    pattern: /Work \[ id=[^\]]{0,400}\] was cancelled|doWork: Worker was cancelled/,
  },
  { sign: 'ended-by-system', needle: 'was interrupted. Backing off' },
  { sign: 'work-failed', needle: 'Constraints not met for delegate' },
  { sign: 'ended-by-system', needle: 'Constraints not met: Cancelling work ID' },
  { sign: 'ended-by-system', needle: 'Constraints unmet for WorkSpec' },
  // expo-task-manager and expo-background-task
  {
    sign: 'ended-by-system',
    needle: 'has been cancelled by the system',
    pattern: /Job for task '[^']*' has been cancelled/,
  },
  { sign: 'ended-by-system', needle: 'Expo Background Tasks - task expired' },
  // HeadlessJsTaskSupportModule: the task went on behind its own timeout
  {
    sign: 'ended-by-system',
    needle: 'Did it time out?',
    pattern: /Tried to (?:finish|retry) non-active task/,
  },
  // “FinalDecision: Must Not Proceed”, of each policy too: https://github.com/cocoa-mhlw/cocoa/pull/644
  { sign: 'held-back', needle: 'Must Not Proceed' },
  { sign: 'held-back', needle: 'Decision: MNP' },
  { sign: 'held-back', needle: 'Decision: AMNP' },
  // “CurrentScore: 0.41, ThresholdScore: 0.69 DecisionToRun:0”, of macOS 26 and iOS
  { sign: 'held-back', needle: 'DecisionToRun:0' },
  { sign: 'held-back', needle: 'result: MNP' },
  // UIKit: what is begun has to be ended
  {
    sign: 'not-finished',
    needle: 'completion handler was never called',
    check: 'I25',
    pattern: /performFetchWithCompletionHandler/,
  },
  {
    sign: 'not-finished',
    needle: 'completion handler was never called',
    check: 'I41',
    pattern: /handleEventsForBackgroundURLSession/,
  },
  {
    sign: 'not-finished',
    needle: 'was created over 30 seconds ago',
    pattern: /[Bb]ackground [Tt]ask/,
  },
  { sign: 'not-finished', needle: 'Background task still not ended after expiration' },
  // UIKit says it of its own tasks, too: https://github.com/transistorsoft/react-native-background-fetch/issues/258
  { sign: 'noted', needle: "Can't end BackgroundTask: no background task exists" },
  { sign: 'noted', needle: 'DecisionToRun:1' },
  { sign: 'noted', needle: 'FinalDecision: Can Proceed' },
  { sign: 'noted', needle: 'Decision: CP' },
  { sign: 'noted', needle: 'result: CP' },
  { sign: 'noted', needle: 'Simulating launch for task with identifier' },
];
