import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import type { StandIn, StandInWorld } from './stand-in.ts';
import { FileStore } from './store.ts';

/** https://github.com/luggit/react-native-config#different-environments: the file that a build takes by itself. */
function readEnvironment({ root }: StandInWorld): object {
  const file = join(root, process.env.ENVFILE ?? '.env');
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')) } : {};
}

/** Up to 1.5 the module's constants are the values; from 1.6 on a call gives them. */
function createConfig(world: StandInWorld): object {
  const config = readEnvironment(world);
  return { ...config, getConfig: () => ({ config }) };
}

/** https://github.com/luggit/react-native-config */
export const config: StandIn = {
  packageName: 'react-native-config',
  keeps: '.env',
  turbo: {
    RNCConfigModule: createConfig,
    ReactNativeConfigModule: createConfig,
  },
};

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

const readManifest = (root: string): { name?: string; version?: string } => {
  try {
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: string };
  } catch {
    return {};
  }
};

/** https://github.com/react-native-device-info/react-native-device-info: what an API client tells of itself. */
export const deviceInfo: StandIn = {
  packageName: 'react-native-device-info',
  keeps: 'package.json',
  turbo: {
    RNDeviceInfo({ root, platform }) {
      const { name = 'app', version = '0.0.0' } = readManifest(root);
      const answer =
        <T>(value: T) =>
        (): Promise<T> =>
          Promise.resolve(value);
      return {
        appName: name,
        appVersion: version,
        brand: 'bgsync',
        buildNumber: '1',
        bundleId: name,
        deviceId: 'bgsync',
        deviceType: 'Handset',
        isLowRamDevice: false,
        isTablet: false,
        model: 'bgsync',
        systemName: platform === 'ios' ? 'iOS' : 'Android',
        systemVersion: platform === 'ios' ? '26.0' : '16',
        addListener: () => undefined,
        removeListeners: () => undefined,
        getDeviceName: answer('bgsync'),
        getInstanceId: answer('bgsync'),
        getManufacturer: answer('bgsync'),
        getUniqueId: answer('bgsync'),
        getUniqueIdSync: () => 'bgsync',
        isEmulator: answer(true),
        isEmulatorSync: () => true,
      };
    },
  },
};
