import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FakeAdbd } from './fake-adbd.ts';

const run = promisify(execFile);

function hasAdb(): boolean {
  try {
    execFileSync('adb', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether the real adb is there. Says so once where it is not: these tests are no proof without it. */
export const ADB_IS_THERE = hasAdb();
if (!ADB_IS_THERE) {
  process.stderr.write(
    '\n*** SKIPPED: the tests against the real adb. adb is not in PATH (Debian: apt-get install adb). ***\n\n',
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An adb server of a test's own: another port, another key, no scan for emulators. */
export class AdbServer {
  readonly env: Record<string, string>;
  private readonly home: string;

  private constructor(port: number, home: string) {
    this.home = home;
    this.env = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      ANDROID_ADB_SERVER_PORT: String(port),
      ADB_LOCAL_TRANSPORT_MAX_PORT: '5554',
      ADB_MDNS: '0',
      NO_COLOR: '1',
    };
  }

  static async start(): Promise<AdbServer> {
    const server = new AdbServer(await freePort(), mkdtempSync(join(tmpdir(), 'bgsync-adb-')));
    await server.adb('start-server');
    return server;
  }

  /** Not synchronous: the fake devices live in this process. */
  async adb(...args: string[]): Promise<string> {
    const { stdout } = await run('adb', args, { env: this.env, timeout: 20_000 });
    return stdout;
  }

  /** @returns the serial */
  async connect(adbd: FakeAdbd): Promise<string> {
    await adbd.start();
    await this.adb('connect', adbd.serial);
    return adbd.serial;
  }

  async stop(): Promise<void> {
    await this.adb('kill-server');
    rmSync(this.home, { recursive: true, force: true });
  }
}
