/** `bgsync queue` of an app on a device: with the real adb, toybox and SQLite; simctl is played. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ADB_IS_THERE } from '../helpers/adb-server.ts';
import type { AdbServer } from '../helpers/adb-server.ts';
import { runCli, scratch, withPhone } from '../helpers/device-cli.ts';
import type { CliResult } from '../helpers/device-cli.ts';
import { APP, FakePhone } from '../helpers/fake-phone.ts';
import type { PhoneOptions } from '../helpers/fake-phone.ts';
import { SECRET, writeQueue, writeWalQueue } from '../helpers/queue-database.ts';

interface Document {
  queues: {
    file: string;
    device: string;
    app: string;
    encrypted: boolean;
    counts: Record<string, number>;
    deadLetters: { key: string; payload?: unknown }[];
  }[];
}

const only = ({ stdout, stderr, code }: CliResult): Document['queues'][number] => {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { queues } = JSON.parse(stdout) as Document;
  expect(queues).toHaveLength(1);
  return queues[0]!;
};

describe.skipIf(!ADB_IS_THERE)('bgsync queue --platform android', () => {
  /** @param options of the phone, which has the app's data in `folder` */
  const onPhone = async (
    options: PhoneOptions,
    work: (bench: {
      folder: string;
      phone: FakePhone;
      serial: string;
      server: AdbServer;
      cli: (...args: string[]) => Promise<CliResult>;
    }) => Promise<void>,
  ): Promise<void> => {
    const { path: folder, remove } = scratch();
    onTestFinished(remove);
    await withPhone({ dataFolder: folder, ...options }, async ({ phone, server, serial }) => {
      const cli = (...args: string[]): Promise<CliResult> =>
        runCli(['queue', '--platform', 'android', '--app', APP, ...args], server.env);
      await work({ folder, phone, serial, server, cli });
    });
  };

  it.each([
    ['op-sqlite', 'databases/sync-queue.db'],
    ['expo-sqlite', 'files/SQLite/sync-queue.db'],
    ['drift', 'files/sync-queue.db'],
  ])('reads what stands in the WAL of %s, and writes nothing', (_, path) =>
    onPhone({}, async ({ folder, phone, serial, cli }) => {
      const dead = await writeWalQueue(join(folder, path));
      const before = ['', '-wal'].map((side) => readFileSync(join(folder, path + side)));
      const found = only(await cli('--json'));
      expect(found).toMatchObject({
        file: path,
        device: serial,
        app: APP,
        encrypted: false,
        counts: { remaining: 2, ready: 1, blocked: 1, dead: 1, parked: 1 },
        deadLetters: [{ key: dead }],
      });
      expect(found.deadLetters[0]).not.toHaveProperty('payload');
      expect(['', '-wal'].map((side) => readFileSync(join(folder, path + side)))).toEqual(before);
      expect(phone.lines.filter((line) => line.startsWith('run-as')).join('\n')).not.toMatch(
        /\b(?:rm|cp|mv|dd|tee)\b|>/,
      );
    }),
  );

  it('as text, and payloads only where they are asked for', () =>
    onPhone({}, async ({ folder, serial, cli }) => {
      const path = 'databases/sync-queue.db';
      await writeQueue(join(folder, path));
      const text = await cli();
      expect(text.stdout).toContain(`${path} (${APP} on ${serial}, not encrypted)`);
      expect(text.stdout).toContain('422: too \\u001b[31mlong');
      expect(text.stdout).not.toContain(SECRET);
      expect(text.stdout).not.toContain('--retry');
      expect((await cli('--payloads')).stdout).toContain(SECRET);
    }));

  it('a database of any name is only a name to the device’s shell', () =>
    onPhone({}, async ({ folder, cli }) => {
      const name = `-n it's "$(touch gone)"; touch gone.db`;
      await writeQueue(join(folder, 'databases', name));
      await writeQueue(join(folder, 'own', name));
      expect(only(await cli('--json', '--database', name)).file).toBe(`databases/${name}`);
      expect(only(await cli('--json', '--database', `own/${name}`)).file).toBe(`own/${name}`);
      expect(() => readFileSync(join(folder, 'gone'))).toThrow();
    }));

  it('an app that writes meanwhile: all is read again until it fits', async () => {
    let changes = 1;
    const onLine = (phone: FakePhone, line: string): void => {
      if (!line.includes('sha1sum') || line.includes('-wal') || changes === 0) return;
      changes -= 1;
      appendFileSync(
        join(phone.options.dataFolder!, 'databases/sync-queue.db'),
        Buffer.alloc(4096),
      );
    };
    await onPhone({ onLine }, async ({ folder, cli }) => {
      await writeQueue(join(folder, 'databases/sync-queue.db'));
      expect(only(await cli('--json')).counts.remaining).toBe(2);
      expect(changes).toBe(0);
      changes = Infinity;
      const { code, stderr } = await cli();
      expect(code).toBe(2);
      expect(stderr).toContain('changes all the time');
    });
  });

  it('says where the app has none, and which it has', () =>
    onPhone({}, async ({ folder, cli }) => {
      const none = await cli();
      expect(none.code).toBe(2);
      expect(none.stderr).toContain('no database sync-queue.db yet');
      mkdirSync(join(folder, 'databases'));
      writeFileSync(join(folder, 'databases/RKStorage'), '');
      await writeQueue(join(folder, 'databases/outbox.db'));
      const others = await cli();
      expect(others.stderr).toContain('outbox.db: name the queue’s with --database');
      expect(others.stderr).not.toContain('RKStorage');
      const empty = await cli('--database', 'RKStorage');
      expect(empty.code).toBe(2);
      expect(empty.stderr).toContain('There is no queue in databases/RKStorage');
      const gone = await cli('--database', 'files/x.db');
      expect(gone.code).toBe(2);
      expect(gone.stderr).toContain('There is no file files/x.db of');
    }));

  it('one that is encrypted: what it is, and where the numbers are', () =>
    onPhone({}, async ({ folder, cli }) => {
      mkdirSync(join(folder, 'databases'));
      writeFileSync(join(folder, 'databases/sync-queue.db'), randomBytes(8192));
      const { code, stderr, stdout } = await cli('--json');
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('is encrypted');
      expect(stderr).toContain('bgsync logs --platform android --history');
    }));

  it.each<[string, PhoneOptions, number, string]>([
    ['no debug build', { isDebuggable: false }, 8, 'not debuggable'],
    ['no app', { isInstalled: false, answers: { 'getprop sys': '1\n' } }, 8, 'not installed'],
    [
      'a locked device',
      { runAsError: 'couldn’t stat /data/user/0: No such file or directory' },
      8,
      'couldn’t stat',
    ],
  ])('%s', (_, options, exit, words) =>
    onPhone(options, async ({ folder, cli }) => {
      await writeQueue(join(folder, 'databases/sync-queue.db'));
      const { code, stderr } = await cli();
      expect(code).toBe(exit);
      expect(stderr).toContain(words);
    }),
  );

  it('changes nothing there, and asks which of two devices', () =>
    onPhone({}, async ({ folder, server, cli, serial }) => {
      await writeQueue(join(folder, 'databases/sync-queue.db'));
      for (const change of ['--retry', '--discard']) {
        expect(await cli(change, 'x')).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('local platform') as string,
        });
      }
      const second = new FakePhone({ adbd: { model: 'Other' } });
      await server.connect(second.adbd);
      try {
        const { code, stderr } = await cli();
        expect(code).toBe(6);
        expect(stderr).toContain('which one?');
        expect(only(await cli('--json', '--device', serial)).device).toBe(serial);
      } finally {
        await second.adbd.drop();
      }
    }));
});

/** Against a scripted xcrun: unverified on a Mac. */
const XCRUN = fileURLToPath(new URL('../helpers/fake-xcrun.mjs', import.meta.url));
const UDID = 'D9C0A1B2-0000-4000-8000-000000000001';

describe('bgsync queue --platform ios', () => {
  const onSimulator = (scenario: object = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'bgsync-xcrun-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const simulators = [{ udid: UDID, name: 'iPhone 17', state: 'Booted', isAvailable: true }];
    const simctl = { devices: { 'com.apple.CoreSimulator.SimRuntime.iOS-26-1': simulators } };
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify({ simctl, ...scenario }));
    const env = { PATH: process.env.PATH ?? '', BGSYNC_XCRUN: XCRUN, FAKE_XCRUN: folder };
    const cli = (...args: string[]): Promise<CliResult> =>
      runCli(['queue', '--platform', 'ios', '--app', APP, ...args], { ...env, NO_COLOR: '1' });
    return { folder, cli };
  };

  it.each([
    ['op-sqlite', 'Library/sync-queue.db'],
    ['expo-sqlite', 'Documents/SQLite/sync-queue.db'],
    ['drift', 'Library/Application Support/sync-queue.db'],
  ])('reads what stands in the WAL of %s', async (_, path) => {
    const { folder, cli } = onSimulator();
    const dead = await writeWalQueue(join(folder, path));
    expect(only(await cli('--json'))).toMatchObject({
      file: path,
      device: UDID,
      counts: { remaining: 2, dead: 1 },
      deadLetters: [{ key: dead }],
    });
    expect((await cli('--retry', dead)).code).toBe(2);
  });

  it.each([
    ['no app', { isInstalled: false }, 8, 'not installed'],
    ['no database', {}, 2, 'no database sync-queue.db yet'],
  ])('%s', async (_, scenario, exit, words) => {
    const { cli } = onSimulator(scenario);
    const { code, stderr } = await cli();
    expect(code).toBe(exit);
    expect(stderr).toContain(words);
  });

  it('one that is encrypted: where the numbers are', async () => {
    const { folder, cli } = onSimulator();
    mkdirSync(join(folder, 'Library'));
    writeFileSync(join(folder, 'Library/sync-queue.db'), randomBytes(8192));
    const { code, stderr } = await cli();
    expect(code).toBe(2);
    expect(stderr).toContain('is encrypted');
    expect(stderr).toContain('bgsync logs --platform ios --history');
  });

  it('the files of an iPhone are not read', async () => {
    const { cli } = onSimulator({
      simctl: { devices: {} },
      devicectl: {
        result: {
          devices: [
            {
              identifier: '6986451F-A2FF-48DE-A70E-45E06E1F1446',
              connectionProperties: { pairingState: 'paired', tunnelState: 'connected' },
              deviceProperties: { name: 'iPhone', developerModeStatus: 'enabled' },
              hardwareProperties: { platform: 'iOS', reality: 'physical', udid: '00008120-0014' },
            },
          ],
        },
      },
    });
    const { code, stderr } = await cli();
    expect(code).toBe(9);
    expect(stderr).toContain('queue.deadLetters()');
  });
});
