import { describe, expect, it } from 'vitest';
import {
  describeRestrictions,
  parseBackgroundOp,
  parseLowPower,
  parseStandbyBucket,
} from '../../../src/devices/android/restrictions.ts';

describe('what holds all jobs of an app back', () => {
  it.each([
    ['5\n', 'EXEMPTED'],
    ['10\n', 'ACTIVE'],
    ['20\n', 'WORKING_SET'],
    ['30\n', 'FREQUENT'],
    ['40\n', 'RARE'],
    ['45\r\n', 'RESTRICTED'],
    ['50', 'NEVER'],
    ['', undefined],
    ['Error: unknown command', undefined],
    ['toString', undefined],
  ])('am get-standby-bucket: %j is %s', (output, bucket) => {
    expect(parseStandbyBucket(output)).toBe(bucket);
  });

  it.each([
    ['1\n', true],
    ['0\n', false],
    ['null\n', false],
    ['', undefined],
  ])('settings get global low_power: %j is %s', (output, isOn) => {
    expect(parseLowPower(output)).toBe(isOn);
  });

  it.each([
    ['RUN_ANY_IN_BACKGROUND: ignore; time=+3d2h1m0s0ms ago\n', true],
    ['Uid mode: RUN_ANY_IN_BACKGROUND: ignore\n', true],
    ['RUN_ANY_IN_BACKGROUND: allow\n', false],
    ['RUN_ANY_IN_BACKGROUND: default; duration=+1ms\n', false],
    ['No operations.\n', false],
    ['No operations.\nDefault mode: allow\n', false],
    ['Error: Unknown operation string: RUN_ANY_IN_BACKGROUND\n', undefined],
    ['', undefined],
  ])('cmd appops get: %j is %s', (output, isRestricted) => {
    expect(parseBackgroundOp(output)).toBe(isRestricted);
  });

  it('says so of what holds, and of nothing else', () => {
    const none = { batterySaver: false, background: null, bucket: 'FREQUENT' };
    expect(describeRestrictions(false, none)).toEqual([]);
    expect(
      describeRestrictions(true, { batterySaver: true, background: true, bucket: 'NEVER' }),
    ).toEqual([
      expect.stringContaining('force-stopped'),
      expect.stringContaining('battery saver'),
      expect.stringContaining('background use'),
      expect.stringContaining('Open it once'),
    ]);
  });
});
