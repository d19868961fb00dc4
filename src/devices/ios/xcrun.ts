import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Environment, ExecOutside, ExecResult, LineStream } from '../../exec.ts';
import { ExitCode } from '../../exit-code.ts';
import { parseDevicectl } from './parse-devicectl.ts';
import { parseSimulators } from './parse-simctl.ts';
import type { IosDevice } from './parse-simctl.ts';
import { xcrunError } from './parse-xcrun-error.ts';

/** CoreSimulator's service may have to start first. */
const COMMAND_MS = 60_000;

/** xcrun: every call of simctl and devicectl goes through it. No shell is in between. */
export class Xcrun {
  private readonly path: string;
  private readonly outside: ExecOutside;

  constructor(path: string, outside: ExecOutside) {
    this.path = path;
    this.outside = outside;
  }

  /** @param env added to the process's own: `SIMCTL_CHILD_…` becomes the app's */
  async run(args: readonly string[], env: Environment = {}): Promise<ExecResult> {
    const { exec, signal } = this.outside;
    const result = await exec.run(this.path, args, {
      env: { ...this.outside.env, ...env },
      timeoutMs: COMMAND_MS,
      signal,
    });
    if (result.startError !== undefined) {
      throw new UserError(`${this.path} cannot be started (${result.startError}).`, {
        hint: 'Name another with --xcrun or BGSYNC_XCRUN.',
        exitCode: ExitCode.tool,
      });
    }
    return result;
  }

  /** @throws UserError where it fails, by what its text says */
  async require(what: string, args: readonly string[], env: Environment = {}): Promise<string> {
    const { code, stdout, stderr, isTimedOut } = await this.run(args, env);
    if (code === 0) return stdout;
    throw xcrunError(what, isTimedOut ? 'no answer' : `${stdout}\n${stderr}`, code);
  }

  lines(args: readonly string[], onLine: (line: string) => void): LineStream {
    const { exec, env } = this.outside;
    return exec.lines(this.path, args, env, onLine);
  }

  /** devicectl's JSON, which Apple supports for programs, goes to a file only. */
  async devicectlDevices(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'bgsync-'));
    try {
      const file = join(folder, 'devices.json');
      const args = ['devicectl', 'list', 'devices', '--timeout', '5', '--json-output', file];
      const { code } = await this.run(args);
      // Xcode before 15 has no devicectl: simulators are all there is.
      return code === 0 ? await readFile(file, 'utf8').catch(() => '') : '';
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * @param named what `--xcrun` says; a named xcrun is used on any system
 * @throws UserError, exit code 7, on anything but macOS
 */
export function openXcrun(ctx: Context, named: string | undefined): Promise<Xcrun> {
  const explicit = named ?? ctx.env.BGSYNC_XCRUN;
  if (explicit !== undefined && explicit !== '') {
    return Promise.resolve(new Xcrun(explicit, ctx));
  }
  if (ctx.platform === 'darwin') {
    return Promise.resolve(new Xcrun('/usr/bin/xcrun', ctx));
  }
  return Promise.reject(
    new UserError('iOS devices and simulators need macOS with Xcode: this is another system.', {
      hint: 'Here, use --platform local or android; a log that was saved on a Mac is read with --input.',
      exitCode: ExitCode.tool,
    }),
  );
}

/** Simulators and devices; those that can be used first. */
export async function listIosDevices(xcrun: Xcrun): Promise<IosDevice[]> {
  const simulators = parseSimulators(
    await xcrun.require('Listing the simulators', ['simctl', 'list', 'devices', '--json']),
  );
  const devices = parseDevicectl(await xcrun.devicectlDevices());
  const all = [...devices, ...simulators];
  return [
    ...all.filter(({ problem }) => problem === undefined),
    ...all.filter(({ problem }) => problem !== undefined),
  ];
}
