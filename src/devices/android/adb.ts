import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import type { ExecOutside, ExecResult, LineStream } from '../../exec.ts';
import { ExitCode } from '../../exit-code.ts';
import { parseAdbError } from './parse-adb-error.ts';
import type { AdbFailure } from './parse-adb-error.ts';
import { parseDevices } from './parse-devices.ts';
import type { AndroidDevice } from './parse-devices.ts';
import { quoteForDevice } from './quote.ts';

/** For what answers at once; the first call may have to start adb's server. */
const COMMAND_MS = 15_000;

/** An emulator that adb has just found is `offline` for less than a second. */
const SETTLE_TRIES = 4;
const SETTLE_MS = 500;

export interface ShellResult {
  /** Null where the device does not pass it on (before Android 7 it is always 0), or the call took too long. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const deviceError = (message: string, hint: string): UserError =>
  new UserError(message, { hint, exitCode: ExitCode.device });

const SERVER_HINT =
  'Run `adb kill-server`, then try again. Another adb of another version may be running.';

/** A command that the device takes and does not answer: its adbd stands still. */
export class UnresponsiveError extends UserError {}

/** One adb executable; {@link AdbDevice} for one device behind it. */
export class Adb {
  readonly path: string;
  private readonly outside: ExecOutside;

  constructor(path: string, outside: ExecOutside) {
    this.path = path;
    this.outside = outside;
  }

  /** The same adb, whose calls end with that signal too. */
  until(signal: AbortSignal): Adb {
    const { outside } = this;
    return new Adb(this.path, {
      exec: outside.exec,
      env: outside.env,
      signal: AbortSignal.any([outside.signal, signal]),
    });
  }

  /** @throws CancelError on Ctrl-C */
  run(
    args: readonly string[],
    timeoutMs: number = COMMAND_MS,
    maxBytes?: number,
  ): Promise<ExecResult> {
    const { exec, env, signal } = this.outside;
    return exec.run(this.path, args, { env, timeoutMs, signal, maxBytes });
  }

  lines(args: readonly string[], onLine: (line: string) => void): LineStream {
    const { exec, env } = this.outside;
    return exec.lines(this.path, args, env, onLine);
  }

  /**
   * The devices that adb knows.
   *
   * @throws UserError, exit code 7, where adb's server does not work
   */
  async devices(): Promise<AndroidDevice[]> {
    let devices: AndroidDevice[] = [];
    for (let attempt = 0; attempt < SETTLE_TRIES; attempt++) {
      const { code, stdout, stderr, isTimedOut } = await this.run(['devices', '-l']);
      if (code !== 0) {
        const [said = ''] = stderr.trim().split('\n').slice(-1);
        throw new UserError(
          `adb cannot list devices: ${isTimedOut ? 'no answer' : said || `exit code ${code ?? 'unknown'}`}.`,
          {
            hint: SERVER_HINT,
            exitCode: ExitCode.tool,
          },
        );
      }
      devices = parseDevices(stdout);
      const isSettling = devices.some(({ state }) => ['offline', 'connecting'].includes(state));
      if (!isSettling || devices.some(({ problem }) => problem === undefined)) return devices;
      await delay(SETTLE_MS);
    }
    return devices;
  }
}

/** One device. Every command line that it gets is quoted here. */
export class AdbDevice {
  readonly adb: Adb;
  readonly serial: string;
  private readonly limitMs: number;

  /** @param limitMs no command may take longer, whatever it asks for. Milliseconds. */
  constructor(adb: Adb, serial: string, limitMs = Infinity) {
    this.adb = adb;
    this.serial = serial;
    this.limitMs = limitMs;
  }

  /** The same device, whose commands end with that signal too. */
  until(signal: AbortSignal): AdbDevice {
    return new AdbDevice(this.adb.until(signal), this.serial, this.limitMs);
  }

  /** The same device, whose commands take no longer than that. */
  limitedTo(limitMs: number): AdbDevice {
    return new AdbDevice(this.adb, this.serial, limitMs);
  }

  /**
   * Runs a command on the device.
   *
   * @param maxBytes of its standard output, which is cut there
   * @throws UserError, exit code 6, where the device cannot be reached or does not answer
   */
  async shell(
    argv: readonly string[],
    timeoutMs: number = COMMAND_MS,
    maxBytes?: number,
  ): Promise<ShellResult> {
    const args = ['-s', this.serial, 'shell', quoteForDevice(argv)];
    const limitMs = Math.min(timeoutMs, this.limitMs);
    const { code, stdout, stderr, isTimedOut } = await this.adb.run(args, limitMs, maxBytes);
    if (isTimedOut) {
      throw new UnresponsiveError(
        `${this.serial} did not answer \`${argv.slice(0, 2).join(' ')}\` within ${limitMs / 1000} s.`,
        {
          hint: 'Unlock it, or reconnect it; `adb kill-server` restarts adb.',
          exitCode: ExitCode.device,
        },
      );
    }
    const failure = code === 0 ? undefined : parseAdbError(stderr);
    if (failure !== undefined) throw this.failureError(failure);
    return { code, stdout, stderr };
  }

  /** Goes on until it is stopped or the device is gone: `adb logcat` ends with 0 then. */
  logcat(args: readonly string[], onLine: (line: string) => void): LineStream {
    return this.adb.lines(['-s', this.serial, 'logcat', ...args], onLine);
  }

  /** Ports of the device that lead to this machine: `tcp:8081`. */
  async reversedPorts(): Promise<string[]> {
    const { code, stdout } = await this.adb.run(['-s', this.serial, 'reverse', '--list']);
    return code === 0 ? [...stdout.matchAll(/^\S+ (tcp:\d+) /gm)].map(([, port = '']) => port) : [];
  }

  /**
   * Waits for a device that is gone.
   *
   * @param isOver asked meanwhile: true ends the waiting
   */
  async waitUntilBack(limitMs: number, isOver: () => boolean): Promise<boolean> {
    const end = Date.now() + limitMs;
    const isNetwork = /:\d+$/.test(this.serial);
    for (let attempt = 1; ; attempt++) {
      const { code, stdout } = await this.adb.run(['-s', this.serial, 'get-state'], 5000);
      if (code === 0 && stdout.trim() === 'device') return true;
      if (Date.now() >= end || isOver()) return false;
      // adb's server reconnects a network device late, or never.
      if (isNetwork && attempt % 3 === 0) {
        if (stdout.trim() === 'offline') await this.adb.run(['disconnect', this.serial], 5000);
        await this.adb.run(['connect', this.serial], 5000);
      }
      await delay(Math.min(500, Math.max(0, end - Date.now())));
    }
  }

  private failureError(failure: AdbFailure): UserError {
    switch (failure) {
      case 'server':
        return new UserError('adb’s server does not run any more.', {
          hint: SERVER_HINT,
          exitCode: ExitCode.tool,
        });
      case 'unauthorized':
        return deviceError(
          `${this.serial} does not accept this computer.`,
          'Unlock it and allow USB debugging in the dialog that it shows.',
        );
      case 'gone':
        return this.lostError();
    }
  }

  lostError(): UserError {
    return deviceError(
      `${this.serial} is gone: disconnected, switched off, or no longer authorised.`,
      'Reconnect it. What the job does meanwhile is in `npx bgsync logs --platform android --history`.',
    );
  }
}
