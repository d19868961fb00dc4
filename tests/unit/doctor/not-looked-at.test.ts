import { expect, test } from 'vitest';
import { BASES } from '../../helpers/doctor-bases.ts';
import { diagnose } from '../../helpers/doctor-case.ts';
import { MANIFEST } from './checks/android-files.ts';

/** What cannot be read has not passed: the checks that read such a file say so in each report. */

const unseenOf = async (path: string, text: string): Promise<readonly string[]> => {
  const { outcomes, notes } = await diagnose('bgsync', { [path]: text });
  expect(notes.map((note) => note.path)).toEqual([path]);
  return outcomes.flatMap((outcome) =>
    outcome.state === 'ran' && outcome.unseen !== undefined ? [outcome.rule.id] : [],
  );
};

test('a manifest that is cut', async () => {
  const text = BASES.bgsync[MANIFEST] ?? '';
  const unseen = await unseenOf(MANIFEST, text.slice(0, text.indexOf('</application>')));
  expect(unseen).toContain('A06');
  expect(unseen.every((id) => id.startsWith('A'))).toBe(true);
});
