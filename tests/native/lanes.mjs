import { availableParallelism } from 'node:os';

/** Each may have a JVM of up to 2 GB. */
const LANES = Math.min(2, availableParallelism());

/**
 * Works through `items` in as many lanes as there are processors, two at the most.
 *
 * @param {readonly T[]} items
 * @param {(item: T, lane: number) => Promise<R>} work
 * @returns {Promise<R[]>} in the order of the items
 * @throws what the first lane met that failed, when all have ended; nothing is begun after it
 * @template T, R
 */
export async function inLanes(items, work) {
  const results = [];
  const queue = [...items.entries()];
  const lane = async (number) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      try {
        results[index] = await work(item, number);
      } catch (error) {
        // The other lane ends what it has begun: what it works with is closed next.
        queue.length = 0;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(
    Array.from({ length: LANES }, (_, number) => lane(number)),
  );
  for (const { reason } of lanes.filter(({ status }) => status === 'rejected')) throw reason;
  return results;
}
