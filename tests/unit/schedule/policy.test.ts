import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/events/event.ts';
import type { BatteryState, SchedulePolicyConfig } from '../../../src/schedule/policy.ts';
import { countRun, nextDelaySeconds, rowOf } from '../../../src/schedule/policy.ts';
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
  readonly sequences: readonly {
    readonly name: string;
    readonly config: string;
    readonly runs: readonly {
      readonly outcome: Outcome;
      readonly remaining: number;
      readonly attempt: number;
      readonly expect: number;
    }[];
  }[];
}

const BATTERY: BatteryState = { percent: 80, charging: false, saver: false };

const { configs, cases, sequences } = vectors as Vectors;

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

  it.each(sequences)('$name', ({ config, runs }) => {
    let counts = { failures: 0, skips: 0 };
    const got = runs.map(({ outcome, remaining }) => {
      const attempt = counts.failures + 1;
      counts = countRun(counts, outcome);
      const row = rowOf(counts, outcome);
      return {
        outcome,
        remaining,
        attempt,
        expect: nextDelaySeconds(outcome, remaining, BATTERY, row, configs[config]!),
      };
    });
    expect(got).toEqual(runs);
  });
});
