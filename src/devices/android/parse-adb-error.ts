/**
 * Why adb could not carry a command to the device.
 * - `server`: adb's own server does not run, so that nothing is known of the device
 * - `unauthorized`: the device does not accept this computer's key, or does not yet
 * - `gone`: everything else that keeps the command from it
 */
export type AdbFailure = 'server' | 'unauthorized' | 'gone';

/** The server's troubles come with lines of their own, in front of the last one. */
const SERVER =
  /^(?:\* failed to start daemon|\* cannot start server|ADB server didn't ACK|(?:adb|error): (?:failed to check server version|cannot connect to daemon))/m;
const UNAUTHORIZED = /^(?:adb|error): device (?:unauthorized|still authorizing)/m;
const GONE =
  /^(?:adb|error): (?:device (?:'[^'\n]*' not found|offline|still connecting)|no (?:devices|emulators)|no device with transport id|more than one (?:device|emulator|USB)|insufficient permissions for device|closed|protocol fault|error: connect failed|unable to connect)/m;

/**
 * Reads adb's standard error. `adb shell` begins its lines with `adb:`, host commands with `error:`; before adb 34
 * all did with `error:`.
 * https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/transport.cpp (acquire_one_transport)
 *
 * @returns undefined for notices (`* daemon started …`, another server's version) and for the device's own words
 */
export function parseAdbError(stderr: string): AdbFailure | undefined {
  if (UNAUTHORIZED.test(stderr)) return 'unauthorized';
  if (GONE.test(stderr)) return 'gone';
  return SERVER.test(stderr) ? 'server' : undefined;
}
