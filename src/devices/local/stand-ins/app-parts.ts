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

const GIGABYTE = 1024 ** 3;

/** What the phone that is played says of itself, whichever package asks. */
const deviceOf = ({ root, platform }: StandInWorld) => {
  const { name = 'app', version = '0.0.0' } = readJson(join(root, 'package.json'));
  const isApple = platform === 'ios';
  return {
    appName: name,
    appVersion: version,
    brand: 'bgsync',
    systemName: isApple ? 'iOS' : 'Android',
    systemVersion: isApple ? '26.0' : '16',
  };
};

/** Methods of react-native-device-info, each of which has a twin that answers at once. */
const answersOf = (
  world: StandInWorld,
  { appVersion, systemName }: ReturnType<typeof deviceOf>,
) => {
  const { network, battery } = world;
  const isOnline = network !== 'none';
  const batteryLevel = battery.percent / 100;
  const batteryState = battery.charging ? 'charging' : 'unplugged';
  return {
    getBatteryLevel: batteryLevel,
    getPowerState: { batteryLevel, batteryState, lowPowerMode: battery.saver },
    isBatteryCharging: battery.charging,
    isAirplaneMode: false,
    isLocationEnabled: false,
    isPinOrFingerprintSet: true,
    getApiLevel: 36,
    getBuildId: 'bgsync',
    getCarrier: network === 'cell' ? 'bgsync' : '',
    getDeviceName: 'bgsync',
    getFontScale: 1,
    getFreeDiskStorage: 8 * GIGABYTE,
    getFreeDiskStorageOld: 8 * GIGABYTE,
    getTotalDiskCapacity: 64 * GIGABYTE,
    getTotalDiskCapacityOld: 64 * GIGABYTE,
    getTotalMemory: 4 * GIGABYTE,
    getUsedMemory: GIGABYTE,
    getMaxMemory: GIGABYTE,
    getFirstInstallTime: 0,
    getLastUpdateTime: 0,
    getInstallerPackageName: 'unknown',
    getInstanceId: 'bgsync',
    getIpAddress: isOnline ? '127.0.0.1' : 'unknown',
    getManufacturer: 'bgsync',
    getSystemManufacturer: 'bgsync',
    getUniqueId: 'bgsync',
    getAndroidId: 'bgsync',
    getUserAgent: `bgsync/${String(appVersion)} (${systemName})`,
    hasGms: false,
    hasHms: false,
    isEmulator: true,
  };
};

/** https://github.com/react-native-device-info/react-native-device-info: what an API client tells of itself. */
export const deviceInfo: StandIn = {
  packageName: 'react-native-device-info',
  keeps: 'package.json',
  turbo: {
    RNDeviceInfo(world) {
      const device = deviceOf(world);
      const answers: Record<string, unknown> = answersOf(world, device);
      const methods = Object.entries(answers).flatMap(([name, value]) => [
        [name, () => Promise.resolve(value)] as const,
        [`${name}Sync`, () => value] as const,
      ]);
      return {
        ...device,
        buildNumber: '1',
        bundleId: device.appName,
        deviceId: 'bgsync',
        deviceType: 'Handset',
        isLowRamDevice: false,
        isTablet: false,
        model: 'bgsync',
        addListener: () => undefined,
        removeListeners: () => undefined,
        ...Object.fromEntries(methods),
      };
    },
  },
};

/** https://docs.expo.dev/versions/latest/sdk/device/ */
export const expoDevice: StandIn = {
  packageName: 'expo-device',
  keeps: 'nothing',
  expo: {
    ExpoDevice(world) {
      const { brand, systemName, systemVersion } = deviceOf(world);
      return {
        // As an emulator: what is for phones alone, such as a push token, is not asked for.
        isDevice: false,
        brand,
        manufacturer: brand,
        modelName: brand,
        deviceName: brand,
        deviceType: 1,
        osName: systemName,
        osVersion: systemVersion,
        totalMemory: 4 * GIGABYTE,
        supportedCpuArchitectures: ['arm64'],
        getDeviceTypeAsync: () => Promise.resolve(1),
      };
    },
  },
};

/** https://docs.expo.dev/versions/latest/sdk/application/ */
export const expoApplication: StandIn = {
  packageName: 'expo-application',
  keeps: 'package.json',
  expo: {
    ExpoApplication(world) {
      const { appName, appVersion } = deviceOf(world);
      return {
        applicationName: appName,
        applicationId: appName,
        nativeApplicationVersion: appVersion,
        nativeBuildVersion: '1',
        androidId: 'bgsync',
        getInstallationTimeAsync: () => Promise.resolve(0),
        getLastUpdateTimeAsync: () => Promise.resolve(0),
        getIosIdForVendorAsync: () => Promise.resolve('bgsync'),
      };
    },
  },
};

/** https://docs.expo.dev/versions/latest/sdk/updates/: a build without them, as one for development is. */
export const expoUpdates: StandIn = {
  packageName: 'expo-updates',
  keeps: 'nothing: updates are off',
  expo: {
    ExpoUpdates: () => ({
      isEnabled: false,
      isEmbeddedLaunch: true,
      isEmergencyLaunch: false,
      checkAutomatically: 'NEVER',
      channel: '',
      runtimeVersion: '',
    }),
  },
};

/** https://docs.expo.dev/versions/latest/sdk/battery/ */
export const expoBattery: StandIn = {
  packageName: 'expo-battery',
  keeps: 'the battery of this run',
  expo: {
    ExpoBattery: ({ battery: { percent, charging, saver } }) => ({
      isSupported: true,
      getBatteryLevelAsync: () => Promise.resolve(percent / 100),
      // BatteryState: 1 unplugged, 2 charging.
      getBatteryStateAsync: () => Promise.resolve(charging ? 2 : 1),
      isLowPowerModeEnabledAsync: () => Promise.resolve(saver),
      isBatteryOptimizationEnabledAsync: () => Promise.resolve(false),
    }),
  },
};
