import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/events/event.ts';
import type { BatteryState, SchedulePolicyConfig } from '../../../src/schedule/policy.ts';
import { nextDelaySeconds } from '../../../src/schedule/policy.ts';
import vectors from '../../vectors/schedule-policy.json' with { type: 'json' };

interface Vectors {
  readonly configs: Readonly<Record<string, SchedulePolicyConfig>>;
  readonly cases: readonly {
    readonly name: string;
    readonly outcome: Outcome;
    readonly queueDepth: number;
    readonly battery: BatteryState;
    readonly consecutiveFailures: number;
    readonly config: string;
    readonly expect: number;
  }[];
}

const { configs, cases } = vectors as Vectors;

describe('the vectors that Kotlin and Swift read too', () => {
  it.each(cases)('$name', (vector) => {
    const delay = nextDelaySeconds(
      vector.outcome,
      vector.queueDepth,
      vector.battery,
      vector.consecutiveFailures,
      configs[vector.config]!,
    );
    expect(delay).toBe(vector.expect);
  });
});
