import type { StandIn, StandInWorld } from './stand-in.ts';

const KEEPS = 'the network of this run';

/** https://github.com/react-native-netinfo/react-native-netinfo */
export const netInfo: StandIn = {
  packageName: '@react-native-community/netinfo',
  keeps: KEEPS,
  turbo: {
    RNCNetInfo: ({ offline }) => ({
      configure: () => undefined,
      addListener: () => undefined,
      removeListeners: () => undefined,
      getCurrentState: () =>
        Promise.resolve({
          type: offline ? 'none' : 'wifi',
          isConnected: !offline,
          // Said here, so that the package's own probe of a web page does not run.
          isInternetReachable: !offline,
          isWifiEnabled: true,
          details: offline ? null : { isConnectionExpensive: false, strength: 99 },
        }),
    }),
  },
};

/** https://docs.expo.dev/versions/latest/sdk/network/ */
export const expoNetwork: StandIn = {
  packageName: 'expo-network',
  keeps: KEEPS,
  expo: {
    ExpoNetwork: ({ offline }: StandInWorld) => ({
      getNetworkStateAsync: () =>
        Promise.resolve({
          type: offline ? 'NONE' : 'WIFI',
          isConnected: !offline,
          isInternetReachable: !offline,
        }),
      getIpAddressAsync: () => Promise.resolve(offline ? '0.0.0.0' : '192.0.2.1'),
      isAirplaneModeEnabledAsync: () => Promise.resolve(false),
      addListener: () => ({ remove: () => undefined }),
      removeListeners: () => undefined,
    }),
  },
};
