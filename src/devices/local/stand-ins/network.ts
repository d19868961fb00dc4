import type { LocalNetwork } from '../device.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

const KEEPS = 'the network of this run';

/** https://github.com/react-native-netinfo/react-native-netinfo#netinfostate */
function detailsOf(network: LocalNetwork): object | null {
  if (network === 'none') return null;
  return network === 'cell'
    ? { isConnectionExpensive: true, cellularGeneration: '4g' }
    : { isConnectionExpensive: false, strength: 99 };
}

/** https://github.com/react-native-netinfo/react-native-netinfo */
export const netInfo: StandIn = {
  packageName: '@react-native-community/netinfo',
  keeps: KEEPS,
  turbo: {
    RNCNetInfo: ({ network }) => ({
      configure: () => undefined,
      addListener: () => undefined,
      removeListeners: () => undefined,
      getCurrentState: () =>
        Promise.resolve({
          type: network === 'cell' ? 'cellular' : network,
          isConnected: network !== 'none',
          // Said here, so that the package's own probe of a web page does not run.
          isInternetReachable: network !== 'none',
          isWifiEnabled: true,
          details: detailsOf(network),
        }),
    }),
  },
};

/** https://docs.expo.dev/versions/latest/sdk/network/ */
export const expoNetwork: StandIn = {
  packageName: 'expo-network',
  keeps: KEEPS,
  expo: {
    ExpoNetwork: ({ network }: StandInWorld) => ({
      getNetworkStateAsync: () =>
        Promise.resolve({
          type: network === 'cell' ? 'CELLULAR' : network.toUpperCase(),
          isConnected: network !== 'none',
          isInternetReachable: network !== 'none',
        }),
      getIpAddressAsync: () => Promise.resolve(network === 'none' ? '0.0.0.0' : '192.0.2.1'),
      isAirplaneModeEnabledAsync: () => Promise.resolve(false),
    }),
  },
};
