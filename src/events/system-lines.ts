import { REPORT_SAYS } from './ips.ts';

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
  /** Nothing by itself: it tells what a process is called. */
  | 'process-start';

export interface SystemLine {
  readonly kind: 'system';
  readonly sign: SystemSign;
  /** Of the process that the line is about, where it tells it. */
  readonly pid: number | undefined;
  /** What that process is called, where the line tells it: a whole device’s log is of many apps. */
  readonly process?: string;
  /** What happened, as the system put it. */
  readonly text: string;
  /** The check of doctor that explains it. */
  readonly check?: string;
  /** One line of a crash report of several: the others follow it. */
  readonly part?: 'start' | 'more';
}

interface Phrase {
  readonly sign: SystemSign;
  readonly check?: string;
  /** Finds the line among the bytes of a log: it has no character that JSON escapes. */
  readonly needle: string;
  /** Where the needle alone is too little. The groups `pid` and `process` tell whom the line is about. */
  readonly pattern?: RegExp;
}

// Where a text is short, what stands around it is added: the search skips as many bytes as the shortest has.
const AM_ANR = /\bam_anr\b[^[]{0,20}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/;
// Of Android 9 and older, and since: https://android.googlesource.com/platform/system/memory/lmkd
const LMKD = /\blmkd\b.*\bKill(?:ing)? '(?<process>[^']*)' \((?<pid>\d+)\)/;

/**
 * Texts of AOSP (ActiveServices, JobServiceContext, EventLogTags), of androidx.work 2.10 to 2.12 and react-android 0.81 as
 * their classes have them, of expo-task-manager 14 and expo-background-task 1, and of BackgroundTasks.framework, dasd and
 * the kernel of iOS as their own strings and public logs have them.
 * Where two fit, the first counts.
 */
const PHRASES: readonly Phrase[] = [
  // android.app: MissingForegroundServiceTypeException and its kin
  { sign: 'foreground-service', check: 'A22', needle: 'ForegroundServiceTypeException' },
  { sign: 'foreground-service', check: 'A22', needle: 'ForegroundServiceStartNotAllowed' },
  { sign: 'foreground-service', check: 'A22', needle: 'ForegroundServiceDidNotStartInTime' },
  // Android 14 (shortService) and 15 (dataSync, mediaProcessing): RemoteServiceException, and the next start.
  { sign: 'foreground-service', needle: 'ForegroundServiceDidNotStopInTime' },
  { sign: 'foreground-service', needle: 'did not stop within its timeout' },
  { sign: 'foreground-service', needle: 'Time limit already exhausted for foreground service' },
  { sign: 'foreground-service', check: 'A22', needle: 'Starting FGS with' },
  { sign: 'foreground-service', check: 'A29', needle: 'Not allowed to start service' },
  // ActiveServices of AOSP, which the app hears nothing of.
  { sign: 'foreground-service', check: 'A29', needle: 'Background start not allowed: service' },
  { sign: 'foreground-service', check: 'A22', needle: 'Background started FGS: Disallowed' },
  // SystemForegroundService of androidx.work 2.11.2, which catches the exception.
  { sign: 'foreground-service', check: 'A22', needle: 'Unable to start foreground service' },
  { sign: 'foreground-service', needle: 'did not then call Service.startForeground' },
  { sign: 'launch-handler', check: 'I08', needle: 'No launch handler registered' },
  { sign: 'launch-handler', check: 'I08', needle: 'All launch handlers must be registered' },
  { sign: 'launch-handler', check: 'I07', needle: 'Launch handler for task with identifier' },
  {
    sign: 'request-refused',
    check: 'I01',
    needle: 'BGTaskSchedulerErrorDomain',
    pattern: /Code\W*3\b/,
  },
  { sign: 'request-refused', check: 'R06', needle: 'BGTaskSchedulerErrorDomain' },
  {
    sign: 'request-refused',
    check: 'I01',
    needle: 'is not advertised in the application',
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
  { sign: 'worker-creation', check: 'A06', needle: 'WorkManager is not initialized properly' },
  {
    sign: 'task-unknown',
    check: 'J03',
    needle: 'has been executed but looks like it is not defined',
  },
  { sign: 'task-unknown', check: 'J03', needle: 'No task registered for key' },
  { sign: 'task-unknown', check: 'J03', needle: 'Task or consumer not found' },
  {
    sign: 'task-unknown',
    check: 'A24',
    needle: 'ReactHost is not initialized in New Architecture',
  },
  { sign: 'task-unknown', check: 'A24', needle: 'Failed to start headless task' },
  { sign: 'task-unknown', needle: 'Could not find TaskService module' },
  // Of a public report alone: react-android 0.79 to 0.87 has no such text, and no check is known that explains it.
  { sign: 'task-unknown', needle: 'Start task requested, but context is null' },
  // AndroidRuntime prints a report line by line.
  { sign: 'crash', needle: 'AndroidRuntime' },
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
    pattern: /\bam_crash\b[^[]{0,20}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/,
  },
  // React Native, of a bundle that lacks what native code starts, or the other way round
  { sign: 'crash', needle: 'has not been registered. This can happen if' },
  { sign: 'crash', needle: 'TurboModuleRegistry.getEnforcing' },
  { sign: 'crash', needle: 'Unable to load script' },
  // Hermes, of a bundle that is none
  { sign: 'crash', needle: 'Compiling JS failed' },
  {
    sign: 'crash',
    needle: 'Fatal signal',
    pattern: /Fatal signal \d+ .*?\bpid (?<pid>\d+)(?: \((?<process>[^)]*)\))?/,
  },
  { sign: 'crash', needle: '"bug_type"', pattern: /"bug_type"\s*:\s*"(?:309|109|327)"/ },
  { sign: 'ended-by-system', needle: 'ANR in ', pattern: /ANR in (?<process>[\w.:]*)/ },
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
    pattern: /\bam_kill\b[^[]{0,20}\[\d+,(?<pid>\d+),(?<process>[^,\]]*)/,
  },
  { sign: 'ended-by-system', needle: 'watchdog transgression' },
  { sign: 'ended-by-system', needle: 'has active assertions beyond permitted time' },
  { sign: 'ended-by-system', needle: '8badf00d' },
  { sign: 'ended-by-system', needle: '8BADF00D' },
  { sign: 'ended-by-system', needle: '2343432205' },
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
  { sign: 'ended-by-system', needle: 'onStopJob', pattern: /reason|stopReason|timeout|preempt/i },
  { sign: 'ended-by-system', needle: 'Client timed out while executing' },
  {
    sign: 'ended-by-system',
    needle: 'JobServiceContext',
    pattern:
      /Timed out while trying to bind|No response to on(?:Start|Stop)Job|Stopping client after min execution time|JS was waiting to stop this job/,
  },
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
  {
    sign: 'process-start',
    needle: 'Start proc ',
    pattern: /Start proc (?<pid>\d+):(?<process>[^\s/]+)/,
  },
  {
    sign: 'process-start',
    needle: 'am_proc_start',
    pattern: /\bam_proc_start\b[^[]{0,20}\[\d+,(?<pid>\d+),\d+,(?<process>[^,\]]*)/,
  },
];

/** Each of seven bytes or more. One of these is in every line that {@link parseSystemLine} knows. */
export const SYSTEM_NEEDLES: readonly string[] = [...new Set(PHRASES.map(({ needle }) => needle))];

/** How the logs write who wrote a line; the rest is its text. */
const PREFIXES: readonly RegExp[] = [
  // logcat -v threadtime, with or without a year, a user and a zone
  /^(?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d+(?:\s[+-]\d{4})?\s+(?:\S+\s+)?(?<pid>\d+)\s+\d+\s[VDIWEFA]\s+(?<tag>(?:[^:\s][^:]*)?): ?/,
  // Android Studio’s console: date time pid-tid tag package level
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\s+(?<pid>\d+)-\d+\s+(?<tag>\S+)\s+\S+\s+[VDIWEFA]\s+/,
  // logcat -v brief, time, tag
  /^(?:\d\d-\d\d \d\d:\d\d:\d\d\.\d+ )?[VDIWEFA]\/(?<tag>[^(:]*)(?:\(\s*(?<pid>\d+)\))?: ?/,
  // NSLog in Xcode’s console, log --style compact and syslog
  /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*|\w{3}\s+\d+ \d\d:\d\d:\d\d)\s+(?:[A-Z][a-z]?\s+)?(?:[\w.-]+\s+)?(?<tag>[\w.-][\w .-]*)\[(?<pid>\d+)(?::\w+)?\]:?\s*(?:\([^)]*\)\s*)?(?:<\w+>:\s*)?/,
  // log show’s default style: time thread type activity pid ttl process:
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*\s+0x[\da-f]+\s+\w+\s+0x[\da-f]+\s+(?<pid>\d+)\s+\d+\s+(?<tag>[^:\s][^:]*): ?/,
];

/** The system’s own activities, of which dasd tells as of an app’s: `com.apple.cloudkit.fetch:1A2B3C:[`. */
const OF_APPLE = /(?:^|[\s:])(?:\w{1,40}-)?com\.apple\.[\w.-]{1,200}:[0-9A-F]{6}\b/;

/** Whose logs tell of the components of all apps. */
const WRITERS_OF_THE_SYSTEM =
  /^(?:ActivityManager|JobServiceContext|JobScheduler\b.*|JobStatus|JobInfo)$/;

/** The app of a component as AOSP writes it: `com.example.app/.SyncService`. */
const COMPONENT = /(?<![\w./])([a-z]\w{0,63}(?:\.\w{1,63}){1,9})\/[\w.$]/;

/** What {@link readReports} adds to the first line of a report. */
const REPORT = new RegExp(`"${REPORT_SAYS}":("(?:[^"\\\\]|\\\\.)*")`);

function reportSays(line: string): string {
  const [, says] = REPORT.exec(line) ?? [];
  try {
    return says === undefined ? '' : String(JSON.parse(says));
  } catch {
    return '';
  }
}

/** How much of a line is quoted. */
const MOST_TEXT = 300;

/** The message of a line that is JSON: `message`, `eventMessage` (Apple’s log), `log` (Docker), `msg` (pino). */
function unwrapJson(
  line: string,
): { readonly text: string; readonly pid: number | undefined } | undefined {
  const [, literal] =
    /"(?:eventMessage|composedMessage|message|log|msg)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
  if (literal === undefined) return undefined;
  const pid = /"(?:processID|pid)"\s*:\s*(\d+)/.exec(line)?.[1];
  try {
    return { text: String(JSON.parse(literal)), pid: pid === undefined ? undefined : Number(pid) };
  } catch {
    return undefined;
  }
}

/**
 * Reads a line of logcat, of Apple’s log in any style, or JSON around one, for what the system says of background work.
 *
 * @returns undefined where it says nothing of it
 */
export function parseSystemLine(raw: string): SystemLine | undefined {
  const line = raw.slice(0, 16_384);
  const phrase = PHRASES.find(
    ({ needle, pattern }) => line.includes(needle) && pattern?.test(line) !== false,
  );
  if (phrase === undefined) return undefined;
  if (phrase.sign === 'held-back' && OF_APPLE.test(line)) return undefined;
  const json = /^\s*[[{,"]/.test(line) ? unwrapJson(line) : undefined;
  const inner = json?.text ?? line.trim();
  const head = PREFIXES.map((prefix) => prefix.exec(inner)).find((match) => match !== null);
  const tag = head?.groups?.tag?.trimEnd() ?? /"tag"\s*:\s*"([^"]*)"/.exec(line)?.[1];
  const message = inner.slice(head?.[0].length ?? 0);
  const { sign, check, pattern } = phrase;
  const told = (pattern?.exec(line)?.groups ?? {}) as Partial<Record<'pid' | 'process', string>>;
  const { pid: named } = told;
  const component = WRITERS_OF_THE_SYSTEM.test(tag ?? '')
    ? COMPONENT.exec(message)?.[1]
    : undefined;
  const process = told.process ?? component;
  const written = head?.groups?.pid;
  // Who writes of a process by name is another one.
  const writer =
    process !== undefined ? undefined : written === undefined ? json?.pid : Number(written);
  const pid = named === undefined ? writer : Number(named);
  const base = {
    kind: 'system' as const,
    sign,
    pid,
    ...(process === undefined || process === '' ? {} : { process }),
    ...(check === undefined ? {} : { check }),
  };
  if (phrase.needle === 'AndroidRuntime') {
    // The shell starts a virtual machine for am and pm, which logs under this name.
    if (tag !== 'AndroidRuntime' && !message.includes('FATAL EXCEPTION')) return undefined;
    if (/Shutting down VM|Calling main entry|>>>>>|VM exiting|Using default boot/.test(message))
      return undefined;
    const part = message.includes('FATAL EXCEPTION') ? ('start' as const) : ('more' as const);
    const [, crashed] = /\bProcess: ([\w.:]+), PID: \d+/.exec(message) ?? [];
    const named = crashed === undefined ? base : { ...base, process: crashed };
    return { ...named, text: message.slice(0, 4096), part };
  }
  if (tag === 'AndroidRuntime') return { ...base, text: quote(message), part: 'more' };
  const app =
    phrase.needle === '"bug_type"'
      ? /"(?:app_name|name)"\s*:\s*"([^"]*)"/.exec(line)?.[1]
      : undefined;
  if (phrase.needle === '"bug_type"') {
    const what =
      sign === 'crash'
        ? `crash report of ${app ?? 'an app'}`
        : 'the system ran out of memory (JetsamEvent)';
    const told = reportSays(line);
    return { ...base, text: told === '' ? what : quote(`${what}: ${told}`) };
  }
  return { ...base, text: quote(message) };
}

const quote = (text: string): string => (text.split('\n')[0] ?? '').trim().slice(0, MOST_TEXT);
