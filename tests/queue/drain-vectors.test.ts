import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playScenario } from './support/scenario.ts';
import type { Scenario } from './support/scenario.ts';

/** What tests/flutter/dart/drain_vectors_test.dart plays, too. `--update` writes what the TypeScript queue comes to. */
const FILE = join(import.meta.dirname, '../vectors/queue-drain.json');

/** One line a step: what differs is read by people. */
const textOf = (scenarios: readonly Scenario[]): string => {
  const texts = scenarios.map(({ steps, ...scenario }) => {
    const head = JSON.stringify(scenario).slice(0, -1);
    const lines = steps.map((step) => `    ${JSON.stringify(step)}`);
    return `${head},"steps":[\n${lines.join(',\n')}\n  ]}`;
  });
  return `[\n  ${texts.join(',\n  ')}\n]\n`;
};

test('a drain comes to what the queue in Dart comes to', async () => {
  const scenarios = JSON.parse(readFileSync(FILE, 'utf8')) as Scenario[];
  const played: Scenario[] = [];
  for (const scenario of scenarios) played.push(await playScenario(scenario));
  await expect(textOf(played)).toMatchFileSnapshot(FILE);
});
