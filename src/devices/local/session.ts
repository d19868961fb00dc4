import { setTimeout as delay } from 'node:timers/promises';
import { syncsOf } from '../../config.ts';
import type { Config } from '../../config.ts';
import type { SyncEvent } from '../../events/event.ts';
import type { Language } from '../../language.ts';
import type { FileSystem } from '../../file-system.ts';
import type { BatteryState } from '../../schedule/policy.ts';
import type { ProcessOptions } from './app-process.ts';
import { AppProcess, describeExit } from './app-process.ts';
import { Scratch } from './child-process.ts';
import { DartProgram } from './dart/program.ts';
import { LocalDevice } from './device.ts';
import type { LocalNetwork, OpenRun, RunEnd } from './device.ts';
import type { Prelude } from './protocol.ts';
import type { RunWindow, WindowLimits } from './window.ts';

export interface SessionOptions {
  readonly fs: FileSystem;
  /** The app's root, absolute. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Config;
  /** `path:line` at which the handler still is as bgsync made it, and sends nothing. */
  readonly unfilled?: string | undefined;
  /** What the entry file does before the handler is loaded. */
  readonly prelude?: Prelude | undefined;
  /** What the handler is written in. */
  readonly language: Language;
  readonly window: WindowLimits;
  readonly battery: BatteryState;
  readonly network: LocalNetwork;
  /** A window opens only where what the app needs for one is there. */
  readonly respectsConstraints: boolean;
  /** The name of the sync whose windows come; the first where it is left out. */
  readonly task?: string | undefined;
  /** Where all requests of the handler go; undefined: where it sends them. */
  readonly server?: string | undefined;
  /** Windows, one after the other. */
  readonly runs: number;
  /** The process dies this long after the first `js.start`. Milliseconds. */
  readonly killAfterMs: number | undefined;
  /** What loading and registering may take. Milliseconds. */
  readonly bootMs: number;
  /** How long a process is left alive after the end of a run for a late answer, or for `onRun`. Milliseconds. */
  readonly lingerMs: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Where stand-ins for native modules keep their files, absolute; it outlives the session. */
  readonly dataFolder: string;
}

export interface SessionListener {
  event(event: SyncEvent): void;
  /** One line that the app printed, unsafe to print as it is. */
  output(line: string): void;
  /** What no event says, for people. */
  note(text: string): void;
  /** The app's own files that a process loads, absolute. */
  loaded?(files: readonly string[]): void;
}

export type SessionResult =
  | { readonly kind: 'ended'; readonly last: RunEnd }
  | {
      readonly kind: 'not-loaded';
      readonly why: 'load-failed' | 'not-registered' | 'js-timeout';
      readonly message: string;
      readonly hint: string;
    }
  | { readonly kind: 'interrupted' };

/** Runs the handler in as many windows as asked for, and leaves no process behind. */
export async function runSession(
  options: SessionOptions,
  listener: SessionListener,
): Promise<SessionResult> {
  const dart = options.language === 'dart' ? await DartProgram.create(options) : undefined;
  const scratch = dart ?? (await Scratch.create(options.fs, options.root));
  const tsconfig = scratch instanceof Scratch ? scratch.tsconfig : '';
  const session = new Session(options, listener, tsconfig, dart);
  let stop: () => void = () => undefined;
  const interrupted = new Promise<SessionResult>((resolve) => {
    stop = () => resolve({ kind: 'interrupted' });
    options.signal.addEventListener('abort', stop);
    if (options.signal.aborted) stop();
  });
  try {
    return await Promise.race([session.run(), interrupted]);
  } finally {
    options.signal.removeEventListener('abort', stop);
    await session.stop();
    await scratch.remove();
  }
}

/** A line of a stack that is neither the app's nor a package's that it uses: what compiled code and Node add. */
const TOOL_FRAME =
  /^ +at (?:(?:Generator\.next|new Promise) \(<anonymous>\)$|.*(?:\(node:internal\/|[\\/]node_modules[\\/](?:@babel[\\/]runtime|promise)[\\/]|[\\/]local-child\.js:\d))/;

class Session {
  private readonly options: SessionOptions;
  private readonly listener: SessionListener;
  private readonly device: LocalDevice;
  private readonly processOptions: ProcessOptions;
  private process: AppProcess | undefined;
  private isStopped = false;
  private readonly noted = new Set<string>();
  /** What became of the process whose run is open, and how far that run was. */
  private death = '';
  private killed: RunEnd | undefined;
  private closed: RunEnd | undefined;

  constructor(
    options: SessionOptions,
    listener: SessionListener,
    tsconfig: string,
    dart?: DartProgram,
  ) {
    this.options = options;
    this.listener = listener;
    const { config } = options;
    const first = new LocalDevice(config, options.battery, options.network);
    for (const { name, ...sync } of syncsOf(config).slice(1)) {
      first.forTask(name, { ...config, ...sync });
    }
    this.device = first.named(options.task ?? '') ?? first;
    this.processOptions = {
      root: options.root,
      env: options.env,
      tsconfig,
      dart,
      dataFolder: options.dataFolder,
      server: options.server,
      prelude: options.prelude,
      limits: options.window,
      bootMs: options.bootMs,
      onEvent: (event) => {
        if (!this.isStopped) listener.event(event);
      },
      onOutput: (line) => {
        if (!TOOL_FRAME.test(line)) listener.output(line);
      },
      onLoaded: (files) => listener.loaded?.(files),
      onNote: (text) => this.noteOnce(text),
      onStandIn: (name, keeps) =>
        this.noteOnce(`${name}: its native half is played here (${keeps})`),
    };
  }

  async run(): Promise<SessionResult> {
    const stub = this.processOptions.dart?.note();
    if (stub !== undefined) this.noteOnce(stub);
    const { runs, killAfterMs } = this.options;
    // A process that dies is followed by the run that finds it.
    const windows = killAfterMs === undefined ? runs : Math.max(runs, 2);
    let last: RunEnd | undefined;
    for (let i = 0; i < windows; i++) {
      if (last !== undefined && this.device.openRun === undefined && !this.device.isScheduled) {
        this.listener.note('The schedule was withdrawn: no further window comes.');
        break;
      }
      const result = await this.runWindow(i === 0 ? killAfterMs : undefined);
      if (this.isInterrupted()) return { kind: 'interrupted' };
      if (result.kind !== 'ended') return result;
      last = result.last;
    }
    await this.linger(this.process, () => this.device.isTelling);
    last = (await this.closeKilled()) ?? last;
    if (last === undefined) throw new Error('a session has at least one window');
    return { kind: 'ended', last };
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.process?.kill();
  }

  /** A second process of the session would say it all again. */
  private noteOnce(text: string): void {
    if (this.isStopped || this.noted.has(text)) return;
    this.noted.add(text);
    this.listener.note(text);
  }

  private isInterrupted(): boolean {
    return this.options.signal.aborted;
  }

  private async runWindow(killAfterMs: number | undefined): Promise<SessionResult> {
    let isCold = this.process === undefined;
    const process = this.startProcess();
    // A run that the app opened itself goes first, as it would on a phone.
    if (process.native.window?.isOpen === true) await process.native.window.ended;
    if (this.device.next > 0 && (this.device.lastRun !== null || this.device.counts.skips > 0)) {
      this.device.skipToNext();
    }
    if (this.options.respectsConstraints) {
      // The app may set its own at its start.
      const boot = isCold ? await this.boot(process) : undefined;
      if (boot !== undefined) return boot;
      isCold = false;
      if (this.device.unmet.length > 0) {
        return { kind: 'ended', last: this.device.skip(process.writer) };
      }
    }
    const run = this.device.open(process.writer, 'local');
    const boot = isCold ? await this.boot(process, run) : await this.awaitNextRun(process, run);
    if (boot !== undefined) return boot;
    const window = process.native.hand(run);
    const last = await this.drain(process, window, killAfterMs);
    return { kind: 'ended', last };
  }

  /** Starts a process where none lives; the first thing that it does is to close what it finds open. */
  private startProcess(): AppProcess {
    if (this.process !== undefined) return this.process;
    const process = new AppProcess(this.device, this.processOptions);
    this.process = process;
    const { openRun } = this.device;
    if (openRun !== undefined) {
      this.closed = openRun.device.close(process.writer, openRun, {
        outcome: 'killed',
        remaining: -1,
        progress: this.killed?.progress,
        message: `the process died: ${this.death}`,
      });
    }
    return process;
  }

  /** @returns a result where JavaScript did not come up */
  private async boot(process: AppProcess, run?: OpenRun): Promise<SessionResult | undefined> {
    const start = this.device.now();
    const of = run === undefined ? {} : { run: run.run };
    process.writer.emit('host.start', of);
    const boot = await process.start();
    if (boot.ok) {
      process.writer.emit('host.ready', { ...of, ms: this.device.now() - (run?.start ?? start) });
      return undefined;
    }
    const { why, message, hint } = boot;
    if (run !== undefined) {
      this.device.close(process.writer, run, { outcome: 'skipped', remaining: -1, why, message });
    }
    return { kind: 'not-loaded', why, message, hint };
  }

  /** @returns a result where JavaScript, although up, does not take the run */
  private async awaitNextRun(
    process: AppProcess,
    run: OpenRun,
  ): Promise<SessionResult | undefined> {
    const limit = new AbortController();
    const isTaken = await Promise.race([
      process.native.whenWaitedFor().then(() => true),
      process.exited.then(() => false),
      delay(this.options.bootMs, false, { signal: limit.signal }).catch(() => false),
    ]);
    limit.abort();
    if (isTaken) return undefined;
    const message = `${this.options.language === 'dart' ? 'Dart' : 'JavaScript'} did not take the next run.`;
    this.device.close(process.writer, run, {
      outcome: 'skipped',
      remaining: -1,
      why: 'js-timeout',
    });
    return {
      kind: 'not-loaded',
      why: 'js-timeout',
      message,
      hint: 'Something keeps it busy since the run before.',
    };
  }

  private async drain(
    process: AppProcess,
    window: RunWindow,
    killAfterMs: number | undefined,
  ): Promise<RunEnd> {
    this.death = '';
    const killer =
      killAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            this.death = 'killed by --kill-after';
            void process.kill();
          }, killAfterMs);
    const end = await window.ended;
    clearTimeout(killer);
    if (end.outcome === 'killed') {
      const exit = await process.exited;
      this.death ||= `it ended by itself (${describeExit(exit)})`;
      this.process = undefined;
      this.killed = end;
      if (!this.isStopped) this.listener.note(`The process died in mid-run: ${this.death}.`);
      return end;
    }
    if (killAfterMs !== undefined) {
      this.listener.note('The handler was done sooner than --kill-after: nothing was killed.');
    }
    if (!window.isAnswered) {
      await this.linger(process, () => !window.isAnswered);
      await process.kill();
      this.process = undefined;
    }
    return end;
  }

  /** Leaves a process alive for what it still has to say: a late answer, or what `onRun` does of the last run. */
  private async linger(process: AppProcess | undefined, isOwing: () => boolean): Promise<void> {
    const end = Date.now() + this.options.lingerMs;
    while (process?.isAlive === true && isOwing() && Date.now() < end) await delay(20);
  }

  /** The last run died with its process: the next start of the app finds it. */
  private async closeKilled(): Promise<RunEnd | undefined> {
    if (this.device.openRun === undefined || this.isStopped) return undefined;
    await this.startProcess().kill();
    return this.closed;
  }
}
