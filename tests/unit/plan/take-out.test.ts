import { expect, test } from 'vitest';
import { applyInsertions } from '../../../src/formats/edit.ts';
import type { Inverse } from '../../../src/plan/edits.ts';
import type { LockedEdit } from '../../../src/plan/lock-file.ts';
import { piecesOf } from '../../../src/plan/pieces.ts';
import { sha256 } from '../../../src/plan/plan.ts';
import { takeOut } from '../../../src/plan/take-out.ts';

const PATH = 'list.txt';

function record(id: string, before: string, line: string): LockedEdit {
  const insertions = [{ offset: before.length, text: `${line}\n` }];
  const text = applyInsertions(before, insertions);
  const pieces = piecesOf(before, insertions);
  return { path: PATH, kind: 'inserted', id, reason: id, sha256: sha256(text), pieces };
}

/** Takes a line that ends in a word, whatever stands before it. */
const lineOf = (word: string): Inverse => ({
  remove: (text) => {
    const lines = text.split('\n');
    const rest = lines.filter((line) => !line.endsWith(word));
    return rest.length === lines.length ? undefined : rest.join('\n');
  },
});

const RECORDS = [record('first', 'mine\n', 'add ours'), record('second', 'mine\n', 'add theirs')];
/** Twice there, so that which of the two was put in cannot be told by the text alone. */
const CHANGED = 'add theirs\nx\nadd theirs\ny\n';

test('what does not stand as it was put in goes by the first inverse that finds it', () => {
  const inverses = new Map([
    ['first', lineOf('ours')],
    ['second', lineOf('theirs')],
  ]);
  const { change, steps } = takeOut(PATH, CHANGED, RECORDS, (id) => inverses.get(id));
  expect(change).toMatchObject({ kind: 'edit', after: 'x\ny\n' });
  expect(steps).toEqual([]);
});

test('without an inverse it is left to a person', () => {
  const { change, steps } = takeOut(PATH, CHANGED, RECORDS, () => undefined);
  expect(change).toBeUndefined();
  expect(steps).toMatchObject([{ path: PATH, snippet: 'add theirs\n', action: 'remove' }]);
});
