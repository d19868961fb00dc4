import type { SystemLine, SystemSign } from '../../events/system-lines.ts';
import { Tally } from './signal.ts';
import type { Signal, Watcher } from './signal.ts';

const times = (count: number): string =>
  count === 1 ? '' : ` (${count} times, this is the first)`;

const tie = (text: string, during: string | undefined): string =>
  during === undefined ? text : `${text}; run ${during} was open in that process`;

/** A signal that is about lines of the system’s of one kind. */
const onLines = (sign: SystemSign) => (): Watcher => {
  /** By the check that explains them: lines of one sign may have several causes. */
  const kinds = new Map<string | undefined, Tally>();
  /** A line that others may go on with. */
  let last:
    | { readonly found: SystemLine; readonly line: number; during: string | undefined }
    | undefined;
  let more = '';
  const close = (): void => {
    if (last === undefined) return;
    const { found, line, during } = last;
    const tally = kinds.get(found.check) ?? new Tally();
    kinds.set(found.check, tally);
    tally.add(line, tie(`${found.text}${more}`, during));
    last = undefined;
    more = '';
  };
  return {
    system(found, line, during) {
      if (found.sign !== sign) return;
      // AndroidRuntime’s are lines of a crash, each of which is told of.
      if (
        found.part === 'more' &&
        last?.found.part === undefined &&
        found.text.startsWith('Reason: ')
      ) {
        more = ` ${found.text}`;
        return;
      }
      close();
      last = { found, line, during };
    },
    finish() {
      close();
      const [first, ...others] = [...kinds].map(([check, tally]) => ({
        check,
        sighting: tally.sighting((text, count) => text + times(count)),
      }));
      if (first?.sighting === undefined) return undefined;
      const told = others.flatMap(({ check, sighting }) =>
        sighting === undefined
          ? []
          : [`; line ${sighting.line}: ${sighting.message}${explained(check)}`],
      );
      const { check, sighting } = first;
      const message = [sighting.message, explained(check), ...told].join('');
      if (check === undefined) return { ...sighting, message };
      const repo = [...kinds.keys()].filter((one) => one?.startsWith('R') === false);
      return {
        ...sighting,
        message,
        fix: check.startsWith('R')
          ? `Read \`npx bgsync doctor --explain ${check}\`.`
          : `Run \`npx bgsync doctor --only ${repo.join(',')}\` in the repo of that build; \`npx bgsync doctor --explain ${check}\` tells the whole story.`,
      };
    },
  };
};

const explained = (check: string | undefined): string =>
  check === undefined ? '' : `; ${check} explains it`;

const FRAMEWORK =
  /^(?:android|androidx|java|javax|kotlin|kotlinx|dalvik|libcore|sun|com\.android|com\.google\.android|com\.facebook|expo\.modules|okhttp3|retrofit2)\./;

/** Images of iOS’s own and of React Native’s in a stack. */
const SYSTEM_IMAGE =
  /^(?:lib.*\.dylib|dyld|CoreFoundation|Foundation|CFNetwork|UIKit(?:Core)?|SwiftUI(?:Core)?|QuartzCore|BackgroundTasks|FrontBoardServices|GraphicsServices|BaseBoard|React|hermes|\?\?\?)$/;

/** `at com.a.B.c(B.kt:1)`, `5   Demo  0x0000000104a3  drain() + 44 (Sync.swift:31)`, `drain@index.bundle:1:234`. */
function frameIn(text: string): { readonly frame: string; readonly isOwn: boolean } | undefined {
  const [, java] = /^\s*at\s+([^\s(]+ ?\([^)]*\))/.exec(text) ?? [];
  if (java !== undefined) return { frame: java, isOwn: !FRAMEWORK.test(java) };
  const [, image, apple] =
    /^\s*\d{1,3}\s+(\S{1,100})\s+0x[\da-f]{6,16}\s+(.{1,300})/.exec(text) ?? [];
  if (image !== undefined) {
    return { frame: `${image}: ${(apple ?? '').trim()}`, isOwn: !SYSTEM_IMAGE.test(image) };
  }
  const [script] = /^\s*[\w$.<>]{1,200}@(?:\S{1,200}:)?\d+:\d+/.exec(text) ?? [];
  return script === undefined ? undefined : { frame: script.trim(), isOwn: true };
}

/** Without what its place says of it. */
const causeOf = (text: string): string =>
  text
    .trim()
    .replace(/^(?:Fatal Exception: |Exception (?=[a-z])|Exception Type:\s+)/, '')
    .slice(0, 300);

interface Crash {
  readonly line: number;
  readonly during: string | undefined;
  cause: string | undefined;
  frame: string | undefined;
}

const EXCEPTION = /^[\w.$]{1,200}\.\w{1,100}(?:Exception|Error)\b/;

/** Far more lines than a report has before its first frame of the app. */
const MOST_LINES = 200;

/** Puts together what Android prints of a crash line by line: its exception, and the app’s first frame. */
function watchCrashes(): Watcher {
  const tally = new Tally();
  let open: (Crash & { left: number }) | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const frame = open.frame === undefined ? '' : `, at ${open.frame}`;
    tally.add(open.line, tie(`${open.cause ?? 'FATAL EXCEPTION'}${frame}`, open.during));
    open = undefined;
  };
  const take = (text: string): void => {
    if (open === undefined) return;
    for (const part of text.split('\n')) {
      const found = frameIn(part);
      // The text form of iOS has the other threads before it.
      if (/^Thread \d+ Crashed/.test(part)) open.frame = undefined;
      if (found !== undefined) {
        if (found.isOwn) open.frame ??= found.frame;
      } else if (!/FATAL EXCEPTION|^\s*Process:|^\s*PID:|^\s*\.\.\. \d+ more/.test(part)) {
        open.cause ??= part.trim() === '' ? undefined : causeOf(part);
      }
    }
  };
  return {
    system(found: SystemLine, line, during) {
      if (found.sign !== 'crash') {
        // The exception of a report may be of another kind, and is told there.
        if (found.part === 'more' && open !== undefined) open.cause ??= found.text;
        return;
      }
      if (found.part === 'more') {
        // A paste may begin in the middle of a report.
        if (open === undefined && EXCEPTION.test(found.text)) {
          open = { line, during, cause: undefined, frame: undefined, left: MOST_LINES };
        }
        if (open === undefined) return;
        take(found.text);
        open.left -= 1;
        if (open.left === 0) close();
        return;
      }
      close();
      if (found.part === 'start') {
        open = { line, during, cause: undefined, frame: undefined, left: MOST_LINES };
        take(found.text);
      } else tally.add(line, tie(found.text, during));
    },
    finish() {
      close();
      return tally.sighting((text, count) => text + times(count));
    },
  };
}

/** What the systems and the libraries say by themselves, with or without an event of ours beside it. */
export const SYSTEM_SIGNALS: readonly Signal[] = [
  {
    id: 'R19',
    title: 'The app does not crash',
    severity: 'error',
    why: 'A crash ends the run that is open; after some, Android holds the app back, and iOS starts it less and less often.',
    source: 'https://developer.android.com/topic/performance/vitals/crash',
    fix: 'Mend the exception that is named; the first frame of the app’s own code is where to look.',
    explain:
      'The log has a crash report: of Android (`FATAL EXCEPTION`, a fatal signal), of iOS (`Terminating app due to uncaught exception`, an .ips file), or of React Native (`Unhandled JS Exception`).\n\nWhere a run of the background sync was open in the same process, it is named: it died with it, and is closed as killed at the next start.',
    watch: watchCrashes,
  },
  {
    id: 'R20',
    title: 'iOS finds one launch handler for each task',
    severity: 'error',
    why: 'A task that iOS starts and that has no launch handler ends the app with an exception.',
    source:
      'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/register(fortaskwithidentifier:using:launchhandler:)',
    fix: 'Register the launch handler of the id in application(_:didFinishLaunchingWithOptions:), once.',
    explain:
      'BGTaskScheduler says so itself: no launch handler is registered for the id that it started the app for, or one is registered after the launch or a second time. The repo’s checks I06, I07 and I08 find where.',
    watch: onLines('launch-handler'),
  },
  {
    id: 'R21',
    title: 'BGTaskScheduler accepts the app’s requests',
    severity: 'error',
    why: 'A request that is refused is never run.',
    source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code',
    fix: 'Code 1: Background App Refresh is off, or it is a Simulator. Code 2: too many requests. Code 3: the id or the mode is not in the Info.plist.',
    explain:
      'The log has an error of the domain BGTaskSchedulerErrorDomain, from whichever library submitted the request. Code 1 is unavailable, 2 too many pending requests, 3 not permitted: the id is not in BGTaskSchedulerPermittedIdentifiers, or UIBackgroundModes lacks the mode.',
    watch: onLines('request-refused'),
  },
  {
    id: 'R22',
    title: 'WorkManager can make the workers',
    severity: 'error',
    why: 'A worker that cannot be made fails at once, each time, and its work is never done.',
    source: 'https://developer.android.com/reference/androidx/work/WorkerFactory',
    fix: 'Give the worker a constructor (Context, WorkerParameters), or set a WorkerFactory that makes it; with Hilt, @HiltWorker, the HiltWorkerFactory, and the default initializer removed. A class that was renamed stays in the database under its old name.',
    explain:
      'WorkManager makes a worker by its class’s name and its constructor (Context, WorkerParameters). NoSuchMethodException means that the constructor is another one and no WorkerFactory made it; ClassNotFoundException that the class is gone, renamed or shrunk away by R8.',
    watch: onLines('worker-creation'),
  },
  {
    id: 'R23',
    title: 'Android lets the app’s services start',
    severity: 'error',
    why: 'A foreground service without its type or its permission, or a service that is started in the background, ends with an exception.',
    source: 'https://developer.android.com/develop/background-work/services/fgs/troubleshooting',
    fix: 'Give the service android:foregroundServiceType and ask for the permission of that type; start it while the app is in the foreground, or use WorkManager.',
    explain:
      'From Android 14 on a foreground service has to have a type, and the app the permission FOREGROUND_SERVICE_ with the type’s name. From Android 12 on one may not be started from the background, from Android 8 on no service at all ("Not allowed to start service"). A service that was started in the foreground has to call startForeground within seconds. From Android 15 on one of the type dataSync has six hours in a day, a shortService three minutes: one that does not stop when its time is over ends the app ("did not stop within its timeout").',
    watch: onLines('foreground-service'),
  },
  {
    id: 'R24',
    title: 'JavaScript knows the task that is started',
    severity: 'error',
    why: 'Native code started a task, and nothing in JavaScript has that name: the run does nothing.',
    source: 'https://docs.expo.dev/versions/latest/sdk/task-manager/',
    fix: 'Define the task at the top level of a file that the entry file imports, under the name that it is registered with.',
    explain:
      'Expo says that a task "has been executed but looks like it is not defined", React Native that there is "No task registered for key". The name may differ, or the code that defines it is not loaded in a background launch, where no component is rendered.',
    watch: onLines('task-unknown'),
  },
  {
    id: 'R25',
    title: 'The system lets the app’s work come to its end',
    severity: 'warning',
    why: 'What the system ends goes on in the next window at best; a process that is ended again and again is started less often.',
    source: 'https://developer.android.com/topic/performance/vitals/anr',
    fix: 'Look at the reason: an ANR or 0x8badf00d is a blocked main thread, memory is memory, a job’s stop reason says which limit it met.',
    explain:
      'The log tells that the system ended a process or a job: “Application Not Responding”, the watchdog of iOS (0x8badf00d), a lack of memory (lowmemorykiller, jetsam), a job that met its limit, or a process that died.\n\nNow and then it is normal for an app in the background. Where a run was open it is named.',
    watch: onLines('ended-by-system'),
  },
  {
    id: 'R26',
    title: 'The scheduler of iOS lets tasks start',
    severity: 'info',
    why: 'The scheduler weighs the device’s state and the user’s habits, and put the task off.',
    source: 'https://developer.apple.com/videos/play/wwdc2019/707/',
    fix: 'Nothing in the code: charge the device, use the app, and wait. To try the code itself, `npx bgsync trigger`.',
    explain:
      'dasd, the scheduler of iOS, writes its decisions into the system’s log: “Must Not Proceed” with the policy that held the task back (charging, network, energy budget, app usage). A task that is always held back runs when these change.',
    watch: onLines('held-back'),
  },
  {
    id: 'R27',
    title: 'No worker or task throws',
    severity: 'error',
    why: 'Work whose worker throws counts as failed. Periodic work of androidx.work 2.10 never runs again, a chain ends there. A task of expo-task-manager that throws counts as failed, too.',
    source: 'https://developer.android.com/reference/androidx/work/ListenableWorker.Result',
    fix: 'Catch in doWork what the work may throw, and return Result.retry().',
    explain:
      'WorkManager writes "Work [ id=…, tags={ … } ] failed because it threw an exception/error", with the exception behind it: doWork let it out. The app goes on, and nothing shows it but this line. The repo’s check A16 finds what is thrown out of a worker. expo-task-manager writes `TaskManager: Task "…" failed:` of a task whose promise is rejected.',
    watch: onLines('worker-threw'),
  },
  {
    id: 'R28',
    title: 'Android takes the app’s work, and it succeeds',
    severity: 'warning',
    why: 'Work that is refused never runs; work that fails ends its chain, and work that asks for a retry waits longer each time.',
    source:
      'https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/states',
    fix: 'Look at what the worker that is named answers, and why; where the system refused, at the reason that stands there.',
    explain:
      'WorkManager writes of every run “Worker result SUCCESS”, “FAILURE” or “RETRY”. The log has one of the last two, from a worker that is not bgsync’s, or says that JobScheduler, AlarmManager or WorkManager did not take what the app asked for: too many jobs, constraints that exclude each other, a service or a permission that the manifest lacks.',
    watch: onLines('work-failed'),
  },
  {
    id: 'R29',
    title: 'What is begun in the background on iOS is ended',
    severity: 'warning',
    why: 'iOS ends an app that does not say when it is done, and starts it less often.',
    source:
      'https://developer.apple.com/documentation/uikit/extending-your-app-s-background-execution-time',
    fix: 'Call the completion handler, or endBackgroundTask, on every path, and in the expiration handler as well.',
    explain:
      'UIKit says of a completion handler that it was never called, or of a task of beginBackgroundTask that it is open for more than 30 seconds, or after its expiration handler was called.',
    watch: onLines('not-finished'),
  },
];
