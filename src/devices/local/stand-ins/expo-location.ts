import type { StandIn } from './stand-in.ts';

const PACKAGE = 'expo-location';

/** `LocationUnauthorizedException` of its Kotlin, by the code that JavaScript gets. */
const refusal = (): Error =>
  Object.assign(new Error('Not authorized to use location services'), {
    code: 'ERR_LOCATION_UNAUTHORIZED',
  });

/** https://docs.expo.dev/versions/latest/sdk/location/: a phone on which nobody was asked, and nobody can be in the background. */
export const expoLocation: StandIn = {
  packageName: PACKAGE,
  keeps: 'nothing: the permission is not granted',
  expo: {
    ExpoLocation({ platform, note }) {
      const permission = {
        status: 'undetermined',
        granted: false,
        canAskAgain: true,
        expires: 'never',
        ...(platform === 'android'
          ? { android: { accuracy: 'none' } }
          : { ios: { scope: 'none' } }),
      };
      const answer = (value: unknown) => (): Promise<unknown> => Promise.resolve(value);
      const refuse = (name: string) => (): Promise<never> => {
        note(
          `${PACKAGE}: ${name} fails, as on a phone whose owner has not granted it. For a place, write a stand-in and name it in bgsync.config.json: ` +
            `{"local":{"alias":{"${PACKAGE}":"local/${PACKAGE}.ts"}}}`,
        );
        return Promise.reject(refusal());
      };
      const asked = 'Foreground Background MotionActivity'
        .split(' ')
        .flatMap((kind) => [`get${kind}PermissionsAsync`, `request${kind}PermissionsAsync`]);
      const refused =
        'getLastKnownPositionAsync getCurrentPositionAsync watchPositionImplAsync startLocationUpdatesAsync ' +
        'startGeofencingAsync watchDeviceHeading geocodeAsync reverseGeocodeAsync watchMotionActivityImplAsync ' +
        'enableNetworkProviderAsync';
      return {
        ...Object.fromEntries(
          [...asked, 'getPermissionsAsync', 'requestPermissionsAsync'].map((name) => [
            name,
            answer(permission),
          ]),
        ),
        ...Object.fromEntries(refused.split(' ').map((name) => [name, refuse(name)])),
        hasServicesEnabledAsync: answer(false),
        getProviderStatusAsync: answer({
          backgroundModeEnabled: false,
          gpsAvailable: false,
          networkAvailable: false,
          locationServicesEnabled: false,
          passiveAvailable: false,
        }),
        removeWatchAsync: answer(null),
        stopLocationUpdatesAsync: answer(null),
        hasStartedLocationUpdatesAsync: answer(false),
        stopGeofencingAsync: answer(null),
        hasStartedGeofencingAsync: answer(false),
      };
    },
  },
};
