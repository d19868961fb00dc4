/** `bgsync queue` on databases that the generated queue wrote. */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localDataFolder } from '../../src/devices/local/data-folder.ts';
import { findIn, openSqlite } from '../../src/queue/sqlite.ts';
import { testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { REPO, runCli } from '../helpers/cli.ts';
import { SECRET, writeQueue, writeWalQueue } from '../helpers/queue-database.ts';

interface Document {
  queues: {
    counts: Record<string, number>;
    oldest: number;
    deadLetters: { key: string; reason: string; payload?: unknown }[];
  }[];
}

const documentOf = (text: string): Document => JSON.parse(text) as Document;

describe('of a database file', () => {
  const query = (app: TestApp, ...args: string[]) =>
    app.run('queue', '--input', 'sync.db', ...args);

  test('shows what waits, the dead letters with their reasons, and no payload', async () => {
    const app = testApp();
    const dead = await writeQueue(join(app.root, 'sync.db'));
    const before = readFileSync(join(app.root, 'sync.db'));
    const { code, stdout, stderr } = query(app);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/remaining +2 +the oldest from \d.* ago\n/);
    expect(stdout).toMatch(/ready +1\n +blocked +1 /);
    expect(stdout).toMatch(/dead +1 +someone must decide\nparked +1|dead +1 .*\n +parked +1/);
    expect(stdout).toContain(`${dead}  note 3 refused\n    422: too \\u001b[31mlong`);
    expect(stdout).not.toContain(SECRET);
    expect(query(app, '--payloads').stdout).toContain(SECRET);

    const [queue] = documentOf(query(app, '--json').stdout).queues;
    expect(queue?.counts).toEqual({
      remaining: 2,
      dead: 1,
      parked: 1,
      ready: 1,
      waiting: 0,
      blocked: 1,
      inFlight: 0,
    });
    expect(queue?.deadLetters).toMatchObject([{ key: dead }]);
    expect(queue?.deadLetters[0]).not.toHaveProperty('payload');
    expect(readFileSync(join(app.root, 'sync.db'))).toEqual(before);
  });

  test('reads what stands in the WAL alone, as an app leaves it that is open', async () => {
    const app = testApp();
    const dead = await writeWalQueue(join(app.root, 'sync.db'));
    const { code, stdout, stderr } = query(app, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [queue] = documentOf(stdout).queues;
    expect(queue).toMatchObject({
      counts: { remaining: 2, dead: 1 },
      deadLetters: [{ key: dead }],
    });
  });

  test('a key is not needed for a plain one, and --platform is for another', async () => {
    const app = testApp();
    await writeQueue(join(app.root, 'sync.db'));
    app.write('key.txt', 'ab'.repeat(32));
    expect(query(app, '--key-file', 'key.txt').stdout).toContain('not encrypted');
    expect(query(app, '--platform', 'android')).toMatchObject({ code: 2 });
  });

  test.each([
    ['none', undefined, 'no file'],
    [
      'no database',
      'hello, this is no database of SQLite at all, whatever its name says',
      '--key-file',
    ],
  ])('says what is wrong with %s', (_, content, words) => {
    const app = testApp();
    if (content !== undefined) app.write('sync.db', content.repeat(100));
    const { code, stderr } = query(app);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('a database without a queue is said to have none; nothing is written into it', () => {
    const app = testApp();
    const path = join(app.root, 'sync.db');
    const sqlite = openSqlite(path, { find: findIn([REPO]), packageName: 'node-sqlite3-wasm' });
    sqlite.run('CREATE TABLE own (x)');
    sqlite.close();
    const before = readFileSync(path);
    expect(query(app)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no queue') as string,
    });
    expect(readFileSync(path)).toEqual(before);
  });

  test('is only read', async () => {
    const app = testApp();
    const dead = await writeQueue(join(app.root, 'sync.db'));
    expect(query(app, '--retry', dead)).toMatchObject({ code: 2 });
  });

  test('a key that is none is refused before it is used', async () => {
    const app = testApp();
    await writeQueue(join(app.root, 'sync.db'));
    app.write('key.txt', 'x');
    const { code, stderr } = query(app, '--key-file', 'key.txt');
    expect(code).toBe(2);
    expect(stderr).toContain('64 hexadecimal digits');
  });
});

describe('of the local platform', () => {
  const withLocalQueue = () => {
    const app = testApp();
    app.init('--queue', 'op-sqlite');
    const env = { XDG_CACHE_HOME: join(app.root, 'cache') };
    const folder = localDataFolder(realpathSync(app.root), env, process.platform);
    const run = (...args: string[]) => runCli(['queue', ...args], app.root, env);
    return { app, run, folder };
  };

  test('says where there is none yet, and where the app has none', () => {
    const { app, run } = withLocalQueue();
    expect(run()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('trigger --platform local') as string,
    });
    app.rewrite('bgsync.config.json', (text) => text.replace('op-sqlite', 'none'));
    const none = run();
    expect(none.code).toBe(2);
    // As it is typed in an app that is set up: `init --queue` refuses there.
    expect(none.stderr).toContain('Write "queue": "op-sqlite" into it, and `npx bgsync update`');
    const init = app.run('init', '--yes', '--queue', 'op-sqlite');
    expect(init.code).toBe(2);
    expect(init.stderr).toContain(
      'Change it in bgsync.config.json instead, then run `npx bgsync update`',
    );
    app.remove('bgsync.config.json');
    const { code, stderr } = run();
    expect(code).toBe(2);
    expect(stderr).toContain('There is no bgsync.config.json in');
    expect(stderr).toContain('npx bgsync init');
  });

  test('a dead letter is put back, or given up', async () => {
    const { run, folder } = withLocalQueue();
    const dead = await writeQueue(join(folder, 'op-sqlite/sync-queue.db'));
    writeFileSync(join(folder, 'op-sqlite/other.db'), '');
    expect(run().stdout).toContain(`bgsync queue --retry <key>`);
    expect(run('--retry', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no dead letter') as string,
    });
    expect(run('--retry', dead).code).toBe(0);
    expect(documentOf(run('--json').stdout).queues[0]?.counts).toMatchObject({
      remaining: 4,
      dead: 0,
    });
    expect(run('--discard', dead).code).toBe(2);
  });

  test('what is discarded is named', async () => {
    const { run, folder } = withLocalQueue();
    const dead = await writeQueue(join(folder, 'op-sqlite/sync-queue.db'));
    const { code, stdout } = run('--discard', dead);
    expect(code).toBe(0);
    expect(stdout).toContain(dead);
    expect(documentOf(run('--json').stdout).queues[0]?.counts).toMatchObject({
      remaining: 3,
      dead: 0,
      parked: 0,
    });
  });
});
