import { FileStore } from './store.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';
import { isRecord } from '../../../records.ts';

type Pair = [key: string, value: string];
type Callback = (errors?: readonly { message: string }[] | null, result?: unknown) => void;

/** As AsyncStorage merges: objects deeply, all else replaced. */
function merge(old: unknown, added: unknown): unknown {
  if (!isRecord(old) || !isRecord(added)) return added;
  const merged = { ...old };
  for (const [key, value] of Object.entries(added)) merged[key] = merge(old[key], value);
  return merged;
}

const open = ({ dataFolder }: StandInWorld, name: string): FileStore =>
  new FileStore(dataFolder, `async-storage-${name}`);

function operations(store: FileStore): Record<string, (argument: never) => unknown> {
  return {
    multiGet: (keys: readonly string[]) => keys.map((key) => [key, store.get(key) ?? null]),
    multiSet: (pairs: readonly Pair[]) => store.set(...pairs),
    multiRemove: (keys: readonly string[]) => void store.delete(...keys),
    multiMerge: (pairs: readonly Pair[]) =>
      store.set(
        ...pairs.map(([key, value]): Pair => {
          const old = store.get(key);
          if (old === undefined) return [key, value];
          return [key, JSON.stringify(merge(JSON.parse(old), JSON.parse(value)))];
        }),
      ),
    getAllKeys: () => store.keys,
    clear: () => store.clear(),
  };
}

/** Versions 1 and 2 of the package: callbacks, the error first. */
function withCallbacks(world: StandInWorld): object {
  const module: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(operations(open(world, 'legacy')))) {
    module[name] = (...args: unknown[]): void => {
      const callback = args.pop() as Callback;
      let result: unknown;
      try {
        result = run(args[0] as never);
      } catch (error) {
        const errors = [{ message: error instanceof Error ? error.message : String(error) }];
        setImmediate(() => callback(errors));
        return;
      }
      setImmediate(() => callback(null, result));
    };
  }
  return module;
}

/** Version 3: promises, and named stores. */
function withPromises(world: StandInWorld): object {
  const stores = new Map<string, FileStore>();
  const storeOf = (name: string): FileStore => {
    const store = stores.get(name) ?? open(world, `named-${name}`);
    stores.set(name, store);
    return store;
  };
  const legacy: [name: string, run: (argument: never) => Promise<unknown>][] = Object.entries(
    operations(open(world, 'legacy')),
  ).map(([name, run]) => [
    `legacy_${name}`,
    // eslint-disable-next-line @typescript-eslint/require-await -- a throw becomes a rejection
    async (argument: never): Promise<unknown> => run(argument),
  ]);
  return {
    ...Object.fromEntries(legacy),
    getValues: (name: string, keys: readonly string[]) =>
      Promise.resolve(keys.map((key) => ({ key, value: storeOf(name).get(key) ?? null }))),
    setValues(name: string, values: readonly { key: string; value: string | null }[]) {
      for (const { key, value } of values) {
        if (value === null) storeOf(name).delete(key);
        else storeOf(name).set([key, value]);
      }
      return Promise.resolve(values);
    },
    removeValues: (name: string, keys: readonly string[]) =>
      Promise.resolve(void storeOf(name).delete(...keys)),
    getKeys: (name: string) => Promise.resolve(storeOf(name).keys),
    clearStorage: (name: string) => Promise.resolve(storeOf(name).clear()),
  };
}

/** https://github.com/react-native-async-storage/async-storage: the native modules of its versions 1 to 3. */
export const asyncStorage: StandIn = {
  packageName: '@react-native-async-storage/async-storage',
  keeps: 'a file',
  turbo: { RNCAsyncStorage: withCallbacks, RNAsyncStorage: withPromises },
};
