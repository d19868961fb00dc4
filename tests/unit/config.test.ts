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
