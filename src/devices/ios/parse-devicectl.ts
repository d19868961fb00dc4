import type { IosDevice } from './parse-simctl.ts';
import { isJson, parseToolJson, textOf } from './parse-simctl.ts';

type Json = Readonly<Record<string, unknown>>;

const part = (value: unknown, key: string): Json => {
  const inner = isJson(value) ? value[key] : undefined;
  return isJson(inner) ? inner : {};
};

function problemOf(
  pairing: string | undefined,
  tunnel: string | undefined,
  mode: string | undefined,
) {
  if (pairing !== undefined && pairing !== 'paired')
    return 'It is not paired: trust this Mac on it.';
  if (tunnel === 'unavailable') return 'It cannot be reached: connect it and unlock it.';
  if (mode === 'disabled') return 'Turn Developer Mode on: Settings, Privacy & Security.';
  return undefined;
}

/** `{ "enabled": … }` since Xcode 27, `"enabled"` before. */
const enumOf = (value: unknown): string | undefined =>
  textOf(value) ?? (isJson(value) ? Object.keys(value)[0] : undefined);

/**
 * Reads `devicectl list devices --json-output`, of Xcode 15 to 27: iPhones and iPads. Watches are left out, and the
 * simulators that Xcode 27 lists as well. Never throws.
 */
export function parseDevicectl(json: string): IosDevice[] {
  const list = part(parseToolJson(json), 'result').devices;
  if (!Array.isArray(list)) return [];
  const devices: IosDevice[] = [];
  for (const device of list as unknown[]) {
    if (!isJson(device)) continue;
    const properties = part(device, 'properties');
    const hardware = { ...part(properties, 'hardware'), ...part(device, 'hardwareProperties') };
    const connection = {
      ...part(properties, 'connection'),
      ...part(device, 'connectionProperties'),
    };
    const facts = { ...part(properties, 'state'), ...part(device, 'deviceProperties') };
    const identifier = textOf(device.identifier);
    const id = textOf(hardware.udid) ?? identifier;
    if (id === undefined || hardware.platform !== 'iOS') continue;
    if (hardware.reality !== undefined && hardware.reality !== 'physical') continue;
    const pairing = textOf(connection.pairingState);
    const tunnel = textOf(connection.tunnelState) ?? textOf(connection.state);
    const given = textOf(facts.name);
    const name = (given ?? textOf(hardware.marketingName) ?? '').trim();
    const software = part(part(properties, 'software'), 'osVersionNumber');
    const version = textOf(facts.osVersionNumber) ?? textOf(software.stringValue) ?? '';
    devices.push({
      platform: 'ios',
      kind: 'device',
      id,
      aliases: [...new Set([identifier, given, given?.trim()])].filter(
        (alias) => alias !== undefined,
      ),
      name: version === '' ? name : `${name} (iOS ${version})`,
      state: tunnel ?? pairing ?? 'unknown',
      problem: problemOf(pairing, tunnel, enumOf(facts.developerModeStatus)),
      version: version.split('.').map(Number).filter(Number.isFinite),
    });
  }
  return devices;
}
