import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SyncEvent } from '../../src/events/event.ts';
import { AdbServer } from './adb-server.ts';
import type { PhoneOptions } from './fake-phone.ts';
import { APP, FakePhone } from './fake-phone.ts';

const CLI = fileURLToPath(new URL('../../bin/bgsync.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: SyncEvent[];
  readonly ms: number;
}

/** Runs the built CLI with nothing of the surroundings but the given environment. */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string = tmpdir(),
): Promise<CliResult> {
  const start = performance.now();
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { cwd, env: { ...env }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const events = stdout
          .split('\n')
          .filter((line) => line.startsWith('{"v":1,"seq"'))
          .map((line) => JSON.parse(line) as SyncEvent);
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, stdout, stderr, events, ms: performance.now() - start });
      },
    ).stdin?.end();
  });
}

export interface StartedCli {
  readonly result: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Standard output so far. */
  readonly output: () => string;
  readonly interrupt: () => void;
}

/** Starts the built CLI, for tests that do something while it runs. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): StartedCli {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: tmpdir(), env: { ...env } });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    result: new Promise((resolve) =>
      child.once('close', (code) => resolve({ code, stdout, stderr })),
    ),
    output: () => stdout,
    interrupt: () => child.kill('SIGINT'),
  };
}

/** Waits for a condition, and fails loudly where it does not come. */
export async function eventually(what: string, condition: () => boolean, ms = 20_000) {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An adb server with one phone at it. */
export async function withPhone<T>(
  options: PhoneOptions,
  body: (bench: { phone: FakePhone; server: AdbServer; serial: string }) => Promise<T>,
): Promise<T> {
  const server = await AdbServer.start();
  const phone = new FakePhone(options);
  try {
    const serial = await server.connect(phone.adbd);
    return await body({ phone, server, serial });
  } finally {
    await phone.adbd.drop();
    await server.stop();
  }
}

/** `bgsync trigger --platform android` against that phone. */
export const triggerOn = (server: AdbServer, ...args: string[]): Promise<CliResult> =>
  runCli(['trigger', '--platform', 'android', '--app', APP, '--json', ...args], server.env);

export function scratch(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'bgsync-devices-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
