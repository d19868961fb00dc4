import { FileStore } from './store.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

interface KeychainOptions {
  readonly service?: string;
  readonly server?: string;
}

/** https://docs.expo.dev/versions/latest/sdk/securestore/ */
export const secureStore: StandIn = {
  packageName: 'expo-secure-store',
  keeps: 'a file, not encrypted',
  expo: {
    ExpoSecureStore({ dataFolder }) {
      const store = new FileStore(dataFolder, 'expo-secure-store');
      const nameOf = (key: string, options: { keychainService?: string } = {}): string =>
        `${options.keychainService ?? 'app'}:${key}`;
      const get = (key: string, options?: object): string | null =>
        store.get(nameOf(key, options)) ?? null;
      const set = (value: string, key: string, options?: object): void =>
        store.set([nameOf(key, options), value]);
      return {
        AFTER_FIRST_UNLOCK: 0,
        AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY: 1,
        ALWAYS: 2,
        WHEN_PASSCODE_SET_THIS_DEVICE_ONLY: 3,
        ALWAYS_THIS_DEVICE_ONLY: 4,
        WHEN_UNLOCKED: 5,
        WHEN_UNLOCKED_THIS_DEVICE_ONLY: 6,
        getValueWithKeySync: get,
        setValueWithKeySync: set,
        getValueWithKeyAsync: (key: string, options?: object) => Promise.resolve(get(key, options)),
        setValueWithKeyAsync: (value: string, key: string, options?: object) =>
          Promise.resolve(set(value, key, options)),
        deleteValueWithKeyAsync: (key: string, options?: object) =>
          Promise.resolve(void store.delete(nameOf(key, options))),
        canUseBiometricAuthentication: () => false,
      };
    },
  },
};

/** https://github.com/oblador/react-native-keychain */
export const keychain: StandIn = {
  packageName: 'react-native-keychain',
  keeps: 'a file, not encrypted',
  turbo: { RNKeychainManager: createKeychain },
};

function createKeychain({ dataFolder }: StandInWorld): object {
  const store = new FileStore(dataFolder, 'react-native-keychain');
  const storage = 'local';
  const generic = ({ service }: KeychainOptions = {}): string => `generic:${service ?? ''}`;
  const internet = (server: string): string => `internet:${server}`;
  const put = (name: string, username: string, password: string): object => {
    store.set([name, JSON.stringify({ username, password })]);
    return { service: name.slice(name.indexOf(':') + 1), storage };
  };
  const find = (name: string): object | false => {
    const text = store.get(name);
    if (text === undefined) return false;
    const service = name.slice(name.indexOf(':') + 1);
    return { ...(JSON.parse(text) as object), service, storage };
  };
  const answer =
    <A extends unknown[], T>(run: (...args: A) => T) =>
    (...args: A): Promise<T> =>
      Promise.resolve(run(...args));
  const serverOf = (options: KeychainOptions | string): string =>
    typeof options === 'string' ? options : (options.server ?? options.service ?? '');
  return {
    SECURITY_LEVEL_ANY: 1,
    SECURITY_LEVEL_SECURE_SOFTWARE: 2,
    SECURITY_LEVEL_SECURE_HARDWARE: 3,
    setGenericPasswordForOptions: answer(
      (options: KeychainOptions, username: string, password: string) =>
        put(generic(options), username, password),
    ),
    getGenericPasswordForOptions: answer((options: KeychainOptions) => find(generic(options))),
    hasGenericPasswordForOptions: answer(
      (options: KeychainOptions) => find(generic(options)) !== false,
    ),
    resetGenericPasswordForOptions: answer((options: KeychainOptions) => {
      store.delete(generic(options));
      return true;
    }),
    getAllGenericPasswordServices: answer(() =>
      store.keys
        .filter((key) => key.startsWith('generic:'))
        .map((key) => key.slice('generic:'.length)),
    ),
    setInternetCredentialsForServer: answer((server: string, username: string, password: string) =>
      put(internet(server), username, password),
    ),
    getInternetCredentialsForServer: answer((server: string) => find(internet(server))),
    hasInternetCredentialsForOptions: answer(
      (options: KeychainOptions | string) => find(internet(serverOf(options))) !== false,
    ),
    resetInternetCredentialsForOptions: answer(
      (options: KeychainOptions | string) => void store.delete(internet(serverOf(options))),
    ),
    getSupportedBiometryType: answer(() => null),
    canCheckAuthentication: answer(() => false),
    getSecurityLevel: answer(() => null),
    isPasscodeAuthAvailable: answer(() => false),
  };
}

/** https://github.com/emeraldsanto/react-native-encrypted-storage */
export const encryptedStorage: StandIn = {
  packageName: 'react-native-encrypted-storage',
  keeps: 'a file, not encrypted',
  turbo: {
    RNEncryptedStorage({ dataFolder }) {
      const store = new FileStore(dataFolder, 'react-native-encrypted-storage');
      return {
        setItem: (key: string, value: string) => Promise.resolve(store.set([key, value])),
        getItem: (key: string) => Promise.resolve(store.get(key) ?? null),
        removeItem: (key: string) => Promise.resolve(void store.delete(key)),
        clear: () => Promise.resolve(store.clear()),
      };
    },
  },
};
