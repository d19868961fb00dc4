import type { Device } from '../device.ts';

export interface AndroidDevice extends Device {
  readonly platform: 'android';
  /** What `adb -t` takes; undefined where this adb does not tell. */
  readonly transportId: string | undefined;
}

/**
 * `SERIAL STATE [key:value …]`. The state `no permissions` brings its reason and a URL along; an mDNS serial that is
 * there twice has a space in it.
 * https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/transport.cpp (append_transport)
 */
const LINE =
  /^(\S+(?: \(\d+\))?)\s+(no permissions \(.*?\); see \[[^\]]*\]|no permissions[^[]*\[[^\]]*\]|[a-z]\S*)((?:\s+[a-z_]+:\S+)*)\s*$/;

const PROBLEMS: Readonly<Record<string, string>> = {
  unauthorized: 'Unlock it and allow USB debugging in the dialog that it shows.',
  authorizing: 'It is being authorised: unlock it and allow USB debugging.',
  connecting: 'It is still connecting: try again in a moment.',
  offline: 'Reconnect it, or run `adb reconnect offline`; an emulator may still be starting.',
  recovery: 'It is in recovery: start Android with `adb reboot`.',
  rescue: 'It is in rescue mode: start Android with `adb reboot`.',
  sideload: 'It waits for a sideload: start Android with `adb reboot`.',
  bootloader: 'It is in the bootloader: start Android with `fastboot reboot`.',
  host: 'It is not an Android device.',
  detached: 'Another program holds it: run `adb attach`, or close that program.',
};

function problemOf(state: string): string | undefined {
  if (state === 'device') return undefined;
  if (state.startsWith('no permissions')) {
    return 'This user may not open its USB device: add a udev rule (on Debian: `apt-get install android-sdk-platform-tools-common`) and the group plugdev, then plug it in again.';
  }
  return Object.hasOwn(PROBLEMS, state) ? PROBLEMS[state] : `adb says "${state}" of it.`;
}

/**
 * Reads `adb devices -l`. Lines that are no device are left out: the header, `* daemon started …`.
 *
 * @param stdout standard output alone; adb's warnings are on standard error
 */
export function parseDevices(stdout: string): AndroidDevice[] {
  const devices: AndroidDevice[] = [];
  for (const line of stdout.split(/\r?\n/)) {
    if (line.startsWith('*') || line.startsWith('List of devices') || line.length > 4096) continue;
    const [, serial, state, details = ''] = LINE.exec(line) ?? [];
    if (serial === undefined || state === undefined) continue;
    const facts = new Map(
      details
        .trim()
        .split(/\s+/)
        .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]),
    );
    devices.push({
      platform: 'android',
      kind: serial.startsWith('emulator-') ? 'emulator' : 'device',
      id: serial,
      aliases: [],
      name: (facts.get('model') ?? '').replaceAll('_', ' '),
      state: state.startsWith('no permissions') ? 'no permissions' : state,
      problem: problemOf(state),
      transportId: facts.get('transport_id'),
    });
  }
  return devices;
}
