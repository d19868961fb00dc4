/** Native halves that send what JavaScript tells them: here it is said, and goes nowhere. */
import type { StandInWorld } from './stand-in.ts';

const MAX_SAID = 20;
const MAX_TEXT = 100;

/** Native methods by name, each a promise of nothing. */
export const promising = (names: string): Record<string, () => Promise<null>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, () => Promise.resolve(null)]));

/** What a handler reports: said, the first {@link MAX_SAID} times. */
export function reporting(
  world: StandInWorld,
  packageName: string,
  names: string,
): Record<string, (...args: unknown[]) => Promise<null>> {
  return Object.fromEntries(
    names.split(' ').map((name) => {
      let times = 0;
      // The name of the older native half, and of the package's own method.
      const called = name.replace(/Promise$/, '');
      return [
        name,
        (first: unknown) => {
          times += 1;
          const text = (
            typeof first === 'object' && first !== null && 'message' in first
              ? String(first.message)
              : String(first)
          ).slice(0, MAX_TEXT);
          const what =
            times > MAX_SAID ? `${called}, more than ${MAX_SAID} times` : `${called} “${text}”`;
          if (times <= MAX_SAID + 1) {
            world.note(`${packageName}: ${what}: said here, and sent nowhere.`);
          }
          return Promise.resolve(null);
        },
      ];
    }),
  );
}
