import { expect, test } from 'vitest';
import { lineOfKey, lineOfSetting, readConfigText } from '../../src/config.ts';

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

const TWICE = `{
  "platforms": ["android", "ios"],
  "tasks": [
    { "name": "photos" },
    {
      "name": "files"
    }
  ],
  "android": { "budgetSeconds": 180 },
  "ios": {
    "budgetSeconds": 180
  }
}
`;

test.each([
  ['android.budgetSeconds', 9],
  ['ios.budgetSeconds', 11],
  ['tasks.1.name', 6],
  ['tasks.1', 5],
  ['ios.refresh', 10],
  ['schedule.intervalMinutes', 1],
  ['', 1],
])('%s is in line %i, or the nearest key above it is', (key, line) => {
  expect(lineOfKey(TWICE, key)).toBe(line);
  expect(lineOfKey(`\uFEFF${TWICE.replaceAll('\n', '\r\n')}`, key)).toBe(line);
});

test('a setting that is not written has no line, though another of its name is', () => {
  expect(lineOfSetting(TWICE, 'ios.budgetSeconds')).toBe(11);
  expect(lineOfSetting('{ "ios": { "budgetSeconds": 1 } }', 'android.budgetSeconds')).toBe(
    undefined,
  );
});

test.each([
  ['{', 'not JSON: close brace expected'],
  ['{ "queue" }', 'not JSON: colon expected'],
])('%j: %s, in words', (text, message) => {
  const result = readConfigText(text);
  expect(result.ok ? [] : result.problems).toMatchObject([{ message }]);
});
