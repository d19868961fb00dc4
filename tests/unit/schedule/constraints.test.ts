import { describe, expect, it } from 'vitest';
import type { SyncConstraints } from '../../../src/schedule/constraints.ts';
import {
  constraintNames,
  DEFAULT_CONSTRAINTS,
  describeConstraints,
  parseSettings,
  unmetConstraints,
} from '../../../src/schedule/constraints.ts';
import vectors from '../../vectors/schedule-policy.json' with { type: 'json' };

describe('the vectors that Kotlin and Swift read too', () => {
  it.each(vectors.constraints)('$name', ({ constraints, device, unmet }) => {
    const { percent, charging, connected, metered, roaming, storageLow, inUse } = device;
    const all = { ...DEFAULT_CONSTRAINTS, ...(constraints as Partial<SyncConstraints>) };
    const conditions = {
      battery: { percent, charging, saver: false },
      network: { connected, metered, roaming },
      storageLow,
      inUse,
    };
    expect(unmetConstraints(all, conditions)).toEqual(unmet);
  });
});

it('names and describes what is asked for', () => {
  expect(constraintNames(DEFAULT_CONSTRAINTS)).toEqual(['any']);
  expect(constraintNames({ ...DEFAULT_CONSTRAINTS, network: 'none', charging: true })).toEqual([
    'charging',
  ]);
  expect(describeConstraints(['unmetered', 'deviceIdle', 'toString', 'new'])).toBe(
    'an unmetered network, an idle device, toString, new',
  );
});

it('reads settings as JavaScript hands them over', () => {
  expect(parseSettings('')).toEqual({});
  expect(parseSettings('{')).toEqual({});
  expect(parseSettings('{"constraints":{"network":"none"},"intervalMinutes":30}')).toEqual({
    constraints: { network: 'none' },
    intervalMinutes: 30,
  });
});
