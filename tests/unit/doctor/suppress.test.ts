import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isForDoctorOnly, readConfigText, requireSuppressions } from '../../../src/config.ts';
import { matchesPath } from '../../../src/doctor/glob.ts';
import { openRepo } from '../../../src/doctor/repo.ts';
import { nearestId, requireRule, selector } from '../../../src/doctor/select.ts';
import type { Rule } from '../../../src/doctor/rule.ts';
import { Suppressions } from '../../../src/doctor/suppress.ts';
import { BASES } from '../../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

describe('a pattern', () => {
  test.each([
    ['ios/App/Info.plist', 'ios/App/Info.plist', true],
    ['./ios/App', 'ios/App/Info.plist', true],
    ['ios/', 'ios/App/Info.plist', true],
    ['ios', 'ios2/Info.plist', false],
    ['ios/*/Info.plist', 'ios/App/Info.plist', true],
    ['ios/*/Info.plist', 'ios/a/b/Info.plist', false],
    ['**/Info.plist', 'Info.plist', true],
    ['**/Info.plist', 'ios/a/b/Info.plist', true],
    ['ios/**/*.plist', 'ios/Info.plist', true],
    ['ios/**/*.plist', 'android/Info.plist', false],
    ['*.gradle', 'app.gradle', true],
    ['*.gradle', 'app/build.gradle', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['**', 'any/thing', true],
    ['*a*b*c', 'xxaxxbxxc', true],
    ['*a*b*c', 'xxaxxbxx', false],
  ])('%s, %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });

  test('means what it means as a regular expression, and takes no time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 12 }),
        (pattern, name) => {
          fc.pre(pattern !== '**');
          const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
          expect(matchesPath(pattern, name)).toBe(new RegExp(`^(?:${source})$`).test(name));
        },
      ),
    );
    expect(matchesPath('a*'.repeat(500), 'a'.repeat(5000))).toBe(true);
    expect(matchesPath(`${'a*'.repeat(500)}b`, 'a'.repeat(5000))).toBe(false);
    expect(matchesPath(`${'**/a/'.repeat(200)}b`, 'a/'.repeat(2000))).toBe(false);
  });
});

test('a suppression is for an id, anywhere or there; others are told apart', () => {
  const suppressions = new Suppressions([
    { id: 'a14', reason: 'old phones' },
    { id: 'I01', file: 'ios/Widget', reason: 'no sync there' },
    { id: 'I02', reason: 'never met' },
    { id: 'I2', reason: 'no check' },
  ]);
  expect(suppressions.reasonFor({ id: 'A14', file: 'x' })).toBe('old phones');
  expect(suppressions.reasonFor({ id: 'I01', file: 'ios/Widget/Info.plist' })).toBe(
    'no sync there',
  );
  expect(suppressions.reasonFor({ id: 'I01', file: 'ios/App/Info.plist' })).toBeUndefined();
  expect(suppressions.unused((id) => id !== 'I2').map(({ id }) => id)).toEqual(['I02']);
  expect(suppressions.unknown(new Set(['A14', 'I01', 'I02'])).map(({ id }) => id)).toEqual(['I2']);
});

describe('the config', () => {
  const text = (doctor: unknown, more: object = {}): string => JSON.stringify({ ...more, doctor });

  test.each([
    [{ suppress: [{ id: 'A1' }] }, 'reason'],
    [{ suppress: [{ id: 'A1', reason: '  ' }] }, 'must say why'],
    [{ suppress: [{ id: '', reason: 'x' }] }, 'id'],
    [{ suppress: [{ id: 'A1', reason: 'x', files: 'y' }] }, 'files'],
    [{ supress: [] }, 'supress'],
  ])('%j is refused', (doctor, says) => {
    expect(() => requireSuppressions(text(doctor))).toThrow(says);
    expect(readConfigText(text(doctor)).ok).toBe(false);
  });

  test('has them whatever else is wrong in it', () => {
    const suppress = [{ id: 'A1', file: 'x/**', reason: 'y' }];
    expect(requireSuppressions(text({ suppress }, { shedule: 1 }))).toEqual(suppress);
    expect(requireSuppressions('\uFEFF// note\n{}')).toEqual([]);
    for (const odd of ['', '[]', '1', '{"doctor"']) expect(requireSuppressions(odd)).toEqual([]);
  });

  test('with doctor’s settings alone is no integration', async () => {
    expect(isForDoctorOnly(text({}, { $schema: 'x' }))).toBe(true);
    for (const other of ['{}', text({}, { platforms: [] }), '[]', '']) {
      expect(isForDoctorOnly(other)).toBe(false);
    }
    const files: Record<string, string> = {};
    for (const [path, content] of Object.entries(BASES['react-native'])) {
      files[`/app/${path}`] = content;
    }
    const open = (config: string) =>
      openRepo(memoryFileSystem({ ...files, '/app/bgsync.config.json': config }), '/app');
    expect((await open(text({ suppress: [] }))).integration).toBeUndefined();
    expect((await open('{}')).integration).toBeDefined();
  });
});

describe('a choice', () => {
  const rules = ['A01', 'A02', 'I01', 'J12'].map((id): Rule => ({
    id,
    title: '',
    severity: 'info',
    why: '',
    source: '',
    fix: '',
    explain: '',
  }));

  test.each([
    [[], [], ['A01', 'A02', 'I01', 'J12']],
    [['a01', 'J12'], [], ['A01', 'J12']],
    [[], ['I01'], ['A01', 'A02', 'J12']],
    [['A01', 'A02'], ['A02'], ['A01']],
  ])('of %j without %j is %j', (only, skip, expected) => {
    const isSelected = selector(rules, { only, skip });
    expect(rules.map(({ id }) => id).filter(isSelected)).toEqual(expected);
  });

  test.each([
    ['I1', 'I01'],
    ['a001', 'A01'],
    ['AO1', 'A01'],
    ['A0', undefined],
    ['1A01', 'A01'],
    // Another check's number is no slip of the finger, and a word is no id.
    ['I02', undefined],
    ['J2', undefined],
    ['A99', undefined],
    ['XYZ', undefined],
    ['nonsense', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('of what is not there names the one that is meant: %s', (id, nearest) => {
    expect(
      nearestId(
        id,
        rules.map((rule) => rule.id),
      ),
    ).toBe(nearest);
    expect(() => requireRule(rules, id)).toThrow('There is no check');
  });
});
