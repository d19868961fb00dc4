import { expect, test } from 'vitest';
import { BASES, withLock } from '../../../helpers/doctor-bases.ts';
import { describeCheck, diagnose } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';

const CONFIG = 'bgsync.config.json';
const INTEGRATED: Readonly<Record<string, string>> = BASES.bgsync;

const PLIST = 'ios/Demo/Info.plist';

/** What `init` adds to Info.plist for `ios.refresh`. */
const withRefresh = (plist = ''): string =>
  plist
    .replace('<string>processing</string>', '<string>processing</string><string>fetch</string>')
    .replace(
      /(<string>dev\.bgsync\.processing<\/string>)/,
      '$1<string>dev.bgsync.refresh</string>',
    );

/** The app's config with these settings, and a package that does not say what it was generated from (X07). */
const config = (settings: Readonly<Record<string, unknown>>): Files => ({
  ...withLock({ settings: undefined }),
  [PLIST]: settings.ios === undefined ? INTEGRATED[PLIST] : withRefresh(INTEGRATED[PLIST]),
  [CONFIG]: JSON.stringify({
    ...(JSON.parse(INTEGRATED[CONFIG] ?? '') as object),
    ...settings,
  }),
});

describeCheck('X12', {
  base: 'bgsync',
  triggers: {
    'windows of refresh on an idle device': {
      files: config({ constraints: { deviceIdle: true }, ios: { refresh: true } }),
      at: CONFIG,
      message: 'turns ios.refresh off',
    },
    'a drain on leaving the app, on an idle device': {
      files: config({
        constraints: { deviceIdle: true },
        ios: { refresh: false, drainOnBackground: true },
      }),
      at: CONFIG,
      message: 'turns ios.drainOnBackground off',
    },
    'windows of refresh on the charger': {
      files: config({ constraints: { charging: true }, ios: { refresh: true } }),
      at: CONFIG,
      message: 'held back while the device is not on the charger',
    },
    'roaming on iOS': {
      files: config({ constraints: { network: 'notRoaming' } }),
      at: CONFIG,
      message: 'iOS does not tell roaming',
    },
    'storage on iOS': {
      files: config({ constraints: { storageNotLow: true } }),
      at: CONFIG,
      message: 'iOS does not tell the free storage',
    },
  },
  near: {
    'an idle device alone': config({ constraints: { deviceIdle: true } }),
    'the charger alone': config({ constraints: { charging: true } }),
    'unmetered, with refresh': config({
      constraints: { network: 'unmetered', batteryNotLow: true },
      ios: { refresh: true },
    }),
    'no network, with a queue of the app’s own': config({ constraints: { network: 'none' } }),
  },
});

test('X12 tells of a generated queue that gets windows without a network', async () => {
  const { findings } = await diagnose(
    'bgsync',
    config({ queue: 'op-sqlite', constraints: { network: 'none' } }),
  );
  const found = findings.filter(({ id }) => id === 'X12');
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringContaining('the generated queue sends over the network'),
  ]);
});

test('X12 weighs what a platform ignores as information', async () => {
  const settings = { constraints: { network: 'notRoaming', storageNotLow: true } };
  const { findings } = await diagnose('bgsync', config(settings));
  expect(findings.map(({ severity }) => severity)).toEqual(['info', 'info']);
});
