import type { EventWriter } from '../../events/write.ts';
import type { LocalDevice, OpenRun } from './device.ts';
import type { NativeCall } from './protocol.ts';
import type { WindowLimits } from './window.ts';
import { emitLate, RunWindow } from './window.ts';

const DEFAULT_HISTORY = 100;

const asString = (value: unknown): string => (typeof value === 'string' ? value : '');
const asNumber = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;

/** Where in its arguments a method has the name of the sync. */
const NAMED: Readonly<Partial<Record<NativeCall['method'], number>>> = {
  registerTask: 1,
  cancel: 0,
  scheduleNext: 1,
  configure: 1,
  getStatus: 0,
  beginForeground: 0,
};

const REFUSALS: Readonly<Partial<Record<NativeCall['method'], unknown>>> = {
  registerTask: false,
  scheduleNext: 0,
  configure: false,
};

/** The native module of one process: answers JavaScript as Kotlin and Swift do. */
export class NativeSide {
  /** The window that is open, or was last. */
  window: RunWindow | undefined;

  private readonly device: LocalDevice;
  private readonly writer: EventWriter;
  private readonly limits: WindowLimits;
  private readonly reply: (id: number, value: unknown) => void;
  /** The pending `nextRun`; a newer one replaces it (JavaScript was reloaded). */
  private nextRunId: number | undefined;
  private onWaitedFor: (() => void) | undefined;

  constructor(
    device: LocalDevice,
    writer: EventWriter,
    limits: WindowLimits,
    reply: (id: number, value: unknown) => void,
  ) {
    this.device = device;
    this.writer = writer;
    this.limits = limits;
    this.reply = reply;
  }

  /** Whether JavaScript waits for a run. */
  get isWaitedFor(): boolean {
    return this.nextRunId !== undefined;
  }

  /** Settles when JavaScript waits for a run. */
  whenWaitedFor(): Promise<void> {
    return this.isWaitedFor
      ? Promise.resolve()
      : new Promise((resolve) => (this.onWaitedFor = resolve));
  }

  /** Hands a run to the pending `nextRun`. */
  hand(run: OpenRun): RunWindow {
    const id = this.nextRunId;
    if (id === undefined) throw new Error('JavaScript does not wait for a run');
    this.nextRunId = undefined;
    return this.openWindow(run, id);
  }

  answer({ id, method, args }: NativeCall): void {
    const name = asString(args[NAMED[method] ?? -1]);
    const device = this.device.named(name);
    // As iOS does; Android rejects.
    if (device === undefined) return this.reply(id, REFUSALS[method] ?? '');
    switch (method) {
      case 'registerTask':
        device.register(this.writer, args[0] === true);
        this.reply(id, true);
        break;
      case 'cancel':
        device.cancel(this.writer);
        if (this.window?.run.device === device) this.window.expire('cancelled');
        this.reply(id, undefined);
        break;
      case 'scheduleNext':
        this.reply(id, device.scheduleNext(this.writer, asNumber(args[0], 0)));
        break;
      case 'configure':
        device.configure(this.writer, asString(args[0]));
        this.reply(id, true);
        break;
      case 'getStatus':
        this.reply(id, device.statusJson());
        break;
      case 'getHistory':
        this.reply(id, this.device.historyJson(asNumber(args[0], DEFAULT_HISTORY)));
        break;
      case 'nextRun':
        this.nextRunId = id;
        this.onWaitedFor?.();
        this.onWaitedFor = undefined;
        break;
      case 'endedRun':
        this.device.whenEnded(asNumber(args[0], 0), (json) => this.reply(id, json));
        break;
      case 'whenExpired':
        void this.whenExpired(args[0]).then((reason) => this.reply(id, reason));
        break;
      case 'progress':
        this.windowOf(args[0])?.report(args[1], args[2]);
        break;
      case 'complete':
        this.complete(args);
        break;
      case 'beginForeground':
        this.beginForeground(device, id);
        break;
    }
  }

  private whenExpired(runId: unknown): Promise<string> {
    return this.windowOf(runId)?.whenExpired() ?? Promise.resolve('');
  }

  private complete([runId, outcome, remaining, message]: readonly unknown[]): void {
    const window = this.windowOf(runId);
    if (window !== undefined) window.complete(outcome, remaining, message);
    else emitLate(this.writer, asString(runId), outcome, asNumber(remaining, -1));
  }

  private beginForeground(device: LocalDevice, id: number): void {
    const { openRun } = this.device;
    if (openRun === undefined) {
      this.openWindow(device.open(this.writer, 'foreground'), id);
    } else if (openRun.device !== device && this.window?.isOpen === true) {
      // Runs of other syncs wait for their turn.
      void this.window.ended.then(({ outcome }) => {
        if (outcome !== 'killed') this.beginForeground(device, id);
      });
    } else {
      this.writer.emit('run.skip', { trig: 'foreground', why: 'busy', env: this.device.env });
      this.reply(id, '');
    }
  }

  private openWindow(run: OpenRun, callId: number): RunWindow {
    this.window = new RunWindow(run.device, this.writer, run, this.limits);
    const { config, name, battery, conditions } = run.device;
    this.reply(
      callId,
      JSON.stringify({
        runId: run.run,
        taskId: config.taskId,
        ...(name !== '' && { name }),
        reason: run.trigger,
        deadline: this.window.deadline,
        attempt: run.attempt,
        battery,
        network: {
          connected: conditions.network.connected,
          metered: conditions.network.metered,
        },
        locked: false,
      }),
    );
    return this.window;
  }

  private windowOf(runId: unknown): RunWindow | undefined {
    return this.window?.run.run === runId ? this.window : undefined;
  }
}
