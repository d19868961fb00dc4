import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { fileSystem } from '../../../src/file-system.ts';
import type { FileSystem } from '../../../src/file-system.ts';
import { at } from '../../../src/place.ts';
import type { Place } from '../../../src/place.ts';
import { applyChanges } from '../../../src/plan/apply.ts';
import { acquireLock, recover, releaseLock } from '../../../src/plan/journal.ts';
import { inState, stateFolders } from '../../../src/plan/state-folder.ts';
import type { FileChange } from '../../../src/plan/plan.ts';
import { scratchFolder } from '../../helpers/template-app.ts';
import { changedPaths, readFolders, readTree } from '../../helpers/tree.ts';

const CHANGES: readonly FileChange[] = [
  { kind: 'create', path: 'a/b/new.txt', reason: '', after: 'new\n' },
  {
    kind: 'edit',
    path: 'old.txt',
    reason: '',
    before: '\uFEFFold\r\n',
    after: '\uFEFFold\r\nmore\r\n',
  },
  { kind: 'create', path: 'a/other.txt', reason: '', after: 'other\n' },
];

let root = '';
/** Where the lock and the journal are. Absolute. */
let state = '';
beforeEach(async () => {
  root = scratchFolder();
  const [folder] = await stateFolders(fileSystem, root);
  state = inState(folder!, '').absolute;
  onTestFinished(() => {
    for (const path of [root, state]) rmSync(path, { recursive: true, force: true });
  });
  writeFileSync(join(root, 'old.txt'), '\uFEFFold\r\n');
});

/** As before the test's first operation. */
function startAgain(): void {
  for (const path of [root, state]) rmSync(path, { recursive: true, force: true });
  mkdirSync(root);
  writeFileSync(join(root, 'old.txt'), '\uFEFFold\r\n');
}

const owner = (pid: number): string => JSON.stringify({ pid, since: Date.now(), token: '' });
const heed = <T>(work: () => Promise<T>): Promise<T> => work();
const interrupts = { signal: new AbortController().signal, heed };
const WRITES = [
  'write',
  'remove',
  'mkdir',
  'createExclusive',
  'rename',
  'removeEmptyDirectory',
] as const;

/**
 * A file system in which the n-th changing operation and all later ones fail, as they do for a process that is dead;
 * `revives` makes only the n-th fail, as on a full disk.
 */
function failingAt(
  n: number,
  revives: boolean,
  failure = (): Error => new Error(`operation ${n} failed`),
): FileSystem & { operations: number } {
  const failing = { ...fileSystem, operations: 0 };
  for (const name of WRITES) {
    const real = fileSystem[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(failing, {
      [name]: async (...args: unknown[]) => {
        failing.operations += 1;
        if (failing.operations === n || (failing.operations > n && !revives)) {
          throw failure();
        }
        return real(...args);
      },
    });
  }
  return failing;
}

test('applies everything, and leaves nothing of its own behind', async () => {
  await applyChanges(fileSystem, root, CHANGES, interrupts);
  expect([...readTree(root)].map(([path, bytes]) => [path, bytes.toString()])).toEqual([
    ['a/b/new.txt', 'new\n'],
    ['a/other.txt', 'other\n'],
    ['old.txt', '\uFEFFold\r\nmore\r\n'],
  ]);
});

test('one failing operation: the old tree or, once everything is written, the new one', async () => {
  const before = readTree(root);
  const count = failingAt(Infinity, true);
  await applyChanges(count, root, CHANGES, interrupts);
  const after = readTree(root);
  expect(count.operations).toBeGreaterThan(8);

  for (let n = 1; n <= count.operations; n += 1) {
    startAgain();
    await applyChanges(failingAt(n, true), root, CHANGES, interrupts).catch(() => undefined);
    await recover(fileSystem, root);
    const now = readTree(root);
    const isOld = changedPaths(before, now).length === 0;
    const isNew = changedPaths(after, now).length === 0;
    expect([n, isOld || isNew]).toEqual([n, true]);
  }
});

test('death at any operation: the next command recovers the old tree or finds the new one', async () => {
  const before = readTree(root);
  const count = failingAt(Infinity, true);
  await applyChanges(count, root, CHANGES, interrupts);
  const after = readTree(root);

  for (let n = 1; n <= count.operations; n += 1) {
    startAgain();
    await applyChanges(failingAt(n, false), root, CHANGES, interrupts).catch(() => undefined);
    // The dead process's lock names a process that is no more.
    if (existsSync(join(state, 'lock'))) writeFileSync(join(state, 'lock'), owner(2147483646));
    await recover(fileSystem, root);
    const now = readTree(root);
    const isOld = changedPaths(before, now).length === 0;
    const isNew = changedPaths(after, now).length === 0;
    expect([n, isOld || isNew]).toEqual([n, true]);
    // And the tree can be changed again.
    if (isOld) await applyChanges(fileSystem, root, CHANGES, interrupts);
    expect(changedPaths(after, readTree(root))).toEqual([]);
  }
});

test('a change of the user’s after the crash is not undone', async () => {
  // Operations up to the second file: the first one is written, the journal stands.
  let n = 1;
  for (; ; n += 1) {
    await applyChanges(failingAt(n, false), root, CHANGES, interrupts).catch(() => undefined);
    if (await fileSystem.exists(at(root, 'a/b/new.txt'))) break;
    rmSync(state, { recursive: true, force: true });
    rmSync(join(root, 'a'), { recursive: true, force: true });
  }
  writeFileSync(join(state, 'lock'), owner(2147483646));
  writeFileSync(join(root, 'a/b/new.txt'), 'mine\n');
  const recovery = await recover(fileSystem, root);
  expect(recovery).toMatchObject({ left: ['a/b/new.txt'] });
  expect(readTree(root).get('a/b/new.txt')?.toString()).toBe('mine\n');
});

describe('refuses, and changes nothing,', () => {
  const refused = async (message: RegExp): Promise<void> => {
    const before = readTree(root);
    await expect(applyChanges(fileSystem, root, CHANGES, interrupts)).rejects.toThrow(message);
    expect(changedPaths(before, readTree(root))).toEqual([]);
  };

  test('where a file changed since the plan', async () => {
    writeFileSync(join(root, 'old.txt'), 'changed');
    await refused(/old\.txt changed since/);
  });

  test('where a link leads out of the app', async () => {
    const outside = scratchFolder();
    onTestFinished(() => rmSync(outside, { recursive: true }));
    symlinkSync(outside, join(root, 'a'));
    await refused(/leads out of the app/);
  });

  // Root may write anywhere, so what the system would say is said here.
  test.each([
    ['old.txt', 'old\\.txt'],
    ['', 'The folder of the app'],
    ['a', 'a'],
  ])('where %s is read-only', async (path, name) => {
    mkdirSync(join(root, 'a'));
    const denying: FileSystem = {
      ...fileSystem,
      isWritable: (place) => Promise.resolve(place.path !== path),
    };
    const before = readTree(root);
    const error: unknown = await applyChanges(denying, root, CHANGES, interrupts).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toMatch(new RegExp(`${name} is read-only\\. Nothing was changed\\.$`));
    // Any command may say it.
    expect((error as UserError).hint).not.toContain('init');
    expect(changedPaths(before, readTree(root))).toEqual([]);
  });

  test('where another bgsync is at work', async () => {
    mkdirSync(state, { recursive: true });
    // The parent of the test's process: alive, and not this one.
    writeFileSync(join(state, 'lock'), owner(process.ppid));
    await refused(/Another bgsync/);
  });

  test('when it is interrupted', async () => {
    const before = readTree(root);
    const aborted = applyChanges(fileSystem, root, CHANGES, { signal: AbortSignal.abort(), heed });
    await expect(aborted).rejects.toThrow(/Interrupted/);
    expect(changedPaths(before, readTree(root))).toEqual([]);
  });
});

describe('deletions', () => {
  const DELETIONS: readonly FileChange[] = [
    { kind: 'delete', path: 'a/b/gone.txt', reason: '', before: 'gone\n' },
    { kind: 'delete', path: 'old.txt', reason: '', before: '\uFEFFold\r\n' },
  ];
  beforeEach(() => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'a/b/gone.txt'), 'gone\n');
    chmodSync(join(root, 'a/b/gone.txt'), 0o755);
  });

  test('empty the folders that are named, and no other', async () => {
    mkdirSync(join(root, 'mine'));
    await applyChanges(fileSystem, root, DELETIONS, interrupts, ['a/b', 'a']);
    expect(readFolders(root)).toEqual(['mine']);
    expect(readTree(root).size).toBe(0);
  });

  test('that fail are put back with their folders and modes', async () => {
    const [files, folders] = [readTree(root), readFolders(root)];
    const count = failingAt(Infinity, true);
    await applyChanges(count, root, DELETIONS, interrupts, ['a/b', 'a']);
    for (let n = 1; n <= count.operations; n += 1) {
      mkdirSync(join(root, 'a/b'), { recursive: true });
      writeFileSync(join(root, 'a/b/gone.txt'), 'gone\n');
      chmodSync(join(root, 'a/b/gone.txt'), 0o755);
      writeFileSync(join(root, 'old.txt'), '\uFEFFold\r\n');
      await applyChanges(failingAt(n, true), root, DELETIONS, interrupts, ['a/b', 'a']).catch(
        () => undefined,
      );
      await recover(fileSystem, root);
      if (!(await fileSystem.exists(at(root, 'old.txt')))) continue;
      expect(changedPaths(files, readTree(root))).toEqual([]);
      expect(readFolders(root)).toEqual(folders);
      expect(await fileSystem.mode(at(root, 'a/b/gone.txt'))).toBe(0o755);
    }
  });
});

test('a file keeps its mode, whatever the umask', async () => {
  chmodSync(join(root, 'old.txt'), 0o666);
  await applyChanges(fileSystem, root, CHANGES, interrupts);
  expect(await fileSystem.mode(at(root, 'old.txt'))).toBe(0o666);
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EACCES', 'permission was denied'],
  ['EROFS', 'the file system is read-only'],
  ['EIO', 'input/output error'],
])('%s is said in words, and nothing is changed', async (code, words) => {
  const before = readTree(root);
  const count = failingAt(Infinity, true);
  await applyChanges(count, root, CHANGES, interrupts);
  for (let n = 1; n <= count.operations; n += 1) {
    startAgain();
    const failing = failingAt(n, true, () =>
      Object.assign(new Error(`${code}: input/output error`), { code, path: 'file' }),
    );
    const error: unknown = await applyChanges(failing, root, CHANGES, interrupts).catch(
      (caught: unknown) => caught,
    );
    const now = changedPaths(before, readTree(root));
    // Past the removal of the journal the plan is done.
    if (now.includes('a/b/new.txt')) continue;
    expect(now).toEqual([]);
    expect((error as Error).message).toContain(words);
    expect(error).toBeInstanceOf(UserError);
  }
});

test('a file that is saved while the others are written is kept, and the others are put back', async () => {
  const saving = {
    ...fileSystem,
    write: async (place: Place, content: Buffer | string, mode?: number) => {
      await fileSystem.write(place, content, mode);
      if (place.path.endsWith('new.txt')) writeFileSync(join(root, 'old.txt'), 'saved\n');
    },
  };
  const applied = applyChanges(saving, root, CHANGES, interrupts);
  await expect(applied).rejects.toThrow(/old\.txt changed since/);
  expect([...readTree(root)].map(([path, bytes]) => [path, bytes.toString()])).toEqual([
    ['old.txt', 'saved\n'],
  ]);
});

test('what cannot be put back is said, with what to do, and the next command undoes it', async () => {
  const before = readTree(root);
  const count = failingAt(Infinity, true);
  await applyChanges(count, root, CHANGES, interrupts);
  const told: unknown[] = [];
  for (let n = 1; n <= count.operations; n += 1) {
    startAgain();
    told.push(
      await applyChanges(failingAt(n, false), root, CHANGES, interrupts).catch(
        (caught: unknown) => caught,
      ),
    );
    if (existsSync(join(state, 'lock'))) writeFileSync(join(state, 'lock'), owner(2147483646));
    await recover(fileSystem, root);
  }
  const halfDone = told.filter(
    (error): error is UserError =>
      error instanceof UserError && error.message.includes('half done'),
  );
  expect(halfDone.length).toBeGreaterThan(0);
  for (const error of halfDone) {
    expect(error.message).toMatch(/^Could not write: operation \d+ failed\. Putting back /);
    expect(error.hint).toMatch(/run `npx bgsync update`: it undoes the rest first/);
  }
  startAgain();
  expect(changedPaths(before, readTree(root))).toEqual([]);
});

describe('the lock', () => {
  const lock = (content: string): void => {
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, 'lock'), content);
  };

  test.each([
    ['a process that is gone', owner(2147483646)],
    ['a process that had it hours ago', JSON.stringify({ pid: process.ppid, since: 1, token: '' })],
    ['no one that can be read', 'nonsense'],
  ])('of %s is taken over', async (_name, content) => {
    lock(content);
    await applyChanges(fileSystem, root, CHANGES, interrupts);
    expect(existsSync(state)).toBe(false);
    expect(readTree(root).has('a/other.txt')).toBe(true);
  });

  test('is one process’s: of many that want it, each has it alone', async () => {
    let inside = 0;
    let most = 0;
    const hold = async (): Promise<void> => {
      const held = await acquireLock(fileSystem, root);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      await releaseLock(fileSystem, held);
    };
    const results = await Promise.allSettled(
      // At once again, while others look at the lock that has just gone.
      Array.from({ length: 40 }, () => hold().then(hold)),
    );
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(most).toBe(1);
  });
});

test('a lock of a process that belongs to another user is held', async () => {
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, 'lock'), owner(2147483646));
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
  });
  await expect(acquireLock(fileSystem, root)).rejects.toThrow('process 2147483646');
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('no such process'), { code: 'ESRCH' });
  });
  await releaseLock(fileSystem, await acquireLock(fileSystem, root));
});
