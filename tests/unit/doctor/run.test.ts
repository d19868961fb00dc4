import { expect, test } from 'vitest';
import type { Check, Finding } from '../../../src/doctor/check.ts';
import { openRepo } from '../../../src/doctor/repo.ts';
import { runChecks } from '../../../src/doctor/run.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

const repo = await openRepo(
  memoryFileSystem({ '/app/package.json': '{"dependencies":{"expo":"57"}}' }),
  '/app',
);
const check = (id: string, run: Check['run'], more: Partial<Check> = {}): Check => ({
  id,
  title: id,
  severity: 'error',
  why: '',
  source: '',
  fix: '',
  explain: '',
  run,
  ...more,
});
const finds =
  (...findings: Finding[]) =>
  () =>
    Promise.resolve(findings);

test('one that throws, at once or later, or never ends, leaves the others alone', async () => {
  const result = await runChecks(
    [
      check('T1', () => {
        throw new Error('at once');
      }),
      check('T2', () => Promise.reject(new Error('later'))),
      check('T3', () => new Promise(() => undefined)),
      check('T4', finds({ file: 'a', message: 'found' })),
      check('T5', finds(), {
        appliesTo() {
          throw new Error('in appliesTo');
        },
      }),
    ],
    repo,
    20,
  );
  expect(result.findings.map(({ id }) => id)).toEqual(['T4']);
  expect(result.couldNotRun).toEqual([
    { id: 'T1', reason: 'at once' },
    { id: 'T2', reason: 'later' },
    { id: 'T3', reason: 'it took longer than 0.02 s' },
    { id: 'T5', reason: 'in appliesTo' },
  ]);
});

test('findings are ordered by place; one that does not apply does not run', async () => {
  const result = await runChecks(
    [
      check('T2', finds({ file: 'b', message: '' }, { file: 'a', line: 9, message: '' })),
      check('T1', finds({ file: 'a', line: 9, message: '' }, { file: 'a', line: 2, message: '' })),
      check('T3', finds({ file: 'a', message: '' }), { appliesTo: () => false }),
    ],
    repo,
  );
  expect(result.findings.map(({ id, file, line }) => [id, file, line])).toEqual([
    ['T1', 'a', 2],
    ['T1', 'a', 9],
    ['T2', 'a', 9],
    ['T2', 'b', undefined],
  ]);
  expect(result.checks).toBe(2);
});

test('what a finding quotes of the repo cannot move a cursor', async () => {
  const hostile = 'a\u001B[31mb\u202Ec';
  const { findings, couldNotRun } = await runChecks(
    [
      check('T1', finds({ file: 'a', message: hostile, fix: hostile })),
      check('T2', () => Promise.reject(new Error(hostile))),
    ],
    repo,
  );
  const shown = 'a\\u001b[31mb\\u202ec';
  expect(findings).toEqual([expect.objectContaining({ message: shown, fix: shown })]);
  expect(couldNotRun).toEqual([{ id: 'T2', reason: shown }]);
});
