import { readdirSync } from 'node:fs';
import { FileStore } from './store.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

type Value = string | number | boolean | ArrayBuffer | Uint8Array;

const DEFAULT_ID = 'mmkv.default';

/** One string a value, with its type: MMKV gives a value back only to the getter of its own type. */
const encode = (value: Value): string => {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'number') return `n${value}`;
  if (typeof value === 'boolean') return `b${Number(value)}`;
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  return `x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};

const decodeBuffer = (text: string): ArrayBuffer =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)).buffer;

const open = ({ dataFolder }: StandInWorld, id: string): FileStore =>
  new FileStore(dataFolder, `mmkv-${id}`);

/** An instance as the C++ of versions 2 to 4 gives it: 4 renamed `delete` to `remove`. */
function createInstance(world: StandInWorld, { id = DEFAULT_ID, readOnly = false } = {}): object {
  const store = open(world, id);
  const listeners = new Set<(key: string) => void>();
  const changed = (key: string): void => {
    for (const listener of listeners) listener(key);
  };
  const typed = (key: string, type: string): string | undefined => {
    const text = store.get(key);
    return text?.startsWith(type) === true ? text.slice(1) : undefined;
  };
  const remove = (key: string): boolean => {
    const was = store.delete(key);
    if (was) changed(key);
    return was;
  };
  const ignore = (): void => undefined;
  return {
    id,
    isReadOnly: readOnly,
    isEncrypted: false,
    get length() {
      return store.size;
    },
    get size() {
      return store.keys.reduce((sum, key) => sum + key.length + (store.get(key)?.length ?? 0), 0);
    },
    get byteSize() {
      return store.keys.reduce((sum, key) => sum + key.length + (store.get(key)?.length ?? 0), 0);
    },
    set(key: string, value: Value) {
      if (readOnly) throw new Error(`MMKV "${id}" is read-only`);
      if (key === '') throw new Error('Cannot set a value for an empty key!');
      store.set([key, encode(value)]);
      changed(key);
    },
    getString: (key: string) => typed(key, 's'),
    getNumber(key: string) {
      const text = typed(key, 'n');
      return text === undefined ? undefined : Number(text);
    },
    getBoolean(key: string) {
      const text = typed(key, 'b');
      return text === undefined ? undefined : text === '1';
    },
    getBuffer(key: string) {
      const text = typed(key, 'x');
      return text === undefined ? undefined : decodeBuffer(text);
    },
    contains: (key: string) => store.get(key) !== undefined,
    remove,
    delete: remove,
    getAllKeys: () => store.keys,
    clearAll() {
      const { keys } = store;
      store.clear();
      keys.forEach(changed);
    },
    recrypt: ignore,
    encrypt: ignore,
    decrypt: ignore,
    trim: ignore,
    checkContentChanged: ignore,
    addOnValueChangedListener(listener: (key: string) => void) {
      listeners.add(listener);
      return { remove: () => void listeners.delete(listener) };
    },
    importAllFrom(other: {
      getAllKeys(): string[];
      getBuffer(key: string): ArrayBuffer | undefined;
    }) {
      const found = other.getAllKeys().flatMap((key) => {
        const value = other.getBuffer(key);
        return value === undefined ? [] : [[key, encode(value)] as const];
      });
      store.set(...found);
      return found.length;
    },
    name: 'MMKV',
    dispose: ignore,
    equals: () => false,
  };
}

const platformContext = ({ dataFolder }: StandInWorld): object => ({
  getBaseDirectory: () => dataFolder,
  getAppGroupDirectory: () => undefined,
});

const exists = (world: StandInWorld, id: string): boolean => {
  try {
    return readdirSync(world.dataFolder).includes(
      `${encodeURIComponent(`mmkv-${id}`).replaceAll('.', '%2E')}.json`,
    );
  } catch {
    return false;
  }
};

/** https://github.com/mrousavy/react-native-mmkv: a bridge module with JSI (2), a TurboModule (3), Nitro (4). */
export const mmkv: StandIn = {
  packageName: 'react-native-mmkv',
  keeps: 'a file, not encrypted',
  turbo: {
    MMKV(world) {
      return {
        install() {
          Object.assign(globalThis, {
            mmkvCreateNewInstance: (config: object) => createInstance(world, config),
          });
          return true;
        },
      };
    },
    MmkvCxx: (world) => ({
      initialize: () => true,
      createMMKV: (config: object) => createInstance(world, config),
    }),
    MmkvPlatformContext: platformContext,
  },
  nitro: {
    MMKVFactory: (world) => ({
      defaultMMKVInstanceId: DEFAULT_ID,
      initializeMMKV: () => undefined,
      createMMKV: (config: object) => createInstance(world, config),
      deleteMMKV(id: string) {
        const was = exists(world, id);
        open(world, id).remove();
        return was;
      },
      existsMMKV: (id: string) => exists(world, id),
    }),
    MMKVPlatformContext: platformContext,
  },
};
