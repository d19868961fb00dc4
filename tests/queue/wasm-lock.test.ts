/** The lock of node-sqlite3-wasm, where a process that has it is killed: really, with SIGKILL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findIn, openSqlite } from '../../src/queue/sqlite.ts';
import type { SqliteConnection } from '../../src/queue/sqlite.ts';

const REPO = join(import.meta.dirname, '../..');

const open = (file: string): SqliteConnection =>
  openSqlite(file, { find: findIn([REPO]), packageName: 'node-sqlite3-wasm' });

/** A process in the middle of a transaction. */
async function lockedBy(file: string) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'support/lock-child.ts'), file],
    { cwd: REPO, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(existsSync(`${file}.lock`)).toBe(true);
  return {
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function scratchFile(): { file: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { file: join(folder, 'queue.db'), folder };
}

test('the lock of a process that was killed is taken away, with what it did not commit', async () => {
  const { file, folder } = scratchFile();
  const other = await lockedBy(file);
  await other.kill();
  expect(existsSync(`${file}.lock`)).toBe(true);
  const sqlite = open(file);
  sqlite.run('INSERT INTO t VALUES (3)');
  expect(sqlite.all('SELECT x FROM t')).toEqual([{ x: 1 }, { x: 3 }]);
  sqlite.close();
  expect(readdirSync(folder)).toEqual(['queue.db']);
});

test('that of one that lives is not, nor one of this process', async () => {
  const { file } = scratchFile();
  const other = await lockedBy(file);
  const sqlite = open(file);
  expect(() => sqlite.run('INSERT INTO t VALUES (3)')).toThrow('locked');
  expect(existsSync(`${file}.lock`)).toBe(true);
  await other.kill();
  sqlite.close();

  const first = open(file);
  first.run('BEGIN IMMEDIATE');
  const second = open(file);
  expect(() => second.run('INSERT INTO t VALUES (3)')).toThrow('locked');
  first.run('COMMIT');
  second.run('INSERT INTO t VALUES (3)');
  expect(first.all('SELECT x FROM t')).toEqual([{ x: 1 }, { x: 3 }]);
  second.close();
  first.close();
});
