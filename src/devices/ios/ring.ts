import { setTimeout as delay } from 'node:timers/promises';
import type { SyncEvent } from '../../events/event.ts';
import { parseLine } from '../../events/parse.ts';
import type { IosApp } from './ios-app.ts';

const ANSWER_MS = 10_000;
const POLL_MS = 1000;

/**
 * Posts a notification to the app on an iPhone, whose log no Apple tool streams, and finds the answer in its ring file.
 *
 * @param task the name of a sync; the first where it is left out
 * @returns undefined where none comes within 10 s
 */
export async function postAndFind(
  app: IosApp,
  name: 'trigger' | 'status',
  task: string | undefined,
  isAnswer: (event: SyncEvent) => boolean,
): Promise<SyncEvent | undefined> {
  const answers = async (): Promise<SyncEvent[]> =>
    (await app.history())
      .split('\n')
      .flatMap(parseLine)
      .flatMap((finding) => (finding.kind === 'event' ? [finding.event] : []))
      .filter(isAnswer);
  const before = (await answers()).at(-1)?.ts ?? 0;
  await app.post(name, { task });
  for (let waited = 0; waited < ANSWER_MS; waited += POLL_MS) {
    await delay(POLL_MS);
    const last = (await answers()).at(-1);
    if (last !== undefined && last.ts > before) return last;
  }
  return undefined;
}
