import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDevicectl } from '../../../src/devices/ios/parse-devicectl.ts';
import { compareVersions, parseSimulators } from '../../../src/devices/ios/parse-simctl.ts';
import { xcrunError } from '../../../src/devices/ios/parse-xcrun-error.ts';

const list = (...devices: object[]): string => JSON.stringify({ result: { devices } });

describe('simctl list devices --json', () => {
  it('iOS only, newest first, with what stands in the way', () => {
    const json = JSON.stringify({
      devices: {
        'com.apple.CoreSimulator.SimRuntime.iOS-26-9': [
          { udid: 'A', name: 'iPhone 17', state: 'Booted', isAvailable: true },
          { udid: 'B', name: 'iPhone 16', state: 'Shutdown', isAvailable: true },
        ],
        'com.apple.CoreSimulator.SimRuntime.iOS-26-10': [
          {
            udid: 'C',
            name: 'iPhone 18',
            state: 'Shutdown',
            isAvailable: false,
            availabilityError: 'runtime profile not found',
          },
        ],
        'iOS 12.1': [{ udid: 'D', name: 'X', state: 'Booted', availability: '(available)' }],
        'com.apple.CoreSimulator.SimRuntime.watchOS-11-0': [{ udid: 'W', state: 'Booted' }],
      },
    });
    const devices = parseSimulators(`getpwuid_r did not find a match\n${json}`);
    expect(devices.map(({ id }) => id)).toEqual(['C', 'A', 'B', 'D']);
    expect(devices.map(({ problem }) => problem === undefined)).toEqual([false, true, false, true]);
    expect(devices[0]?.problem).toContain('runtime profile not found');
    expect(compareVersions([26, 10], [26, 9])).toBeLessThan(0);
  });
});

describe('devicectl list devices', () => {
  it('iPhones only: no watch, no simulator of Xcode 27', () => {
    const physical = { platform: 'iOS', reality: 'physical' };
    const devices = parseDevicectl(
      list(
        {
          identifier: 'I1',
          connectionProperties: { pairingState: 'paired', tunnelState: 'connected' },
          deviceProperties: { name: 'mine', osVersionNumber: '18.4.1' },
          hardwareProperties: { ...physical, udid: 'U1' },
        },
        {
          identifier: 'I2',
          connectionProperties: { pairingState: 'paired' },
          hardwareProperties: { ...physical, udid: 'U2', marketingName: 'iPhone 13' },
        },
        {
          connectionProperties: { tunnelState: 'unavailable' },
          hardwareProperties: { ...physical, udid: 'U3' },
        },
        { hardwareProperties: { platform: 'watchOS', reality: 'physical', udid: 'W' } },
        { hardwareProperties: { platform: 'iOS', reality: 'simulated', udid: 'S' } },
        // Xcode 27 without the old trio.
        {
          identifier: 'I5',
          properties: {
            connection: { pairingState: 'paired', state: 'connected' },
            hardware: { ...physical, udid: 'U5' },
            state: { name: 'new', developerModeStatus: { disabled: {} } },
          },
        },
      ),
    );
    expect(devices.map(({ id, problem }) => [id, problem === undefined])).toEqual([
      ['U1', true],
      ['U2', true],
      ['U3', false],
      ['U5', false],
    ]);
    expect(devices[0]).toMatchObject({ name: 'mine (iOS 18.4.1)', aliases: ['I1', 'mine'] });
  });

  it.each(['', '{', '[]', '{"result":{"devices":{}}}', '{"result":{"devices":[1,null,[]]}}'])(
    '%j has none',
    (json) => {
      expect(parseDevicectl(json)).toEqual([]);
      expect(parseSimulators(json)).toEqual([]);
    },
  );
});

it.each([
  ['xcrun: error: unable to find utility "devicectl", not a developer tool or in PATH', 7],
  ["xcode-select: error: tool 'xcodebuild' requires Xcode, but active developer directory", 7],
  ['The device is locked. (com.apple.dt.CoreDeviceError error 4000.)', 6],
  ['error 10002 … for reason: Locked', 6],
  ['The specified device was not found. (Name: 0)', 6],
  ['The tunnel connection failed while the system tried to connect', 6],
  ['com.apple.dt.CoreDeviceError.12040', 6],
  ['Unable to take screenshot: device in current state: Shutdown', 6],
  ['(OSStatus error -10814.)', 8],
  ['something else', 6],
])('%j ends with %s', (output, code) => {
  expect(xcrunError('It', output, 1).exitCode).toBe(code);
});

it('hostile JSON: no throw', () => {
  fc.assert(
    fc.property(fc.json(), fc.string({ unit: 'binary' }), (json, text) => {
      parseSimulators(`{"devices":{"iOS 1.2":[${json}]}}`);
      parseSimulators(`{"devices":${json}}`);
      parseDevicectl(list() + json);
      parseDevicectl(`{"result":{"devices":[${json}]}}`);
      parseDevicectl(`{"result":${json}}`);
      parseSimulators(text);
      xcrunError(text, text, null);
    }),
    { numRuns: 1000 },
  );
});
