import { describe, expect, test } from 'vitest';
import { applyInsertions } from '../../../src/formats/edit.ts';
import { encodeBase } from '../../../src/plan/lock-file.ts';
import type { LockFile, LockedEdit } from '../../../src/plan/lock-file.ts';
import { piecesOf } from '../../../src/plan/pieces.ts';
import { afterOf, sha256 } from '../../../src/plan/plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { planRemoval, planRetirement } from '../../../src/plan/removal.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

const PACKAGE = 'modules/background-sync';
const MADE = 'made\n';
const CHANGED = 'made, and changed\n';
const RETIRED = 'retired\n';

/** A line at the top of a file. */
function lineIn(path: string, loadsHandler: boolean): LockedEdit {
  const insertions = [{ offset: 0, text: "import './sync';\n" }];
  const text = applyInsertions('mine();\n', insertions);
  return {
    path,
    kind: 'inserted',
    id: path,
    reason: 'loads it',
    ...(loadsHandler && { loadsHandler }),
    sha256: sha256(text),
    pieces: piecesOf('mine();\n', insertions),
  };
}

const LOCK: LockFile = {
  lockVersion: 2,
  host: 'react-native',
  bgsync: '0.1.0',
  moduleDir: PACKAGE,
  handler: 'src/sync.ts',
  taskIds: ['dev.bgsync.processing'],
  folders: [],
  files: { 'a.ts': { sha256: sha256(MADE), base: encodeBase(MADE) } },
  edits: [lineIn('index.js', true), lineIn('metro.config.js', false)],
};

const EDITED = "import './sync';\nmine();\n";

const appWith = (generated: string) =>
  memoryFileSystem({
    '/app/package.json': '{}',
    '/app/index.js': EDITED,
    '/app/metro.config.js': EDITED,
    [`/app/${PACKAGE}/a.ts`]: generated,
    [`/app/${PACKAGE}/bgsync.lock.json`]: '{}\n',
  });

const request = (committed: readonly string[]) => ({
  root: '/app',
  lock: LOCK,
  inverseOf: () => undefined,
  committed: (paths: readonly string[]) =>
    Promise.resolve(new Set(paths.filter((path) => committed.includes(path)))),
});

const changesOf = ({ changes }: Plan): Record<string, string | undefined> =>
  Object.fromEntries(
    changes
      .filter(({ path }) => !path.endsWith('lock.json'))
      .map((change) => [change.path, afterOf(change)]),
  );

const remove = (generated: string, ...committed: string[]) =>
  planRemoval(appWith(generated), request(committed));

const retire = (generated: string, ...committed: string[]) =>
  planRetirement(appWith(generated), {
    ...request(committed),
    version: '0.2.0',
    files: new Map([['a.ts', RETIRED]]),
  });

describe('a generated file', () => {
  const FILE = `${PACKAGE}/a.ts`;

  test('goes as it was made, whether git has it or not', async () => {
    const plan = await remove(MADE);
    expect(changesOf(plan)).toHaveProperty([FILE], undefined);
    expect(plan.kept).toEqual([]);
    expect(changesOf(await retire(MADE))).toHaveProperty([FILE], RETIRED);
  });

  test('that was changed goes where git can bring it back', async () => {
    expect(changesOf(await remove(CHANGED, FILE))).toHaveProperty([FILE], undefined);
    expect(changesOf(await retire(CHANGED, FILE))).toHaveProperty([FILE], RETIRED);
  });

  test('that was changed, and that git does not have, stays', async () => {
    const plan = await remove(CHANGED);
    expect(changesOf(plan)).not.toHaveProperty([FILE]);
    expect(plan.kept).toEqual([FILE]);
    await expect(retire(CHANGED)).rejects.toThrow(/not committed, and have to go:\n {2}modules/);
  });
});

describe('what loads the handler goes', () => {
  test('when the package is retired, and the other links stay', async () => {
    expect(changesOf(await retire(MADE))).toEqual({
      [`${PACKAGE}/a.ts`]: RETIRED,
      'index.js': 'mine();\n',
    });
  });

  test('with everything else when it is removed', async () => {
    expect(changesOf(await remove(MADE))).toEqual({
      [`${PACKAGE}/a.ts`]: undefined,
      'index.js': 'mine();\n',
      'metro.config.js': 'mine();\n',
    });
  });
});
