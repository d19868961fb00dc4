import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv } from 'node:util';
import type { StandIn, StandInWorld } from './stand-in.ts';
import { readJson } from './expo-parts.ts';

/** https://github.com/luggit/react-native-config#different-environments: the file that a build takes by itself. */
function readDotenv({ root }: StandInWorld): object {
  const file = join(root, process.env.ENVFILE ?? '.env');
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')) } : {};
}

/** Up to 1.5 the module's constants are the values; from 1.6 on a call gives them. */
function createConfig(world: StandInWorld): object {
  const config = readDotenv(world);
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

/** https://github.com/react-native-device-info/react-native-device-info: what an API client tells of itself. */
export const deviceInfo: StandIn = {
  packageName: 'react-native-device-info',
  keeps: 'package.json',
  turbo: {
    RNDeviceInfo({ root, platform }) {
      const { name = 'app', version = '0.0.0' } = readJson(join(root, 'package.json'));
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
