import type { SyncEvent } from '../../events/event.ts';
import type { SystemLine, SystemSign } from '../../events/system-lines.ts';

type Platform = 'android' | 'ios';

/** What has to be in a log for a signal to be looked for: what is not there has not passed. */
interface Need {
  readonly what: 'events' | 'runs' | 'lines';
  /** Of the one platform that it is about. */
  readonly of?: Platform;
}

const EVENTS: Need = { what: 'events' };
const RUNS: Need = { what: 'runs' };
const LINES: Need = { what: 'lines' };
const android = (need: Need): Need => ({ ...need, of: 'android' });
const ios = (need: Need): Need => ({ ...need, of: 'ios' });

/** Of each signal. */
export const NEEDS: Readonly<Record<string, Need>> = {
  R01: RUNS,
  R02: RUNS,
  R03: android(RUNS),
  R04: android(EVENTS),
  R05: android(RUNS),
  R06: ios(EVENTS),
  R07: ios(EVENTS),
  R08: EVENTS,
  R09: RUNS,
  R10: EVENTS,
  R11: RUNS,
  R12: RUNS,
  R13: EVENTS,
  R14: RUNS,
  R15: RUNS,
  R16: RUNS,
  R17: RUNS,
  R18: ios(RUNS),
  R19: LINES,
  R20: ios(LINES),
  R21: ios(LINES),
  R22: android(LINES),
  R23: android(LINES),
  R24: LINES,
  R25: LINES,
  R26: ios(LINES),
  R27: LINES,
  R28: android(LINES),
  R29: ios(LINES),
};

const SIGNS: Readonly<Partial<Record<SystemSign, Platform>>> = {
  'process-start': 'android',
  'worker-creation': 'android',
  'foreground-service': 'android',
  'work-failed': 'android',
  'launch-handler': 'ios',
  'request-refused': 'ios',
  'held-back': 'ios',
  'not-finished': 'ios',
};

/** `Worker result SUCCESS for Work […]` of androidx.work, and the exceptions of Java. */
const OF_ANDROID = /^(?:Worker result |Starting work for |FATAL EXCEPTION)/;

const NAMES: Readonly<Record<Platform, string>> = { android: 'Android', ios: 'iOS' };

/** What there was to look at in a log. */
export class Seen {
  private readonly platforms = new Set<string>();
  private hasRuns = false;
  private events = 0;
  private lastLine = 0;
  private hasSystemLines = false;

  event({ plat, run }: SyncEvent, line: number): void {
    this.events += 1;
    this.lastLine = Math.max(this.lastLine, line);
    this.platforms.add(plat);
    if (run !== undefined) this.hasRuns = true;
  }

  line({ sign, text }: SystemLine): void {
    this.hasSystemLines = true;
    const platform = SIGNS[sign] ?? (OF_ANDROID.test(text) ? 'android' : undefined);
    if (platform !== undefined) this.platforms.add(platform);
  }

  /** @returns why a signal had nothing to look at; undefined where it had */
  whyUnseen(id: string): string | undefined {
    const { what, of } = NEEDS[id] ?? EVENTS;
    // The output of `trigger --json`, or the app’s own record: nothing else can be in it.
    if (what === 'lines' && !this.hasSystemLines && this.lastLine <= this.events) {
      return 'the log has bgsync’s own events alone';
    }
    if (what !== 'lines' && this.events === 0) return 'no event of bgsync is in the log';
    if (of !== undefined && !this.platforms.has(of)) {
      return `nothing in the log is known to be of ${NAMES[of]}`;
    }
    return what === 'runs' && !this.hasRuns ? 'no run is in the log' : undefined;
  }
}
