import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/check.ts';
import { editFix } from '../../../src/doctor/edit-fix.ts';
import { planFixes } from '../../../src/doctor/fix.ts';
import { overlay } from '../../../src/plan/overlay.ts';
import type { Diagnosis } from '../../../src/doctor/run.ts';
import type { FileSystem } from '../../../src/file-system.ts';
import { at } from '../../../src/place.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

const ROOT = '/app';

const finding = (id: string, more: Omit<Partial<Finding>, 'evidence'>): Diagnosis => ({
  id,
  title: '',
  severity: 'error',
  why: '',
  source: '',
  fix: '',
  file: 'list.txt',
  message: `no ${id}`,
  evidence: [],
  ...more,
});

/** Finds each word that a file lacks; mends it by adding a line. */
const lacks =
  (file: string, ...words: string[]) =>
  async (fs: FileSystem): Promise<Diagnosis[]> => {
    const text = (await fs.read(at(ROOT, file)))?.toString() ?? '';
    return words
      .filter((word) => !text.includes(word))
      .map((word) =>
        finding(word, {
          file,
          fixEdits: editFix(file, text, `adds ${word}`, (source) => ({
            status: 'changed',
            text: `${source}${word}\n`,
            insertions: [],
          })),
        }),
      );
  };

test('several edits of one file become one change', async () => {
  const fs = memoryFileSystem({ '/app/list.txt': 'one\n' });
  const { plan, outcomes } = await planFixes(fs, ROOT, lacks('list.txt', 'one', 'two', 'three'));
  expect(plan.changes).toEqual([
    {
      kind: 'edit',
      path: 'list.txt',
      reason: 'adds two; adds three',
      before: 'one\n',
      after: 'one\ntwo\nthree\n',
    },
  ]);
  expect(outcomes.map(({ finding: { id }, problem }) => [id, problem])).toEqual([
    ['two', undefined],
    ['three', undefined],
  ]);
  expect((await fs.read(at(ROOT, 'list.txt')))?.toString()).toBe('one\n');
});

test('one fix makes room for another', async () => {
  const fs = memoryFileSystem({ '/app/list.txt': '' });
  const look = async (current: FileSystem) => {
    const first = await lacks('list.txt', 'first')(current);
    return first.length > 0 ? first : lacks('list.txt', 'second')(current);
  };
  const { plan } = await planFixes(fs, ROOT, look);
  expect(plan.changes).toMatchObject([{ after: 'first\nsecond\n' }]);
});

test('a new file is created, and one that goes is deleted', async () => {
  const fs = memoryFileSystem({ '/app/old.txt': 'x' });
  const look = async (current: FileSystem): Promise<Diagnosis[]> =>
    (await current.exists(at(ROOT, 'old.txt')))
      ? [
          finding('A1', {
            fixEdits: () =>
              Promise.resolve([
                { kind: 'create', path: 'sub/new.txt', reason: 'r', after: 'y' },
                { kind: 'delete', path: 'old.txt', reason: 'r', before: 'x' },
              ]),
          }),
        ]
      : [];
  const { plan } = await planFixes(fs, ROOT, look);
  expect(plan.changes.map(({ kind, path }) => [kind, path])).toEqual([
    ['create', 'sub/new.txt'],
    ['delete', 'old.txt'],
  ]);
});

test('edits after which there is another error are not taken; the others are', async () => {
  const fs = memoryFileSystem({ '/app/list.txt': '' });
  const look = async (current: FileSystem): Promise<Diagnosis[]> => {
    const text = (await current.read(at(ROOT, 'list.txt')))?.toString() ?? '';
    const found = await lacks('list.txt', 'one', 'two', 'three')(current);
    return text.includes('two') ? [...found, finding('I32', { message: 'two is taken' })] : found;
  };
  const { plan, outcomes } = await planFixes(fs, ROOT, look);
  expect(plan.changes).toMatchObject([{ after: 'one\nthree\n', reason: 'adds one; adds three' }]);
  expect(outcomes.map(({ finding: { id }, problem }) => [id, problem])).toEqual(
    expect.arrayContaining([
      ['one', undefined],
      ['two', 'its edits would bring I32: two is taken'],
      ['three', undefined],
    ]),
  );
});

test('a warning, or what moves within its file, is no other error', async () => {
  const fs = memoryFileSystem({ '/app/list.txt': '' });
  const look = async (current: FileSystem): Promise<Diagnosis[]> => {
    const text = (await current.read(at(ROOT, 'list.txt')))?.toString() ?? '';
    const lines = text.split('\n').length;
    return [
      ...(await lacks('list.txt', 'one')(current)),
      finding('I07', { line: lines }),
      ...(lines > 1 ? [finding('A27', { severity: 'warning' })] : []),
    ];
  };
  expect((await planFixes(fs, ROOT, look)).plan.changes).toMatchObject([{ after: 'one\n' }]);
});

test('what is not asked for is not mended', async () => {
  const fs = memoryFileSystem({ '/app/list.txt': '' });
  const look = lacks('list.txt', 'one', 'two');
  const { plan } = await planFixes(fs, ROOT, look, ({ id }) => id === 'two');
  expect(plan.changes).toMatchObject([{ after: 'two\n' }]);
});

describe('is left to a person', () => {
  const problemOf = async (files: Record<string, string>, more: Partial<Finding>) => {
    const fs = memoryFileSystem(files);
    const found = finding('A1', more);
    const { plan, outcomes } = await planFixes(fs, ROOT, () => Promise.resolve([found]));
    return [plan.changes.length, outcomes[0]?.problem];
  };

  test('what cannot be placed', async () => {
    const fixEdits = editFix('a', '', 'r', () => ({ status: 'manual', reason: '', snippet: '' }));
    expect(await problemOf({}, { fixEdits })).toEqual([
      0,
      'its edits cannot be placed with certainty',
    ]);
  });

  test('what throws', async () => {
    const fixEdits = () => Promise.reject(new Error('it broke'));
    expect(await problemOf({}, { fixEdits })).toEqual([0, 'it broke']);
  });

  test('what would break its file', async () => {
    const fixEdits = editFix('a.json', '{}', 'r', () => ({
      status: 'changed',
      text: '{',
      insertions: [],
    }));
    expect(await problemOf({ '/app/a.json': '{}' }, { fixEdits })).toEqual([
      0,
      'a.json could not be read any more after it',
    ]);
  });

  test('what does not help', async () => {
    const fixEdits = editFix('a', '1', 'r', () => ({
      status: 'changed',
      text: '2',
      insertions: [],
    }));
    expect(await problemOf({ '/app/a': '1' }, { fixEdits })).toEqual([
      1,
      'its edits do not mend it',
    ]);
  });

  test('what is made from a text that is not there', async () => {
    const fixEdits = editFix('a', 'x', 'r', () => ({
      status: 'changed',
      text: 'y',
      insertions: [],
    }));
    expect(await problemOf({ '/app/a': '1' }, { fixEdits })).toEqual([0, undefined]);
  });
});

test('fixes that undo each other come to an end', async () => {
  const fs = memoryFileSystem({ '/app/a': '0' });
  let rounds = 0;
  const look = async (current: FileSystem): Promise<Diagnosis[]> => {
    rounds += 1;
    const text = (await current.read(at(ROOT, 'a')))!.toString();
    const message = `round ${rounds}`;
    const next = text === '0' ? '1' : '0';
    return [
      finding('A1', {
        message,
        fixEdits: editFix('a', text, 'r', () => ({
          status: 'changed',
          text: next,
          insertions: [],
        })),
      }),
    ];
  };
  await planFixes(fs, ROOT, look);
  expect(rounds).toBe(11);
});

test('the overlay is the folder as it would be', async () => {
  const below = memoryFileSystem({ '/app/a/one': '1', '/app/b': '2' });
  const fs = overlay(
    below,
    new Map([
      ['/app/a/two', '22'],
      ['/app/c/d/three', '333'],
      ['/app/b', null],
    ]),
  );
  expect(await fs.list(at(ROOT, ''))).toEqual(['a', 'c']);
  expect(await fs.entries(at(ROOT, 'a'))).toEqual([
    { name: 'one', kind: 'file' },
    { name: 'two', kind: 'file' },
  ]);
  expect(await fs.entries(at(ROOT, 'c'))).toEqual([{ name: 'd', kind: 'directory' }]);
  expect(await fs.exists(at(ROOT, 'b'))).toBe(false);
  expect(await fs.exists(at(ROOT, 'c/d'))).toBe(true);
  expect(await fs.isDirectory(at(ROOT, 'c/d'))).toBe(true);
  expect(await fs.realpath(at(ROOT, 'c/d/three'))).toBe('/app/c/d/three');
  expect((await fs.read(at(ROOT, 'a/two')))?.toString()).toBe('22');
  expect(await fs.read(at(ROOT, 'b'))).toBeUndefined();
  expect((await fs.read(at(ROOT, 'a/one')))?.toString()).toBe('1');
});
