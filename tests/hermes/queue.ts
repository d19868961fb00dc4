/**
 * What runs in Hermes: lives of the generated queue. Its SQLite is asked for from Node, which `run.ts` answers; of a phone's
 * globals there are those that the queue needs.
 */
// @ts-expect-error It is not there before the suite has installed it.
import { AbortController } from 'abort-controller/dist/abort-controller';
import scenarios from '../vectors/queue-drain.json';
import type { Scenario } from '../queue/support/scenario.ts';
import { immediates } from './node.ts';

declare function print(text: string): void;

const state = { isDone: false };

Object.assign(globalThis, {
  // React Native's own before 0.87: Libraries/Core/setUpXHR.js.
  AbortController: AbortController as unknown,
  // event-target-shim, below abort-controller, asserts by it.
  console: { assert: () => undefined },
  // No scenario lasts until one is due.
  setTimeout: () => 1,
  clearTimeout: () => undefined,
  structuredClone: <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T,
  onTurn(): boolean {
    for (const run of immediates.splice(0)) run();
    return !state.isDone;
  },
});

async function play(): Promise<void> {
  // Not before the globals are there.
  const { playScenario } = await import('../queue/support/scenario.ts');
  for (const scenario of scenarios as Scenario[]) {
    print(JSON.stringify(await playScenario(scenario)));
  }
}

void play()
  .catch((error: unknown) => print(error instanceof Error ? String(error.stack) : String(error)))
  .then(() => (state.isDone = true));
