import { nameOf, onEvents, onMostRuns, onRuns } from './signal.ts';
import type { Signal } from './signal.ts';

/** These never got to their end: they say nothing about how long the work takes. */
const HELD_RUNS = new Set(['skipped', 'killed']);

export const killed: Signal = {
  id: 'R01',
  title: 'No run dies with its process',
  severity: 'warning',
  why: 'What the run had not finished is lost until the next window, and a process that dies again and again is started less and less often.',
  source: 'https://developer.android.com/reference/android/app/ApplicationExitInfo',
  fix: 'Find out what ended it: a crash in the system’s log at that time (`adb logcat -b crash`, `adb shell dumpsys activity exit-info PACKAGE`; on iOS the crash reports in Xcode), or memory.',
  explain:
    'A run that starts writes `run.start`, and the next process finds it open where no `run.end` followed: the process died in mid-run. A crash in the app’s code, too much memory in the background, the watchdog of iOS (0x8badf00d), a swipe from the recent apps on some phones, and an update of the app all look like this.\n\nNow and then it is normal. When it stands at every other run, it is a defect: Android counts it as a failure and waits longer each time.',
  watch: onRuns(({ outcome }) =>
    outcome === 'killed' ? 'its process died while it was open' : undefined,
  ),
};

export const mostExpire: Signal = {
  id: 'R02',
  title: 'Runs end before their window closes',
  severity: 'warning',
  why: 'A sync that is cut off each time gets through little of its queue, and both platforms take it for one that fails.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtask/expirationhandler',
  fix: 'Drain in smaller steps and keep what is done; give every request a limit; raise `android.budgetSeconds` and `ios.budgetSeconds` if the platform’s window is longer.',
  explain:
    'More than half of the runs in this log ended as `expired`. Either each item takes too long (a slow server, uploads without a limit), or the budget is smaller than what a usual queue needs.\n\nAndroid gives ten minutes, of which `budgetSeconds` is used; iOS gives minutes that nobody promises. Items that were sent before the end are not lost if the queue removes them one by one.',
  watch: onMostRuns(
    4,
    ({ outcome = '' }) => outcome !== '' && !HELD_RUNS.has(outcome),
    ({ outcome }) => outcome === 'expired',
    'ended because the window closed',
  ),
};

export const timedOut: Signal = {
  id: 'R05',
  title: 'No run uses up Android’s ten minutes',
  severity: 'error',
  why: 'Our own budget ends a run long before; when the system has to, native code was blocked, and the app may be put into a lower standby bucket.',
  source: 'https://developer.android.com/reference/androidx/work/WorkInfo#STOP_REASON_TIMEOUT()',
  fix: 'Look for code that blocks the process for minutes (a lock, synchronous I/O on the main thread), and set `android.budgetSeconds` back to 180.',
  explain:
    'WorkManager stopped the run with STOP_REASON_TIMEOUT: it lasted ten minutes. The generated worker closes the window after `android.budgetSeconds`, at most 480, so this cannot happen unless its timers could not run: the process was frozen or starved of CPU, or its main thread was blocked.',
  watch: onEvents(({ ev, why, run = '?' }) =>
    ev === 'expire' && why === 'timeout' ? `run ${run} was stopped at Android’s limit` : undefined,
  ),
};

export const sameDepth: Signal = {
  id: 'R15',
  title: 'Runs that succeed make the queue shorter',
  severity: 'warning',
  why: 'A drain that reports success while the same items remain syncs nothing, and comes back every quarter of an hour for it.',
  source: 'https://developer.android.com/topic/performance/vitals/excessive-background-work',
  fix: 'Look at the first item: one that can never be sent has to be set aside. If the queue is not empty and nothing can be done, return `retry`, so that the schedule backs off.',
  explain:
    'Three or more runs in a row ended `done` with the same number of items left. Usually one poisoned item at the head of the queue makes the drain stop each time, or the drain returns the length of the queue without having touched it.',
  watch: () => {
    let last = -1;
    let count = 0;
    let first: { readonly line: number; readonly text: string } | undefined;
    let worst: { readonly line: number; readonly count: number; readonly text: string } | undefined;
    return {
      run(run) {
        const { outcome, remaining = -1, line, ts } = run;
        if (outcome === 'skipped') return;
        const isSame = outcome === 'done' && remaining > 0 && remaining === last;
        last = outcome === 'done' && remaining > 0 ? remaining : -1;
        if (!isSame || first === undefined) {
          count = 1;
          first = { line, text: nameOf(run, ts) };
          return;
        }
        count += 1;
        if (count >= 3 && count > (worst?.count ?? 0)) {
          worst = { line: first.line, count, text: `${remaining} items, from ${first.text} on` };
        }
      },
      finish: () =>
        worst && {
          line: worst.line,
          message: `${worst.count} runs in a row ended done and left the same ${worst.text}`,
        },
    };
  },
};

export const lateAnswer: Signal = {
  id: 'R16',
  title: 'The handler stops when its window closes',
  severity: 'warning',
  why: 'Work that goes on after the window is done behind the platform’s back: it can be frozen in the middle of a request, and what it reports is ignored.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtask/settaskcompleted(success:)',
  fix: 'Look at `signal.aborted` between two items, and hand `signal` to every `fetch`.',
  explain:
    'The handler answered after its run was over (`late`). When the platform closes a window, `signal` is aborted and the run ends as `expired` at once; a handler that does not look at `signal` works on until the process is frozen, which may be hours before it goes on, in the middle of a request.',
  watch: onEvents(({ ev, run = '?', out = 'something' }) =>
    ev === 'late' ? `the handler answered ${out} after run ${run} was over` : undefined,
  ),
};

export const overlap: Signal = {
  id: 'R17',
  title: 'One run at a time',
  severity: 'error',
  why: 'Two drains at once send items twice and overwrite each other’s state.',
  source: 'docs/handler.md, "What it is given"',
  fix: 'Drain through `BackgroundSync.drainNow()` in the foreground too. If you changed the generated package, compare it: `npx bgsync doctor --only X01`.',
  explain:
    'A run started while another one of the same process was open. The generated gate lets one run in at a time, the foreground’s own drain included, and refuses others with `run.skip why=busy`: only changed or foreign code can write such a log.',
  watch: onRuns(({ overlappedBy }) =>
    overlappedBy === undefined ? undefined : `run ${overlappedBy} started while it was open`,
  ),
};
