import { describe, expect, it } from 'vitest';
import { parseDevicectl } from '../../../src/devices/ios/parse-devicectl.ts';
import { parseSimulators } from '../../../src/devices/ios/parse-simctl.ts';
import { xcrunError } from '../../../src/devices/ios/parse-xcrun-error.ts';
import { linesOf, namesIn, readFixture } from './fixtures.ts';

describe('simctl list devices --json', () => {
  /** Name, state, and whether it is available; a shut-down one only has to be booted. */
  const table: Readonly<Record<string, [name: string, state: string, problem: string][]>> = {
    'simctl-list/before-xcode10': [
      ['iPhone 5s (iOS 11.2)', 'Shutdown', 'Boot it'],
      ['iPhone 6 (iOS 11.2)', 'Shutdown', 'Boot it'],
      ['iPhone 5 (iOS 10.3)', 'Shutdown', 'not available: runtime profile not found'],
      ['iPhone 5s (iOS 10.3)', 'Shutdown', 'not available: runtime profile not found'],
    ],
    'simctl-list/xcode10': [
      ['iPhone 5s (iOS 12.1)', 'Shutdown', 'Boot it'],
      ['iPhone 6 (iOS 12.1)', 'Shutdown', 'Boot it'],
    ],
    'simctl-list/xcode10_unavailable': [
      ['iPhone 5s (iOS 12.2)', 'Shutdown', 'not available: runtime profile not found'],
      ['iPhone 6 (iOS 12.2)', 'Shutdown', 'not available: runtime profile not found'],
      ['iPhone 5s (iOS 12.1)', 'Shutdown', 'Boot it'],
      ['iPhone 6 (iOS 12.1)', 'Shutdown', 'Boot it'],
    ],
    'simctl-list/xcode15': [
      ['iPhone 14 (iOS 16.2)', 'Shutdown', 'not available: runtime profile not found'],
      ['iPhone 15 Pro Max (iOS 16.2)', 'Shutdown', 'Boot it'],
    ],
    'simctl-list/xcode26': [
      ['iPhone 11 - iOS 26.1 (iOS 26.1)', 'Shutdown', 'Boot it'],
      ['iPad Pro 13-inch (M5) (iOS 26.1)', 'Shutdown', 'Boot it'],
      [
        'iPhone 17 Pro (iOS 26.0)',
        'Shutdown',
        'not available: runtime profile not found using "System" match policy',
      ],
    ],
    // Other tools' lists: bgsync asks none of them.
    'simctl-list/applesimutils': [],
    'simctl-list/runtime-list': [],
    'simctl-list/xcdevice': [],
  };

  it.each(Object.entries(table))('%s', (name, rows) => {
    const found = parseSimulators(readFixture(name));
    expect(found.map((device) => [device.name, device.state, device.problem])).toEqual(
      rows.map(([device, state, problem]): unknown[] => [
        ...[device, state],
        expect.stringContaining(problem),
      ]),
    );
  });

  it('says something about every file', () => {
    expect(Object.keys(table).sort()).toEqual(namesIn('simctl-list'));
  });
});

describe('devicectl list devices --json-output', () => {
  const table: Readonly<Record<string, [name: string, state: string, isUsable: boolean][]>> = {
    'devicectl/list_v325_empty': [],
    // The watch is left out.
    'devicectl/list_v397_wired': [
      ['My first iPhone', 'unavailable', false],
      ['iPhone (iOS 18.4.1)', 'connected', true],
    ],
    'devicectl/list_v477': [
      ['My iPad Pro 3rd Gen (iOS 26.0)', 'unavailable', false],
      ['My iPhone 13 (iOS 18.7.1)', 'paired', true],
      ['My iPhone 15 (iOS 26.1)', 'unavailable', false],
    ],
  };

  it.each(Object.entries(table))('%s', (name, rows) => {
    const found = parseDevicectl(readFixture(name));
    expect(
      found.map((device) => [device.name, device.state, device.problem === undefined]),
    ).toEqual(rows);
  });

  it('a device of Xcode 27, from its old keys and from its new ones alone', () => {
    const [, json = ''] = /^(\{ "info"[^]*?)^---/m.exec(readFixture('devicectl/details_v5')) ?? [];
    const { result } = JSON.parse(json) as { result: Record<string, unknown> };
    const rows = [result, { identifier: result.identifier, properties: result.properties }].map(
      (device) => parseDevicectl(JSON.stringify({ result: { devices: [device] } })),
    );
    for (const [device] of rows) {
      expect(device).toMatchObject({
        name: 'Iphone 13 (iOS 27.0)',
        state: 'connected',
        problem: undefined,
        version: [27, 0],
      });
    }
  });

  it.each(['devicectl/terminate', 'devicectl/launch-console', 'devicectl/errors'])(
    '%s lists no device',
    (name) => expect(parseDevicectl(readFixture(name))).toEqual([]),
  );
});

describe('what devicectl and xcrun say when they fail', () => {
  const told = (line: string): [number, string] => {
    const { exitCode, message } = xcrunError('The launch', line, 1);
    return [exitCode, message];
  };

  it('devicectl', () => {
    const lines = linesOf('devicectl/errors').filter((line) => !line.startsWith(' '));
    expect(lines.map(told)).toEqual([
      [6, 'The device is locked.'],
      [6, 'This device cannot do that through devicectl.'],
      [6, 'The connection to the device failed.'],
      [6, 'The developer disk image is not on the device.'],
      [6, 'The device is locked.'],
      [8, 'The app is not installed there.'],
      [6, expect.stringContaining('The launch failed: Error: Missing value')],
    ]);
  });

  it('xcrun and xcode-select', () => {
    expect(linesOf('xcode-errors/xcode-select-and-xcrun').map(told)).toEqual([
      ...Array<unknown>(3).fill([7, 'Xcode is not selected: only its Command Line Tools are.']),
      ...Array<unknown>(2).fill([6, 'The simulator is not booted.']),
    ]);
  });

  it('Xcode 27', () => {
    const details = readFixture('devicectl/details_v5');
    expect(told(/^WARNING[^]*?(?=^Current)/m.exec(details)?.[0] ?? '')).toEqual([
      6,
      'The developer disk image is not on the device.',
    ]);
    expect(told(/^\{ "error".*$/m.exec(details)?.[0] ?? '')).toEqual([
      6,
      'The device was not found.',
    ]);
  });
});
