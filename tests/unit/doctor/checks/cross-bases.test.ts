import { expect, test } from 'vitest';
import { BASES } from '../../../helpers/doctor-bases.ts';
import type { Base } from '../../../helpers/doctor-bases.ts';
import { diagnose } from '../../../helpers/doctor-case.ts';

test.each(Object.keys(BASES) as Base[])('%s is sound', async (base) => {
  const { findings, couldNotRun } = await diagnose(base);
  expect(couldNotRun).toEqual([]);
  expect(findings).toEqual([]);
});
