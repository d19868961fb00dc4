import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { LineStream } from '../../exec.ts';
import { ExitCode } from '../../exit-code.ts';
import { PROTOCOL } from '../../facts.ts';
import { chooseDevice } from '../choose.ts';
import { requireBundleId } from './bundle-id.ts';
import type { IosDevice } from './parse-simctl.ts';
import { xcrunError } from './parse-xcrun-error.ts';
import type { Xcrun } from './xcrun.ts';
import { listIosDevices, openXcrun } from './xcrun.ts';

/** The generated package's ring file, in the app's container. */
const RING = PROTOCOL.iosRing;

/** Our events are of the default level, which `log` shows without asking. */
const PREDICATE = `subsystem == "${PROTOCOL.subsystem}"`;

/** From the start of `log stream` to its first line. Milliseconds. */
const STREAM_MS = 20_000;

export interface IosOptions {
  readonly device?: string;
  readonly app?: string;
  readonly xcrun?: string;
  readonly json?: boolean;
}

/** The app on one simulator or device. */
export class IosApp {
  readonly device: IosDevice;
  readonly bundleId: string;
  private readonly xcrun: Xcrun;

  constructor(xcrun: Xcrun, device: IosDevice, bundleId: string) {
    this.xcrun = xcrun;
    this.device = device;
    this.bundleId = bundleId;
  }

  get isSimulator(): boolean {
    return this.device.kind === 'simulator';
  }

  /** @throws UserError, exit code 8, where the app is not on the simulator */
  async requireInstalled(): Promise<void> {
    if (this.isSimulator) await this.container();
  }

  /** Brings it up; an app that runs stays as it is. */
  async launch(): Promise<void> {
    await this.xcrun.require('The launch', ['simctl', 'launch', this.device.id, this.bundleId]);
  }

  /**
   * A new process, which triggers itself.
   *
   * @param respects whether what a window needs must be there
   * @param task the name of a sync; the first where it is left out
   */
  async relaunchWith(runId: string, respects: boolean, task: string | undefined): Promise<void> {
    const { id } = this.device;
    await this.xcrun.require(
      'The launch',
      ['simctl', 'launch', '--terminate-running-process', id, this.bundleId],
      {
        SIMCTL_CHILD_BGSYNC_RUN: runId,
        ...(respects && { SIMCTL_CHILD_BGSYNC_RESPECT: '1' }),
        ...(task !== undefined && { SIMCTL_CHILD_BGSYNC_TASK: task }),
      },
    );
  }

  /**
   * Posts a Darwin notification to the debug hook.
   *
   * @param with.state 64 bits that go along, on a simulator only; a sync goes by its number there
   * @param with.task the name of a sync, on an iPhone
   */
  async post(
    name: 'trigger' | 'status',
    { state = 0, task }: { readonly state?: bigint | number; readonly task?: string | undefined },
  ): Promise<void> {
    const full = [this.bundleId, 'bgsync', name, ...(task === undefined ? [] : [task])].join('.');
    const { id } = this.device;
    await this.xcrun.require(
      'The notification',
      this.isSimulator
        ? ['simctl', 'spawn', id, 'notifyutil', '-s', full, String(state), '-p', full]
        : ['devicectl', 'device', 'notification', 'post', '--device', id, '--name', full],
    );
  }

  /** The simulator's log, from now on. Resolves once it is live. */
  async stream(
    onLine: (line: string) => void,
    onEnd: (error: UserError) => void,
  ): Promise<LineStream> {
    let isLive: (value: boolean) => void = () => undefined;
    const live = new Promise<boolean>((resolve) => (isLive = resolve));
    const { id } = this.device;
    const args = ['simctl', 'spawn', id, 'log', 'stream', '--style', 'ndjson'];
    const stream = this.xcrun.lines([...args, '--predicate', PREDICATE], (line) => {
      if (line.startsWith('Filtering the log data')) isLive(true);
      else onLine(line);
    });
    void stream.ended.then(({ code, stderr, startError }) => {
      isLive(false);
      onEnd(xcrunError('The log stream', startError ?? stderr, code));
    });
    const limit = new AbortController();
    const late = delay(STREAM_MS, false, { signal: limit.signal }).catch(() => false);
    const isUp = await Promise.race([live, late]);
    limit.abort();
    if (isUp) return stream;
    stream.stop();
    const { code, stderr, startError } = await stream.ended;
    throw xcrunError('The log stream', startError ?? stderr, code);
  }

  /** Launches the app on a device, with its standard output and log on ours; it triggers itself. */
  console(
    runId: string,
    respects: boolean,
    task: string | undefined,
    onLine: (line: string) => void,
  ): LineStream {
    const environment = JSON.stringify({
      OS_ACTIVITY_DT_MODE: 'enable',
      BGSYNC_RUN: runId,
      ...(respects && { BGSYNC_RESPECT: '1' }),
      ...(task !== undefined && { BGSYNC_TASK: task }),
    });
    const { id } = this.device;
    return this.xcrun.lines(
      [
        ...['devicectl', 'device', 'process', 'launch', '--device', id, '--terminate-existing'],
        ...['--console', '--environment-variables', environment, this.bundleId],
      ],
      onLine,
    );
  }

  /** What the simulator's log holds. @param backMs milliseconds */
  show(backMs: number): Promise<string> {
    const last = `${Math.max(1, Math.ceil(backMs / 60_000))}m`;
    const args = ['simctl', 'spawn', this.device.id, 'log', 'show', '--style', 'ndjson'];
    return this.xcrun.require('Reading the log', [
      ...args,
      ...['--last', last, '--predicate', PREDICATE],
    ]);
  }

  /** The ring file; '' where the app has not written one yet. */
  async history(): Promise<string> {
    if (this.isSimulator) {
      return readFile(join(await this.container(), RING), 'utf8').catch(() => '');
    }
    const folder = await mkdtemp(join(tmpdir(), 'bgsync-'));
    try {
      const file = join(folder, 'events.log');
      await this.xcrun.require('Copying the history', [
        ...['devicectl', 'device', 'copy', 'from', '--device', this.device.id],
        ...['--domain-type', 'appDataContainer', '--domain-identifier', this.bundleId],
        ...['--source', RING, '--destination', file],
      ]);
      return await readFile(file, 'utf8').catch(() => '');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * The app's own folder, on this machine.
   *
   * @throws UserError where it is on an iPhone; exit code 8 where the app is not on the simulator
   */
  async container(): Promise<string> {
    if (!this.isSimulator) {
      throw new UserError(`The files of an app on an iPhone (${this.device.name}) are not read.`, {
        hint: 'Use a simulator; or, in the app, queue.counts() and queue.deadLetters().',
        exitCode: ExitCode.refused,
      });
    }
    const args = ['simctl', 'get_app_container', this.device.id, this.bundleId, 'data'];
    const { code, stdout, stderr } = await this.xcrun.run(args);
    if (code === 0 && stdout.trim() !== '') return stdout.trim();
    const error = xcrunError('Finding the app', stderr, code);
    if (error.exitCode === ExitCode.tool) throw error;
    throw new UserError(`${this.bundleId} is not installed on ${this.device.name}.`, {
      hint: 'Install it: `npx react-native run-ios`.',
      exitCode: ExitCode.app,
    });
  }
}

/** @throws UserError: no macOS, no device, several, no bundle id */
export async function openIosApp(options: IosOptions, ctx: Context): Promise<IosApp> {
  const xcrun = await openXcrun(ctx, options.xcrun);
  const bundleId = await requireBundleId(ctx, options.app);
  const device = await chooseDevice(
    await listIosDevices(xcrun),
    options.device,
    'Boot a simulator in the Simulator app, or connect an iPhone.',
    ctx,
    options.json === true,
  );
  return new IosApp(xcrun, device, bundleId);
}
