import { expect, test } from 'vitest';
import { readConfigText } from '../../src/config.ts';

test.each([
  [60, 60, true],
  [60, 61, false],
  [60, 15, true],
])('an interval of %i and a backlog of %i minutes: %s', (intervalMinutes, backlogMinutes, ok) => {
  const result = readConfigText(JSON.stringify({ schedule: { intervalMinutes, backlogMinutes } }));
  expect(result.ok).toBe(ok);
});

test.each([
  ['2.7.1', false],
  ['2.8.1', false],
  ['2.8.99', false],
  ['2.9', false],
  ['2.9.0', true],
  ['2.10.1', true],
  ['2.10.2', false],
  ['2.11.2', true],
  ['2.12.0', true],
  ['1.9.0', false],
  ['3.0.0', true],
])(
  'androidx.work %s, of which 2.9.0 is the first with schedule overrides: %s',
  (workRuntime, ok) => {
    const result = readConfigText(JSON.stringify({ android: { workRuntime } }));
    expect(result.ok).toBe(ok);
  },
);
