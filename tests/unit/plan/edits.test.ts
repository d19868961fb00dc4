import { describe, expect, test } from 'vitest';
import type { EditResult } from '../../../src/formats/edit.ts';
import { runEdits } from '../../../src/plan/edits.ts';
import type { Edit } from '../../../src/plan/edits.ts';

const PURPOSE = { id: 'x', reason: 'a line of ours' };
const LINE = 'ours\n';

const append = (source: string): EditResult => ({
  status: 'changed',
  text: source + LINE,
  insertions: [{ offset: source.length, text: LINE }],
});
const appendOnce: Edit = (source) =>
  source.endsWith(LINE) ? { status: 'already' } : append(source);

const run = (edit: Edit) => runEdits('some.txt', 'mine\n', [{ purpose: PURPOSE, edit }]);

describe('an edit', () => {
  test('that sees its own result is made and recorded', () => {
    const { text, records } = run(appendOnce);
    expect(text).toBe('mine\nours\n');
    expect(records).toMatchObject([{ path: 'some.txt', id: 'x', pieces: [{ text: LINE }] }]);
  });

  test('that would be made again each time is a bug', () => {
    expect(() => run(append)).toThrow(
      'The edit of some.txt (a line of ours) does not see its own result',
    );
  });
});
