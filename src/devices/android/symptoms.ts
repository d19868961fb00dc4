import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import { WORKER_CLASS } from './app.ts';
import type { LogRecord } from './parse-logcat.ts';

/** What logcat shows besides our own lines while a run is waited for. */
export const SYMPTOM_SPECS = [
  'AndroidRuntime:E',
  'WM-WorkerWrapper:D',
  'WM-WorkerFactory:E',
  'ReactNative:W',
  'ReactNativeJS:E',
];

const MAX_FRAMES = 6;

/** How long a crash's frames may take to arrive. Milliseconds. */
const CRASH_MS = 400;

const NO_METRO =
  /Unable to load script|Could not connect to development server|Failed to connect to .{0,300}:8081/;

interface Crash {
  readonly pid: number;
  isOurs: boolean;
  readonly lines: string[];
}

/** Reads reasons out of the system's log that no event of ours can tell. */
export class Symptoms {
  /** React Native could not load its bundle from Metro. */
  isMetroMissing = false;
  private readonly packageName: string;
  private readonly onFailure: (error: UserError) => void;
  private crash: Crash | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(packageName: string, onFailure: (error: UserError) => void) {
    this.packageName = packageName;
    this.onFailure = onFailure;
  }

  add({ tag, message, pid }: LogRecord): void {
    if (tag === 'AndroidRuntime') this.readCrash(pid, message);
    else if (NO_METRO.test(message)) this.isMetroMissing = true;
    else if (tag.startsWith('WM-')) this.readWorkManager(message);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private readWorkManager(message: string): void {
    if (/Could not (?:create|instantiate)/.test(message) && message.includes(WORKER_CLASS)) {
      this.onFailure(
        new UserError(`WorkManager could not create the worker: ${message}.`, {
          hint: 'A WorkerFactory of the app does not know it (return null from createWorker for others), or the build removed the class: check its keep rules.',
          exitCode: ExitCode.failed,
        }),
      );
    } else if (message.startsWith(`Delaying execution for ${WORKER_CLASS} `)) {
      this.onFailure(
        new UserError(
          'WorkManager refused: the periodic work is not due yet, so it did not run the worker.',
          {
            hint: 'Use a debug build, whose hook runs a one-time twin of the work; or wait until `npx bgsync status --platform android` shows it as due.',
            exitCode: ExitCode.refused,
          },
        ),
      );
    }
  }

  /** `FATAL EXCEPTION: thread`, `Process: PACKAGE, PID: 1`, the exception, its frames: a record each. */
  private readCrash(pid: number, message: string): void {
    if (message.startsWith('FATAL EXCEPTION')) {
      this.crash = { pid, isOurs: false, lines: [] };
      return;
    }
    const { crash } = this;
    if (crash?.pid !== pid) return;
    const [, name] = /^Process: ([^,\s]+)/.exec(message) ?? [];
    if (name !== undefined) {
      // A process of the app's may have a name of its own: PACKAGE:remote.
      crash.isOurs = name === this.packageName || name.startsWith(`${this.packageName}:`);
      return;
    }
    if (!crash.isOurs || crash.lines.length >= MAX_FRAMES) return;
    crash.lines.push(message.trim());
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => this.reportCrash(crash.lines),
      crash.lines.length < MAX_FRAMES ? CRASH_MS : 0,
    );
  }

  private reportCrash([what = 'an exception', ...frames]: readonly string[]): void {
    this.crash = undefined;
    this.onFailure(
      new UserError(`The app crashed: ${what}${frames.map((frame) => `\n    ${frame}`).join('')}`, {
        hint: 'The whole trace: `adb logcat -b crash -d`.',
        exitCode: ExitCode.failed,
      }),
    );
  }
}
